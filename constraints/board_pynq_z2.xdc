# SPDX-License-Identifier: Apache-2.0
# The core touches no pin of the PYNQ-Z2: the processing system carries all data. Only its clock is
# named here, for synthesis out of context; inside a block design the clock comes from the design.
create_clock -name aclk -period 10.000 [get_ports aclk]
