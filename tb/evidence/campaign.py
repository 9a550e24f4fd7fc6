# SPDX-License-Identifier: Apache-2.0
"""Mutation: the tests of a module against mutants of its source, one simulation after the other.

The module is built once with all its mutants; every mutant is a run of the module's own tests on
Verilator, ended at the first that fails. What survives is run on Icarus as well, where a register
that nothing sets is unknown.

    killed      a test failed              timeout     the simulation did not end: killed as well
    survived    every test passed          equivalent  survived, and proven to change nothing
"""

from __future__ import annotations

import contextlib
import io
import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from dcgan.core.files import write_json

from tb.evidence.equivalence import equivalent
from tb.evidence.files import BUILD, digest, module_file, read_json, read_reports, test_files
from tb.evidence.mutants import Mutant, Mutants
from tb.lib.bridge import environment_of
from tb.lib.tools import ROOT

FOLDER = BUILD / "mutation"
SEED = 1
KILLED, SURVIVED, EQUIVALENT, TIMEOUT = "killed", "survived", "equivalent", "timeout"
SECOND_LOOK = [
    Path(__file__).with_name(name) for name in ("campaign.py", "equivalence.py", "sequential.py")
]
DEAD = (KILLED, TIMEOUT)
SLOWER = 4
"""A mutant may take so many times as long as the module itself."""
LEAST_SECONDS = 15.0
ICARUS_SECONDS = 1200


class CampaignError(RuntimeError):
    """Mutants cannot be judged: the tests do not pass without one."""


