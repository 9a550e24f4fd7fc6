# SPDX-License-Identifier: Apache-2.0
"""What the hardware costs and how fast it is, measured side by side (make bench)."""
