# SPDX-License-Identifier: Apache-2.0
"""Mutants of the golden model: the tests of the model must not pass with a wrong reference."""
