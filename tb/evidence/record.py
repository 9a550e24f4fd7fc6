# SPDX-License-Identifier: Apache-2.0
"""What was measured last, committed beside the page: the next checkout measures what has changed.

A result counts while its digest is that of the files that are here, wherever it was measured.
"""

from __future__ import annotations

import json
from pathlib import Path

from dcgan.core.files import write_atomically, write_json

from tb.evidence.files import BUILD, read_json

RECORD = Path(__file__).with_name("record.json")
PARTS = ("formal", "mutation", "coverage", "golden", "faults", "soak")


def unpack(record: Path = RECORD, build: Path = BUILD) -> list[str]:
    """Put what is on record where measurements go, unless there is one; returns what was put."""
    known = read_json(record) or {}
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
    write_atomically(record, "{\n" + ",\n".join(lines) + "\n}\n")
