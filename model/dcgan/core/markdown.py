# SPDX-License-Identifier: Apache-2.0
"""Generated parts of Markdown files: tables, and the blocks that commands renew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dcgan.core.files import check_regular, write_atomically


def read_block(path: Path, name: str) -> str:
    """The text between ``<!-- generated: name ... -->`` and ``<!-- end of name -->`` in a file.

    The first marker may go on with the command that made the block. ValueError unless the file has
    one such block.
    """
    check_regular(path)
    found = _pattern(name).findall(path.read_text(encoding="utf-8"))
    if len(found) != 1:
        raise ValueError(f"{path} has {len(found)} blocks named '{name}', one is needed")
    return found[0][1].removesuffix("\n")


def replace_block(path: Path, name: str, text: str) -> None:
    """Put ``text`` in the place of what `read_block` reads."""
    read_block(path, name)
    old = path.read_text(encoding="utf-8")
    write_atomically(path, _pattern(name).sub(lambda m: f"{m[1]}{text}\n{m[3]}", old))


def _pattern(name: str) -> re.Pattern[str]:
    end = rf"(<!-- end of {re.escape(name)} -->)"
    return re.compile(rf"(<!-- generated: {re.escape(name)}(?=[ ]).*?-->\n)(.*?){end}", re.DOTALL)


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table; floats with four significant digits."""
    text = [[_cell(cell) for cell in row] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in [list(header), ["---"] * len(header), *text]]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)
