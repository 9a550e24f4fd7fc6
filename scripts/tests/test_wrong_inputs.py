# SPDX-License-Identifier: Apache-2.0
"""Every wrong input of the table ends in one sentence and a status, and leaves no file."""

from __future__ import annotations

import ast
import importlib.util
import os
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import torch
import wrong_files
from wrong_inputs import MODEL
from wrong_script_inputs import SCRIPTS
from wrong_verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]
TABLE = MODEL | SCRIPTS
COMMANDS = sorted(
    p.relative_to(ROOT) for f in ("model", "scripts") for p in (ROOT / f).glob("*.py")
)
SECONDS = 60
"""For one command as a program of its own: most of it goes into imports."""


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, str]:
    return wrong_files.make(tmp_path_factory.mktemp("wrong"))


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder; what commands set for their process is put back."""
    before, threads = dict(os.environ), torch.get_num_threads()
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    os.environ.clear()
    os.environ.update(before)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(False)


@cache
def main_of(command: str):
    """`main` of a command line, imported once."""
    path = ROOT / command
    spec = importlib.util.spec_from_file_location(f"command_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


def status_of(command: str, words: list[str]) -> int:
    try:
        return main_of(command)(words)
    except SystemExit as end:  # argparse
        return int(end.code)


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def assert_one_sentence(error: str, said: str) -> None:
    assert error.startswith("error: ") and error.count("\n") == 1, error
    assert said in error


def test_the_table_covers_every_command_and_is_long():
    assert sorted(TABLE) == sorted(str(command) for command in COMMANDS)
    assert sum(map(len, TABLE.values())) >= 150


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [(command, words, said) for command, rows in TABLE.items() for words, said in rows],
    ids=[f"{Path(command).stem} {words}" for command, rows in TABLE.items() for words, _ in rows],
)
def test_a_wrong_input_ends_in_one_sentence(command, words, said, here, files, capfd):
    inputs = Path(files["text"]).parent
    before = listing(inputs)
    capfd.readouterr()
    status = status_of(command, shlex.split(words.format_map(files)))
    assert status not in (0, 130)
    assert_one_sentence(capfd.readouterr().err, said)
    assert listing(here) == []
    assert listing(inputs) == before


@pytest.mark.parametrize(("words", "said"), VERBS, ids=[words for words, _ in VERBS])
def test_a_wrong_word_of_make_ends_in_one_sentence(words, said):
    # The environment is set up, or these tests would not run: `setup` is taken as done.
    done = subprocess.run(
        ["make", "-o", "setup", f"PY={sys.executable}", *shlex.split(words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if line and not line.startswith("make")]
    assert_one_sentence("\n".join([*lines, ""]).replace("ERROR: ", "error: "), said)  # pytest's


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("model/generate.py --count 0", "--count"),
        ("model/quantize.py --network none.safetensors", "no checkpoint at none.safetensors"),
        ("scripts/simulate.py --network huge", "no network is called 'huge'"),
        ("scripts/host.py --port /dev/none info", "cannot open /dev/none"),
    ],
)
def test_as_a_program_of_its_own_it_says_the_same(words, said, tmp_path):
    script, *rest = words.split()
    done = run_alone([ROOT / script, *rest], tmp_path)
    assert done.returncode in (1, 2)
    assert_one_sentence(done.stderr, said)
    assert listing(tmp_path) == []


@pytest.mark.parametrize("level", ["1", "2"])
@pytest.mark.parametrize("command", ["model/quantize.py", "scripts/check_tree.py"])
def test_no_command_runs_without_assertions(command, level, tmp_path):
    done = run_alone([ROOT / command], tmp_path, PYTHONOPTIMIZE=level)
    assert done.returncode == 1
    assert_one_sentence(done.stderr, "unset PYTHONOPTIMIZE")
    assert listing(tmp_path) == []


def test_commands_run_where_python_does_not_look_beside_them(tmp_path):
    done = run_alone(
        [ROOT / "scripts" / "latent_table.py", "--check"], tmp_path, PYTHONSAFEPATH="1"
    )
    assert (done.returncode, done.stderr) == (0, "")
    done = run_alone([ROOT / "scripts" / "lint.py", "--help"], tmp_path, PYTHONSAFEPATH="1")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_no_command_imports_another_one_which_is_no_package(command):
    """With PYTHONSAFEPATH they do not find each other."""
    stems = {path.stem for path in COMMANDS}
    tree = ast.parse((ROOT / command).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    assert not found & stems


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_every_command_is_wrapped_so_that_errors_are_sentences(command):
    assert hasattr(main_of(str(command)), "__wrapped__")


def run_alone(words: list, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_python_without_the_project_says_so(command):
    done = subprocess.run(
        [sys.executable, "-S", command, "--help"], cwd=ROOT, capture_output=True, text=True
    )
    wanted = "error: `make setup`, then run this with .venv/bin/python\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", wanted)
