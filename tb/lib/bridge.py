# SPDX-License-Identifier: Apache-2.0
"""cocotb-test, the bridge between pytest and cocotb, with its traps covered.

cocotb-test knows how Verilator and Icarus are called with cocotb inside and how Python is found
there. `simulate` is its `cocotb_test.simulator.run` with the same arguments, but

* a simulator's output goes to build.log and sim.log in the build folder, not through `logging`,
  where a byte that is not UTF-8 would end the reader and block the simulator;
* Ctrl-C ends pytest; cocotb-test's own handler makes one failed test of it;
* a failed build is told from a failed simulation, and the results are left to the caller.

The environment wins over arguments there (SIM, WAVES, COCOTB_RESULTS_FILE, COCOTB_RANDOM_SEED):
`environment_of` sets it for the length of a run.
"""

from __future__ import annotations

import logging
import os
import shlex
import signal
import subprocess
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO
from xml.etree.ElementTree import ParseError

from cocotb_test import simulator as cocotb_test

from tb.lib.instrument import seconds

BUILD_LOG, SIM_LOG = "build.log", "sim.log"


class BuildError(Exception):
    """A command of the build failed; BUILD_LOG has its output."""


class _Logged(cocotb_test.Simulator):
    """What the simulators of cocotb-test have in common here."""

    status = 0
    """Exit status of the simulation."""

    def __init__(self, **options: Any) -> None:
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        with warnings.catch_warnings():  # it switches on every DeprecationWarning
            super().__init__(**options)
        if threading.current_thread() is threading.main_thread():
            for number, handler in handlers.items():
                signal.signal(number, handler)
        self.logger = logging.getLogger(__name__)
        self.logger.setLevel(logging.CRITICAL)

    def execute(self, cmds: Sequence[Sequence[str]]) -> None:
        """Run the commands of the build, then the last one, which is the simulation."""
        *build, simulation = cmds
        with Path(self.sim_dir, BUILD_LOG).open("w", encoding="utf-8") as log:
            for command in build:
                try:
                    if status := self._call(command, self.sim_dir, log):
                        raise BuildError(f"`{Path(command[0]).name}` ended with status {status}")
                except BaseException:
                    self.discard()
                    raise
        with Path(self.sim_dir, SIM_LOG).open("w", encoding="utf-8") as log:
            self.status = self._call(simulation, self.work_dir, log)

    def discard(self) -> None:
        """Remove what a build that failed or was interrupted may have left half written."""

    def _call(self, command: Sequence[str], folder: str, log: TextIO) -> int:
        print(shlex.join(command), file=log, flush=True)
        try:
            return subprocess.run(
                command,
                cwd=folder,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=seconds() if log.name.endswith(SIM_LOG) else None,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            print("ended: it took longer than TB_SECONDS", file=log)
            return 124


class _Verilator(_Logged, cocotb_test.Verilator):
    """Verilator and make know by themselves what has changed."""


class _Icarus(_Logged, cocotb_test.Icarus):
    """Icarus, compiled again when an included file has changed as well."""

    def discard(self) -> None:
        """Its one output: of a later time than the sources, it would be taken for a whole one."""
        Path(self.sim_file).unlink(missing_ok=True)

    def outdated(self, output: str, dependencies: list[str]) -> bool:
        """Whether `output` is missing or older than a source or a header."""
        headers = [str(file) for folder in self.includes for file in Path(folder).glob("*.svh")]
        return super().outdated(output, [*dependencies, *headers])


def simulate(simulator: str, **options: Any) -> int:
    """`cocotb_test.simulator.run`: the exit status of the simulation; BuildError before it."""
    chosen = {"verilator": _Verilator, "icarus": _Icarus}[simulator](**options)
    try:
        chosen.run()
    except (SystemExit, ParseError):
        pass  # its opinion of the results file
    return chosen.status


@contextmanager
def environment_of(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
