# SPDX-License-Identifier: Apache-2.0
"""Where pictures come from: a folder with its sub-folders, a sheet, or an NPY stack."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dcgan.data import decode, sheet
from dcgan.data.avatar_folder import SHEET
from dcgan.data.background import drawn_mask, parse_colour
from dcgan.data.label_file import LabelFile, read_labels

LABELS = "labels.csv"
NAMED = 3
"""So many names are said of a kind of file; of more, the number."""
FIND, NONE = "find", "none"
"""Words for a key."""


@dataclass(frozen=True)
class DataOptions:
    """Which pictures to train on and how to read them, in the words of the command line."""

    path: Path | None = None  # folder, sheet or NPY file; None: the drawn set
    grid: str | None = None  # WIDTHxHEIGHT of a sheet's cells; None: to be found
    margin: int = 0  # pixels around the cells
    spacing: int = 0  # pixels between cells
    rows: str | None = None  # '0,2-3'; None: all
    key: str = FIND  # colour of the background of pictures without transparency, FIND or NONE
    background: str = "black"  # colour to train on
    fold: str | None = None  # 'K/N': the K-th of N parts is held out of training; None: nothing

    def __post_init__(self) -> None:
        parse_colour(self.background, "--background")
        if self.key not in (FIND, NONE):
            parse_colour(self.key, "--key")
        for name in ("margin", "spacing"):
            if not 0 <= getattr(self, name) <= sheet.LARGEST:
                raise ValueError(
                    f"--{name} must be 0..{sheet.LARGEST} pixels, got {getattr(self, name)}"
                )
        if self.grid is None and (self.margin or self.spacing):
            raise ValueError("--margin and --spacing need --grid, the size of a cell")
        if self.grid is not None:
            sheet.parse_grid(self.grid)
        if self.rows is not None:
            sheet.parse_rows(self.rows)
        if self.path is None and (self.grid, self.rows, self.key) != (None, None, FIND):
            raise ValueError("--grid, --rows and --key need --data, the pictures they are about")

    @staticmethod
    def restored(saved: dict[str, Any] | str | None) -> DataOptions:
        """What `kept` gave; earlier runs kept the path alone."""
        try:
            words = {"path": saved} if isinstance(saved, str) else dict(saved or {})
            if words.get("path") is not None:
                words["path"] = Path(words["path"])
            return DataOptions(**words)
        except (TypeError, AttributeError) as error:
            raise ValueError("what the run keeps of its training images is damaged") from error

    def kept(self) -> dict[str, Any]:
        """As plain words, to go on with later from any folder."""
        path = None if self.path is None else str(self.path.resolve())
        return {**asdict(self), "path": path}

    def changed(self, **words: Any) -> DataOptions:
        """With those words that are not None."""
        return replace(self, **{name: word for name, word in words.items() if word is not None})


@dataclass
class Source:
    """Pictures before they are fitted, each with its name and a way to read it, RGBA."""

    name: str
    pictures: list[tuple[str, Callable[[], np.ndarray]]]
    notes: list[str] = field(default_factory=list)
    labels: LabelFile | None = None
    files: list[str] = field(default_factory=list)
    animated: dict[str, None] = field(default_factory=dict)

    def read_file(self, root: Path, name: str) -> np.ndarray:
        """One file of a folder; animations are remembered."""
        rgba, frames = decode.read_picture(root / name)
        if frames > 1:
            self.animated[name] = None
        return rgba


def open_source(options: DataOptions) -> Source:
    """The pictures that `options` name. ValueError for what is neither folder nor picture."""
    path = Path(options.path)
    if path.is_dir():
        return _folder(path, options)
    if not path.exists():
        raise ValueError(f"{path} is not a folder, nor a picture: there is nothing of this name")
    if decode.is_npy(path):
        array = decode.read_array(path)
        if array.ndim == 4:
            _no_sheet(options, f"a stack of {len(array)} pictures")
            pictures = [
                (f"{path.name}[{i}]", partial(lambda i: decode.as_rgba(array[i]), i))
                for i in range(len(array))
            ]
            return Source(str(path), pictures, [f"{len(array)} pictures in {path}"])
        return _sheet(path, decode.as_rgba(array), options)
    return _sheet(path, decode.read_picture(path)[0], options)


def _folder(path: Path, options: DataOptions) -> Source:
    _no_sheet(options, "a folder")
    found = find(path)
    source = Source(str(path), [], found.summary(), files=found.pictures)
    source.pictures = [(name, partial(source.read_file, path, name)) for name in found.pictures]
    if (path / LABELS).exists():
        decode.check_regular(path / LABELS)
        source.labels = read_labels(path / LABELS)
        source.labels.check_files(found.pictures)
    return source


def _sheet(path: Path, rgba: np.ndarray, options: DataOptions) -> Source:
    key = None
    if options.key not in (FIND, NONE):
        key = parse_colour(options.key, "--key")
    mask = drawn_mask(rgba, key, find=options.key == FIND)
    if options.grid is None:
        grid = sheet.find_grid(str(path), rgba, mask)
    else:
        cell = sheet.parse_grid(options.grid)
        grid = sheet.given_grid(str(path), rgba.shape[:2], cell, options.margin, options.spacing)
    rows = range(grid.rows.count) if options.rows is None else sheet.parse_rows(options.rows)
    if max(rows) >= grid.rows.count:
        raise ValueError(f"--rows {options.rows}: {path} has rows 0..{grid.rows.count - 1}")
    places = [(row, column) for row in rows for column in range(grid.columns.count)]
    drawn = [p for p in places if mask is None or grid.cell(mask, *p).any()]
    notes = [
        f"{len(drawn)} pictures in {path}: {grid.rows.count} rows and {grid.columns.count} columns "
        f"of cells of {grid.columns.side}x{grid.rows.side}"
    ]
    if len(drawn) < len(places):
        notes.append(f"dropped {len(places) - len(drawn)} empty cells")
    if options.grid is None and mask is not None and drawn:
        grid = sheet.without_frames(grid, mask, drawn)
    pictures = [
        (f"{path.name} row {row} column {column}", partial(grid.cell, rgba, row, column))
        for row, column in drawn
    ]
    return Source(str(path), pictures, notes)


def _no_sheet(options: DataOptions, what: str) -> None:
    if options.grid is not None or options.rows is not None:
        raise ValueError(f"--grid and --rows are for a sheet, and {options.path} is {what}")


@dataclass
class Found:
    """Pictures of a folder, in the order of their names, and what was left out."""

    root: Path
    pictures: list[str] = field(default_factory=list)  # below the root, with forward slashes
    skipped: dict[str, list[str]] = field(default_factory=dict)  # reason -> names

    def skip(self, reason: str, name: str) -> None:
        """Remember why `name` is no training image."""
        self.skipped.setdefault(reason, []).append(name)

    def summary(self) -> list[str]:
        """How many pictures lie where, and what else is there: one sentence a line."""
        counts = Counter(str(Path(name).parent) for name in self.pictures)
        text = f"{_count(len(self.pictures), 'picture')} in {self.root}"
        if set(counts) - {"."}:
            where = ", ".join(
                f"{n} in {'the folder itself' if place == '.' else place}"
                for place, n in sorted(counts.items())[:12]
            )
            text += f": {where}{', ...' if len(counts) > 12 else ''}"
        return [text, *left_out(self.skipped)]


def left_out(skipped: dict[str, list[str]]) -> list[str]:
    """One sentence for every reason."""
    return [f"skipped {names_text(names)}: {reason}" for reason, names in skipped.items()]


def names_text(names: list[str]) -> str:
    """A few names, and how many there are if they are more."""
    few = ", ".join(names[:NAMED])
    return few if len(names) <= NAMED else f"{len(names)} files ({few}, ...)"


def find(root: Path) -> Found:
    """All pictures below `root`. Links are followed, but no folder is read twice."""
    found = Found(Path(root))
    _walk(found, "", set())
    return found


def _walk(found: Found, below: str, seen: set[tuple[int, int]]) -> None:
    folder = found.root / below
    try:
        place = folder.stat()
        if (place.st_dev, place.st_ino) in seen:
            found.skip("a link to a folder that is read already", below)
            return
        seen.add((place.st_dev, place.st_ino))
        names = sorted(os.listdir(folder))
    except OSError as error:
        found.skip(f"cannot be read ({error.strerror})", below or str(folder))
        return
    for name in names:
        path = f"{below}/{name}" if below else name
        if name.startswith("."):
            found.skip("hidden", path)
            continue
        try:
            mode = (found.root / path).stat().st_mode
        except OSError as error:
            found.skip(f"cannot be read ({error.strerror})", path)
            continue
        if stat.S_ISDIR(mode):
            _walk(found, path, seen)
        elif not name.lower().endswith(decode.SUFFIXES):
            if path != LABELS:
                found.skip("no PNG, GIF, WebP, BMP or NPY file", path)
        elif not stat.S_ISREG(mode):
            found.skip("no regular file (a named pipe, socket or device)", path)
        elif name == SHEET.name:
            found.skip("shows pictures that lie beside it", path)
        else:
            found.pictures.append(path)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
