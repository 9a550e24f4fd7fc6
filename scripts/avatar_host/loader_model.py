# SPDX-License-Identifier: Apache-2.0
"""What a board knows of its network, and how another one replaces it: board_loader.sv in Python."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from . import protocol as p

Decode = Callable[[bytes], int]  # image -> identity of the network that is drawn from now on


@dataclass
class LoaderModel:
    """The memories of a network as one image of `size` bytes; 0 where nothing can be loaded.

    `decode` is told of every whole image; it returns the identity of its network.
    """

    preset: int = 0
    size: int = 0
    identity: int = 0
    decode: Decode = lambda image: 0
    state: int = p.WHOLE
    crc: int = 0
    image: bytearray = field(default_factory=bytearray)

    def under_way(self, crc: int) -> bool:
        """This image is being loaded, or was: beginning it again changes nothing."""
        return crc == self.crc and bool(self.image) and self.state in (p.WHOLE, p.LOADING)

    def begin(self, crc: int) -> None:
        """Forget the network; an image with this CRC-32 comes."""
        self.state, self.crc, self.identity = p.LOADING, crc, 0
        self.image.clear()

    def store(self, data: bytes) -> None:
        """The next bytes of the image; what is too much is forgotten."""
        if self.state != p.LOADING:
            return
        self.image += data[: self.size - len(self.image)]
        if len(self.image) == self.size:
            good = zlib.crc32(self.image) == self.crc
            self.state = p.WHOLE if good else p.BROKEN
            if good:
                self.identity = self.decode(bytes(self.image))

    def reset(self) -> None:
        """The reset of a board: half a network stays half a network."""
        if self.state == p.LOADING:
            self.state = p.BROKEN

    def decay(self) -> None:
        """A bit of a memory changed by itself."""
        if self.state == p.WHOLE:
            self.state, self.identity = p.DECAYED, 0

    def words(self) -> tuple[int, int, int, int, int]:
        """State, bytes in their place, CRC-32 of the load, preset, identity."""
        return (self.state, len(self.image), self.crc, self.preset, self.identity)

    def refusal(self, request: p.Frame) -> int:
        """Error code for a well-formed request that cannot be served now, else 0."""
        if request.type == p.BEGIN:
            return p.ERROR_PRESET if p.BEGIN_WORDS.unpack(request.payload)[0] != self.preset else 0
        if request.type == p.CHUNK:
            crc, _ = p.CHUNK_HEAD.unpack_from(request.payload)
            return p.ERROR_CHUNK if crc != self.crc else 0
        draws = request.type in (p.LATENT_REQUEST, p.SEED, p.INTERPOLATE)
        return p.ERROR_NETWORK if draws and self.state != p.WHOLE else 0

    def serve(self, request: p.Frame) -> bytes:
        """Do what a good request of a load asks for; the payload of its reply."""
        if request.type == p.BEGIN:
            crc = p.BEGIN_WORDS.unpack(request.payload)[1]
            if not self.under_way(crc):
                self.begin(crc)
        if request.type == p.CHUNK:
            _, place = p.CHUNK_HEAD.unpack_from(request.payload)
            if place == len(self.image):
                self.store(request.payload[p.CHUNK_HEAD.size :])
        return p.NETWORK_WORDS.pack(*self.words())
