# SPDX-License-Identifier: Apache-2.0
"""From RTL to a bitstream with open tools: board data, Yosys, register packing, nextpnr, report."""
