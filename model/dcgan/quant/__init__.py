# SPDX-License-Identifier: Apache-2.0
"""From float to integers, and the golden model that the hardware must equal."""
