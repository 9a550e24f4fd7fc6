# SPDX-License-Identifier: Apache-2.0
"""What is measured, and the gates that it is held against."""

from __future__ import annotations

from tb.evidence.files import RTL

MODULES = (
    "board_axil_status",
    "stream_fifo",
    "stream_skid",
    "board_crc32",
    "dcgan_z_packet",
    "uart_tx",
    "video_tmds",
    "board_debounce",
    "latent_xorshift",
    "board_control",
    "board_chunk",
    "board_axil_load",
    "board_reset",
    "dcgan_counters",
    "video_timing",
    "latent_lerp",
    "video_serializer",
    "board_dma",
    "mem_ram",
    "uart_rx",
    "arith_requantize",
    "arith_select_sum",
    "mem_table",
    "board_parity",
    "board_watchdog",
    "board_latents",
    "board_loader",
    "board_request",
    "board_reply",
    "board_coder",
    "latent_gaussian",
    "dcgan_parameters",
    "dcgan_raster",
    "dcgan_requantize",
    "dcgan_rgb_assembler",
    "convt_digits",
    "convt_reader",
    "convt_walker",
    "convt_map",
    "convt_macs",
    "convt_drain",
    "convt_lanes",
    "video_ddr",
    "video_wall",
    "arith_mult_pair",
    "board_pll",
    "board_ulx3s",
    "board_colorlight_i9",
    "board_pynq_z2",
    "convt_engine",
    "convt_project",
    "dcgan_generator",
    "video_dvi",
)
"""Modules whose own tests take a minute or less: these have mutants; coverage is of all."""
MUTANTS = 12
"""Of each module, chosen by the seed; MUTANTS=1000 takes them all."""
MORE = {
    "arith_mult_pair": 35,
    "board_axil_load": 41,
    "board_axil_status": 24,
    "board_control": 40,
    "board_debounce": 24,
    "board_dma": 80,
    "board_latents": 32,
    "board_loader": 24,
    "board_parity": 68,
    "board_pynq_z2": 16,
    "board_reply": 24,
    "board_request": 32,
    "board_reset": 14,
    "board_watchdog": 43,
    "convt_drain": 24,
    "convt_engine": 17,
    "convt_lanes": 16,
    "convt_map": 36,
    "convt_project": 16,
    "convt_walker": 24,
    "dcgan_counters": 73,
    "dcgan_parameters": 56,
    "dcgan_raster": 16,
    "dcgan_rgb_assembler": 24,
    "latent_gaussian": 24,
    "latent_lerp": 75,
    "latent_xorshift": 30,
    "mem_table": 30,
    "stream_fifo": 33,
    "uart_rx": 24,
    "uart_tx": 24,
    "video_timing": 24,
    "video_tmds": 49,
    "video_wall": 24,
}
"""Of modules that have many, or whose tests take a second or two."""
FAULTS = 1000
"""Flipped bits of each class of registers."""
SOAK_SEEDS = 100
"""Seeds of many avatars each, with sixteen pairs of stalls."""
GATES = {
    "requirements": 100.0,
    "properties": 25,
    "mutants": 1000,
    "mutation": 95.0,
    "golden model": 95.0,
    "line": 98.0,
    "branch": 98.0,
    "expr": 98.0,
    "toggle": 90.0,
    "states": 100.0,
    "situations": 100.0,
    "flips a class": FAULTS,
    "flips that stop nothing": 100.0,
    "ROM flips told": 100.0,
    "avatars soaked": 10_000,
}
PLAIN = {"properties", "mutants", "flips a class", "avatars soaked"}
"""Gates that count; the others are percent."""


def mutants(module: str) -> int:
    """How many of a module are run unless somebody asks for another number."""
    return MORE.get(module, MUTANTS)


def every_module() -> list[str]:
    """Modules of the RTL: coverage is taken of each."""
    return sorted(path.stem for path in RTL.rglob("*.sv") if not path.stem.endswith("_pkg"))


def not_mutated() -> list[str]:
    """Modules of the RTL outside MODULES."""
    return sorted(set(every_module()) - set(MODULES))
