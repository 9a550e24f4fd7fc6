# SPDX-License-Identifier: Apache-2.0
"""The board in Python: the same answers as rtl/board/board_core.sv, byte for byte but for cycles.

The Generator is a function, so the model serves the integer golden model as well as a test double.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from dcgan.hw.latent_rng import clamp, draw_latents, interpolate

from . import protocol as p
from .loader_model import LoaderModel

Draw = Callable[[np.ndarray], np.ndarray]  # int8 [N, 100] -> uint8 [N, 3, 32, 32]


@dataclass(frozen=True)
class ModelSettings:
    """What a board would report of itself."""

    channels: tuple[int, int, int, int] = (128, 64, 32, 1)
    clock_hz: int = 0
    baud: int = 0


class BoardModel:
    """Requests in, replies out. `draw` is the Generator, usually GoldenGenerator.rgb.

    `loader` is told of networks that are loaded; without one, no preset is the right one.
    """

    def __init__(
        self,
        draw: Draw,
        settings: ModelSettings | None = None,
        loader: LoaderModel | None = None,
    ):
        self.draw = draw
        self.loader = loader or LoaderModel()
        self.settings = settings or ModelSettings()
        self.decoder = p.request_decoder()
        self.avatars = 0

    def feed(self, data: bytes) -> bytes:
        """Bytes from the host -> bytes to the host."""
        return b"".join(self.answer(frame) for frame in self.decoder.feed(data))

    def quiet(self) -> bytes:
        """The line has been quiet for the board's timeout."""
        return b"".join(self.answer(frame) for frame in self.decoder.give_up())

    def answer(self, request: p.Frame) -> bytes:
        """All reply frames to one request."""
        error = refusal(request) or self.loader.refusal(request)
        if error:
            return self._reply(request, p.ERROR, p.WORD.pack(error))
        if request.type == p.INFO:
            return self._reply(request, p.INFO, self._info())
        if request.type in (p.BEGIN, p.CHUNK, p.NETWORK):
            return self._reply(request, request.type, self.loader.serve(request))
        latents = requested_latents(request)
        pixels = self._pixels(latents)
        self.avatars += len(latents)
        if request.payload[0] & p.FLAG_SUMMARY:
            crc = zlib.crc32(b"".join(pixels))
            return self._reply(
                request, request.type, p.SUMMARY_WORDS.pack(len(latents), 0, crc, 0, 0)
            )
        sent = p.encode_coded_reply if request.payload[0] & p.FLAG_CODED else p.encode_reply
        payloads = (
            p.WORD.pack(index) + one + p.COUNTERS.pack(0, 0) for index, one in enumerate(pixels)
        )
        return b"".join(
            sent(p.Frame(request.tag, request.type | p.REPLY, payload)) for payload in payloads
        )

    def _pixels(self, latents: np.ndarray) -> list[bytes]:
        """int8 [N, 100] -> N times 3072 bytes, pixel by pixel R G B."""
        return [image.transpose(1, 2, 0).tobytes() for image in self.draw(latents)]

    def _info(self) -> bytes:
        s, c = self.settings, self.settings.channels
        shape = p.VERSION | p.LATENT << 8 | p.SIDE << 16 | 3 << 24
        rejected = self.decoder.rejected & 0xFFFF
        words = (shape, s.clock_hz, s.baud, self.avatars, 0, 0, 0, rejected, 0)
        return p.INFO_WORDS.pack(*words, c[0] | c[1] << 16, c[2] | c[3] << 16)

    @staticmethod
    def _reply(request: p.Frame, kind: int, payload: bytes) -> bytes:
        return p.encode_reply(p.Frame(request.tag, kind | p.REPLY, payload))


def refusal(request: p.Frame) -> int:
    """Error code for a request that no board could serve, 0 for one that is well-formed."""
    lengths = {p.INFO: 0, p.NETWORK: 0, p.BEGIN: p.BEGIN_WORDS.size}
    lengths |= {p.LATENT_REQUEST: 101, p.SEED: 11, p.INTERPOLATE: 202}
    if request.type == p.CHUNK:
        return 0 if len(request.payload) > p.CHUNK_HEAD.size else p.ERROR_LENGTH
    if request.type not in lengths:
        return p.ERROR_TYPE
    if len(request.payload) != lengths[request.type]:
        return p.ERROR_LENGTH
    if request.type in (p.INFO, p.BEGIN, p.NETWORK):
        return 0
    empty = request.type == p.SEED and request.payload[1:3] == b"\0\0"
    endless = request.type == p.INTERPOLATE and request.payload[1] == 255
    unknown_flag = request.payload[0] not in (0, p.FLAG_SUMMARY, p.FLAG_CODED)
    return p.ERROR_ARGUMENT if empty or endless or unknown_flag else 0


def requested_latents(request: p.Frame) -> np.ndarray:
    """The latents that a good drawing request asks for, int8 [N, 100]."""
    body = request.payload
    if request.type == p.SEED:
        count, seed = (int.from_bytes(part, "little") for part in (body[1:3], body[3:11]))
        return draw_latents(seed, count)
    if request.type == p.LATENT_REQUEST:
        return clamp(np.frombuffer(body, np.int8, p.LATENT, 1))[None]
    first = np.frombuffer(body, np.int8, p.LATENT, 2)
    second = np.frombuffer(body, np.int8, p.LATENT, 2 + p.LATENT)
    return interpolate(first, second, body[1])
