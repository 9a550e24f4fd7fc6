# SPDX-License-Identifier: Apache-2.0
"""Markdown files promise nothing that is not there: links, files, commands, equal figures.

links       relative targets exist, and the headings that anchors name
files       names in backticks with the suffix of a source, or below a folder, are in the tree
commands    `make VERB VARIABLE=...` and `python path --option` in blocks and backticks exist
figures     README.ja.md has the results of README.md, and every number of its prose
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tree_checks.laws import name_of

CODE_SUFFIXES = (".py", ".sv", ".svh", ".sh", ".tcl", ".vlt", ".lpf", ".xdc", ".f", ".md")
BUILT = ("build/", "runs/", "samples/", "my", "sprites/")
"""Beginnings of names that a run writes or a reader supplies."""
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TICKS = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
RESULTS = re.compile(r"<!-- generated: results.*?-->\n(.*?)<!-- end of results -->", re.DOTALL)


def check(root: Path) -> list[str]:
    """One sentence for every promise of a Markdown file that is not kept."""
    problems = []
    for page in pages(root):
        text, name = page.read_text(encoding="utf-8"), name_of(page, root)
        problems += [f"{name}: {p}" for p in link_problems(page, text)]
        problems += [f"{name}: {p}" for p in file_problems(page, text, root)]
        problems += [f"{name}: {p}" for p in command_problems(text, root)]
    return problems + figure_problems(root)


def pages(root: Path) -> list[Path]:
    """Every Markdown file of the project; the change log tells history and is left out."""
    return sorted(p for p in tree(root) if p.suffix == ".md" and p.name != "CHANGELOG.md")


@cache
def tree(root: Path) -> tuple[Path, ...]:
    """All files but those that were built, downloaded or belong to git."""
    skipped = {".git", ".venv", "build", "runs", "__pycache__", ".pytest_cache", ".ruff_cache"}
    return tuple(
        path
        for path in root.rglob("*")
        if path.is_file() and not skipped & set(path.relative_to(root).parts)
    )


def link_problems(page: Path, text: str) -> list[str]:
    """Relative links whose file or heading is missing."""
    problems = []
    for target in LINK.findall(BLOCK.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        if not path.exists():
            problems.append(f"the link {target} leads nowhere")
        elif anchor and anchor not in anchors(path.read_text(encoding="utf-8")):
            problems.append(f"the link {target} names no heading")
    return problems


def anchors(text: str) -> set[str]:
    """Anchors of the headings of a page, as hosting services make them."""
    headings = re.findall(r"^#+ +(.*)$", BLOCK.sub("", text), re.MULTILINE)
    slugs = (re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", h)).strip().lower() for h in headings)
    return {slug.replace(" ", "-") for slug in slugs}


def file_problems(page: Path, text: str, root: Path) -> list[str]:
    """Names of files in backticks that no file of the tree has."""
    names = {name_of(path, root) for path in tree(root)}
    problems = []
    for word in TICKS.findall(BLOCK.sub("", text)):
        for token in word.split():
            token = token.strip(",;:")
            if not re.fullmatch(r"[\w.\-*{},/]+", token) or token.startswith(BUILT):
                continue
            is_folder = token.endswith("/") and token != "/"
            if not (token.endswith(CODE_SUFFIXES) or is_folder) or token.startswith("."):
                continue
            if not any(exists(t, page, root, names) for t in (token, token.rstrip("/"))):
                problems.append(f"`{token}` is not in the tree")
    return problems


def exists(token: str, page: Path, root: Path, names: set[str]) -> bool:
    """Whether a file or folder is called so, seen from the page, the root or anywhere (suffix)."""
    if "*" in token or "{" in token:
        pattern = re.escape(token).replace(r"\*", r"[^/]*")
        pattern = re.sub(r"\\\{(.*?)\\\}", lambda m: f"(?:{m[1].replace(',', '|')})", pattern)
        return any(re.search(rf"(?:^|/){pattern}$", name) for name in names)
    if (page.parent / token).exists() or (root / token).exists():
        return True
    ending = f"/{token}"
    return token.endswith(CODE_SUFFIXES) and any(name.endswith(ending) for name in names)


def command_problems(text: str, root: Path) -> list[str]:
    """Commands of code blocks and backticks whose verb, script, variable or option is unknown."""
    lines = [line.split("#")[0] for block in BLOCK.findall(text) for line in block.splitlines()]
    lines += TICKS.findall(BLOCK.sub("", text))
    problems = []
    for line in lines:
        line = re.split(r"(?<=\S) {3,}", line)[0]  # then comes what it does
        for command in re.split(r"&&|;", line):
            words = command.split()
            while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                words.pop(0)
            if words[:1] == ["make"]:
                problems += make_problems(words[1:], root)
            elif words and re.fullmatch(r"(\S*/)?python3?", words[0]):
                problems += python_problems(words[1:], root)
    return problems


def make_problems(words: list[str], root: Path) -> list[str]:
    """`make VERB VARIABLE=value`: verbs are targets, variables are used in the Makefile."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    variables = set(re.findall(r"\$[({](\w+)|\b(\w+) *\?=|,(\w+)\)", makefile))
    known = {name for names in variables for name in names}
    problems = []
    for word in words:
        verb = re.fullmatch(r"[a-z][\w-]*", word)
        variable = re.fullmatch(r"([A-Z_]+)=\S*", word)
        if variable and variable[1] not in known:
            problems.append(f"make knows no variable {variable[1]}")
        elif verb and word not in targets:
            problems.append(f"make knows no verb {word}")
        if not verb and not variable:
            break  # the sentence goes on
    return problems


def python_problems(words: list[str], root: Path) -> list[str]:
    """`python path --option`: the script exists, and its source names each option."""
    if not words or not words[0].endswith(".py") or "<" in words[0]:
        return []
    script = root / words[0]
    if not script.is_file():
        return [f"python {words[0]}: there is no such script"]
    source = script.read_text(encoding="utf-8")
    source += "".join(p.read_text(encoding="utf-8") for p in sorted(script.parent.glob("cli*.py")))
    options = [w.split("=")[0].strip("[],.") for w in words[1:] if w.startswith("--")]
    return [
        f"python {words[0]} has no option {option}"
        for option in options
        if f'"{option}"' not in source and not formed(option, source) and option != "--help"
    ]


def formed(option: str, source: str) -> bool:
    """Options that a loop makes: f"--{name}" for names that are listed in the source."""
    return 'f"--{' in source and f'"{option.removeprefix("--")}"' in source


def figure_problems(root: Path) -> list[str]:
    """Figures of README.md that README.ja.md does not have, or has otherwise."""
    english, japanese = root / "README.md", root / "README.ja.md"
    if not japanese.is_file():
        return ["README.ja.md is missing"]
    texts = [page.read_text(encoding="utf-8") for page in (english, japanese)]
    tables = [result_values(text) for text in texts]
    problems = []
    if not tables[0] or tables[0] != tables[1]:
        problems.append("README.ja.md: its results are not those of README.md; run: make readme")
    prose = [set(NUMBER.findall(plain(text))) for text in texts]
    problems += [
        f"README.ja.md: the number {number} of README.md is missing"
        for number in sorted(prose[0] - prose[1])
    ]
    return problems


def result_values(text: str) -> list[list[str]]:
    """Numbers of every row of the results table."""
    match = RESULTS.search(text)
    rows = match[1].splitlines()[2:] if match else []
    return [NUMBER.findall(row.split("|")[-2]) for row in rows if row.startswith("|")]


def plain(text: str) -> str:
    """Prose: without code blocks, code, link targets, comments and the results."""
    text = RESULTS.sub("", BLOCK.sub("", text))
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return LINK.sub("", TICKS.sub("", text))
