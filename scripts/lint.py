#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Laws of the tree, import contracts, ruff, Verible, Verilator -Wall; --fix reformats."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from tree_checks import every, laws

from tb.lib.build import FILE_LIST, source_files
from tb.lib.network import exported
from tb.lib.tools import prepare_environment

ROOT = Path(__file__).resolve().parent.parent

PYTHON_FOLDERS = ("model", "tb", "scripts", "web")
TOPS = ("dcgan_axis",)
NETWORKS = ("tiny", "compact")


@command
def main(words: Sequence[str] | None = None) -> int:
    """Run every check, even after one failed; exit status 1 if any did."""
    parser = Parser(description=__doc__)
    parser.add_argument("--fix", action="store_true", help="reformat SystemVerilog and Python")
    fix = parser.parse_args(words).fix
    prepare_environment()
    results = [every.broken(ROOT), imports(), ruff(fix), verible(fix)]
    results += [verilator(top, network) for top in TOPS for network in NETWORKS]
    return int(any(results))


def run(what: str, command: Sequence[object], quiet: bool = False) -> bool:
    """True if the command failed; its output is shown only then. quiet: no line if all is well."""
    ended = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True)
    if ended.returncode or not quiet:
        print(f"{'FAILED' if ended.returncode else 'ok':7s}{what}")
    if ended.returncode:
        print(ended.stdout + ended.stderr)
    return ended.returncode != 0


def imports() -> bool:
    """Packages point one way: the contracts in pyproject.toml."""
    return run("import contracts", ["lint-imports"])


def ruff(fix: bool) -> bool:
    """Lint and format of all Python."""
    lint = run("ruff check", ["ruff", "check", *(["--fix"] if fix else []), *PYTHON_FOLDERS])
    check = [] if fix else ["--check"]
    return run("ruff format", ["ruff", "format", *check, *PYTHON_FOLDERS]) or lint


def verible(fix: bool) -> bool:
    """Lint and format of hand-written SystemVerilog; generated packages are left out."""
    sources = [*(ROOT / "rtl").rglob("*.sv*"), *(ROOT / "web").rglob("*.sv")]
    files = sorted(f for f in sources if not laws.is_generated(f))
    lint = run(
        "verible-verilog-lint",
        [
            "verible-verilog-lint",
            "--rules_config=scripts/verible.rules",
            "--waiver_files=scripts/verible.waiver",
            *files,
        ],
    )
    how = "--inplace" if fix else "--verify"
    # The formatter verifies one file at a time.
    results = [
        run(
            f"verible-verilog-format {file.relative_to(ROOT)}",
            ["verible-verilog-format", how, "--flagfile=scripts/verible.flags", file],
            quiet=True,
        )
        for file in files
    ]
    return any(results) or lint


def verilator(top: str, network: str) -> bool:
    """All warnings of Verilator for a top module, elaborated for a network."""
    return run(
        f"verilator -Wall {top} ({network})",
        [
            *("verilator", "--lint-only", "-Wall", "--assert", "-Irtl/stream"),
            *("--top-module", top, "scripts/verilator.vlt"),
            *source_files([FILE_LIST], exported(network).package),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
