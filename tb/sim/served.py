# SPDX-License-Identifier: Apache-2.0
"""One simulator process that draws for as long as it is asked to (`+serve` of sim_harness.sv)."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
import weakref
from collections import deque
from pathlib import Path

import numpy as np

from tb.lib.network import Network
from tb.sim.run import ROMS, build_program, from_stream, hex_word

BATCH = 64
"""Latents a request: less than a pipe holds, so that writing never waits for the simulator."""
PATIENCE = 600.0
PIXELS = b"pixels "
CHUNK = 1 << 16
LAST_WORDS = 3


class ServedSimulation:
    """A network's harness, running: latents in through its standard input, frames out.

    RuntimeError with the simulator's last words if it ends, or says nothing for `patience` seconds;
    it has then ended, and cannot be asked again.
    """

    def __init__(self, chosen: Network, patience: float = PATIENCE):
        self.name, self.patience = chosen.name, patience
        program = build_program(chosen)
        self.process = subprocess.Popen(
            [program, "+serve"],
            cwd=_folder(chosen),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        os.set_blocking(self.process.stdout.fileno(), False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.waiting = bytearray()
        self.said: deque[str] = deque(maxlen=LAST_WORDS)
        self.drawn = 0
        self._end = weakref.finalize(self, _end, self.process, self.selector, os.getpid())

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """int8 [N, 100] -> uint8 [N, 3, 32, 32]."""
        frames = [
            frame for start in range(0, len(z), BATCH) for frame in self._batch(z[start:][:BATCH])
        ]
        return from_stream(b"".join(frames))

    def close(self) -> None:
        """End the simulator; again, and after its end, without effect."""
        self._end()

    def _batch(self, z: np.ndarray) -> list[bytes]:
        text = "".join(f"{line}\n" for line in (len(z), *map(hex_word, z)))
        try:
            self.process.stdin.write(text.encode())
            self.process.stdin.flush()
        except OSError:
            pass  # it has ended: reading finds its last words
        frames = []
        try:
            while len(frames) < len(z):
                line = self._line()
                if line.startswith(PIXELS):
                    # The text begins with the highest byte.
                    frames.append(bytes.fromhex(line.removeprefix(PIXELS).decode())[::-1])
                    self.drawn += 1
                else:
                    self.said.append(line.decode(errors="replace"))
        except (
            BaseException
        ):  # Ctrl-C as well: what it still says would be taken for the next batch
            self.close()
            raise
        return frames

    def _line(self) -> bytes:
        until = time.monotonic() + self.patience
        while (end := self.waiting.find(b"\n")) < 0:
            if not self.selector.select(max(0.0, until - time.monotonic())):
                raise self._failure(f"has said nothing for {self.patience:g} seconds")
            data = os.read(self.process.stdout.fileno(), CHUNK)
            if not data:
                raise self._failure(f"ended with status {self.process.wait()}")
            self.waiting += data
        line = bytes(self.waiting[:end])
        del self.waiting[: end + 1]
        return line

    def _failure(self, what: str) -> RuntimeError:
        words = f"; it said: {' | '.join(self.said)}" if self.said else ""
        return RuntimeError(f"the simulator of {self.name} {what}, {self.drawn} avatars in{words}")


def _folder(chosen: Network) -> Path:
    """Where the program finds its ROMs; processes share it, and only read."""
    folder = chosen.folder / "served"
    folder.mkdir(parents=True, exist_ok=True)
    link, rom_dir = folder / ROMS, chosen.rom_dir.resolve()
    if not link.is_symlink() or link.readlink() != rom_dir:
        fresh = folder / f"{ROMS}.{os.getpid()}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(rom_dir)
        fresh.replace(link)
    return folder


def _end(process: subprocess.Popen, selector: selectors.BaseSelector, owner: int) -> None:
    """Free the pipes; a process that inherited them in a fork must not end the simulator."""
    selector.close()
    try:
        process.stdin.close()
    except OSError:
        pass  # bytes that it did not take
    process.stdout.close()
    if os.getpid() == owner:
        process.kill()
        process.wait()
