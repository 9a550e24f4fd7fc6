# SPDX-License-Identifier: Apache-2.0
"""What all parts of the page share: tables, shares, source in a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dcgan.core.markdown import table as markdown_table


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, cells as they are, and the end of its last line."""
    return markdown_table(head, [[str(cell) for cell in row] for row in rows]) + "\n"


def percent(part: int, whole: int) -> float:
    """Of a whole; all of nothing is 100."""
    return 100 * part / whole if whole else 100.0


def code(text: str) -> str:
    """Source in a cell of a table."""
    short = text if len(text) <= 60 else f"{text[:57]}..."
    return f"`{short}`".replace("|", "\\|")


def share(cell: Sequence[int]) -> str:
    """Covered of what is not waived."""
    covered, waived, every = cell
    return f"{percent(covered, every - waived):.0f} % of {every - waived}" if every else "-"
