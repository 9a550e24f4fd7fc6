# SPDX-License-Identifier: Apache-2.0
"""Devices that are no board of ours: they chatter, answer others, or say too little."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
import time
import tty

import pytest
from avatar_host import AvatarClient, BoardError
from avatar_host import protocol as p

from tb.lib.network import ROOT

LONGEST = 0.3


class Chatter:
    """A link that always has something to read; `say` gets the tag of the last request."""

    def __init__(self, say):
        self.say, self.tag = say, 0

    def write(self, data: bytes) -> None:
        (frame,) = p.request_decoder().feed(data)
        self.tag = frame.tag

    def read(self, count: int) -> bytes:
        time.sleep(0.001)
        return self.say(self.tag)[:count]

    def close(self) -> None:
        pass


def reply(tag: int, kind: int, payload: bytes) -> bytes:
    return p.encode_reply(p.Frame(tag % 256, p.REPLY | kind, payload))


AVATAR = p.WORD.pack(0) + bytes(p.MAX_REPLY - p.WORD.size)
CHATTER = {
    "text": lambda tag: b"login: \r\n" * 40,
    "beginnings": lambda tag: p.REPLY_SYNC * 500,
    "zeros": lambda tag: bytes(4096),
    "answers to somebody else": lambda tag: reply(tag + 1, p.INFO, bytes(44)),
    "answers of another kind": lambda tag: reply(tag, p.LATENT_REQUEST, AVATAR),
}


@pytest.mark.parametrize("what", CHATTER)
def test_chatter_ends_within_the_limit(what):
    client = AvatarClient(Chatter(CHATTER[what]), retries=1, longest=LONGEST)
    began = time.monotonic()
    with pytest.raises(BoardError, match="no complete answer after 2 attempts"):
        client.info()
    assert time.monotonic() - began < 2 * LONGEST + 5


def test_the_same_avatar_for_ever_ends_within_the_limit():
    link = Chatter(lambda tag: reply(tag, p.SEED, AVATAR))
    client = AvatarClient(link, retries=1, longest=LONGEST)
    with pytest.raises(BoardError, match=r"\(1 of 3 replies\)"):
        list(client.generate(1, 3))


def test_an_asker_who_takes_his_time_is_not_taken_for_chatter():
    sent = iter(range(3))
    link = Chatter(lambda tag: reply(tag, p.SEED, p.WORD.pack(next(sent)) + AVATAR[4:]))
    client = AvatarClient(link, retries=0, longest=LONGEST)
    for _ in client.generate(1, 3):
        time.sleep(2 * LONGEST)


@pytest.mark.parametrize("size", [0, 4, 43, 45, 400])
def test_an_answer_of_another_length_is_one_sentence(size):
    client = AvatarClient(Chatter(lambda tag: reply(tag, p.INFO, bytes(size))), longest=LONGEST)
    with pytest.raises(BoardError, match=f"the answer has {size} bytes, not 44"):
        client.info()
    short = AvatarClient(Chatter(lambda tag: reply(tag, p.ERROR, bytes(1))), longest=LONGEST)
    with pytest.raises(BoardError, match="the answer has 1 bytes, not 4"):
        short.info()


def test_info_ends_although_the_device_chatters_for_ever():
    near, far = pty.openpty()
    tty.setraw(far)
    done = threading.Event()

    def chatter() -> None:
        while not done.is_set():
            os.write(near, b"kernel: nothing of interest\r\n")

    thread = threading.Thread(target=chatter, daemon=True)
    thread.start()
    words = ["--port", os.ttyname(far), "--timeout", "0.5", "--retries", "1", "info"]
    try:
        ended = subprocess.run(
            [sys.executable, ROOT / "scripts" / "host.py", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        done.set()
        os.set_blocking(near, False)
        os.close(far)
        thread.join(5)
        os.close(near)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: no complete answer after 2 attempts")
    assert ended.stderr.count("\n") == 1
