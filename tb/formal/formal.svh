// SPDX-License-Identifier: Apache-2.0
// What every harness of this folder shares.

`ifndef FORMAL_SVH_
`define FORMAL_SVH_

// A property: whenever `given` is true, `holds` is true as well. The cover beside it shows that
// `given` does become true: a property about what never happens proves nothing.
`define PROVE(name, given, holds)         \
  name : assert (!(given) || (holds));    \
  name``_reached : cover (given);

// The first cycle is in reset; later resets come whenever they like. past_q: there is a cycle before
// this one. ran_q: it was not in reset.
`define FORMAL_RESET(clk, rst_n)          \
  logic past_q = 1'b0;                    \
  logic ran_q = 1'b0;                     \
  always_ff @(posedge clk) begin          \
    past_q <= 1'b1;                       \
    ran_q  <= rst_n;                      \
  end                                     \
  always_comb if (!past_q) assume (!rst_n);

`endif  // FORMAL_SVH_
