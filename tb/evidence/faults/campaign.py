# SPDX-License-Identifier: Apache-2.0
"""Flipped bits by class of register, as results that are found again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dcgan.core.files import write_atomically, write_json

from tb.evidence.faults.inject import JOB_VARIABLE
from tb.evidence.faults.registers import CLASSES, classes, configuration, sources
from tb.evidence.files import BUILD, module_file, read_json
from tb.evidence.files import digest as digest_of_files
from tb.lib.build import FILE_LIST, run_cocotb
from tb.lib.network import digest, exported
from tb.sim.run import TIMING_ARGS

FOLDER = BUILD / "faults"
HARNESS = Path(__file__).with_name("faults_harness.sv")
WATCHERS = ("board_parity", "board_watchdog")
"""Modules of a board that stand beside the core in the harness."""
NETWORK = "tiny"
SEED = 1
CHUNK = 100
"""Faults a simulation; what is done when it is interrupted is lost."""
# Assertions of the RTL would end a simulation at the first wrong beat; hardware has none.
DEFINES = {"SYNTHESIS": 1}
ARGS = ("-Wno-fatal",)


def simulate(
    job: dict[str, Any], folder: Path = FOLDER / "run", optimise: bool = True
) -> list[Any]:
    """Run a job of inject.py, which says what it may hold: one result for each fault.

    The first entry holds `bits`, the size of the class. AssertionError if the simulation fails, or
    if the device is wrong without a fault.
    """
    network = exported(NETWORK)
    rules, task, out = FOLDER / "registers.vlt", folder / "job.json", folder / "out.jsonl"
    if not rules.is_file() or rules.read_text(encoding="utf-8") != configuration():
        write_atomically(rules, configuration())
    write_json(task, {**job, "out": str(out)})
    out.unlink(missing_ok=True)
    run_cocotb(
        HARNESS.stem,
        Path(__file__).with_name("inject.py"),
        "verilator",
        parameters={"RomDir": str(network.rom_dir)},
        network=network,
        sources=(FILE_LIST, HARNESS),
        defines=DEFINES,
        build_args=(*TIMING_ARGS, *ARGS, str(rules)),
        environment={JOB_VARIABLE: str(task)},
        optimise=optimise,
        hide_internals=True,
    )
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def key() -> str:
    """Of everything that verdicts depend on."""
    here = Path(__file__).parent
    own = ("inject.py", "registers.py", "targets.py")
    files = [*sources(), *map(module_file, WATCHERS), HARNESS, CLASSES]
    files += [here / name for name in own]
    network = exported(NETWORK)
    return digest_of_files(files, digest(network.integers, network.folding))


def campaign(name: str, count: int, say: Callable[[str], None], seed: int = SEED) -> dict[str, Any]:
    """Verdicts on `count` faults of a class; goes on where an earlier run of the same files ended.

    Fault k of a class and a seed is the same one whatever the count.
    """
    if name not in classes():
        raise ValueError(f"there is no class {name} in {CLASSES.name}")
    path = FOLDER / f"{name}.json"
    report = read_json(path)
    if not report or (report["key"], report["seed"]) != (key(), seed):
        report = {"key": key(), "class": name, "seed": seed, "faults": {}}
    report["count"] = count
    todo = [number for number in range(count) if str(number) not in report["faults"]]
    for start in range(0, len(todo), CHUNK):
        numbers = todo[start : start + CHUNK]
        head, *results = simulate({"class": name, "numbers": numbers, "seed": seed})
        report["bits"] = head["bits"]
        report["faults"] |= {str(result.pop("number")): result for result in results}
        write_json(path, report)
        say(f"{name}: {start + len(numbers)}/{len(todo)} faults")
    write_json(path, report)
    return report


def reports() -> list[dict[str, Any]]:
    """Every report that is there, in the order of the classes."""
    found = [read_json(FOLDER / f"{name}.json") for name in classes()]
    return [report for report in found if report]


def is_fresh(report: dict[str, Any]) -> bool:
    """Whether a report is of the files that are here, and whole."""
    return report["key"] == key() and len(report["faults"]) >= report["count"] > 0
