# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, driven by its own protocol through a pair of pipes: no package in between.

with Browser() as browser:
    tab = browser.open("http://127.0.0.1:8000/", width=1280, height=900)
    tab.wait("document.documentElement.dataset.ready === 'yes'")
    tab.click("#another")
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from web_flow.tab import Tab

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HINT = "Chromium is missing: install it (Debian, Ubuntu: apt-get install chromium)"
SWITCHES = (
    *("--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *(
        "--disable-dev-shm-usage",
        "--disable-extensions",
        "--hide-scrollbars",
        "--mute-audio",
        "--force-color-profile=srgb",
    ),
)
# The browser reads file descriptor 3 and writes file descriptor 4; copies come out of their way.
WITH_PIPES = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for end, number in zip(ends, (3, 4)):
    os.dup2(end, number)
os.execvp(sys.argv[3], sys.argv[3:])
"""
SECONDS = 60
"""For one answer."""


def chromium() -> str:
    """The program; RuntimeError that says what to install."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise RuntimeError(HINT)


class Browser:
    """One Chromium with a profile of its own; everything ends with the `with` block."""

    def __init__(self, languages: str = "en-US") -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="web-", ignore_cleanup_errors=True)
        self._to_browser, self._from_browser = os.pipe(), os.pipe()
        child = (self._to_browser[0], self._from_browser[1])
        words = [chromium(), *SWITCHES, f"--user-data-dir={self._profile.name}"]
        words += [f"--lang={languages}", f"--accept-lang={languages}", "about:blank"]
        if os.geteuid() == 0:
            words.insert(1, "--no-sandbox")  # Chromium's sandbox refuses to run as root
        self._process = subprocess.Popen(
            [sys.executable, "-c", WITH_PIPES, *map(str, child), *words],
            pass_fds=child,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in child:
            os.close(end)
        self._buffer, self._number = b"", 0
        self._tabs: dict[str, Tab] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        for end in (self._to_browser[1], self._from_browser[0]):
            os.close(end)
        self._profile.cleanup()

    def call(self, method: str, session: str | None = None, **facts: Any) -> dict[str, Any]:
        """One command of the protocol and its answer; RuntimeError if it fails."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": facts}
        if session:
            message["sessionId"] = session
        os.write(self._to_browser[1], json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + SECONDS
        while (answer := self._read(deadline)).get("id") != self._number:
            self._hear(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def cpu_seconds(self) -> float:
        """Processor time that the browser and all its processes have used."""
        parents, used = {}, {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            number = int(stat.parent.name)
            parents[number] = int(fields[1])
            used[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        family = {self._process.pid}
        while more := {n for n, parent in parents.items() if parent in family} - family:
            family |= more
        return sum(used.get(number, 0.0) for number in family)

    def listen(self, seconds: float) -> None:
        """Take in events for a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self._hear(self._read(deadline))
            except TimeoutError:
                return

    def _hear(self, event: dict[str, Any]) -> None:
        tab = self._tabs.get(event.get("sessionId", ""))
        if tab and "method" in event:
            tab.hear(event["method"], event["params"])

    def _read(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select(
                [self._from_browser[0]], [], [], max(0, deadline - time.monotonic())
            )
            if not ready:
                raise TimeoutError("the browser does not answer")
            part = os.read(self._from_browser[0], 1 << 20)
            if not part:
                raise RuntimeError(f"the browser ended with status {self._process.wait()}")
            self._buffer += part
        text, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(text)

    def open(self, url: str, **look: Any) -> Tab:
        """A new tab that shows `url`; see Tab.look."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self.call, self.listen, session)
        self._tabs[session] = tab
        tab.enable()
        tab.look(**look)
        tab.call("Page.navigate", url=url)
        return tab
