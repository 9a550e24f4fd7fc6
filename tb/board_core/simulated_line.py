# SPDX-License-Identifier: Apache-2.0
"""A link of the host (avatar_host.client.Link) to a board in simulation: line_harness.sv runs."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from tb.lib.network import Network, twin
from tb.sim.run import ROMS, build_program

HARNESS = Path(__file__).with_name("line_harness.sv")
CYCLES_A_BIT = 8


class SimulatedLine:
    """What is written is sent when somebody reads.

    faults, answer_faults  how many writes and reads are spoilt
    heard                  bytes that the board has sent
    """

    def __init__(
        self,
        chosen: Network,
        folder: Path,
        faults: int = 0,
        seed: int = 1,
        answer_faults: int = 0,
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ROMS).symlink_to(chosen.rom_dir.resolve())
        self.log = (folder / "sim.log").open("w")
        self.process = subprocess.Popen(
            [build_program(twin(chosen), HARNESS)],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.random = random.Random(seed)
        self.faults, self.answer_faults = faults, answer_faults
        self.outgoing, self.incoming = bytearray(), bytearray()
        self.cycle = self.heard = 0

    def write(self, data: bytes) -> None:
        self.outgoing += self._spoilt(data) if self.faults and self.random.random() < 0.2 else data

    def read(self, count: int) -> bytes:
        if not self.incoming:
            self._exchange()
        data = bytes(self.incoming[:count])
        del self.incoming[:count]
        if data and self.answer_faults and self.random.random() < 0.5:
            self.answer_faults -= 1
            return self._one_byte(data)
        return data

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        self.log.close()

    def _spoilt(self, data: bytes) -> bytes:
        """A byte lost, flipped or invented, the whole of it lost, or sent twice."""
        self.faults -= 1
        return self.random.choice((self._one_byte(data), b"", data + data))

    def _one_byte(self, data: bytes) -> bytes:
        """A byte lost, flipped or invented."""
        at = self.random.randrange(len(data))
        middle = self.random.choice((b"", bytes([data[at] ^ 4]), self.random.randbytes(9)))
        return data[:at] + middle + data[at + 1 :]

    def _exchange(self) -> None:
        text = " ".join(f"{byte:02x}" for byte in self.outgoing)
        self.process.stdin.write(f"{len(self.outgoing)}\n{text}\n")
        self.process.stdin.flush()
        self.outgoing.clear()
        words = self.process.stdout.readline().split()
        if not words or words[0] != "heard":
            raise RuntimeError(f"the simulation of the board ended: {words}, {self.log.name}")
        self.cycle = int(words[-1])
        answer = bytes.fromhex("".join(words[1:-1]))
        self.heard += len(answer)
        self.incoming += answer
