# SPDX-License-Identifier: Apache-2.0
"""Results as files: found again by a digest of what they depend on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tb.lib.tools import ROOT

BUILD = ROOT / "build" / "evidence"
RTL = ROOT / "rtl"


def read_json(path: Path) -> Any:
    """What a file holds; None if there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def read_reports(folder: Path) -> list[Any]:
    """What every JSON file of a folder holds."""
    return [read_json(path) for path in sorted(folder.glob("*.json"))]


def digest(paths: Iterable[Path], *words: object) -> str:
    """Of files and words."""
    content = hashlib.sha256(repr(words).encode())
    for path in sorted(paths):
        content.update(path.name.encode() + b"\0" + path.read_bytes())
    return content.hexdigest()[:16]


def module_file(module: str) -> Path:
    """Source of a module; ValueError if there is none."""
    path = RTL / module.split("_")[0] / f"{module}.sv"
    if not path.is_file():
        raise ValueError(f"there is no module {module} in rtl/")
    return path


def test_files(module: str) -> list[Path]:
    """The tests of a module, and what all tests share."""
    return [*sorted((ROOT / "tb" / module).glob("*")), *sorted((ROOT / "tb" / "lib").glob("*.py"))]


def shard(names: list[str], text: str) -> list[str]:
    """Every n-th name, from the k-th: SHARD=k/n."""
    parts = re.fullmatch(r"(\d+)/(\d+)", text)
    k, n = (int(parts[1]), int(parts[2])) if parts else (0, 0)
    if not 1 <= k <= n:
        raise ValueError(f"SHARD={text}: must be k/n with 1 <= k <= n")
    return names[k - 1 :: n]
