// SPDX-License-Identifier: Apache-2.0
//
// Cycles for JavaScript: latents in, pixels and records out, many cycles a call.
//
// A WASI reactor: `_initialize`, then `power_up` once, then `start` and `step` as often as wanted. The
// clock, the reset and the two ends of the streams are here; everything between is the Verilated RTL.
#include <cstdint>
#include <cstring>

#include "Vdut.h"
#include "verilated.h"

#define EXPORT(name) extern "C" __attribute__((export_name(#name), used))

namespace {
constexpr int kLatent = 100, kSide = 32, kPixels = kSide * kSide;
constexpr int kBatch = 64;            // latents of one `start`
constexpr int kWords = 16;            // of a record, see dut.sv
constexpr int kRecords = 4096;        // cycles that one `step` may record

VerilatedContext* context;
Vdut* dut;
int8_t latents[kBatch][kLatent];
uint32_t pixels[kBatch][kPixels];
uint32_t last_cycle[kBatch];
uint32_t records[kRecords][kWords];
int wanted, sent, beat, drawn, pixel;
uint32_t cycle, first, misplaced;

void edge() {
  dut->aclk = 1;
  dut->eval();
  dut->aclk = 0;
}

// One cycle. Inputs are set and outputs read while the clock is low, as a register outside would.
void advance(uint32_t* record) {
  const bool offering = sent < wanted;
  dut->s_axis_tvalid = offering;
  dut->s_axis_tdata = offering ? static_cast<uint8_t>(latents[sent][beat]) : 0;
  dut->s_axis_tlast = offering && beat == kLatent - 1;
  dut->eval();
  const bool in = offering && dut->s_axis_tready;
  const bool out = dut->m_axis_tvalid && dut->m_axis_tready;
  const uint32_t colour = dut->m_axis_tdata;
  const bool starts = dut->m_axis_tuser, ends = dut->m_axis_tlast;
  if (record) std::memcpy(record, dut->record_o.data(), kWords * sizeof(uint32_t));
  edge();
  ++cycle;
  if (in) {
    if (sent == 0 && beat == 0) first = cycle;
    if (++beat == kLatent) {
      beat = 0;
      ++sent;
    }
  }
  if (out) {
    if (starts != (pixel == 0) || ends != (pixel % kSide == kSide - 1)) ++misplaced;
    pixels[drawn][pixel] = colour;
    if (++pixel == kPixels) {
      pixel = 0;
      last_cycle[drawn++] = cycle;
    }
  }
}
}  // namespace

double sc_time_stamp() { return 0; }

// Read the ROMs, and leave reset. Once.
EXPORT(power_up) void power_up() {
  context = new VerilatedContext;
  dut = new Vdut{context};
  dut->aclk = 0;
  dut->aresetn = 0;
  dut->s_axis_tvalid = 0;
  dut->m_axis_tready = 1;
  for (int i = 0; i < 4; ++i) {
    dut->eval();
    edge();
  }
  dut->aresetn = 1;
}

// Begin a batch of `count` latents that were written to latent_at(0), latent_at(1), ...
EXPORT(start) void start(int count) {
  wanted = count < kBatch ? count : kBatch;
  sent = beat = drawn = pixel = 0;
  cycle = first = misplaced = 0;
}

// At most `count` cycles, until the batch is drawn; returns how many cycles there were. With
// `recording`, at most kRecords, and each leaves its record at records_at().
EXPORT(step) int step(int count, int recording) {
  if (recording && count > kRecords) count = kRecords;
  int done = 0;
  for (; done < count && drawn < wanted; ++done) advance(recording ? records[done] : nullptr);
  return done;
}

EXPORT(latent_at) int8_t* latent_at(int i) { return latents[i]; }
EXPORT(pixels_at) uint32_t* pixels_at(int i) { return pixels[i]; }
EXPORT(records_at) uint32_t* records_at() { return records[0]; }
EXPORT(most_latents) int most_latents() { return kBatch; }
EXPORT(most_records) int most_records() { return kRecords; }
EXPORT(record_words) int record_words() { return kWords; }
EXPORT(avatars_drawn) int avatars_drawn() { return drawn; }
// Cycles are counted from `start`, the first is 1.
EXPORT(cycles) uint32_t cycles() { return cycle; }
EXPORT(first_beat) uint32_t first_beat() { return first; }
EXPORT(last_pixel) uint32_t last_pixel(int i) { return last_cycle[i]; }
// tuser or tlast in a wrong place.
EXPORT(misplaced_marks) uint32_t misplaced_marks() { return misplaced; }
// What the core counted itself: 0 avatars, 1 malformed packets, 2 cycles, 3 multiplier cycles.
EXPORT(status) uint32_t status(int which) {
  switch (which) {
    case 0: return dut->status_avatars;
    case 1: return dut->status_malformed;
    case 2: return dut->status_cycles;
    default: return dut->status_mac_cycles;
  }
}
