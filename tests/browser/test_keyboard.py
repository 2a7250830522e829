"""Eighty files a morning: officers work from the queue to the decision and on to the next file without a mouse.

With shortcuts a file takes a key per document and five more; without JavaScript the same pages need only Tab, Space and
Enter. The counts are part of the tests: whoever makes the way longer sees it here.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request

from app.demo import walk
from app.demo.browsing import Browser as Player
from app.demo.running import Running
from tests.browser.visiting import DESKTOP, Visitor, visitor

pytestmark = pytest.mark.browser
FILES = 3
QUEUE = f"/officer?tab=new&service={walk.SERVICE}"
SHOP = {**walk.SHOP, "location": walk.SHOP["location"] | {"premises_address.house": "12/7"}}
"""In a house that no register knows: an officer looks at everything."""


@dataclass
class Hands:
    """Two hands on a keyboard: every key is counted, and every page and every other answer that a key made come."""

    at: Visitor
    keys: int = 0
    pages: int = 0
    others: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at.page.on("request", self._count)

    def _count(self, request: Request) -> None:
        if request.resource_type == "document":
            self.pages += 1
        elif "/static/" not in request.url:
            self.others.append(request.url)

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.at.page.keyboard.press(key)
            self.keys += 1

    def go(self, *keys: str) -> str:
        """Keys of which the last leads to another page; the end of its address."""
        self.press(*keys[:-1])
        with self.at.page.expect_navigation():
            self.press(keys[-1])
        return urlsplit(self.at.page.url).path

    @property
    def focus(self) -> str:
        """The id or name of what the next key goes to; "" when it goes nowhere."""
        found = self.at.page.locator(":focus")
        return (found.get_attribute("id") or found.get_attribute("name") or found.inner_text()) if found.count() else ""

    def reset(self) -> None:
        """Count from here."""
        self.keys = self.pages = 0
        self.others.clear()


@contextmanager
def at_work(chromium: Browser, portal: Running, person: str = "nueng", *, javascript: bool = True) -> Iterator[Hands]:
    """An officer at a desk, with `FILES` files waiting."""
    for citizen in ("mali", "tasi", "bunma")[:FILES]:
        with Player(portal.url) as me:
            walk.sign_in(me, citizen)
            form = walk.start_form(me)
            walk.await_prefill(me, form)
            walk.answer(me, form, SHOP)
            walk.attach(me, form)
            walk.submit(me, form)
    with visitor(chromium, portal.url, portal.outside, width=DESKTOP, javascript=javascript) as officer:
        officer.sign_in(person, "officer")
        officer.open(QUEUE)
        yield Hands(officer)
        assert officer.complaints == []


def documents(hands: Hands) -> int:
    """How many things wait for a finding."""
    page = hands.at.page
    return page.locator(".checks fieldset").count() - page.locator(".checks fieldset :checked").count()


def test_with_shortcuts_a_file_takes_a_key_per_document_and_five_more(chromium: Browser, portal: Running) -> None:
    with at_work(chromium, portal) as hands:
        place = hands.go("n")
        for _ in range(FILES):
            hands.reset()
            assert place.endswith("/check")
            wanted = documents(hands)
            assert wanted >= 5
            hands.press(*["1"] * wanted)
            assert documents(hands) == 0
            hands.press("s")
            assert hands.focus == "act"
            assert hands.go("Enter").endswith("/decide/accept"), "one act is left: straight to its page"
            assert hands.go("s", "Enter").endswith("/decided/accept")
            place = hands.go("n")
            assert hands.keys == wanted + 5
            assert hands.pages <= 8, "four pages, three of them behind a redirect"
            assert hands.others == []


def test_without_javascript_tab_space_and_enter_are_enough(chromium: Browser, portal: Running) -> None:
    with at_work(chromium, portal, javascript=False) as hands:
        to_the_button = ("Tab", "Tab", "Enter")
        place = hands.go(*to_the_button, "Enter")
        for _ in range(FILES):
            hands.reset()
            assert place.endswith("/check")
            wanted = documents(hands)
            hands.press(*to_the_button)
            assert hands.focus.endswith(".verdict")
            hands.press("Space")
            for _ in range(wanted - 1):
                hands.press("Tab", "Tab", "Space")
            assert documents(hands) == 0
            assert hands.go("Enter").endswith("/decide/accept")
            assert hands.go(*to_the_button, "Enter").endswith("/decided/accept")
            place = hands.go(*to_the_button, "Enter")
            assert hands.keys <= 3 * wanted + 12


def test_a_signer_reads_and_signs_file_after_file(chromium: Browser, portal: Running) -> None:
    with at_work(chromium, portal) as hands:
        hands.go("n")
        for _ in range(FILES):
            hands.press(*["1"] * documents(hands))
            hands.go("s", "Enter")
            hands.go("s", "Enter")
            hands.go("n")
    with visitor(chromium, portal.url, portal.outside, width=DESKTOP) as signer:
        signer.sign_in("song", "officer")
        signer.open(QUEUE)
        hands = Hands(signer)
        place = hands.go("n")
        for _ in range(FILES - 1):
            hands.reset()
            assert re.search(r"/officer/applications/[0-9a-f-]{36}$", place)
            assert hands.go("a").endswith("/decide/approve")
            hands.press("s")
            assert hands.focus == "act", "a key never signs, it leads to the button"
            assert hands.go("Enter").endswith("/decided/approve")
            place = hands.go("n")
            assert (hands.keys, hands.pages) == (4, 5)


def test_rows_help_and_search_by_key_and_what_is_missing_is_said_next(chromium: Browser, portal: Running) -> None:
    with at_work(chromium, portal) as hands:
        page = hands.at.page
        hands.press("j")
        first = hands.focus
        hands.press("j")
        assert hands.focus != first
        hands.press("k")
        assert hands.focus == first
        hands.press("/")
        assert hands.focus == "q"
        page.keyboard.type("jn?")
        assert page.locator("#q").input_value() == "jn?", "keys are letters while one types"
        hands.press("Tab")
        page.locator("#tab-new").focus()
        hands.press("Shift+?")
        assert page.locator("dialog#keys").is_visible()
        hands.press("Escape")
        assert not page.locator("dialog#keys").is_visible()
        assert hands.focus == "tab-new", "the focus comes back"
        hands.go("n")
        hands.press("1", "2")
        assert hands.focus.endswith(".reason")
        hands.press("ArrowDown", "Tab")
        assert hands.focus.endswith(".instruction")
        assert hands.go("Tab", "g").endswith("/officer")


def test_the_keys_are_in_the_same_places_on_a_thai_layout(chromium: Browser, portal: Running) -> None:
    with at_work(chromium, portal) as hands:
        hands.at.page.evaluate(
            "document.activeElement.dispatchEvent("
            "new KeyboardEvent('keydown', {key: '่', code: 'KeyJ', bubbles: true, cancelable: true}))"
        )
        assert hands.focus


def test_whoever_wants_no_shortcuts_turns_them_off_and_on(chromium: Browser, portal: Running) -> None:
    with at_work(chromium, portal) as hands:
        page = hands.at.page
        hands.press("Shift+?")
        with page.expect_navigation():
            page.get_by_role("link", name="ไม่ใช้แป้นลัด").press("Enter")
        assert urlsplit(page.url).path == "/officer"
        hands.press("j", "Shift+?")
        assert hands.focus == ""
        assert page.locator("dialog#keys").count() == 0
        page.get_by_role("link", name="เปิดใช้แป้นลัด").press("Enter")
        page.locator("[data-keys]").wait_for()


def test_the_focus_is_never_lost_when_a_list_or_a_document_changes_by_itself(
    chromium: Browser, portal: Running
) -> None:
    with at_work(chromium, portal) as hands:
        page = hands.at.page
        with page.expect_response(lambda answer: "q=" in answer.url):
            page.locator("#able").press("Space")
        page.wait_for_function("document.querySelector('#results') && !document.querySelector('.htmx-request')")
        assert hands.focus == "able"
        hands.go("n")
        hands.press("j", "v")
        page.locator("#viewer img").wait_for()
        assert hands.focus.endswith(".verdict"), "the document opens beside the work, which goes on where it was"
