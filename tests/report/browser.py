"""A real Chromium without a window, driven by selenium: what a page does in it."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.keys import Keys

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRIVERS = ("chromedriver", "chromium-driver")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-device-scale-factor=1",
)  # fmt: skip
SIZE = (1440, 1000)
PATIENCE = 60.0
"""Seconds until a page that is not complete counts as broken; a busy machine is slow."""


def installed() -> tuple[str, str] | None:
    """The browser and its driver; None where one of them is missing."""
    browser, driver = (next(filter(None, map(shutil.which, names)), None) for names in (BROWSERS, DRIVERS))
    return (browser, driver) if browser and driver else None


@dataclass(frozen=True, slots=True)
class Browser:
    """A page in a browser. Places on the screen in CSS pixels."""

    driver: webdriver.Chrome

    def js(self, code: str, *values: Any) -> Any:
        """What a piece of script gives."""
        return self.driver.execute_script(code, *values)

    def open(self, page: Path, fragment: str = "") -> None:
        """Loads a page and waits until all of it is there. AssertionError: it is broken, or too slow."""
        self.driver.get("about:blank")
        self.driver.get(page.resolve().as_uri() + fragment)
        self.wait("document.documentElement.dataset.complete === 'yes' || !document.getElementById('broken').hidden")
        assert self.js("return document.getElementById('broken').hidden"), self.text("broken")

    def wait(self, condition: str) -> None:
        """Until a condition of the page holds. AssertionError: it never does."""
        until = time.monotonic() + PATIENCE
        while not self.js(f"return Boolean({condition})"):
            assert time.monotonic() < until, f"never: {condition}"
            time.sleep(0.02)

    def settled(self) -> None:
        """Waits until what follows the picture has followed."""
        self.driver.execute_async_script(
            "const done = arguments[0]; setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 250)"
        )

    def text(self, name: str) -> str:
        """The words in an element."""
        return str(self.js("return document.getElementById(arguments[0]).innerText", name))

    def point(self, x: float, y: float) -> None:
        """Moves the pointer."""
        chain = ActionChains(self.driver)
        chain.w3c_actions.pointer_action.move_to_location(round(x), round(y))  # type: ignore[no-untyped-call]
        chain.perform()

    def click(self, x: float, y: float) -> None:
        """Clicks at a place."""
        self.point(x, y)
        ActionChains(self.driver).click().perform()

    def drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Drags from a place to another."""
        self.point(x, y)
        ActionChains(self.driver).click_and_hold().perform()
        self.point((x + to_x) / 2, (y + to_y) / 2)
        self.point(to_x, to_y)
        ActionChains(self.driver).release().perform()

    def wheel(self, x: float, y: float, by: int) -> None:
        """Turns the wheel at a place, with Ctrl held."""
        origin = ScrollOrigin.from_viewport(round(x), round(y))
        chain = ActionChains(self.driver).key_down(Keys.CONTROL)
        chain.scroll_from_origin(origin, 0, by).key_up(Keys.CONTROL).perform()

    def press(self, *keys: str) -> None:
        """Types keys into what has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def theme(self, name: str) -> None:
        """`light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def errors(self) -> list[str]:
        """What the console has as errors or warnings since it was asked last."""
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self) -> list[str]:
        """The addresses that were asked for over a network since it was asked last."""
        entries = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        urls = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith(("file:", "data:", "about:", "blob:"))]

    def picture(self, path: Path, *, whole: bool = False, clip: Sequence[float] | None = None) -> Path:
        """Keeps a PNG of the window, of the whole page, or of a part of it (x, y, width, height)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if whole:
            clip = self.js("return [0, 0, innerWidth, document.documentElement.scrollHeight]")
        options: dict[str, Any] = {"captureBeyondViewport": clip is not None or whole}
        if clip is not None:
            options["clip"] = dict(zip(("x", "y", "width", "height"), clip, strict=True), scale=1)
        found = self.driver.execute_cdp_cmd("Page.captureScreenshot", options)
        path.write_bytes(base64.b64decode(found["data"]))
        return path


@contextmanager
def opened(found: tuple[str, str], size: tuple[int, int] = SIZE) -> Iterator[Browser]:
    """A browser with an empty profile of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = found[0]
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(found[1]))
        try:
            driver.set_script_timeout(PATIENCE)
            browser = Browser(driver)
            browser.theme("light")
            yield browser
        finally:
            driver.quit()


__all__ = ["Browser", "Keys", "installed", "opened"]
