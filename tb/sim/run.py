# SPDX-License-Identifier: Apache-2.0
"""Latents in, pixels out of the simulated RTL, as Python functions.

draw      through cocotb, on Verilator or Icarus: what `make sim` does
draw_fast through the same harness compiled to a program: for experiments with many avatars
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from dcgan.core.shapes import IMAGE_SIZE

from tb.lib.build import FILE_LIST, INCLUDES, VERILATOR_ARGS, make_flags, run_cocotb, source_files
from tb.lib.network import ROOT, Network, exported, locked, twin
from tb.lib.tools import MAX_JOBS, prepare_environment
from tb.sim import frames as frames_module

ROMS = "rom"
"""RomDir of the harness: a link in the run's folder, so that one build serves any ROM contents."""
HARNESS = Path(__file__).with_name("sim_harness.sv")
# Coroutines of `--timing` need C++20, which the wheel does not ask for.
TIMING_ARGS = ("--timing", "-CFLAGS", "-std=c++20")
HEX_FRAME = 7 * IMAGE_SIZE**2  # six digits and a newline a pixel
POLL_SECONDS = 0.2
STALLS = (1, 3)
"""The source pauses in half of the cycles, the sink for long."""

Progress = Callable[[int], None]
"""Called now and then with the number of finished avatars."""


@dataclass(frozen=True)
class Frames:
    """What the hardware drew, and when.

    pixels [N, 3, 32, 32] uint8; last_cycles [N]: the cycle in which each last pixel moved;
    first_cycle: in which the first beat of the first latent moved; full_speed: how many
    avatars, from the first on, saw no stall; seconds: wall-clock time of the simulation,
    its build not included.
    """

    pixels: np.ndarray
    last_cycles: np.ndarray
    first_cycle: int
    full_speed: int
    seconds: float

    @property
    def latency_cycles(self) -> int:
        """First latent beat to last pixel of the first avatar, both included."""
        return int(self.last_cycles[0]) - self.first_cycle + 1

    @property
    def cycles_per_avatar(self) -> float:
        """Steady state: mean distance of last pixels at full speed; one avatar has its latency."""
        ends = self.last_cycles[: self.full_speed]
        return float(np.diff(ends).mean()) if len(ends) > 1 else float(self.latency_cycles)


def sim_folder(network: Network, simulator: str) -> Path:
    """Where the simulations of a network leave what they drew."""
    return network.folder / "sim" / simulator


