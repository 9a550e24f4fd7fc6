# SPDX-License-Identifier: Apache-2.0
"""Which test or proof speaks of which requirement, and by which method each property is shown."""
