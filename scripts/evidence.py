#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure the tests: proofs, mutants, coverage, flipped bits, a soak, and a page of them.

Results stay in build/evidence, one file a harness, module or class, and are found again while
nothing that they depend on changes; a fresh checkout begins with those that are committed. To merge
shards, copy their build/evidence together, then --parts trace page.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

try:
    from dcgan_cli.arguments import Parser, command, whole
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from rich.console import Console

from tb.evidence import campaign, page, proofs, record
from tb.evidence.coverage import campaign as coverage
from tb.evidence.faults import campaign as faults
from tb.evidence.faults.registers import classes
from tb.evidence.files import module_file, shard
from tb.evidence.golden import campaign as golden
from tb.evidence.plan import FAULTS, MODULES, SOAK_SEEDS, every_module, mutants
from tb.evidence.soak import campaign as soak
from tb.evidence.trace import trace
from tb.formal.harness import harnesses
from tb.lib.tools import prepare_environment

PARTS = ("formal", "mutation", "coverage", "golden", "faults", "soak", "trace", "page")


@command
def main(words: Sequence[str] | None = None) -> None:
    """Run the parts that are asked for."""
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--modules", nargs="+", help="of mutants and coverage")
    parser.add_argument("--mutants", type=whole(1, 10**6), help="of each module")
    parser.add_argument("--faults", type=whole(1, 10**6), default=FAULTS, help="of each class")
    parser.add_argument(
        "--soak", type=whole(1, 10**6), default=SOAK_SEEDS, help="seeds of 100 avatars each"
    )
    parser.add_argument("--shard", default="1/1", help="k/n: every n-th module, from the k-th")
    parser.add_argument("--fresh", action="store_true", help="without the results on record")
    parser.add_argument(
        "--check", action="store_true", help="whether the committed page is what would be written"
    )
    args = parser.parse_args(words)
    prepare_environment()
    if not args.fresh:
        record.unpack()
    if args.check:
        return check()
    campaign.environment_sane()
    console, began = Console(), time.monotonic()

    def say(text: str) -> None:
        console.print(f"{time.monotonic() - began:6.0f} s  {text}", highlight=False)

    for module in args.modules or ():
        module_file(module)
    mutated = shard(args.modules or list(MODULES), args.shard)
    counted = shard(args.modules or every_module(), args.shard)
    if "formal" in args.parts:
        for harness in shard(harnesses(), args.shard):
            proofs.verify(harness, say)
    if "mutation" in args.parts:
        for module in mutated:
            campaign.campaign(module, args.mutants or mutants(module), say)
    if "coverage" in args.parts:
        for module in counted:
            coverage.measure(module, say)
    if "golden" in args.parts:
        for name in shard(list(golden.MODULES), args.shard):
            golden.campaign(name, say)
    if "faults" in args.parts:
        for name in shard(list(classes()), args.shard):
            faults.campaign(name, args.faults, say)
    if "soak" in args.parts and shard(["soak"], args.shard):
        soak.soak(args.soak, say)
    if "trace" in args.parts:
        for problem in trace.measure()["problems"]:
            say(problem)
    if "page" in args.parts:
        record.keep()
        for name, value in page.write().items():
            say(f"{name}: {'not measured' if value is None else round(value, 1)}")
        console.print(f"{page.SUMMARY} and build/evidence/")


def check() -> None:
    """ValueError unless the page in the tree is that of what was measured."""
    trace.measure()
    if page.compose()[0] != page.SUMMARY.read_text(encoding="utf-8"):
        raise ValueError(
            f"{page.SUMMARY} is not of this checkout: make evidence PARTS='trace page'"
        )


if __name__ == "__main__":
    sys.exit(main())
