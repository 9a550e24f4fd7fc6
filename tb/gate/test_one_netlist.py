# SPDX-License-Identifier: Apache-2.0
"""Networks of one preset have one netlist: nothing of a network is in logic but its preset.

So have the clocks of a board. A shift that is left in logic on purpose is noticed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from dcgan.core.network_files import shipped
from dcgan.core.shapes import preset
from dcgan.quant.int_generator import load_integer
from dcgan.quant.random_network import random_integer
from synth_flow import boards, physical, structure
from synth_flow.gate import synthesised
from synth_flow.yosys import ecp5_parameters

from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import ROOT, Network, changed, exported, network

TOP, LAYER = "dcgan_axis", "dcgan_layer"
MEMORIES = "map_gates"
"""The step behind which block RAMs and adders are made, and look-up tables are not yet."""
CLOCKS_HZ = (95_000_000, 103_571_429, 110_000_000)
WEIGHT_BITS = {"tiny": (5, 8, 4, 7), "compact": (5, 8, 4, 7)}


def random_networks(name: str) -> list[Network]:
    """Two networks of a preset: latents of both kinds, other shifts, weights of fewer bits."""
    base, config = network(name), preset(name)
    normal = random_integer(config, 1, WEIGHT_BITS[name], tanh_index_bits=9)
    binary = replace(random_integer(config, 2, WEIGHT_BITS[name]), metadata={"latents": "binary"})
    assert len({base.integers.shifts, normal.shifts, binary.shifts}) == 3
    return [changed(base, integers, base.folding) for integers in (normal, binary)]


def everything(chosen: Network) -> list[str]:
    """All sources, with the package that was exported with this network."""
    return [str(path.relative_to(ROOT)) for path in source_files([FILE_LIST], chosen.package)]


def sources(chosen: Network) -> list[str]:
    """Those of the Generator."""
    return [path for path in everything(chosen) if "/board/" not in path and "/video/" not in path]


def netlist(chosen: Network, until: str) -> list[str]:
    folder = ROOT / "build" / "gate" / f"one_{chosen.name}_{until}"
    parameters = {"RomDir": str(chosen.rom_dir.relative_to(ROOT))}
    design = synthesised(TOP, sources(chosen), parameters, folder, until)
    return structure.structure(design["modules"][TOP])


def assert_one_netlist(networks: list[Network], until: str) -> None:
    first, *others = networks
    wanted = netlist(first, until)
    assert len(wanted) > 1000
    for other in others:
        found = netlist(other, until)
        different = [pair for pair in zip(wanted, found, strict=False) if pair[0] != pair[1]]
        assert not different, f"{first.name} and {other.name}: {different[0]}"
        assert len(wanted) == len(found)


def test_networks_of_both_kinds_have_the_netlist_of_the_trained_one():
    assert_one_netlist([exported("tiny"), *random_networks("tiny")], MEMORIES)


def layer_4(chosen: Network, folder: Path, source: str) -> str:
    """Digest of layer 4 with another text of its source."""
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / f"{LAYER}.sv"
    own.write_text(source)
    rtl = [
        str(own.relative_to(ROOT)) if LAYER + ".sv" in path else path for path in sources(chosen)
    ]
    weights = str((chosen.rom_dir / "layer4.hex").relative_to(ROOT))
    parameters = {"Layer": 4, "WeightFile": weights}
    design = synthesised(LAYER, rtl, parameters, folder, MEMORIES)
    return structure.digest(design["modules"][LAYER])


@pytest.mark.parametrize("left_in_logic", [False, True])
def test_a_shift_that_is_left_in_logic_is_noticed(left_in_logic):
    text = (ROOT / "rtl" / "dcgan" / f"{LAYER}.sv").read_text()
    port = ".shift_i,"
    assert text.count(port) == 1
    digests = set()
    for chosen in random_networks("tiny"):
        fixed = f".shift_i(4'd{chosen.integers.shifts[3]})," if left_in_logic else port
        folder = ROOT / "build" / "gate" / f"one_layer_{chosen.name}_{left_in_logic}"
        digests.add(layer_4(chosen, folder, text.replace(port, fixed)))
    assert len(digests) == 1 + left_in_logic


@pytest.mark.parametrize("top", ["uart_port", "board_reply"])
def test_clocks_have_one_netlist(top):
    rtl = everything(exported("tiny"))
    folders = {clock: ROOT / "build" / "gate" / f"one_{top}_{clock}" for clock in CLOCKS_HZ}
    designs = [
        synthesised(top, rtl, {"ClockHz": clock}, folder)["modules"][top]
        for clock, folder in folders.items()
    ]
    assert len({structure.digest(design) for design in designs}) == 1
    for design in designs:
        physical.improve(design)
    assert len({structure.digest(design) for design in designs}) == 1, "packed"
    assert len({json.dumps(design["cells"]) for design in designs}) == len(CLOCKS_HZ)


@pytest.mark.slow
def test_clocks_have_one_netlist_of_a_board():
    board = boards.load("ulx3s_tiny")
    rom_dir = exported("tiny").rom_dir.relative_to(ROOT)
    digests = set()
    for divide, multiply, post in ((5, 19, 8), (7, 29, 6)):
        parameters = {
            **ecp5_parameters(board, rom_dir),
            "Divide": divide,
            "Multiply": multiply,
            "Post": post,
        }
        folder = ROOT / "build" / "gate" / f"one_board_{multiply}"
        design = synthesised(board.top, everything(exported("tiny")), parameters, folder)
        digests.add(structure.digest(design["modules"][board.top]))
    assert len(digests) == 1


@pytest.mark.slow
def test_they_have_it_to_the_last_cell():
    assert_one_netlist([exported("tiny"), *random_networks("tiny")], "check")


@pytest.mark.slow
def test_five_networks_of_compact_have_one_netlist():
    files = (shipped("checkpoints") / f"compact_w{bits}_int.safetensors" for bits in (4, 5, 6))
    narrow = [
        changed(exported("compact"), load_integer(file), exported("compact").folding)
        for file in files
    ]
    assert_one_netlist([exported("compact"), *narrow, random_networks("compact")[0]], MEMORIES)
