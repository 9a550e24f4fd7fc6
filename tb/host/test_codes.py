# SPDX-License-Identifier: Apache-2.0
"""Coded avatars: any picture comes back, damaged bytes never are one, lines may lose bytes."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from avatar_host import AvatarClient, BoardError, MemoryLink, codes
from avatar_host import protocol as p
from avatar_host.board_model import BoardModel
from avatar_host.renderer import BoardRenderer
from dcgan.core.network_files import shipped
from dcgan.hw.latent_rng import draw_latents, interpolate
from dcgan.quant.fixed_point import build_tanh_table
from dcgan.quant.golden import GoldenGenerator
from dcgan.quant.int_generator import load_integer
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tb.board_coder.pictures import LEVEL, pictures
from tb.host.test_avatar_host import LossyLink, board, fake_generator, pixels
from tb.lib.network import ROOT

SHAPE = (p.SIDE, p.SIDE, 3)
NAMES = tuple(pictures(0))


def sixteen_levels(z: np.ndarray) -> np.ndarray:
    """A Generator of 12-bit colours."""
    return fake_generator(z) // LEVEL * LEVEL


def reply(picture: np.ndarray, index: int = 0, tag: int = 1) -> p.Frame:
    payload = p.WORD.pack(index) + picture.tobytes() + p.COUNTERS.pack(5, 6)
    return p.Frame(tag, p.REPLY | p.SEED, payload)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_every_picture_comes_back(name, seed):
    picture = pictures(seed)[name]
    code = codes.encode(picture)
    assert (codes.decode(code) == picture).all()
    assert codes.SHORTEST <= len(code) <= codes.LONGEST


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, SHAPE, elements=st.integers(0, 255)), st.booleans())
def test_any_picture_comes_back(picture, levels):
    picture = picture // LEVEL * LEVEL if levels else picture
    assert (codes.decode(codes.encode(picture)) == picture).all()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=codes.LONGEST + 2))
def test_any_bytes_are_a_picture_or_a_code_error(data):
    try:
        assert codes.decode(data).shape == SHAPE
    except codes.CodeError as error:
        assert "code of no avatar" in str(error)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_a_damaged_code_is_another_picture_or_a_code_error(name, data):
    code = bytearray(codes.encode(pictures(1)[name]))
    at = data.draw(st.integers(0, len(code) - 1))
    code[at] ^= 1 << data.draw(st.integers(0, 7))
    cut = data.draw(st.integers(0, len(code)))
    for damaged in (bytes(code), bytes(code[:cut]), bytes(code[:at] + code[at + 1 :])):
        try:
            assert (codes.decode(damaged) != pictures(1)[name]).any()
        except codes.CodeError:
            continue


NETWORKS = ("compact", "compact_labelled", "compact_w6", "compact_w5", "compact_w4", "tiny")
LINE_BYTES = 3_000_000 / 10
AROUND = len(p.encode(p.Frame(0, 0, bytes(p.WORD.size + p.COUNTERS.size)), p.REPLY_SYNC))


def row(name: str) -> str:
    """Of the table in rtl/board/README.md: mean bytes of a code, and avatars/s of the line."""
    integers = load_integer(shipped("checkpoints") / f"{name}_int.safetensors")
    found = []
    for levels in (256, 16):
        table = build_tanh_table(integers.tanh_index_bits, levels)
        images = GoldenGenerator(replace(integers, tanh_table=table)).rgb(draw_latents(7, 60))
        size = np.mean([len(codes.encode(image)) for image in images.transpose(0, 2, 3, 1)])
        found += [f"{size:.0f}", f"{LINE_BYTES / (size + AROUND):.0f}"]
    return f"| `{name}` | {' | '.join(found)} |"


@pytest.mark.parametrize("name", NETWORKS)
def test_the_bytes_of_shipped_networks_are_those_of_the_readme(name):
    assert row(name) in (ROOT / "rtl/board/README.md").read_text().splitlines()


def test_a_byte_more_or_less_and_bits_behind_the_end_are_no_code():
    code = codes.encode(pictures(1)["black"])
    assert len(code) == codes.SHORTEST, "a bit a sample"
    for wrong in (code[:-1], code + b"\0", code + b"\xff", b""):
        with pytest.raises(codes.CodeError):
            codes.decode(wrong)
    noise = (codes.encode(pictures(seed)["noise"]) for seed in range(20))
    padded = next(code for code in noise if not code[-1] & 1)  # one bit at least is left
    with pytest.raises(codes.CodeError):
        codes.decode(padded[:-1] + bytes([padded[-1] | 1]))


@pytest.mark.parametrize("size", [1, 7, 64, 4096])
def test_coded_frames_are_found_behind_garbage_however_the_bytes_come(size):
    rng = random.Random(size)
    wanted, line = [], b""
    for index, picture in enumerate(pictures(3).values()):
        frame = reply(picture, index)
        noise = rng.choice((rng.randbytes(60), p.REPLY_SYNC, p.encode_coded_reply(frame)[:-3], b""))
        line += noise + p.encode_coded_reply(frame) + p.encode_reply(frame)
        wanted += [frame, frame]
    decoder = p.reply_decoder()
    found = [f for at in range(0, len(line), size) for f in decoder.feed(line[at : at + size])]
    assert found + decoder.give_up() == wanted


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_a_damaged_coded_frame_is_no_frame_and_takes_none_along(name, data):
    frame, behind = reply(pictures(1)[name]), reply(pictures(2)["flat"], 1)
    line = bytearray(p.encode_coded_reply(frame))
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= 1 << data.draw(st.integers(0, 7))
    decoder = p.reply_decoder()
    found = decoder.feed(bytes(line) + p.encode_coded_reply(behind)) + decoder.give_up()
    assert found == [behind]


def test_a_right_crc_around_a_wrong_code_is_no_frame():
    right = reply(pictures(1)["noise"])
    payload = bytearray(p.shorten(right.payload))
    payload[700] = 0  # eight zeros stand nowhere in the fine scale
    payload[701] = 0
    spoilt = p.encode(p.Frame(1, right.type, bytes(payload)), p.REPLY_SYNC, coded=True)
    decoder = p.reply_decoder()
    found = decoder.feed(spoilt + p.encode_coded_reply(right)) + decoder.give_up()
    assert found == [right]


def test_requests_are_never_coded():
    line = p.encode(p.Frame(1, p.SEED, bytes(700)), p.REQUEST_SYNC, coded=True)
    assert p.request_decoder().feed(line) == []


@pytest.mark.parametrize("generator", [fake_generator, sixteen_levels])
def test_coded_avatars_are_those_of_a_plain_client(generator):
    client = AvatarClient(MemoryLink(BoardModel(generator)), coded=True)
    plain = AvatarClient(MemoryLink(BoardModel(generator)))
    for ask in (
        lambda c: c.generate(3, 4),
        lambda c: c.interpolate(*draw_latents(3, 2), 1),
        lambda c: [c.draw(draw_latents(4, 1)[0])],
    ):
        coded, usual = list(ask(client)), list(ask(plain))
        assert [a.index for a in coded] == [a.index for a in usual]
        assert all((a.pixels == b.pixels).all() for a, b in zip(coded, usual, strict=True))
    strip = [a.pixels for a in client.interpolate(*draw_latents(3, 2), 1)]
    wanted = generator(interpolate(*draw_latents(3, 2), 1)).transpose(0, 2, 3, 1)
    assert (np.stack(strip) == wanted).all()
    assert client.bench(9, 4) == plain.bench(9, 4)


@pytest.mark.parametrize("seed", range(30))
def test_lost_and_spoilt_bytes_cost_retries_and_nothing_else(seed):
    client = AvatarClient(LossyLink(board(), seed, faults=3), retries=8, coded=True)
    avatars = list(client.generate(seed, 4))
    assert (np.stack([a.pixels for a in avatars]) == pixels(draw_latents(seed, 4))).all()


class OldBoard(BoardModel):
    """A board of protocol 2: no flag but the summary."""

    def answer(self, request: p.Frame) -> bytes:
        drawing = request.type in (p.LATENT_REQUEST, p.SEED, p.INTERPOLATE)
        assert not drawing or request.payload[0] <= p.FLAG_SUMMARY, "asked for what it has not"
        return super().answer(request)

    def _info(self) -> bytes:
        return bytes([p.OLDEST_VERSION]) + super()._info()[1:]


def test_an_old_board_draws_as_ever_and_says_that_it_cannot_code():
    client = AvatarClient(MemoryLink(OldBoard(fake_generator)))
    assert client.info().protocol == p.OLDEST_VERSION
    assert (next(client.generate(1, 1)).pixels == pixels(draw_latents(1, 1))[0]).all()
    client.code_if_possible()
    assert not client.coded and len(list(client.generate(1, 2))) == 2
    demanding = AvatarClient(MemoryLink(OldBoard(fake_generator)), coded=True)
    for _ in range(2):
        with pytest.raises(BoardError, match="protocol 2 and sends no coded avatars"):
            list(demanding.generate(1, 1))


def test_a_board_of_the_future_is_one_sentence():
    class NewBoard(BoardModel):
        def _info(self) -> bytes:
            return bytes([p.VERSION + 1]) + super()._info()[1:]

    with pytest.raises(BoardError, match=f"protocol {p.VERSION + 1}, this program {p.VERSION}"):
        AvatarClient(MemoryLink(NewBoard(fake_generator))).info()


def test_a_renderer_has_avatars_coded_where_the_board_can(monkeypatch):
    for model, coded in ((BoardModel, True), (OldBoard, False)):
        link = MemoryLink(model(fake_generator))
        monkeypatch.setattr("avatar_host.renderer.open_link", lambda *_, link=link: link)
        opened = BoardRenderer("/dev/board").open()
        assert opened.client.coded is coded
        z = draw_latents(1, 2)
        assert (opened(z) == fake_generator(z)).all()
