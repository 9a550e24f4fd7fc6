# SPDX-License-Identifier: Apache-2.0
"""Files appear whole or not at all, and a network's name stands for the right one."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from dcgan.core import network_files
from dcgan.core import progress as progress_module
from dcgan.core.files import write_all, write_atomically, write_json
from dcgan.core.progress import progress


def test_a_failed_write_leaves_the_old_file_and_no_temporary_one(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "file.bin"
    write_atomically(path, b"old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["file.bin"]


def test_several_files_are_renamed_in_order_or_not_at_all(tmp_path, monkeypatch):
    paths = [tmp_path / name for name in ("a.hex", "b.hex", "manifest.json")]
    write_all(dict.fromkeys(paths, "old"))
    renamed = []
    rename = os.replace

    def only_two(source, target):
        if len(renamed) == 2:
            raise OSError("power cut")
        renamed.append(target)
        rename(source, target)

    monkeypatch.setattr(os, "replace", only_two)
    with pytest.raises(OSError, match="power cut"):
        write_all(dict.fromkeys(paths, "new"))
    assert renamed == paths[:2]
    assert [path.read_text() for path in paths] == ["new", "new", "old"]
    assert len(list(tmp_path.iterdir())) == 3


def test_json_is_rounded_and_takes_numpy_numbers(tmp_path):
    write_json(tmp_path / "x.json", {1: np.float32(1 / 3), "n": np.int64(7), "l": (0.1234567, "s")})
    assert json.loads((tmp_path / "x.json").read_text()) == {
        "1": 0.333333,
        "n": 7,
        "l": [0.123457, "s"],
    }


@pytest.mark.parametrize(
    ("network", "float_name", "integer_name"),
    [
        ("tiny", "tiny.safetensors", "tiny_int.safetensors"),
        ("runs/mine.safetensors", "mine.safetensors", "mine.safetensors"),
    ],
)
def test_a_name_is_a_preset_or_a_file(network, float_name, integer_name):
    assert network_files.float_file(network).name == float_name
    assert network_files.integer_file(network).name == integer_name


def test_the_shipped_files_are_there_and_an_unknown_preset_is_named():
    assert network_files.integer_file("compact").is_file()
    assert (network_files.shipped("folding") / "compact.json").is_file()
    with pytest.raises(ValueError, match="no network is called 'huge'"):
        network_files.float_file("huge")


def test_progress_without_a_terminal_is_a_line_now_and_then(capsys, monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: next(clock))
    with progress("counting", 200) as bar:
        for _ in range(19):
            bar.advance(10)
        bar.set(200, note="last")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "counting: 50 of 200"
    assert lines[-1] == "counting: 200 of 200  last"
    assert len(lines) == 4
