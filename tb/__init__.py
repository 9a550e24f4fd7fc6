# SPDX-License-Identifier: Apache-2.0
"""The testbench: builds, drivers and simulations. Tests live in a folder for each module."""
