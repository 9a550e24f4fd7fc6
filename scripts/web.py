#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page that runs the RTL: build/web/ for a host, and one HTML file that opens from disk.

python scripts/web.py                                  the page of `compact`
python scripts/web.py --network mine_int.safetensors   of any network
python scripts/web.py --serve                          and serve it on this machine
python scripts/web.py --measure                        and measure it in Chromium
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from http.server import ThreadingHTTPServer

try:
    from dcgan_cli.arguments import Parser, command, new_file, new_folder, whole, with_block
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

from rich.console import Console
from web_flow.compile import build_module, need_compiler
from web_flow.page import SINGLE, check_place, compressed_size, write_page
from web_flow.picture import write_picture
from web_flow.serve import address, server
from web_flow.speed import measure, present

from tb.lib.network import ROOT, exported

PORT = 8000


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Command line of this script."""
    parser = Parser(description=__doc__)
    parser.add_argument("--network", default="compact", help="preset or integer checkpoint")
    parser.add_argument("--out", type=new_folder, help="folder of the page (build/web)")
    parser.add_argument("--serve", action="store_true", help="serve it until Ctrl-C")
    parser.add_argument("--port", type=whole(0, 65535), default=PORT, help="(%(default)s)")
    parser.add_argument("--measure", action="store_true", help="sizes and speed, in Chromium")
    parser.add_argument("--picture", type=new_file(), metavar="PNG", help="photograph it")
    parser.add_argument(
        "--readme", type=with_block("page"), metavar="MD", help="write what was measured here"
    )
    return parser.parse_args(words)


@command
def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = parse_arguments(words)
    out = args.out or ROOT / "build" / "web"
    check_place(out)
    if args.readme and not args.measure:
        raise ValueError("--readme writes what was measured: give --measure with it")
    running = server(out, args.port) if args.serve else None
    chosen = exported(args.network)
    console = Console(highlight=False)
    need_compiler(console.print)
    with console.status("building") as status:
        module = build_module(chosen, lambda text: status.update(text))
    sizes = write_page(chosen, module, out)
    console.print(f"{chosen.name}: {compressed_size(out):,} bytes to host, compressed; {out}/")
    console.print(f"opens from disk: {out / SINGLE} ({sizes[SINGLE]:,} bytes)", soft_wrap=True)
    if args.measure:
        with console.status("measuring") as status:
            found = measure(chosen, out, lambda text: status.update(text))
        present(found, args.readme, console)
    if args.picture:
        write_picture(out, args.picture)
        console.print(f"picture: {args.picture}")
    if running:
        serve(running, console)
    return 0


def serve(server: ThreadingHTTPServer, console: Console) -> None:
    """Serve the page on this machine until Ctrl-C."""
    with server as running:
        console.print(f"{address(running)}   (Ctrl-C ends it)")
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            console.print("ended")


if __name__ == "__main__":
    sys.exit(main())
