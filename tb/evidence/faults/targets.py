# SPDX-License-Identifier: Apache-2.0
"""What can be flipped in a simulation: registers and memories of the device, by their handles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cocotb.handle import ArrayObject, HierarchyArrayObject, HierarchyObject
from cocotb.triggers import Timer


@dataclass(frozen=True)
class Register:
    """A register or a memory of the device: `words` words of `width` bits."""

    handle: Any
    path: str
    module: str
    name: str
    words: int
    width: int

    async def flip(self, word: int, bit: int) -> bool:
        """Turn one bit over, in a picosecond in which nothing else happens; twice is never.

        False if it does not stay: a wire follows what drives it.
        """
        cell = self.handle[word] if isinstance(self.handle, ArrayObject) else self.handle
        wanted = int(cell.value) ^ 1 << bit
        cell.value = wanted
        await Timer(1, "ps")
        return int(cell.value) == wanted


@dataclass(frozen=True)
class Table:
    """A memory, and where in it the next write goes."""

    contents: ArrayObject
    address: Any

    def word(self) -> tuple[int, int]:
        """That place, and what stands there."""
        at = int(self.address.value)
        return at, int(self.contents[at].value)


def walk(scope: Any, module: str = "") -> Iterator[tuple[str, Register]]:
    """Path and register of everything below a scope that can be written."""
    module = {"<null>": module, "": module}.get(scope._def_name or "", scope._def_name)
    for part in scope:
        if isinstance(part, HierarchyObject | HierarchyArrayObject):
            yield from walk(part, module)
        else:
            array = isinstance(part, ArrayObject)
            words, width = (len(part), len(part[0].value)) if array else (1, len(part))
            path = part._path.split(".dut.", 1)[1]
            yield path, Register(part, path, module, part._name, words, width)
