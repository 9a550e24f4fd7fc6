# SPDX-License-Identifier: Apache-2.0
"""labels.csv of a folder: attributes of its pictures in words.

file,hair,mood            one row a picture; `file` lies below the folder of labels.csv
anna.png,long,calm        any other column is an attribute, its values are any text
heroes/bert.png,short,sly
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dcgan.core.latents import LATENT
from dcgan.data.latent_code import bits_of

FILE = "file"
SEPARATORS = ",;\t"


@dataclass(frozen=True)
class LabelFile:
    """What labels.csv says: the values of every file, in the order of `attributes`."""

    path: Path
    attributes: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]
    lines: dict[str, int]  # where a file is named

    def check_files(self, names: Iterable[str]) -> None:
        """ValueError if a row names none of `names`."""
        known = {normal(name) for name in names}
        for name in self.rows:
            if name not in known:
                raise ValueError(
                    f"{self.path}, line {self.lines[name]}: there is no picture {name} in "
                    f"{self.path.parent}"
                )

    def of(self, names: list[str]) -> tuple[np.ndarray, dict[str, list[str]]]:
        """Labels of pictures, int64 [N, attributes], and the values they number, sorted.

        ValueError if a picture has no row, or the values do not fit into a latent.
        """
        for name in names:
            if normal(name) not in self.rows:
                raise ValueError(f"{self.path} has no row for {name}: add one, or remove it")
        words = [self.rows[normal(name)] for name in names]
        values = {
            attribute: sorted({row[i] for row in words})
            for i, attribute in enumerate(self.attributes)
        }
        bits = sum(bits_of(len(found)) for found in values.values())
        if bits > LATENT:
            raise ValueError(
                f"the attributes of {self.path} need {bits} entries of a latent, which has "
                f"{LATENT}: remove columns or merge values"
            )
        indices = [{word: i for i, word in enumerate(found)} for found in values.values()]
        labels = [[index[word] for index, word in zip(indices, r, strict=True)] for r in words]
        return np.array(labels, np.int64), values


def normal(name: str) -> str:
    """A file's name below the folder, however a system or a table program writes it."""
    return unicodedata.normalize("NFC", name.strip().replace("\\", "/").removeprefix("./"))


def read_labels(path: Path) -> LabelFile:
    """Read labels.csv, separated by commas, semicolons or tabs; ValueError says what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text (byte {error.start})") from error
    try:
        separator = _separator(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        table = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise ValueError(f"{path} is not a table ({error})") from error
    table = [(line, row) for line, row in table if any(row)]
    if not table:
        raise ValueError(f"{path} is empty: remove it, or give it a column '{FILE}' and attributes")
    header = table[0][1]
    place, attributes = _columns(path, header)
    rows: dict[str, tuple[str, ...]] = {}
    lines: dict[str, int] = {}
    for line, row in table[1:]:
        where = f"{path}, line {line}"
        if len(row) != len(header):
            raise ValueError(f"{where}: {len(row)} cells, but the first line has {len(header)}")
        name = normal(row[place])
        if not all(row):
            raise ValueError(f"{where}: '{header[row.index('')]}' is empty")
        if name in rows:
            raise ValueError(f"{where}: {name} is listed twice")
        rows[name] = tuple(cell for i, cell in enumerate(row) if i != place)
        lines[name] = line
    return LabelFile(path, attributes, rows, lines)


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda sign: first.count(sign))


def _columns(path: Path, header: list[str]) -> tuple[int, tuple[str, ...]]:
    """The place of the column `file`, and the attributes."""
    if FILE not in header:
        raise ValueError(f"{path} has no column '{FILE}': it has {', '.join(header)}")
    for number, name in enumerate(header, start=1):
        if not name:
            raise ValueError(f"{path}: column {number} has no name")
        if header.count(name) > 1:
            raise ValueError(f"{path} has two columns '{name}'")
    attributes = tuple(name for name in header if name != FILE)
    if not attributes:
        raise ValueError(f"{path} has no attribute: add a column beside '{FILE}'")
    return header.index(FILE), attributes
