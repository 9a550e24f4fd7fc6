# SPDX-License-Identifier: Apache-2.0
"""Attributes found in pictures that have no labels."""
