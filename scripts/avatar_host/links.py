# SPDX-License-Identifier: Apache-2.0
"""Links: ways to reach a board."""

from __future__ import annotations

import termios
from collections.abc import Callable
from typing import TYPE_CHECKING

from .board_model import BoardModel
from .client import BoardError
from .loader_model import LoaderModel

if TYPE_CHECKING:
    from dcgan.quant.int_generator import IntegerGenerator

READ_SECONDS = 0.2
MODEL = "model:"


class MemoryLink:
    """A board model in this process, answering at once."""

    def __init__(self, board: BoardModel):
        self.board = board
        self.waiting = bytearray()

    def write(self, data: bytes) -> None:
        self.waiting += self.board.feed(data)

    def read(self, count: int) -> bytes:
        if not self.waiting:
            self.waiting += self.board.quiet()
        data = bytes(self.waiting[:count])
        del self.waiting[:count]
        return data

    def close(self) -> None:
        self.waiting.clear()


class SerialLink:
    """A serial port (or a pseudo-terminal, which looks like one)."""

    def __init__(self, port: str, baud: int):
        import serial  # pyserial; only needed by those who have a port

        try:
            self.port = serial.Serial(
                port, baud, timeout=READ_SECONDS, write_timeout=5, exclusive=True
            )
            self.port.reset_input_buffer()
        except (OSError, serial.SerialException, ValueError, termios.error) as cause:
            raise BoardError(f"cannot open {port}: {cause}") from cause

    def write(self, data: bytes) -> None:
        self.port.write(data)

    def read(self, count: int) -> bytes:
        first = self.port.read(1)
        return first + self.port.read(min(self.port.in_waiting, count - 1)) if first else b""

    def close(self) -> None:
        self.port.close()


def open_link(port: str, baud: int) -> SerialLink | MemoryLink:
    """`model:NETWORK` is the golden model of a preset or file, anything else a serial port."""
    if not port.startswith(MODEL):
        return SerialLink(port, baud)
    return MemoryLink(golden_board(known_network(port)))


def known_network(port: str) -> IntegerGenerator:
    """The integers that `model:NETWORK` names."""
    from dcgan.core.network_files import integer_file
    from dcgan.quant.int_generator import load_integer

    return load_integer(integer_file(port.removeprefix(MODEL)))


def golden_board(integers: IntegerGenerator) -> BoardModel:
    """The board model around the integer golden model; it takes other networks of its preset."""
    from dcgan.quant.golden import GoldenGenerator

    from .board_model import ModelSettings

    channels = tuple(integers.config.channels[1:])
    board = BoardModel(GoldenGenerator(integers).rgb, ModelSettings(channels=channels))

    def use(other: IntegerGenerator) -> None:
        board.draw = GoldenGenerator(other).rgb

    board.loader = golden_loader(integers, use)
    return board


def golden_loader(
    integers: IntegerGenerator, use: Callable[[IntegerGenerator], None]
) -> LoaderModel:
    """Memories that hold `integers`; `use` is told of every network that replaces them."""
    from dcgan.hw.block_ram import image_size
    from dcgan.hw.image import decode_image, told_identity
    from dcgan.hw.shape_package import preset_number

    from .images import usual_folding

    config, folding = integers.config, usual_folding(integers)
    if folding is None:
        return LoaderModel()

    def decode(data: bytes) -> int:
        use(decode_image(data, config, folding))
        return told_identity(data, config)

    size = image_size(config, folding)
    return LoaderModel(preset_number(config, folding), size, integers.identity, decode)
