# SPDX-License-Identifier: Apache-2.0
"""How good the tests are, measured: mutants, coverage, proofs, and a page of it (make evidence)."""
