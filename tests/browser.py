"""A headless Chromium without a network, for tests that look at pages as a reader would."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from tests.absent import absent

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def need_browser() -> tuple[str, str]:
    """Return the paths of Chromium and its driver; skip without them, but fail where CI is set."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if browser and driver:
        return browser, driver
    absent("chromium and chromedriver")


@contextmanager
def chromium(width: int = 1280, height: int = 800) -> Iterator[webdriver.Chrome]:
    """Open a fresh Chromium whose viewport has this size and whose network is off."""
    browser, driver = need_browser()
    with tempfile.TemporaryDirectory(prefix="siting-browser-") as profile:
        options = Options()
        options.binary_location = browser
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        window = webdriver.Chrome(options=options, service=Service(driver, port=port))
        try:
            resize(window, width, height)
            window.execute_cdp_cmd("Network.enable", {})
            yield window
        finally:
            window.quit()


def resize(window: webdriver.Chrome, width: int, height: int) -> None:
    """Give the viewport a size in CSS pixels."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def visit(window: webdriver.Chrome, path: Path) -> None:
    """Open a file, with the logs emptied before."""
    window.get_log("performance")
    window.get_log("browser")
    window.get(path.resolve().as_uri())


def requests(window: webdriver.Chrome) -> list[str]:
    """Return the addresses asked for since the last look, the page's own file and data inside it left out."""
    asked = []
    for entry in window.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"]["url"])
    return [url for url in asked if not url.startswith(("file:", "data:"))]


def complaints(window: webdriver.Chrome) -> list[str]:
    """Return what the console was told since the last look: errors, warnings, blocked content."""
    return [f"{e['level']}: {e['message']}" for e in window.get_log("browser")]
