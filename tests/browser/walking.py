"""Cases brought from state to state over HTTP, while others look at the pages in a browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import Browser as Chromium

from app.core.clock import MovedClock
from app.demo import walk
from app.demo.browsing import Browser
from app.demo.running import Running
from tests.browser.examining import Examiner
from tests.browser.visiting import DESKTOP, PHONE, Language, Visitor, visitor

SERVICE = walk.SERVICE


@dataclass
class Round:
    """Two people who look at every page, and three who play: a citizen, an officer who checks, one who decides."""

    phone: Visitor
    desk: Visitor
    me: Browser
    checker: Browser
    approver: Browser
    examiner: Examiner = field(default_factory=Examiner)

    def look(self, path: str, name: str, status: int = 200) -> None:
        """Both open the page and examine it."""
        for somebody in (self.phone, self.desk):
            self.examiner.visit(somebody, path, name, status)

    def press(self, path: str, button: str, name: str) -> None:
        """Both open the page, press the button without filling anything in, and examine what they get."""

        def act(somebody: Visitor) -> None:
            somebody.open(path)
            somebody.press(button)

        self.each(act, name)

    def each(self, act: Callable[[Visitor], object], name: str) -> None:
        """Both do something and examine the page they end up on."""
        for somebody in (self.phone, self.desk):
            act(somebody)
            self.examiner.look(somebody, name)

    def be(self, person: str, audience: str = "citizen") -> None:
        """Both sign in as this person."""
        for somebody in (self.phone, self.desk):
            somebody.sign_in(person, audience)

    # — Cases —————————————————————————————————————————————————————————————————————————————————————————————————————

    def sent(self) -> tuple[str, str]:
        """A form that is sent: its path and the number of its application."""
        form = walk.start_form(self.me)
        walk.await_prefill(self.me, form)
        walk.answer(self.me, form)
        walk.attach(self.me, form)
        walk.submit(self.me, form)
        return form, walk.application_number(self.me, form)

    def returned(self, number: str) -> str:
        """The case of this number, sent back for one document and one answer; its path."""
        case = walk.find_case(self.checker, number)
        walk.take(self.checker, case)
        lacking = {"premises_plan": "ถ่ายใหม่ให้เห็นครบทั้งหน้า", "answer-opening_hours": "ใส่เวลาของวันอาทิตย์ด้วย"}
        walk.check(self.checker, case, lacking)
        walk.decide(self.checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น")
        return case

    def accepted(self, number: str) -> str:
        """The case of this number, found complete and taken for a decision; its path."""
        case = walk.find_case(self.checker, number)
        walk.take(self.checker, case)
        self.accept(case)
        walk.take(self.approver, case)
        return case

    def accept(self, case: str) -> None:
        """Find a taken case complete."""
        walk.check(self.checker, case)
        walk.decide(self.checker, case, "accept", "ลงชื่อและรับไว้พิจารณา")

    def approve(self, case: str) -> None:
        """Grant a case that is taken for a decision."""
        walk.decide(self.approver, case, "approve", "ลงชื่ออนุญาต", {"message": "รับเอกสารได้จากหน้านี้หลังชำระเงิน"})

    def code(self, licence: str) -> str:
        """The code under the QR of a licence."""
        return self.me.open(f"{licence}/licence.json").content.decode().partition('"code":"')[2].partition('"')[0]


@contextmanager
def round_of(chromium: Chromium, portal: Running, *, phone_speaks: Language = "th") -> Iterator[Round]:
    """One looks on a phone by day with our scripts, one at a desk in the dark without them, each in one language."""
    other: Language = "en" if phone_speaks == "th" else "th"
    with ExitStack() as stack:
        phone = visitor(chromium, portal.url, portal.outside, language=phone_speaks, width=PHONE)
        desk = visitor(
            chromium, portal.url, portal.outside, language=other, width=DESKTOP, scripts=False, scheme="dark"
        )
        me, checker, approver = (stack.enter_context(Browser(portal.url)) for _ in range(3))
        walk.sign_in(me, "mali")
        walk.sign_in(checker, "nueng", "officer")
        walk.sign_in(approver, "song", "officer")
        yield Round(stack.enter_context(phone), stack.enter_context(desk), me, checker, approver)


@contextmanager
def later(portal: Running, days: float) -> Iterator[None]:
    """Some days later; afterwards it is now again. Whoever is signed in is signed out on the way."""
    clock = portal.portal.house.clock
    assert isinstance(clock, MovedClock)
    clock.move(timedelta(days=days))
    try:
        yield
    finally:
        clock.move(timedelta(days=-days))
