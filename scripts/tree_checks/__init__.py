# SPDX-License-Identifier: Apache-2.0
"""The laws of the tree that a program can check: laws, headers, documents.

Every check is a function from a root folder to sentences, one for each broken law; none is an
empty list. `scripts/check_tree.py` runs them all.
"""