def full_speed_count(avatars: int) -> int:
    """How many avatars run without stalls: three quarters, and at least the first two."""
    return max(min(avatars, 2), avatars - avatars // 4)


def draw(
    network: str,
    z: np.ndarray,
    simulator: str,
    seed: int = 1,
    full_speed: int | None = None,
    progress: Progress = lambda done: None,
    folder: Path | None = None,
    rom_dir: Path | None = None,
    sources: Sequence[str | Path] = (FILE_LIST,),
    build_args: Sequence[str] = (),
    optimise: bool = True,
) -> Frames:
    """z int8 [N, 100] -> Frames, simulated through cocotb with every avatar behind the last.

    folder, by default sim/<simulator> of the network's folder, is where it runs; rom_dir replaces
    the network's own ROMs, sources the RTL (a netlist has the same ports).
    Without `optimise` Verilator's program is soon compiled and slow: right for few avatars.
    AssertionError if the simulation fails; pixels are not judged here.
    """
    full_speed = full_speed_count(len(z)) if full_speed is None else full_speed
    chosen = exported(network)
    folder = _prepare(folder or sim_folder(chosen, simulator), rom_dir or chosen.rom_dir)
    for name in (frames_module.FRAMES, frames_module.CYCLES):
        (folder / name).unlink(missing_ok=True)
    pixel_file = folder / frames_module.FRAMES
    began: list[float] = []
    with ThreadPoolExecutor(1) as worker:
        job = worker.submit(
            run_cocotb,
            "sim_harness",
            frames_module.__file__,
            simulator,
            parameters={"RomDir": ROMS},
            network=network,
            sources=(*sources, HARNESS),
            build_args=(*TIMING_ARGS, *build_args),
            plusargs=_plusargs(folder, z, full_speed, seed),
            environment={frames_module.FOLDER_VARIABLE: str(folder)},
            optimise=optimise,
            hide_internals=True,
            run_folder=folder,
        )
        while not job.done():
            time.sleep(POLL_SECONDS)
            if pixel_file.exists():
                began = began or [time.monotonic()]
                progress(pixel_file.stat().st_size // frames_module.FRAME_BYTES)
        job.result()
    seconds = time.monotonic() - began[0] if began else 0.0
    progress(len(z))
    pixels = from_stream(pixel_file.read_bytes())
    record = json.loads((folder / frames_module.CYCLES).read_text())
    return Frames(
        pixels, np.array(record["last_cycles"]), record["first_cycle"], full_speed, seconds
    )


def draw_fast(
    network: str | Network,
    z: np.ndarray,
    seed: int = 1,
    full_speed: int | None = None,
    progress: Progress = lambda done: None,
    folder: Path | None = None,
    stalls: tuple[int, int] = STALLS,
    random_start: bool = False,
) -> Frames:
    """Like `draw`, on Verilator without cocotb; all avatars at full speed unless told otherwise.

    A network given by name runs with the behavioural twin of its multipliers (lib.network.twin).
    stalls: how source and sink pause after full speed (sim_harness.sv); random_start: what has no
    reset begins at random values, of the seed.
    RuntimeError with the simulator's last words if it fails.
    """
    full_speed = len(z) if full_speed is None else full_speed
    chosen = twin(exported(network)) if isinstance(network, str) else network
    program = build_program(chosen)
    folder = _prepare(folder or sim_folder(chosen, "program"), chosen.rom_dir)
    pixel_file, log = folder / "pixels.hex", folder / "sim.log"
    pixel_file.unlink(missing_ok=True)
    arguments = [*_plusargs(folder, z, full_speed, seed), f"+pixels={pixel_file}"]
    arguments += [f"+source={stalls[0]}", f"+sink={stalls[1]}"]
    if random_start:
        arguments += [f"+verilator+seed+{seed}", "+verilator+rand+reset+2"]
    began = time.monotonic()
    with log.open("w") as sink:
        running = subprocess.Popen(
            [program, *arguments], cwd=folder, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            while running.poll() is None:
                time.sleep(POLL_SECONDS / 10)
                if pixel_file.exists():
                    progress(pixel_file.stat().st_size // HEX_FRAME)
        finally:
            running.kill()
            running.wait()
    seconds = time.monotonic() - began
    lines = log.read_text(errors="replace").splitlines()
    marks = [[int(n) for n in line.split()[1:]] for line in lines if line.startswith("frame ")]
    if running.returncode != 0 or len(marks) != len(z):
        raise RuntimeError(
            f"the simulation ended after {len(marks)} of {len(z)} avatars "
            f"(status {running.returncode}); {log} ends with: " + " | ".join(lines[-3:])
        )
    if marks[-1][3]:
        raise RuntimeError(f"tuser or tlast came in a wrong place {marks[-1][3]} times")
    progress(len(z))
    digits = pixel_file.read_text().replace("\n", "")
    highest_first = np.frombuffer(bytes.fromhex(digits), np.uint8).reshape(-1, 3)
    last_cycles = np.array([mark[2] for mark in marks])
    pixels = from_stream(highest_first[:, ::-1].tobytes())
    return Frames(pixels, last_cycles, marks[-1][1], full_speed, seconds)


def build_program(chosen: Network, harness: Path = HARNESS) -> Path:
    """A harness with a network inside as a program; built once, then taken from its folder.

    The module has the name of its file, and a parameter RomDir.
    """
    prepare_environment()
    if shutil.which("verilator") is None:
        raise RuntimeError("verilator is missing: run `make setup`")
    folder = chosen.folder / ("program" if harness == HARNESS else harness.stem)
    log = folder / "build.log"
    command = ["verilator", "--binary", *TIMING_ARGS, *VERILATOR_ARGS, "-O3", "--x-assign", "fast"]
    command += ["--timescale", "1ns/1ps", "--top-module", harness.stem, "--Mdir", str(folder)]
    command += ["-j", os.environ.get("MAX_PARALLEL_BUILD_JOBS", str(MAX_JOBS))]
    command += [f"-I{include}" for include in INCLUDES]
    command += [f'-GRomDir="{ROMS}"', str(ROOT / "scripts" / "verilator.vlt")]
    command += [str(path) for path in source_files((FILE_LIST, harness), chosen.package)]
    with locked(folder.with_suffix(".lock")), make_flags(optimise=True):
        folder.mkdir(parents=True, exist_ok=True)
        with log.open("w") as sink:
            built = subprocess.run(command, stdout=sink, stderr=subprocess.STDOUT, check=False)
    if built.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"the harness does not build; {log} ends with:\n{tail}")
    return folder / f"V{harness.stem}"


def _prepare(folder: Path, rom_dir: Path) -> Path:
    """Make the folder of a simulation, with a link to the ROMs that it reads when it starts."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / ROMS
    link.unlink(missing_ok=True)
    link.symlink_to(rom_dir.resolve())
    return folder


def _plusargs(folder: Path, z: np.ndarray, full_speed: int, seed: int) -> list[str]:
    """Write the latents where $readmemh finds them; entry 0 is the low byte of a word."""
    (folder / "z.hex").write_text("".join(f"{hex_word(row)}\n" for row in z))
    numbers = {"avatars": len(z), "full_speed": full_speed, "seed": seed}
    return [f"+z={folder / 'z.hex'}", *(f"+{name}={value}" for name, value in numbers.items())]


def hex_word(z: np.ndarray) -> str:
    """A latent int8 [100] as one hexadecimal word, entry 0 in the low byte."""
    return z[::-1].astype(np.uint8).tobytes().hex()


def from_stream(frames: bytes) -> np.ndarray:
    """Whole frames as streamed, low byte first (G, B, R) -> uint8 [N, 3, 32, 32]."""
    raw = np.frombuffer(frames, np.uint8).reshape(-1, IMAGE_SIZE, IMAGE_SIZE, 3)
    return np.ascontiguousarray(raw[..., [2, 0, 1]].transpose(0, 3, 1, 2))
