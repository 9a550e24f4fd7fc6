# SPDX-License-Identifier: Apache-2.0
"""Pages to test: built once for each network, served on this machine, opened in one Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from web_flow.browser import Browser
from web_flow.compile import build_module
from web_flow.page import write_page
from web_flow.serve import serving
from web_flow.tab import Tab

from tb.lib.network import exported

READY = "document.documentElement?.dataset.ready"


@pytest.fixture(scope="session")
def module() -> Callable[[str], Path]:
    """Network -> its WebAssembly module."""
    return cache(lambda name: build_module(exported(name)))


@pytest.fixture(scope="session")
def folder(tmp_path_factory, module) -> Callable[[str], Path]:
    """Network -> folder with its page."""

    @cache
    def built(name: str) -> Path:
        out = tmp_path_factory.mktemp("page") / "web"
        write_page(exported(name), module(name), out)
        return out

    return built


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with Browser() as running:
        yield running


@pytest.fixture(scope="session")
def compact_url(folder) -> Iterator[str]:
    with serving(folder("compact")) as url:
        yield url


@pytest.fixture
def visit(browser, compact_url) -> Iterator[Callable[..., Tab]]:
    """Open the page of `compact`; whatever it does, it must not complain nor ask another host."""
    tabs: list[Tab] = []

    def opened(fragment: str = "#seed=7&lang=en", **look) -> Tab:
        tab = browser.open(compact_url + fragment, **look)
        tabs.append(tab)
        assert tab.wait(READY) == "yes", tab.complaints
        return tab

    yield opened
    for tab in tabs:
        tab.settle(0.1)
        foreign = [u for u in tab.requests if not u.startswith((compact_url, "data:", "blob:"))]
        assert tab.complaints == []
        assert foreign == []
        tab.close()
