# SPDX-License-Identifier: Apache-2.0
"""Flipped bits are told apart, and a wrong reference, class or sample is noticed."""

from __future__ import annotations

import pytest

from tb.evidence.faults import campaign, page
from tb.evidence.faults.registers import ClassError, class_of, classes, registers

SHIFT = "u_generator.u_parameters.shift_o"
ROWS = "u_generator.u_raster.u_rows.released_q"
AVATARS = "u_generator.u_counters.avatars_o"
WEIGHTS = "u_generator.u_layer4.u_convt.gen_read[0].u_weights.contents"
BLUE = "u_rgb_assembler.blue_q"
COUNT = "u_generator.u_z_packet.count_q"
WRITE = "u_generator.u_layer4.u_convt.gen_read[0].u_weights.write_q"
LAST = "u_generator.u_layer1.u_project.last_q"
CONTROL = {"class": "control", "seed": 1}


def fault(path: str, bit: int, cycle: int = 2000, word: int = 0) -> dict[str, object]:
    """A flip while the first pair of latents is drawn."""
    return {"path": path, "word": word, "bit": bit, "cycle": cycle, "pair": 0}


def simulate(folder, **job):
    """Few faults: what is soon compiled is soon done."""
    return campaign.simulate(job, folder, optimise=False)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Flips whose effect is known, and a few that are drawn."""
    chosen = [
        fault(SHIFT, 0),
        fault(ROWS, 2),
        fault(AVATARS, 3),
        fault(WEIGHTS, 7, cycle=10),
        fault(BLUE, 0, cycle=1),
        fault(COUNT, 3, cycle=80),
        fault(WRITE, 0, cycle=10),
        fault(LAST, 9, cycle=219),
        fault(AVATARS, 0),
    ]
    return simulate(tmp_path_factory.mktemp("faults"), faults=chosen, numbers=[3, 4], **CONTROL)[1:]


def test_what_a_flip_does_is_told_apart(results):
    verdicts = [result["verdict"] for result in results[:9]]
    assert verdicts[:6] == ["silent", "told", "status", "told", "masked", "told"]
    assert verdicts[8] == "status", "what a write enable wrote is written back"


def test_an_avatar_that_was_lost_is_asked_for_again(results):
    assert [result["next"] for result in results[7:9]] == ["right", "right"]
    assert results[6]["reset"] == "wrong", "a table keeps what was written over it"


def test_a_reset_mends_registers_and_not_a_rom(results):
    shift, rows, _, weights, *_ = results
    assert (shift["next"], shift["reset"]) == ("wrong", "right")
    assert (rows["next"], rows["reset"]) == ("right", "right"), "the watchdog restarts it"
    assert (weights["next"], weights["reset"]) == ("wrong", "wrong")


def test_the_same_number_is_the_same_fault(results, tmp_path):
    assert results[-2]["path"] != results[-1]["path"]
    assert simulate(tmp_path, numbers=[4], **CONTROL)[1] == results[-1]


def test_a_wrong_reference_is_noticed(tmp_path):
    with pytest.raises(AssertionError, match="wrong without a fault"):
        simulate(tmp_path, corrupt=True)


def test_every_register_has_a_class_and_every_class_a_register():
    found = {class_of(module, name) for module, names in registers().items() for name in names}
    assert found == set(classes())


def test_a_register_without_a_class_is_named(tmp_path):
    few = tmp_path / "classes.toml"
    few.write_text('[[class]]\nname = "a"\nmodules = "mem_.*"\nnames = "words"\n')
    with pytest.raises(ClassError, match=r"stream_fifo\.held_q belongs to no class"):
        class_of("stream_fifo", "held_q", few)


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="no class nonsense"):
        campaign.campaign("nonsense", 1, print)


def report(name: str, *faults: dict[str, str]) -> dict[str, object]:
    """A report of a class that is fresh."""
    about = {"module": "a_b", "name": "c_q"}
    numbered = {str(number): {**about, **fault} for number, fault in enumerate(faults)}
    return {"class": name, "key": campaign.key(), "count": 1, "bits": 9, "faults": numbered}


MASKED = {"verdict": "masked"}
STOPPED = {"verdict": "hang", "next": "none", "reset": "right"}


def test_figures_count_what_stops_and_what_is_told():
    right = [report(name, MASKED, MASKED) for name in classes()]
    flips, stop, told = page.FIGURES
    assert page.figures(right) == {flips: 2, stop: 100, told: 0}
    fewer = [report(r["class"], STOPPED) if r["class"] == "maps" else r for r in right]
    assert page.figures(fewer)[flips] == 1
    assert page.figures(fewer)[stop] == pytest.approx(100 * 12 / 13)
    assert page.stops(fewer) == [("`a_b.c_q`", "maps", 1, 1)]


def test_a_class_that_is_missing_stale_or_not_whole_is_not_measured():
    right = [report(name, MASKED) for name in classes()]
    for wrong in ([], [{**right[0], "key": "0"}], [{**right[0], "count": 2}]):
        assert set(page.figures(right[1:] + wrong).values()) == {None}
