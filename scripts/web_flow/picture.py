# SPDX-License-Identifier: Apache-2.0
"""The picture of the page for the front page: a run in the middle of its second plane."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from dcgan.core.files import write_atomically
from PIL import Image

from web_flow.browser import Browser
from web_flow.serve import serving
from web_flow.speed import READY

SEED, MOMENT = 42, 0.72
WIDTH, COLOURS = 1180, 256


def write_picture(out: Path, path: Path) -> None:
    """Photograph the page in `out` down to the end of its timeline."""
    with serving(out) as url, Browser() as browser, tempfile.TemporaryDirectory() as folder:
        tab = browser.open(f"{url}#seed={SEED}&lang=en", width=WIDTH, height=1000)
        tab.wait(READY)
        tab.ask(f"avatarPage.machine.seek({MOMENT})")
        tab.settle()
        whole = Path(folder) / "page.png"
        tab.picture(whole)
        end = tab.ask("document.getElementById('legend').getBoundingClientRect().bottom + scrollY")
        image = Image.open(whole).convert("RGB").crop((0, 0, WIDTH, int(end) + 12))
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    write_atomically(path, file.getvalue())
