# SPDX-License-Identifier: Apache-2.0
"""The client: requests out, avatars in, with retries.

A link is anything with `write(bytes)`, `read(count) -> bytes` (returns what came before its time
limit, perhaps nothing) and `close()`: a serial port, a pseudo-terminal, a model (links.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from struct import Struct
from typing import Protocol

import numpy as np

from . import protocol as p
from .answers import Avatar, Info, Summary, avatar_index, decode_avatar, info_of

CHUNK = 4096
LONGEST_S = 10.0


class BoardError(RuntimeError):
    """The board did not answer, or answered that it cannot."""


class Link(Protocol):
    """Bytes to and from a board."""

    def write(self, data: bytes) -> object: ...
    def read(self, count: int) -> bytes: ...
    def close(self) -> None: ...


class AvatarClient:
    """Ask a board for avatars.

    Arguments
      link      where the board is
      retries   how often an unanswered request is sent again
      patience  how many empty reads in a row mean that no answer will come
      longest   seconds without an answer after which the device is taken for one that chatters
      coded     have avatars sent in fewer bytes, the same pixels (codes.py)
    Raises BoardError from every request if the board stays silent or refuses.
    """

    def __init__(
        self,
        link: Link,
        retries: int = 3,
        patience: int = 10,
        longest: float = LONGEST_S,
        coded: bool = False,
    ):
        self.link, self.retries = link, retries
        self.patience, self.longest = patience, longest
        self.coded, self.can_code = coded, False
        self.tag = 0
        self.retried = 0
        self.heard = 0.0  # when the last answer to the present request came

    def info(self) -> Info:
        """Ask what the board is."""
        payload = next(self.ask(p.INFO, b"", 1)).payload
        info = info_of(words_of(p.INFO_WORDS, payload))
        if not p.OLDEST_VERSION <= info.protocol <= p.VERSION:
            raise BoardError(
                f"the board speaks protocol {info.protocol}, this program {p.VERSION}: "
                "program the board with a bitstream of this release"
            )
        return info

    def draw(self, z: np.ndarray) -> Avatar:
        """The avatar of one latent, int8 [100]."""
        payload = p.latent_payload(latent_bytes(z), coded=self.coded)
        return next(self._avatars(p.LATENT_REQUEST, payload, 1))

    def render(self, z: np.ndarray) -> np.ndarray:
        """int8 [N, 100] -> uint8 [N, 3, 32, 32]: a back end (dcgan.core.renderer)."""
        return np.stack([self.draw(one).pixels.transpose(2, 0, 1) for one in z])

    def generate(self, seed: int, count: int) -> Iterator[Avatar]:
        """`count` avatars (1..65535) of the board's own random latents from `seed`."""
        check_range("seed", seed, 0, 2**64 - 1)
        check_range("count", count, 1, 2**16 - 1)
        return self._avatars(p.SEED, p.seed_payload(seed, count, coded=self.coded), count)

    def interpolate(self, first: np.ndarray, second: np.ndarray, inner: int) -> Iterator[Avatar]:
        """The strip from latent `first` to `second` (int8 [100]): `inner` + 2 avatars."""
        check_range("inner points", inner, 0, 254)
        ends = latent_bytes(first), latent_bytes(second)
        payload = p.interpolate_payload(*ends, inner, coded=self.coded)
        return self._avatars(p.INTERPOLATE, payload, inner + 2)

    def bench(self, seed: int, count: int) -> Summary:
        """Draw `count` avatars on the board without sending them: its speed, not the line's."""
        check_range("seed", seed, 0, 2**64 - 1)
        check_range("count", count, 1, 2**16 - 1)
        frame = next(self.ask(p.SEED, p.seed_payload(seed, count, summary=True), 1))
        return Summary(*words_of(p.SUMMARY_WORDS, frame.payload))

    def close(self) -> None:
        self.link.close()

    def code_if_possible(self) -> None:
        """From now on have avatars coded if the board can; BoardError if it does not answer."""
        self.coded = self._ask_whether_it_codes()

    def _ask_whether_it_codes(self) -> bool:
        self.can_code = self.info().protocol > p.OLDEST_VERSION
        return self.can_code

    def _avatars(self, kind: int, payload: bytes, count: int) -> Iterator[Avatar]:
        if self.coded and not self.can_code and not self._ask_whether_it_codes():
            raise BoardError(
                f"the board speaks protocol {p.OLDEST_VERSION} and sends no coded avatars: ask "
                "without --coded, or program it with a bitstream of this release"
            )
        for frame in self.ask(kind, payload, count, index_of=avatar_index):
            yield decode_avatar(frame.payload)

    def ask(
        self,
        kind: int,
        payload: bytes,
        count: int,
        index_of: Callable[[p.Frame], int] = lambda frame: 0,
    ) -> Iterator[p.Frame]:
        """Send a request and yield its `count` replies in order, each once.

        When the line goes quiet too early, everything is asked for again under a new tag and the
        replies already handed out are passed over: the board draws the same avatars again.
        """
        handed_out = 0
        for attempt in range(self.retries + 1):
            self.retried += attempt > 0
            decoder, furthest = p.reply_decoder(), -1
            self.write(p.Frame(self.next_tag(), kind, payload))
            for frame in self.frames(decoder):
                if frame.tag != self.tag:
                    continue
                if frame.type == p.REPLY | p.ERROR:
                    raise BoardError(p.error_text(words_of(p.WORD, frame.payload)[0]))
                if frame.type != p.REPLY | kind:
                    continue
                if index_of(frame) > furthest:
                    furthest, self.heard = index_of(frame), time.monotonic()
                if index_of(frame) != handed_out % count:
                    continue
                handed_out += 1
                yield frame
                self.heard = time.monotonic()  # whoever asked may have taken his time
                if handed_out == count:
                    return
        raise BoardError(
            f"no complete answer after {self.retries + 1} attempts ({handed_out} of {count} "
            "replies): check port, baud rate, and that the board is programmed"
        )

    def next_tag(self) -> int:
        """Tags go round, so that an old answer is told from a new one."""
        self.tag = (self.tag + 1) % 256
        return self.tag

    def write(self, request: p.Frame) -> None:
        """Send a request; the wait for its answer begins."""
        self.heard = time.monotonic()
        self.link.write(p.encode_request(request))

    def frames(self, decoder: p.Decoder) -> Iterator[p.Frame]:
        """Frames until the line has been quiet for `patience` reads, or without an answer too long.

        What else a device says, in whole frames or not, does not count: it may go on for ever.
        """
        quiet = 0
        while quiet < self.patience and time.monotonic() - self.heard < self.longest:
            data = self.link.read(CHUNK)
            quiet = 0 if data else quiet + 1
            yield from decoder.feed(data)
        yield from decoder.give_up()


def latent_bytes(z: np.ndarray) -> bytes:
    """int8 [100] -> 100 bytes; ValueError for anything else."""
    z = np.asarray(z)
    if z.shape != (p.LATENT,) or z.dtype != np.int8:
        raise ValueError(f"a latent is int8 [{p.LATENT}], got {z.dtype} {list(z.shape)}")
    return z.tobytes()


def check_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} {value}: must be {low} to {high}")


def words_of(form: Struct, payload: bytes) -> tuple[int, ...]:
    """The numbers of an answer; BoardError if it has another length."""
    if len(payload) != form.size:
        raise BoardError(f"the answer has {len(payload)} bytes, not {form.size}: no board of ours")
    return form.unpack(payload)
