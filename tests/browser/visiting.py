"""People at a real Chromium: who they are, how wide their screen is, and everything their browser complains about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, Self
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Route

from app.core import i18n
from app.demo.browsing import fold
from app.demo.provider import agree

Language = Literal["th", "en"]
PHONE, DESKTOP, NARROWEST = 390, 1280, 320
"""Widths in CSS pixels."""
ANSWERED = "Failed to load resource: the server responded with a status of"
"""What Chromium writes when a page was refused: the refusal itself is looked at, this line says nothing more."""


@dataclass
class Visitor:
    """One person at one browser window. `complaints`: script errors, policy violations, requests to other hosts."""

    context: BrowserContext
    page: Page
    base: str
    language: Language
    width: int
    complaints: list[str] = field(default_factory=list)

    # — Moving ————————————————————————————————————————————————————————————————————————————————————————————————————

    def open(self, path: str) -> int:
        """Go to an address of the portal; the status of the answer."""
        response = self.page.goto(urljoin(self.base, path))
        return response.status if response else 0

    def sign_in(self, person: str, audience: str = "citizen", to: str = "") -> Self:
        """Sign in through the identity provider, by the address that its page leads to."""
        self.open(f"/sign-in/{audience}" + (f"?next={to}" if to else ""))
        self.page.goto(agree(self.page.url, person))
        return self

    def follow(self, message: str) -> None:
        """Press the link that says so, in the page's own part."""
        self.page.locator("main a", has_text=self.said(message)).first.click()
        self.page.wait_for_load_state()

    def press(self, message: str) -> None:
        """Press the button that says so, in the page's own part."""
        self.button(message).click()
        self.page.locator("main form[aria-busy=true]").wait_for(state="detached")
        self.page.wait_for_load_state()

    def button(self, message: str) -> Locator:
        """The button that says so."""
        return self.page.locator("main button:visible", has_text=self.said(message)).first

    def fill(self, answers: dict[str, str]) -> None:
        """Type, choose or tick what the page asks for; a name it does not ask for is left out."""
        for name, value in answers.items():
            control = self.page.locator(f'main [name="{name}"]')
            if not control.count():
                continue
            kind = control.first.get_attribute("type")
            if kind in {"radio", "checkbox"}:
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            elif control.first.evaluate("e => e.tagName") == "SELECT":
                control.first.select_option(value)
            else:
                control.first.fill(value)

    # — Seeing ————————————————————————————————————————————————————————————————————————————————————————————————————

    def said(self, message: str) -> str:
        """A message of the portal in this person's language, up to its first blank."""
        with i18n.speaking(self.language):
            return fold(i18n.gettext(message).replace("&nbsp;", " ").partition("%(")[0])

    def sees(self, message: str) -> bool:
        """Whether the page says so."""
        return self.said(message) in fold(self.page.locator("main").inner_text())

    @property
    def path(self) -> str:
        """Where this person is."""
        return urlsplit(self.page.url).path


def _listen(visitor: Visitor, outside: str) -> None:
    hosts = {urlsplit(visitor.base).netloc, urlsplit(outside).netloc}

    def console(message: ConsoleMessage) -> None:
        refused = message.text.startswith(ANSWERED) and message.location["url"] == visitor.page.url
        if message.type in {"error", "warning"} and not refused:
            visitor.complaints.append(f"{visitor.path}: {message.text}")

    def request(asked: Request) -> None:
        if urlsplit(asked.url).netloc not in hosts:
            visitor.complaints.append(f"{visitor.path}: asks {asked.url}")

    visitor.page.on("console", console)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"{visitor.path}: {error}"))
    visitor.page.on("request", request)


def _without_our_scripts(route: Route) -> None:
    route.fulfill(status=200, content_type="text/javascript", body="")


@contextmanager
def visitor(
    chromium: Browser,
    base: str,
    outside: str,
    *,
    language: Language = "th",
    width: int = PHONE,
    scripts: bool = True,
    javascript: bool = True,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Visitor]:
    """A window of its own, with nothing kept from others.

    `scripts=False` serves our scripts empty, so that a page can be examined as it is without them;
    `javascript=False` turns scripting off altogether, as a person would.
    """
    with chromium.new_context(
        viewport={"width": width, "height": 844 if width < 700 else 900},
        java_script_enabled=javascript,
        color_scheme=scheme,
        locale="th-TH" if language == "th" else "en-GB",
        timezone_id="Asia/Bangkok",
        reduced_motion="reduce",
    ) as context:
        context.set_default_timeout(60_000)
        if not scripts:
            context.route("**/*.js", _without_our_scripts)
        context.add_cookies([{"name": "prefs", "value": f"{language}...", "url": base, "httpOnly": True}])
        somebody = Visitor(context, context.new_page(), base, language, width)
        _listen(somebody, outside)
        yield somebody
