"""One Chromium per pytest worker; every person gets a window of their own in it."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium (`make system` installs it); gone after the package, whose event loop would stay with us."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is needed: make system"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
