# SPDX-License-Identifier: Apache-2.0
"""Verdicts on every mutant of the golden model, as results that are found again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dcgan.core.files import write_json

from tb.evidence.files import BUILD, digest, read_json, read_reports
from tb.evidence.golden.mutants import Mutants
from tb.lib.tools import ROOT

FOLDER = BUILD / "golden"
MODULES = ("golden", "fixed_point", "int_generator")
JUDGED = Path(__file__).with_name("survivors.toml")
QUANT = ROOT / "model" / "dcgan" / "quant"
TESTS = tuple(
    ROOT / "model" / "tests" / "quant" / name
    for name in ("test_fixed_point.py", "test_golden.py", "test_int_generator.py")
)
# What the tests of these modules stand on.
BESIDE = ("golden.py", "fixed_point.py", "int_generator.py", "random_network.py")
KILLED, TIMEOUT, SURVIVED = "killed", "timeout", "survived"
SECONDS = 60.0
"""A run of the tests takes seconds; a mutant that takes longer than this is killed."""


class GoldenError(RuntimeError):
    """Mutants cannot be judged: the tests do not pass without one."""


def inputs() -> list[Path]:
    """Files that verdicts depend on."""
    here = Path(__file__).parent
    sources = [QUANT / name for name in BESIDE]
    return [*sources, *TESTS, here / "mutants.py", here / "judge.py"]


def judge(name: str, numbers: list[int], seconds: float = SECONDS) -> Iterator[dict[str, Any]]:
    """One result for each number of a mutant, as they come; 0 is the module as it is."""
    command = [sys.executable, "-m", "tb.evidence.golden.judge", name, str(seconds)]
    # A test that asks for this runs in pytest itself; its workers must not be taken for ours.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [*command, *map(str, numbers)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            yield from map(json.loads, program.stdout)
            problem = program.stderr.read()
        finally:
            if program.poll() is None:
                program.terminate()
    if program.returncode:
        raise GoldenError(f"mutants of {name} were not judged: {problem[-1500:]}")


def campaign(name: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Verdicts on all mutants of a module; goes on where an earlier run of the same files ended."""
    key, path = digest(inputs(), name), FOLDER / f"{name}.json"
    mutants = Mutants(QUANT / f"{name}.py")
    report = read_json(path)
    if not report or report["key"] != key:
        report = {"key": key, "module": name, "possible": len(mutants.all), "mutants": {}}
    todo = [m.number for m in mutants.all if str(m.number) not in report["mutants"]]
    if not todo:
        return report
    by_number = {mutant.number: mutant for mutant in mutants.all}
    for done, result in enumerate(judge(name, [0, *todo])):
        if not result["number"]:
            if result["by"] or not result["passed"]:
                raise GoldenError(f"the tests of {name} fail without a mutant: {result['by']}")
            continue
        mutant = by_number[result["number"]]
        report["mutants"][str(mutant.number)] = {
            "verdict": verdict_of(result),
            "line": mutants.line(mutant),
            "kind": mutant.kind,
            "place": mutants.place(mutant),
            "before": mutants.before(mutant),
            "after": mutant.after,
            "by": result["by"],
            "seconds": result["seconds"],
        }
        write_json(path, report)
        if done % 20 == 0 or done == len(todo):
            say(f"{name} {done}/{len(todo)} mutants")
    return report


def verdict_of(result: dict[str, Any]) -> str:
    """Killed by a test or by the clock, or survived; GoldenError if no test ran."""
    if result["timeout"]:
        return TIMEOUT
    if not result["by"] and not result["passed"]:
        raise GoldenError(f"no test ran with mutant {result['number']}")
    return KILLED if result["by"] else SURVIVED


def reports() -> list[dict[str, Any]]:
    """Every report that is there."""
    return read_reports(FOLDER)


def is_fresh(report: dict[str, Any]) -> bool:
    """Whether a report is of the files that are here, and whole."""
    key = digest(inputs(), report["module"])
    return key == report["key"] and len(report["mutants"]) == report["possible"]


def opinions(path: Path = JUDGED) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What a reader found about survivors, by module, marked line and mutant."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["survivor"]
    return {(e["module"], e["place"], e["after"]): e for e in entries}


def of_no_survivor(found: list[dict[str, Any]], path: Path = JUDGED) -> list[str]:
    """Opinions about mutants of fresh reports that did not survive, or are no longer there."""
    left = {
        (report["module"], mutant["place"], mutant["after"])
        for report in found
        for mutant in report["mutants"].values()
        if mutant["verdict"] == SURVIVED
    }
    modules = {report["module"] for report in found}
    return [f"{k[0]}: {k[1]}" for k in opinions(path) if k[0] in modules and k not in left]
