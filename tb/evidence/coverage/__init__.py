# SPDX-License-Identifier: Apache-2.0
"""Coverage: which lines, bits, states and situations the tests of a module reach."""
