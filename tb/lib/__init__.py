# SPDX-License-Identifier: Apache-2.0
"""Testbench library: stream drivers, scoreboard, builds. It knows no device under test."""
