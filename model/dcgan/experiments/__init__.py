# SPDX-License-Identifier: Apache-2.0
"""The figures and studies of the paper, and their reports."""
