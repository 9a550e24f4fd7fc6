# SPDX-License-Identifier: Apache-2.0
"""Picture files of every kind, and those that are refused."""

from __future__ import annotations

import os
import pickle
import socket
import struct
import zlib

import numpy as np
import pytest
from dcgan.data import decode
from dcgan.data.decode import read_array, read_picture
from PIL import Image

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, kind, rows, clear=b"", palette=b"") -> bytes:
    """A PNG file, sample by sample; `rows` with their filter bytes."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    parts = [chunk(b"IHDR", header)]
    parts += [chunk(b"PLTE", palette)] if palette else []
    parts += [chunk(b"tRNS", clear)] if clear else []
    parts += [chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


FORMS = {
    "1 bit": (png(2, 1, 1, GREY, b"\0\x80"), [(255, 255, 255, 255), (0, 0, 0, 255)]),
    "1 bit tRNS": (png(2, 1, 1, GREY, b"\0\x80", b"\0\1"), [(0, 0, 0, 0), (0, 0, 0, 255)]),
    "2 bit tRNS": (png(2, 1, 2, GREY, b"\0\x60", b"\0\2"), [(85, 85, 85, 255), (0, 0, 0, 0)]),
    "4 bit tRNS": (png(2, 1, 4, GREY, b"\0\x3f", b"\0\3"), [(0, 0, 0, 0), (255, 255, 255, 255)]),
    "8 bit tRNS": (png(2, 1, 8, GREY, b"\0\x30\x31", b"\0\x30"), [(0, 0, 0, 0), (49, 49, 49, 255)]),
    "16 bit": (png(1, 1, 16, GREY, b"\0\x31\xff"), [(49, 49, 49, 255)]),
    "16 bit tRNS": (
        png(2, 1, 16, GREY, b"\0\x30\x01\x30\x02", b"\x30\x01"),
        [(0, 0, 0, 0), (48, 48, 48, 255)],
    ),
    "RGB tRNS": (
        png(2, 1, 8, RGB, b"\0\1\2\3\1\2\4", b"\0\1\0\2\0\3"),
        [(0, 0, 0, 0), (1, 2, 4, 255)],
    ),
    "RGB 16 bit": (png(1, 1, 16, RGB, b"\0\1\xff\2\0\3\3"), [(1, 2, 3, 255)]),
    "RGB 16 bit tRNS": (
        png(2, 1, 16, RGB, b"\0\1\1\2\2\3\3\1\1\2\2\4\4", b"\1\1\2\2\3\3"),
        [(0, 0, 0, 0), (1, 2, 4, 255)],
    ),
    "grey alpha": (
        png(2, 1, 8, GREY_ALPHA, b"\0\x80\x40\x70\0"),
        [(128, 128, 128, 64), (0, 0, 0, 0)],
    ),
    "grey alpha 16 bit": (png(1, 1, 16, GREY_ALPHA, b"\0\x80\1\x40\2"), [(128, 128, 128, 64)]),
    "RGBA 16 bit": (png(1, 1, 16, RGBA, b"\0\1\1\2\2\3\3\4\4"), [(1, 2, 3, 4)]),
    "palette tRNS": (
        png(2, 1, 8, PALETTE, b"\0\0\1", b"\0\x80", b"\1\2\3\4\5\6"),
        [(0, 0, 0, 0), (4, 5, 6, 128)],
    ),
    "palette 1 bit": (
        png(2, 1, 1, PALETTE, b"\0\x40", b"\0", b"\1\2\3\4\5\6"),
        [(0, 0, 0, 0), (4, 5, 6, 255)],
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_png_of_every_form_is_read(tmp_path, form):
    data, pixels = FORMS[form]
    (tmp_path / "a.png").write_bytes(data)
    rgba, frames = read_picture(tmp_path / "a.png")
    assert [tuple(map(int, pixel)) for pixel in rgba[0]] == pixels
    assert rgba.dtype == np.uint8
    assert frames == 1


@pytest.mark.parametrize("suffix", ["gif", "webp", "bmp", "npy"])
def test_other_formats_are_read(tmp_path, suffix):
    pixels = np.zeros((6, 4, 3), np.uint8)
    pixels[2:4, 1:3] = (200, 40, 80)
    path = tmp_path / f"a.{suffix}"
    if suffix == "npy":
        np.save(path, pixels)
    else:
        options = {"lossless": True} if suffix == "webp" else {}
        Image.fromarray(pixels).save(path, **options)
    rgba, _ = read_picture(path)
    np.testing.assert_array_equal(rgba[:, :, :3], pixels)
    assert (rgba[:, :, 3] == 255).all()


def test_transparent_gif_and_animation(tmp_path):
    first, second = (Image.new("RGBA", (8, 8), colour) for colour in ("#ff0000", "#00ff00"))
    first.paste((0, 0, 0, 0), (0, 0, 4, 8))
    first.save(tmp_path / "a.gif", save_all=True, append_images=[second])
    rgba, frames = read_picture(tmp_path / "a.gif")
    assert frames == 2
    assert tuple(rgba[0, 0]) == (0, 0, 0, 0)
    assert tuple(rgba[0, 7]) == (255, 0, 0, 255)


def test_content_decides_and_not_the_name(tmp_path):
    Image.new("RGB", (4, 4), "#102030").save(tmp_path / "a.bmp")
    (tmp_path / "a.bmp").rename(tmp_path / "a.png")
    assert tuple(read_picture(tmp_path / "a.png")[0][0, 0]) == (16, 32, 48, 255)


@pytest.mark.parametrize("kind", ["TIFF", "EPS", "PPM", "ICO", "JPEG"])
def test_other_decoders_are_never_run(tmp_path, kind):
    Image.new("RGB", (16, 16)).save(tmp_path / "a.png", format=kind)
    with pytest.raises(ValueError, match=r"a\.png is no PNG, GIF, WebP or BMP picture"):
        read_picture(tmp_path / "a.png")


def whole_png() -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    return png(40, 40, 8, RGB, b"".join(b"\0" + row.tobytes() for row in noise))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"a\.png is empty \(0 bytes\)"),
        (b"\x89PNG broken", r"a\.png is no PNG"),
        (whole_png()[:600], r"a\.png cannot be read"),
        (whole_png().replace(b"IDAT", b"IDAX"), r"a\.png "),
        (png(20_000, 20_000, 1, GREY, b""), r"a\.png has more than 67108864 pixels"),
        (png(9_000, 9_000, 1, GREY, b""), r"a\.png .*more than 67108864 pixels"),
        (b"GIF89a" + struct.pack("<HH", 65535, 65535) + bytes(40), r"a\.png "),
        (b"RIFF\x10\0\0\0WEBPVP8 ", r"a\.png "),
        (b"\x93NUMPY\x01\x00", r"a\.png cannot be read"),
    ],
)
def test_damaged_files_and_bombs_are_named(tmp_path, data, message):
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(ValueError, match=message):
        read_picture(tmp_path / "a.png")


def test_what_is_no_regular_file_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "loop.png").symlink_to("loop.png")
    server = socket.socket(socket.AF_UNIX)
    before = os.getcwd()
    os.chdir(tmp_path)  # names of sockets are short
    try:
        server.bind("socket.png")
    finally:
        os.chdir(before)
        server.close()
    for name in ("pipe.png", "folder.png", "socket.png"):
        with pytest.raises(ValueError, match=rf"{name} is no regular file"):
            read_picture(tmp_path / name)
    with pytest.raises(ValueError, match="no regular file"):
        decode.check_regular(tmp_path / "pipe.png")
    for name in ("loop.png", "missing.png"):
        with pytest.raises(ValueError, match=rf"{name} cannot be read"):
            read_picture(tmp_path / name)


def test_arrays_of_other_kinds_are_refused(tmp_path):
    path = tmp_path / "a.npy"
    for array, message in (
        (np.zeros((4, 4, 3)), "must be uint8"),
        (np.zeros((4, 4), np.uint8), "must be uint8"),
        (np.zeros((4, 4, 2), np.uint8), r"got uint8 \[4, 4, 2\]"),
        (np.zeros((0, 4, 4, 3), np.uint8), "holds no pixels"),
        (np.zeros((3, 4, 4, 3), np.uint8), "stack of 3 pictures"),
    ):
        np.save(path, array)
        with pytest.raises(ValueError, match=message):
            read_picture(path)
    whole = np.zeros((8, 8, 3), np.uint8)
    np.save(path, whole)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ValueError, match="cannot be read"):
        read_array(path)


def test_nothing_is_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    np.save(tmp_path / "a.npy", np.array([Trap()], object), allow_pickle=True)
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Trap()))
    for name in ("a.npy", "b.npy"):
        with pytest.raises(ValueError, match=name):
            read_picture(tmp_path / name)
    assert not (tmp_path / "sprung").exists()
