# SPDX-License-Identifier: Apache-2.0
"""ES modules in one script, so that a page opened from disk can run them.

Browsers load no modules from `file:`. Each module becomes a function that returns what it exports:

    import { a } from "./b.js";   ->   const { a } = b_js;
    export function f() {}        ->   function f() {} ... return { f };
"""

from __future__ import annotations

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) )", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(const|function|class) ([\w$]+)", re.MULTILINE)
COMMENT = re.compile(r"^(?://[^\n]*\n)+\n?")


def bundle(entry: Path, banner: str) -> str:
    """`entry` and everything that it imports as one script, in the order of need.

    ValueError for a missing module or name, an import or export of another form, or a circle.
    """
    parts: dict[Path, str] = {}
    _add(entry.resolve(), parts, {}, ())
    body = "\n".join(parts.values())
    return f'// {banner}\n"use strict";\n{body}'


def _add(
    path: Path, parts: dict[Path, str], exported: dict[Path, list[str]], above: tuple[Path, ...]
) -> None:
    if path in parts:
        return
    if path in above:
        raise ValueError(f"{path.name} imports itself through {above[-1].name}")
    if not path.is_file():
        raise ValueError(f"{above[-1].name} imports {path.name}, which does not exist")
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    for names, target in IMPORT.findall(text):
        other = (path.parent / target).resolve()
        _add(other, parts, exported, (*above, path))
        for name in names.split(","):
            if name.strip() not in exported[other]:
                raise ValueError(f"{path.name}: {other.name} exports no {name.strip()}")
    exported[path] = [name for _, name in EXPORTED.findall(text)]
    text = IMPORT.sub(lambda m: f"const {{{m[1]}}} = {_variable(Path(m[2]))};\n", text)
    text = EXPORT.sub("", text)
    if re.search(r"^(import|export)\b", text, re.MULTILINE):
        raise ValueError(f"{path.name}: only `import {{ names }}` and `export` before a name")
    names = ", ".join(exported[path])
    parts[path] = f"const {_variable(path)} = (() => {{\n{text}return {{ {names} }};\n}})();\n"


def _variable(path: Path) -> str:
    return re.sub(r"\W", "_", path.name)