class _Result:
    """What one run of the tests came to."""

    def __init__(self) -> None:
        self.failed = ""
        self.passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the first failure."""
        self.passed += report.when == "call" and report.passed
        if report.failed and not self.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.failed = crash.message if crash else str(report.longrepr)


def run_tests(folder: Path, simulator: str = "verilator") -> _Result:
    """The tests of a folder up to the first that fails, on Icarus those that are slow there too."""
    slow = ["-m", ""] if simulator == "icarus" else []
    result = _Result()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pytest.main(["-x", "-q", "-p", "no:cacheprovider", *slow, str(folder)], plugins=[result])
    return result


def judge(
    overlay: Path,
    mutants: Mutants,
    chosen: list[Mutant],
    seconds: float,
    number: int,
    simulator: str = "verilator",
) -> _Result:
    """Run the tests of a module with one of its mutants, built in an overlay; 0 is none."""
    module = mutants.path.stem
    file = overlay / mutants.path.relative_to(ROOT)
    text = mutants.choice(chosen)
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    variables = {
        "SIM": simulator,
        "TB_OVERLAY": str(overlay),
        "TB_PLUSARGS": f"+mutant={number}",
        "TB_SECONDS": str(seconds),
        "COCOTB_MAX_FAILURES": "1",
    }
    with environment_of(variables):
        return run_tests(ROOT / "tb" / module, simulator)


def key_of(mutants: Mutants, count: int, seed: int) -> str:
    """Digest of what verdicts depend on: the tests, and the module with its mutants."""
    text = mutants.choice(mutants.sample(count, seed))
    return digest(test_files(mutants.path.stem), text)


def campaign(
    module: str, count: int, say: Callable[[str], None], seed: int = SEED
) -> dict[str, Any]:
    """Verdicts on mutants of a module; goes on where an earlier run of the same sources ended."""
    mutants = Mutants(module_file(module))
    chosen = mutants.sample(count, seed)
    path = FOLDER / f"{module}.json"
    report = {
        "key": key_of(mutants, count, seed),
        "module": module,
        "count": count,
        "seed": seed,
        "mutants": known(read_json(path), mutants),
        "possible": len(mutants.all),
        "chosen": len(chosen),
    }
    todo = [mutant for mutant in chosen if str(mutant.number) not in report["mutants"]]
    overlay = FOLDER / module / "overlay"
    if todo:
        sound = judge(overlay, mutants, chosen, 600, 0)
        if not passes(sound):
            raise CampaignError(
                f"{module}: its tests fail without a mutant: {sound.failed[-2000:]}"
            )
        # Built by now: the second run shows how long the tests take.
        began = time.monotonic()
        judge(overlay, mutants, chosen, 600, 0)
        limit = max(LEAST_SECONDS, SLOWER * (time.monotonic() - began))
    for done, mutant in enumerate(todo, start=1):
        began = time.monotonic()
        result = judge(overlay, mutants, chosen, limit, mutant.number)
        verdict = verdict_of(result, time.monotonic() - began, limit)
        report["mutants"][str(mutant.number)] = {
            "verdict": verdict,
            "line": mutants.line(mutant),
            "kind": mutant.kind,
            "before": mutants.before(mutant),
            "after": " ".join(mutant.after.split()),
            "seconds": round(time.monotonic() - began, 1),
        }
        write_json(path, report)
        say(f"{module} {done}/{len(todo)}: {verdict}")
    looks = digest(SECOND_LOOK)
    judges = cache(lambda: passes(judge(overlay, mutants, chosen, ICARUS_SECONDS, 0, "icarus")))
    for mutant in chosen:
        judged = report["mutants"][str(mutant.number)]
        if judged["verdict"] == SURVIVED and judged.get("looked_at") != looks:
            judged["verdict"] = second_look(overlay, mutants, chosen, mutant, judges)
            judged["looked_at"] = looks
            write_json(path, report)
            say(f"{module}, a second look: {judged['verdict']}")
    write_json(path, report)
    return report


def second_look(
    overlay: Path,
    mutants: Mutants,
    chosen: list[Mutant],
    mutant: Mutant,
    judges: Callable[[], bool],
) -> str:
    """Verdict on a mutant that survived: whether it changes nothing, or Icarus notices it.

    judges: whether the tests pass on Icarus without a mutant, so that a failure says something.
    """
    if equivalent(mutants, mutant):
        return EQUIVALENT
    if not judges():
        return SURVIVED
    result = judge(overlay, mutants, chosen, ICARUS_SECONDS, mutant.number, "icarus")
    return SURVIVED if passes(result) else KILLED


def passes(result: _Result) -> bool:
    """Whether tests ran, and none failed."""
    return bool(result.passed and not result.failed)


def known(report: dict[str, Any] | None, mutants: Mutants) -> dict[str, Any]:
    """Verdicts that hold still, in the sample or not: a mutant has one number in all samples."""
    return report["mutants"] if report and is_of_these(report, mutants) else {}


def is_of_these(report: dict[str, Any], mutants: Mutants) -> bool:
    """Whether a report is of the mutants and tests that are here."""
    return report["key"] == key_of(mutants, report["count"], report["seed"])


def verdict_of(result: _Result, seconds: float, limit: float) -> str:
    """Survived, killed, or killed by the clock."""
    if not result.failed:
        if not result.passed:
            raise CampaignError("no test ran")
        return SURVIVED
    if "does not build" in result.failed:
        raise CampaignError(result.failed)
    return TIMEOUT if seconds >= limit else KILLED


def reports() -> list[dict[str, Any]]:
    """Every report that is there."""
    return read_reports(FOLDER)


def is_fresh(report: dict[str, Any]) -> bool:
    """Whether a report is of the sources and tests that are here, and whole."""
    mutants = Mutants(module_file(report["module"]))
    wanted = {str(mutant.number) for mutant in mutants.sample(report["count"], report["seed"])}
    return is_of_these(report, mutants) and wanted <= set(report["mutants"])


def environment_sane() -> None:
    """Mutants are judged one after the other; nothing else may choose for them."""
    for name in ("TB_OVERLAY", "TB_PLUSARGS"):
        if os.environ.get(name):
            raise CampaignError(f"unset {name} first")
