# SPDX-License-Identifier: Apache-2.0
"""Each check of the tree passes on a small tree that is right, and fails on a seeded fault."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tree_checks import documents, headers, laws

ROOT = Path(__file__).resolve().parents[2]
SPDX = "SPDX-License-Identifier: Apache-2.0"
MODULE = f"""// {SPDX}
//
// area_thing -- a thing.
//
// Format  in: a    Latency  1
// Golden  model/dcgan/core/numbers.py: double(), Model.run() -- what comes out
//                                                    Test  tb/area_thing
module area_thing;
endmodule
"""
NUMBERS = f"""# {SPDX}
def double(x):
    return 2 * x


class Model:
    def run(self):
        return 1
"""
README = """# Thing

[日本語](README.ja.md) [below](#how-to) `numbers.py` `rtl/area/area_thing.sv` takes 410 seconds.

<!-- generated: results by make readme -->
| thing | |
| --- | --: |
| cycles | 1,234 |
<!-- end of results -->

## How to
```
make sim NETWORK=tiny      draws
python model/run.py --count 3
```
"""


@pytest.fixture
def tree(tmp_path):
    files = {
        "rtl/area/area_thing.sv": MODULE,
        "rtl/files.f": f"// {SPDX}\nrtl/area/area_thing.sv\n",
        "rtl/avatar_dcgan.core": f"# {SPDX}\n      - area/area_thing.sv\n",
        "rtl/README.md": "[area_thing](area/area_thing.sv)\n",
        "tb/area_thing/test_area_thing.py": f"# {SPDX}\n",
        "model/dcgan/core/numbers.py": NUMBERS,
        "model/run.py": f'# {SPDX}\nparser.add_argument("--count")\n',
        "Makefile": "NETWORK ?= tiny\nsim:\n\techo $(NETWORK)\n",
        "README.md": README,
        "README.ja.md": README.replace("cycles", "サイクル")
        .replace("takes", "は")
        .replace("seconds", "秒"),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def short_list_of_long_files(monkeypatch):
    monkeypatch.setattr(laws, "LONG", {})
    documents.tree.cache_clear()
    headers.definitions.cache_clear()


def every_check(root: Path) -> list[str]:
    return [*laws.check(root), *headers.check(root), *documents.check(root)]


def test_a_tree_that_is_right_has_no_problems(tree):
    assert every_check(tree) == []


FAULTS = {
    "golden function": ("rtl/area/area_thing.sv", "double()", "triple()", "defines no triple"),
    "golden method": ("rtl/area/area_thing.sv", "Model.run()", "Model.walk()", "no Model.walk"),
    "golden file": ("rtl/area/area_thing.sv", "numbers.py", "letters.py", "does not exist"),
    "golden prose": (
        "rtl/area/area_thing.sv",
        "model/dcgan/core/numbers.py: double(), Model.run()",
        "the sums in order",
        "must be '<path>.py: name()'",
    ),
    "golden module": (
        "rtl/area/area_thing.sv",
        "model/dcgan/core/numbers.py: double(), Model.run()",
        "zlib.crc33",
        "cannot be imported",
    ),
    "no golden": ("rtl/area/area_thing.sv", "// Golden  ", "// ", "names no Golden"),
    "test folder": ("rtl/area/area_thing.sv", "tb/area_thing", "tb/thing", "must say 'Test"),
    "link": ("README.md", "(README.ja.md)", "(README.jp.md)", "leads nowhere"),
    "anchor": ("README.md", "#how-to)", "#how-not)", "names no heading"),
    "file": ("README.md", "`numbers.py`", "`letters.py`", "`letters.py` is not in the tree"),
    "path": ("README.md", "area_thing.sv`", "area_ring.sv`", "is not in the tree"),
    "verb": ("README.md", "make sim", "make simulate", "no verb simulate"),
    "variable": ("README.md", "NETWORK=", "NET=", "no variable NET"),
    "script": ("README.md", "model/run.py", "model/walk.py", "no such script"),
    "option": ("README.md", "--count", "--number", "no option --number"),
    "figure in a table": ("README.ja.md", "1,234", "1,235", "are not those of README.md"),
    "figure in prose": ("README.ja.md", "410", "401", "the number 410"),
    "prefix": ("rtl/files.f", "area_thing.sv", "area_other.sv", "not in rtl/files.f"),
    "core": ("rtl/avatar_dcgan.core", "area_thing", "area_other", "are not those of rtl/files.f"),
    "core ROM": ("rtl/avatar_dcgan.core", "thing.sv", "thing.sv\n  - rom/v.hex", "every header"),
    "index": ("rtl/README.md", "[area_thing]", "[thing]", "missing from the module index"),
    "licence": ("model/run.py", SPDX, "all rights", "no line 'SPDX"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_named(tree, fault):
    name, old, new, message = FAULTS[fault]
    path = tree / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    problems = every_check(tree)
    named = [p for p in problems if message in p and p.startswith(("rtl", "README", name))]
    assert named, problems


def test_long_files_missing_tests_and_full_rooms_are_named(tree):
    (tree / "model" / "long.py").write_text(f"# {SPDX}\n" * 251)
    (tree / "web").mkdir()
    (tree / "web" / "long.js").write_text(f"// {SPDX}\n" * 251)
    (tree / "web" / "bare.css").write_text("* {}\n")
    (tree / "tb" / "area_thing" / "test_area_thing.py").unlink()
    for number in range(14):
        (tree / "model" / "dcgan" / "core" / f"m{number}.py").write_text(f"# {SPDX}\n")
    (tree / "rtl" / "area" / "area_shape_pkg.sv").write_text(f"// {SPDX}\n")
    text = "\n".join(laws.check(tree))
    for part in (
        "model/long.py: 251 lines",
        "web/long.js: 251 lines",
        "web/bare.css: no line 'SPDX",
        "no test tb/area_thing/test_area_thing.py",
        "model/dcgan/core: 15 files",
        "generated, but without the banner",
    ):
        assert part in text


def test_wiring_and_importable_goldens_are_accepted():
    for golden in ("none (wiring)", "zlib.crc32", "collections.deque -- in order"):
        assert headers.golden_problems(golden, ROOT) == []


def test_an_arrow_upwards_breaks_an_import_contract(tmp_path):
    package = tmp_path / "dcgan"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "model" / "dcgan", package, ignore=ignored)
    config = re.sub(
        r"root_packages = \[.*?\]", 'root_packages = ["dcgan"]', pyproject(), flags=re.S
    )
    config = re.sub(r'"avatar_render[^"]*",\n *"tb .*"avatar_host",\n', "", config, flags=re.S)
    (tmp_path / "pyproject.toml").write_text(config)
    assert lint_imports(tmp_path).returncode == 0
    with (package / "core" / "shapes.py").open("a") as file:
        file.write("\n\ndef report():\n    import dcgan.experiments.report\n")
    broken = lint_imports(tmp_path)
    assert broken.returncode == 1
    assert "dcgan.core is not allowed to import dcgan.experiments" in broken.stdout


def pyproject() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
