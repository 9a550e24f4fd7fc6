# SPDX-License-Identifier: Apache-2.0
"""From integers to ROM contents and parallelism, and the models of cycles and memory blocks."""
