# SPDX-License-Identifier: Apache-2.0
"""A tab of the headless Chromium: look, ask, click, press, and what the page complained about."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

SECONDS = 60
"""For a wait."""
POLL = 0.05

Call = Callable[..., dict[str, Any]]
"""`call(method, session, **facts)` of the browser."""


class Tab:
    """A page, the requests that it made and what it complained about."""

    def __init__(self, call: Call, listen: Callable[[float], None], session: str) -> None:
        self._call, self._listen, self._session = call, listen, session
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def enable(self) -> None:
        """Let the browser tell what happens in this tab."""
        for domain in ("Page", "Runtime", "Network", "Log", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")

    def hear(self, method: str, facts: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests.append(facts["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            details = facts["exceptionDetails"]
            said = details.get("exception", {}).get("description") or details["text"]
            self.complaints.append(said)
        elif method == "Runtime.consoleAPICalled" and facts["type"] in ("error", "warning"):
            self.complaints.append(str([a.get("value") for a in facts["args"]]))
        elif method == "Log.entryAdded" and facts["entry"]["level"] in ("error", "warning"):
            self.complaints.append(facts["entry"]["text"])

    def call(self, method: str, **facts: Any) -> dict[str, Any]:
        """A command of the protocol for this tab."""
        return self._call(method, self._session, **facts)

    def look(
        self, width: int = 1280, height: int = 900, *, dark: bool = False, still: bool = True
    ) -> None:
        """Size of the window, colours, and whether the visitor wants no motion."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.call("Emulation.setEmulatedMedia", features=features)

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression, a promise awaited; RuntimeError if it throws."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait(self, expression: str, seconds: float = SECONDS) -> Any:
        """The first true value of an expression; AssertionError if there is none in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if value := self.ask(expression):
                return value
            time.sleep(POLL)
        raise AssertionError(f"not true within {seconds} s: {expression}; {self.complaints}")

    def click(self, selector: str) -> None:
        """Press the left button in the middle of an element that the visitor can reach."""
        x, y = self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const b = e.getBoundingClientRect();"
            "return [b.left + b.width / 2, b.top + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            facts = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", **facts)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, by name (Tab, Enter, ArrowRight) or character."""
        codes = {"Tab": 9, "Enter": 13, " ": 32, "ArrowRight": 39, "ArrowLeft": 37, "End": 35}
        texts = {"Enter": "\r"}
        for key in keys:
            facts: dict[str, Any] = {
                "key": key,
                "windowsVirtualKeyCode": codes.get(key, ord(key[0])),
            }
            text = texts.get(key, key if len(key) == 1 else "")
            down = {"type": "keyDown", **facts, **({"text": text} if text else {})}
            self.call("Input.dispatchKeyEvent", **down)
            self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def choose_files(self, selector: str, files: Sequence[Path]) -> None:
        """Give files to an <input type=file>."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(f.resolve()) for f in files])

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """A PNG of the page, of all of it or of what the window shows."""
        facts: dict[str, Any] = {"format": "png"}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            facts["clip"] = {
                "x": 0,
                "y": 0,
                "scale": 1,
                **{k: size[k] for k in ("width", "height")},
            }
            facts["captureBeyondViewport"] = True
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", **facts)["data"]))

    def settle(self, seconds: float = 0.3) -> None:
        """Let the page go on, and hear what it says."""
        self._listen(seconds)

    def close(self) -> None:
        """Close it."""
        self.call("Page.close")
