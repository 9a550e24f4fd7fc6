# SPDX-License-Identifier: Apache-2.0
"""Ask an avatar board for avatars.

python scripts/host.py --port /dev/ttyUSB0 info
python scripts/host.py --port /dev/ttyUSB0 generate --count 24 --seed 7 --out avatars.png
python scripts/host.py --port /dev/ttyUSB0 generate --count 1000 --coded --out many.png
python scripts/host.py --port /dev/ttyUSB0 interpolate --inner 3 --seed 1 --out strip.png
python scripts/host.py --port /dev/ttyUSB0 bench --count 2000
python scripts/host.py --port /dev/ttyUSB0 load runs/mine/checkpoint_int.safetensors
python scripts/host.py --port /dev/ttyUSB0 network
`--port model:compact` asks the integer golden model instead of a board, and so does
`--port model:runs/mine/checkpoint_int.safetensors`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

try:
    from dcgan_cli.arguments import Parser, command, new_file, real, whole
except ModuleNotFoundError:
    raise SystemExit("error: `make setup`, then run this with .venv/bin/python") from None

import numpy as np
from avatar_host import AvatarClient, open_link
from avatar_host.images import network_image
from avatar_host.links import READ_SECONDS, known_network
from avatar_host.loading import load, network
from avatar_host.protocol import MAX_REPLY, SIDE, STATES
from dcgan.core.images import contact_sheet, save_png
from dcgan.core.progress import progress
from dcgan.hw.folding import load_folding
from dcgan.hw.latent_rng import draw_latents

BITS_A_BYTE = 10  # on a serial line
MOST_PIXELS = 1 << 26
"""A larger sheet is refused before the board is asked."""


def collect(avatars, count: int, arguments: argparse.Namespace, columns: int) -> None:
    """Fetch with progress, write the sheet."""
    began = time.monotonic()
    images = []
    with progress("avatars", count) as bar:
        for avatar in avatars:
            images.append(avatar.pixels)
            bar.advance()
    seconds = time.monotonic() - began
    save_png(arguments.out, contact_sheet(np.stack(images), columns, arguments.scale))
    print(f"{count} avatars in {seconds:.2f} s -> {arguments.out}")


def run_info(client: AvatarClient, arguments: argparse.Namespace) -> None:
    for name, value in vars(client.info()).items():
        print(f"{name:16} {value}")


def run_generate(client: AvatarClient, arguments: argparse.Namespace) -> None:
    avatars = client.generate(arguments.seed, arguments.count)
    collect(avatars, arguments.count, arguments, min(arguments.columns, arguments.count))


def check_sheet(arguments: argparse.Namespace) -> None:
    """ValueError if the picture of all avatars would be too large."""
    if "scale" not in arguments:
        return
    word = "inner" if "inner" in arguments else "count"
    count = arguments.inner + 2 if word == "inner" else arguments.count
    if count * (arguments.scale * SIDE) ** 2 > MOST_PIXELS:
        raise ValueError(
            f"{count} avatars of {arguments.scale * SIDE} pixels a side make too large a picture: "
            f"lower --{word} or --scale"
        )


def run_interpolate(client: AvatarClient, arguments: argparse.Namespace) -> None:
    ends = draw_latents(arguments.seed, 2)
    avatars = client.interpolate(ends[0], ends[1], arguments.inner)
    collect(avatars, arguments.inner + 2, arguments, arguments.inner + 2)


def run_bench(client: AvatarClient, arguments: argparse.Namespace) -> None:
    clock = client.info().clock_hz
    began = time.monotonic()
    summary = client.bench(arguments.seed, arguments.count)
    seconds = time.monotonic() - began
    print(f"avatars          {summary.count} (pixels stay on the board, CRC-32 comes back)")
    print(f"pixel CRC-32     {summary.pixel_crc:08x}")
    print(f"host             {summary.count / seconds:.1f} avatars/s in {seconds:.3f} s")
    if summary.elapsed_cycles and clock:
        cycles = summary.elapsed_cycles / summary.count
        print(f"board            {clock / cycles:.1f} avatars/s, {cycles:.0f} cycles each")
        print(f"last avatar      {summary.cycles} cycles, {summary.mac_cycles} multiplier cycles")


def run_network(client: AvatarClient, arguments: argparse.Namespace) -> None:
    status = network(client)
    print(f"network          {status.identity:08x}" if status.whole else "network          none")
    print(f"preset           {status.preset:08x}")
    print(f"state            {STATES[status.state]}")
    print(f"bytes loaded     {status.bytes}")


def run_load(client: AvatarClient, arguments: argparse.Namespace) -> None:
    folding = load_folding(arguments.folding) if arguments.folding else None
    image = network_image(known_network(arguments.network), folding)
    began = time.monotonic()
    with progress("bytes", len(image.data)) as bar:
        done = 0

        def advance(bytes_done: int) -> None:
            nonlocal done
            bar.advance(max(0, bytes_done - done))
            done = max(done, bytes_done)

        status = load(client, image, advance)
    seconds = time.monotonic() - began
    print(f"network {status.identity:08x}, {len(image.data)} bytes in {seconds:.2f} s")


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(description="Ask an avatar board for avatars.")
    parser.add_argument("--port", required=True, help="serial port, or model:NETWORK")
    parser.add_argument("--baud", type=whole(300, 20_000_000), default=3_000_000)
    parser.add_argument("--retries", type=whole(0, 100), default=3)
    parser.add_argument(
        "--timeout", type=real(0.05, 3600), default=2.0, help="seconds of silence, then retry"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    info = commands.add_parser("info", help="what the board is and has counted")
    info.set_defaults(run=run_info)

    generate = commands.add_parser("generate", help="avatars of the board's own random latents")
    generate.add_argument("--count", type=whole(1, 65_535), default=12)
    generate.add_argument("--columns", type=whole(1, 1000), default=6)
    generate.set_defaults(run=run_generate, out=Path("avatars.png"))

    strip = commands.add_parser("interpolate", help="from one avatar to another")
    strip.add_argument("--inner", type=whole(0, 254), default=3, help="avatars between the ends")
    strip.set_defaults(run=run_interpolate, out=Path("strip.png"))

    bench = commands.add_parser("bench", help="speed of the board, without sending the pixels")
    bench.add_argument("--count", type=whole(1, 65_535), default=1000)
    bench.set_defaults(run=run_bench)

    told = commands.add_parser("network", help="which network the board holds")
    told.set_defaults(run=run_network)

    loading = commands.add_parser("load", help="put another network of the same preset into it")
    loading.add_argument("network", help="preset or file of integers (model/quantize.py)")
    loading.add_argument("--folding", type=Path, help="of the board's hardware, if not the usual")
    loading.set_defaults(run=run_load)

    for verb in (generate, strip, bench):
        verb.add_argument("--seed", type=whole(0, 2**64 - 1), default=1)
    for verb in (generate, strip):
        verb.add_argument(
            "--coded", action="store_true", help="fewer bytes on the line, the same pixels"
        )
        verb.add_argument("--scale", type=whole(1, 64), default=4, help="screen pixels a pixel")
        verb.add_argument("--out", type=new_file(), default=verb.get_default("out"))
    return parser.parse_args(words)


@command
def main(words: Sequence[str] | None = None) -> None:
    arguments = parse(words)
    check_sheet(arguments)
    patience = max(1, round(arguments.timeout / READ_SECONDS))
    slowest = arguments.timeout + 2 * BITS_A_BYTE * MAX_REPLY / arguments.baud
    link = open_link(arguments.port, arguments.baud)
    try:
        coded = getattr(arguments, "coded", False)
        client = AvatarClient(link, arguments.retries, patience, slowest, coded)
        arguments.run(client, arguments)
    finally:
        link.close()


if __name__ == "__main__":
    sys.exit(main())
