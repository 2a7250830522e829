"""The first page of the form on a phone with slow 3G: what comes over the air, by kind, and when one can type.

A real Chromium over loopback, nothing cached, with the network that Chrome itself calls slow 3G: 400 kbit/s and 400 ms
for every answer. Both are the browser's own accounts (`Network.loadingFinished`, `performance`), not ours.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.demo.provider import agree

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

KILOBITS, LATENCY_MS = 400, 400
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "fonts"}
BOX = "main form[data-keep] input[type=text]"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
TYPED = """addEventListener("input", () => { window.typedAt ??= performance.now(); }, true)"""


@dataclass
class Weighed:
    """What a page brought: bytes on the wire (headers too) by kind, and how many requests."""

    bytes_of: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    @property
    def kb(self) -> float:
        """All of it, in kB."""
        return self.bytes_of.total() / 1000


def weighing(cdp: "CDPSession") -> Weighed:
    """Begin to count what the page of this session loads."""
    weighed, kinds = Weighed(), dict[str, str]()

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = KINDS.get(event["type"], "rest")

    def finished(event: dict[str, Any]) -> None:
        weighed.requests += 1
        weighed.bytes_of[kinds.get(event["requestId"], "rest")] += int(event["encodedDataLength"])

    cdp.on("Network.responseReceived", answered)
    cdp.on("Network.loadingFinished", finished)
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return weighed


def slow(cdp: "CDPSession") -> None:
    """From here on the network of this page is slow 3G."""
    speed = KILOBITS * 1000 / 8
    throttle = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": speed, "uploadThroughput": speed}
    cdp.send("Network.emulateNetworkConditions", throttle)


@contextmanager
def chromium() -> Iterator["Browser | None"]:
    """The machine's Chromium, when there is one with Playwright to lead it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a portal in production has none
    except ImportError:
        program = None
    if program is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def figures(url: str, person: str, path: str) -> dict[str, float]:
    """The page at `path` of this person, signed in before; nothing where no browser is installed."""
    with chromium() as browser:
        if browser is None:
            return {}
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="th-TH", has_touch=True)
        before = context.new_page()
        before.goto(f"{url}/sign-in/citizen")
        before.goto(agree(before.url, person))
        before.close()
        page = context.new_page()
        page.add_init_script(TYPED)
        cdp = context.new_cdp_session(page)
        weighed = weighing(cdp)
        slow(cdp)
        page.goto(url + path, wait_until="commit")
        painted, typed, saved = _use(page)
        page.wait_for_load_state("networkidle")
    kinds = {f"phone_{kind}_kb": weighed.bytes_of[kind] / 1000 for kind in (*KINDS.values(), "rest")}
    return {
        "phone_page_kb": weighed.kb,
        **kinds,
        "phone_requests": float(weighed.requests),
        "phone_first_words_seconds": painted / 1000,
        "phone_typing_seconds": typed / 1000,
        "phone_saved_seconds": saved / 1000,
    }


def _use(page: "Page") -> tuple[float, float, float]:
    """Type into the first box as soon as it is there; when words were seen, a key arrived, and it was safe (ms)."""
    moment: Callable[[str], float] = page.evaluate
    page.locator(BOX).first.press_sequentially("ค")
    typed = moment("window.typedAt")
    page.locator("[data-kept] [data-when=kept]", has_text="บันทึกแล้ว").wait_for()
    return moment(PAINTED), typed, moment("performance.now()")
