# SPDX-License-Identifier: Apache-2.0
"""Many avatars, many seeds, all ways to pause, from random power-up values."""
