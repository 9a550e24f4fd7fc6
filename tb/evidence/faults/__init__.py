# SPDX-License-Identifier: Apache-2.0
"""Flipped bits in registers and memories of a whole Generator, and what comes of them."""
