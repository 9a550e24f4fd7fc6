# SPDX-License-Identifier: Apache-2.0
"""What others published about engines of this class. Facts with their sources, none measured here.

macs  useful MACs a multiplier and cycle: products that touch a real input and a kept output
gops  useful GOPS a multiplier, a MAC being two operations
None where the publication does not say.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """One published engine."""

    who: str
    macs: float | None
    gops: float | None
    stated: str
    source: str


PEERS = (
    Peer(
        "Perri et al. 2020, DCGAN generator on XC7Z020",
        0.85,
        0.34,
        "0.34 GOPS a DSP at 200 MHz, so 0.85 MACs a DSP and cycle",
        "S. Perri, C. Sestito, F. Spagnolo, P. Corsonello: Efficient Deconvolution Architecture "
        "for Heterogeneous Systems-on-Chip, J. Imaging 6(9):85, 2020",
    ),
    Peer(
        "Sestito et al. 2021, convolutions and transposed convolutions on XC7K410T",
        None,
        1.31,
        "up to 2,022.2 GOPS; 1.31 a DSP if all 1,540 of the chip are in use, which is not known "
        "here; networks for super-resolution",
        "C. Sestito, F. Spagnolo, S. Perri: Design of Flexible Hardware Accelerators for Image "
        "Convolutions and Transposed Convolutions, J. Imaging 7(10):210, 2021",
    ),
    Peer(
        "MM2IM 2025, matrix multiplication and col2im on a small FPGA",
        None,
        None,
        "up to 3 times a two-threaded ARM CPU on DCGAN; at least twice the GOPS a DSP of engines "
        "of its class",
        "J. Haris, J. Cano: Accelerating Transposed Convolutions on FPGA-based Edge Devices, "
        "arXiv 2507.07683, 2025",
    ),
    Peer(
        "QDCGAN-PYNQ (FINN style) on Ultra96",
        0.2,
        None,
        "inserts zeros: about 20 % of its MAC slots are useful",
        "its public repository and report",
    ),
    Peer(
        "the contest team's PYNQ board, four times the channels",
        None,
        None,
        "136.5 s a plane, about 410 s an avatar",
        "their report",
    ),
    Peer(
        "bound: all multipliers busy, nothing skipped or packed",
        1.0,
        None,
        "one MAC a multiplier and cycle",
        "bound",
    ),
)
