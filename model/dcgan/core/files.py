# SPDX-License-Identifier: Apache-2.0
"""Files that appear whole or not at all, and those that may be opened."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np


def check_regular(path: Path | str) -> None:
    """ValueError if `path` is missing, or a folder, named pipe, socket or device.

    Opening a named pipe would wait for somebody who writes.
    """
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror})") from error
    except ValueError as error:  # a zero byte
        raise ValueError(f"{str(path)!r} is no name of a file ({error})") from error
    if not stat.S_ISREG(mode):
        raise ValueError(f"{path} is no regular file")


def write_atomically(path: Path | str, data: bytes | str) -> None:
    """Write `data` (text as UTF-8) beside `path`, then rename, so that `path` is never half a file.

    Missing folders are made. The temporary file is removed if writing fails.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_all(texts: dict[Path, str]) -> None:
    """Write several text files: all are written beside their places before the first is renamed.

    They are renamed in the order of `texts`, so a manifest that comes last vouches for the others.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            staged.append((temporary, path))
            temporary.write_bytes(text.encode())
        while staged:
            os.replace(*staged[0])
            staged.pop(0)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def write_json(path: Path, data: Any) -> None:
    """Indented, with figures rounded to 6 digits so that differences are readable."""
    write_atomically(path, json.dumps(_rounded(data), indent=1) + "\n")


def _rounded(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _rounded(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_rounded(value) for value in data]
    if isinstance(data, float | np.floating):
        return float(f"{data:.6g}")
    return int(data) if isinstance(data, np.integer) else data
