# SPDX-License-Identifier: Apache-2.0
"""The drawn set as a folder: one PNG an avatar, labels.csv, and a sheet to look at."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

from dcgan.core.images import contact_sheet, save_png
from dcgan.data.avatars import CHOICES, draw_set, label_names

SHEET = Path("sheet", "contact_sheet.png")
"""Place of the contact sheet: not among the avatars, so that the folder can be trained on."""

SHEET_COLUMNS = 20


def write_set(folder: Path, count: int, seed: int) -> None:
    """Write `count` avatars into the new folder `folder`.

    The folder appears complete or not at all. ValueError if it exists and is not empty, or if
    `count` avatars cannot be drawn.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} exists and is not empty: choose a new folder for --out")
    images, labels = draw_set(count, seed)
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    temporary.mkdir()
    try:
        with (temporary / "labels.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ("file", *CHOICES))
            writer.writeheader()
            for i, (image, label) in enumerate(zip(images, labels, strict=True)):
                name = f"avatar_{i:05d}.png"
                save_png(temporary / name, image)
                writer.writerow({"file": name, **label_names(label)})
        save_png(temporary / SHEET, contact_sheet(images, SHEET_COLUMNS))
        if folder.exists():
            folder.rmdir()
        os.replace(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
