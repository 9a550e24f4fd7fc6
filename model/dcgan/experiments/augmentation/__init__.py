# SPDX-License-Identifier: Apache-2.0
"""Whether generated avatars help a learner that is short of labels."""
