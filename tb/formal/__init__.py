# SPDX-License-Identifier: Apache-2.0
"""Properties of modules, proven: harnesses in SystemVerilog, and what runs them."""
