# SPDX-License-Identifier: Apache-2.0
"""What was measured last, committed beside the page: the next checkout measures what has changed.

A result counts while its digest is that of the files that are here, wherever it was measured.
Packed, since every flipped bit and every point of coverage is in it: `gunzip -c record.json.gz`.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from dcgan.core.files import write_atomically, write_json

from tb.evidence.files import BUILD, read_json

RECORD = Path(__file__).with_name("record.json.gz")
PARTS = ("formal", "mutation", "coverage", "golden", "faults", "soak")


def read(record: Path = RECORD) -> dict[str, Any]:
    """Name of a file of measurements -> what it holds; nothing if there is no record."""
    return json.loads(gzip.decompress(record.read_bytes())) if record.is_file() else {}


def unpack(record: Path = RECORD, build: Path = BUILD) -> list[str]:
    """Put what is on record where measurements go, unless there is one; returns what was put."""
    known = read(record)
    missing = [name for name in known if not (build / name).is_file()]
    for name in missing:
        write_json(build / name, known[name])
    return missing


def keep(record: Path = RECORD, build: Path = BUILD) -> None:
    """Write down every measurement that there is: one line each."""
    paths = sorted(path for part in PARTS for path in (build / part).glob("*.json"))
    lines = [
        f"{json.dumps(path.relative_to(build).as_posix())}: "
        f"{json.dumps(read_json(path), ensure_ascii=False, separators=(',', ':'))}"
        for path in paths
    ]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    # Without the time of day: the same measurements are the same file.
    write_atomically(record, gzip.compress(text.encode(), mtime=0))
