# SPDX-License-Identifier: Apache-2.0
"""The network that is built for a board, folded so that it fits, and the folder of its results."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dcgan.core.latents import draw_z
from dcgan.hw.block_ram import total_blocks
from dcgan.hw.folding import LEAST_WEIGHT_BITS, Folding
from dcgan.hw.folding_search import DEVICES, Device, DoesNotFit, measure, solve
from synth_flow.boards import ROOT, Board, FlowError, load

from tb.lib.network import FOLDING_LATENTS, Network, network, network_name, refolded

WALL_BLOCKS = {5: 12, 7: 4}
"""Block RAMs of the video wall, by its scale: one for each avatar shown."""


def chosen_network(board: Board, wanted: str | None, wanted_folding: Path | None) -> Network:
    """The network to build in, exported, folded so that it fits the chip.

    FlowError, one line, if a folding that was asked for does not fit, or none does.
    """
    chosen = network(network_name(wanted or board.network, wanted_folding))
    device = board_device(board)
    if fits(chosen, device):
        return chosen.export()
    if wanted_folding:
        blocks = total_blocks(chosen.integers, chosen.folding, device.memory)
        raise FlowError(
            f"{wanted_folding} needs {chosen.folding.total_multipliers} multipliers and {blocks} "
            f"{device.memory.name}, {device.name} has {device.multipliers} and {device.blocks} for "
            "the Generator: leave --folding out, then one that fits is searched for"
        )
    planes = measure(chosen.integers, draw_z(FOLDING_LATENTS, 1))
    base = replace(chosen.folding, packing=device.packing)
    try:
        try:
            folding = solve(chosen.integers, planes, device, base).folding
        except DoesNotFit:  # hardware with no more than the weight bits of this network is smaller
            folding = solve(chosen.integers, planes, device, narrowed(chosen, base)).folding
    except DoesNotFit as reason:
        raise FlowError(str(reason)) from None
    return refolded(chosen, folding)


def narrowed(chosen: Network, base: Folding) -> Folding:
    """`base` with the weight bits of the network."""
    bits = (max(LEAST_WEIGHT_BITS, number) for number in chosen.integers.weight_bits)
    layers = (replace(f, weight_bits=n) for f, n in zip(base.layers, bits, strict=True))
    return replace(base, layers=tuple(layers))


def board_device(board: Board) -> Device:
    """What the board's chip has for the Generator: all but the block RAMs of the video wall."""
    device = DEVICES[board.folded_for]
    return replace(device, blocks=device.blocks - WALL_BLOCKS.get(board.wall_scale, 0))


def fits(chosen: Network, device: Device) -> bool:
    """Whether the network's folding fits, in multipliers of the right kind and in block RAMs."""
    folding = chosen.folding
    blocks = total_blocks(chosen.integers, folding, device.memory)
    return (
        folding.packing in ("none", "ecp5", device.packing)  # 18 bits fit into every multiplier
        and folding.total_multipliers <= device.multipliers
        and blocks <= device.blocks
    )


def folder_of(board: Board, chosen: Network) -> Path:
    """build/synth/<board>, with network and chip in the name where they are not the usual ones."""
    parts = [board.name]
    parts += [chosen.name] if chosen.name != load(board.name).network else []
    parts += [board.chip] if board.chip != load(board.name).chip else []
    return ROOT / "build" / "synth" / "-".join(parts)


def prepare(board: Board, chosen: Network) -> Path:
    """The same, made."""
    folder = folder_of(board, chosen)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
