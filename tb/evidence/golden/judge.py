# SPDX-License-Identifier: Apache-2.0
"""Run the tests of the golden model with mutants of one of its modules: a program of its own.

    python -m tb.evidence.golden.judge golden 30 0 1 2      a JSON line for each number; 0 is none

What takes seconds to load is loaded once; each mutant is judged in a fork of this process, where
the import system is given the mutant in the place of the module. Nothing in the tree is written.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import json
import os
import select
import signal
import sys
import time
from importlib.machinery import ModuleSpec
from types import ModuleType

import hypothesis
import hypothesis.extra.numpy
import numpy  # noqa: F401
import pytest
import safetensors.numpy  # noqa: F401
import torch  # noqa: F401

from tb.evidence.golden.campaign import QUANT, TESTS
from tb.evidence.golden.mutants import Mutants
from tb.lib.tools import ROOT

PACKAGE = "dcgan.quant"
SPEED = "model/tests/quant/test_golden.py::test_compact_runs_at_twenty_avatars_a_second"
"""Of no use here: it says how fast the model is, and this machine may be busy."""


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a text to whoever imports a module."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Only for the one name."""
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the text."""
        exec(compile(self.text, f"<mutant of {self.name}>", "exec"), module.__dict__)


class FirstFailure:
    """What a run of the tests came to."""

    def __init__(self) -> None:
        self.by = ""
        self.passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the name of the first test that failed."""
        self.passed += report.when == "call" and report.passed
        if report.failed and not self.by:
            self.by = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be imported fails before any test."""
        if report.failed and not self.by:
            self.by = f"import: {report.nodeid}"


def run(name: str, text: str | None) -> dict[str, object]:
    """The tests with a text as the module of that name; None leaves it as it is."""
    for loaded in [key for key in sys.modules if key.split(".")[0] == "dcgan"]:
        del sys.modules[loaded]
    if text is not None:
        sys.meta_path.insert(0, Finder(f"{PACKAGE}.{name}", text))
    # The same examples in every run; the smallest one that fails is of no interest.
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, phases=phases)
    hypothesis.settings.load_profile("mutants")
    first = FirstFailure()
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--deselect", SPEED]
    pytest.main([*options, "--rootdir", str(ROOT), *map(str, TESTS)], plugins=[first])
    return {"by": first.by, "passed": first.passed}


def judged(name: str, text: str | None, limit: float) -> dict[str, object]:
    """`run` in a fork that is ended after `limit` seconds: then `timeout` is set."""
    began = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.write(writing, json.dumps(run(name, text)).encode())
        os._exit(0)
    os.close(writing)
    timeout = not select.select([reading], [], [], limit)[0]
    if timeout:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    # A child that ended without a word crashed on the way: no test run with the module can pass.
    result = json.loads(said) if said else {"by": "no end" if timeout else "crash", "passed": 0}
    return {**result, "timeout": timeout, "seconds": round(time.monotonic() - began, 2)}


def main() -> None:
    """Name of a module, seconds, numbers of mutants."""
    name, limit, *numbers = sys.argv[1:]
    mutants = Mutants(QUANT / f"{name}.py")
    texts = {mutant.number: mutants.text(mutant) for mutant in mutants.all}
    os.chdir(ROOT)
    for number in map(int, numbers):
        result = judged(name, texts.get(number), float(limit))
        print(json.dumps({"number": number, **result}), flush=True)


if __name__ == "__main__":
    main()
