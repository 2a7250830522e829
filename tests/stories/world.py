"""Where stories start: people at browsers, forms that were filled, cases that got somewhere. All made over HTTP."""

import io
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from threading import Barrier
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx2
from PIL import Image
from sqlalchemy import Row, Select

from app.billing import callbacks
from app.core import jobs, roots
from app.core.events import SYSTEM
from app.demo import walk
from app.demo.browsing import Browser, text_of
from app.demo.running import Running
from app.identity import officers, sessions
from app.identity.models import Duty
from app.identity.officers import Post
from app.pages.who import COOKIE
from app.stories.house import House

T = TypeVar("T")
PATIENCE_SECONDS = 120.0
MUANG = "muang-tuayang"


@dataclass
class Case:
    """One application on its way: who filed it, and where its pages are."""

    me: Browser
    form: str
    number: str
    desk: str
    """Its address at the officers' desk."""
    bill: str = ""
    licence: str = ""

    @property
    def id(self) -> UUID:
        """The application's own id."""
        return UUID(self.desk.rpartition("/")[2])

    @property
    def mine(self) -> str:
        """Its address for the person who filed it."""
        return f"/applications/{self.id}"

    def told(self) -> Browser:
        """The tracking page, opened anew."""
        return self.me.open(f"{self.form}/track")


class World:
    """One running portal and everybody who uses it in one story. `close` ends every browser."""

    def __init__(self, here: Running) -> None:
        self.here = here
        self.house: House = here.portal.house
        self._browsers: list[Browser] = []
        self._officers: dict[str, Browser] = {}
        self._bank = httpx2.Client(timeout=120, trust_env=False, verify=roots.trusted())

    def close(self) -> None:
        """Everybody goes home."""
        for browser in self._browsers:
            browser.close()
        self._bank.close()

    # — People ————————————————————————————————————————————————————————————————————————————————————————————————————

    def stranger(self, language: str = "th") -> Browser:
        """Somebody who is not signed in."""
        browser = Browser(self.here.url, language)
        self._browsers.append(browser)
        return browser

    def citizen(self, person: str = "mali", language: str = "th") -> Browser:
        """A citizen who just signed in."""
        return walk.sign_in(self.stranger(language), person)

    def officer(self, person: str) -> Browser:
        """An officer at their own desk, the same browser every time in one story."""
        if person not in self._officers:
            self._officers[person] = self.another_browser_of(person)
        return self._officers[person]

    def forget_officers(self) -> None:
        """Every officer has been away for long: next time they sign in anew."""
        self._officers.clear()

    def another_browser_of(self, person: str) -> Browser:
        """The same officer, signed in at one more browser."""
        return walk.sign_in(self.stranger(), person, "officer")

    def tab(self, browser: Browser) -> Browser:
        """One more tab of a browser."""
        tab = browser.tab()
        self._browsers.append(tab)
        return tab

    def hired(self, count: int, *duties: Duty) -> list[Browser]:
        """New officers of the environmental health office, each at a browser of their own."""
        now, host = self.house.clock.now(), urlsplit(self.here.url).netloc
        post = Post(MUANG, "health", frozenset(duties), "เจ้าพนักงานสาธารณสุข", "Public health officer")
        hired = []
        for n in range(1, count + 1):
            with self.house.database.transaction() as db:
                issuer, name = self.house.settings.officers.issuer, f"นายสาธิต คนที่{n}"
                officer = officers.register(db, issuer, str(uuid4()), name, f"Mr Sathit {n}", post, SYSTEM, now)
                token = sessions.open_for_officer(db, self.house.keyring, officer, now)
            hired.append(Browser(self.here.url, _cookies={(host, COOKIE): token}))
        self._browsers += hired
        return hired

    # — How far a case has come ———————————————————————————————————————————————————————————————————————————————————

    def filled(self, me: Browser, answers: dict[str, dict[str, str]] | None = None, *, fetch: bool = True) -> str:
        """The address of a form with everything in it, ready to be sent."""
        form = walk.start_form(me, fetch=fetch)
        walk.await_prefill(me, form)
        walk.answer(me, form, answers)
        walk.attach(me, form, picture)
        return form

    def submitted(self, person: str = "mali") -> Case:
        """A form that was sent; the desk has a new case."""
        me = self.citizen(person)
        form = self.filled(me)
        walk.submit(me, form)
        return self.sent(me, form)

    def sent(self, me: Browser, form: str) -> Case:
        """The case that a sent form became."""
        number = walk.application_number(me, form)
        return Case(me, form, number, walk.find_case(self.officer("nueng"), number))

    def returned(self, case: Case | None = None, missing: dict[str, str] | None = None) -> Case:
        """The officer has asked, once, for everything in `missing` (document key → what to do)."""
        case = case or self.submitted()
        checker = self.officer("nueng")
        walk.take(checker, case.desk)
        walk.check(checker, case.desk, missing or {"premises_photos": "ถ่ายใหม่ให้เห็นหน้าร้าน ครัว และที่นั่ง"})
        walk.decide(checker, case.desk, "return", "ลงชื่อและส่งถึงผู้ยื่น")
        return case

    def accepted(self, case: Case | None = None) -> Case:
        """Complete; the director has taken it to decide."""
        case = case or self.submitted()
        checker, approver = self.officer("nueng"), self.officer("song")
        walk.take(checker, case.desk)
        walk.check(checker, case.desk)
        walk.decide(checker, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")
        walk.take(approver, case.desk)
        return case

    def awaiting_payment(self, case: Case | None = None) -> Case:
        """Approved; the bill is there."""
        case = self.accepted(case)
        walk.decide(self.officer("song"), case.desk, "approve", "ลงชื่ออนุญาต")
        case.bill = walk.bill_path(case.me, case.form)
        return case

    def licensed(self, case: Case | None = None) -> Case:
        """Paid; the licence is there."""
        case = self.awaiting_payment(case)
        walk.pay(case.me, case.bill)
        case.licence = walk.await_licence(case.me, case.form)
        return case

    # — The bank ——————————————————————————————————————————————————————————————————————————————————————————————————

    def slip(self, case: Case) -> str:
        """What the QR code on the bill says."""
        link = case.me.open(case.bill).links(r"/bank/pay\?qr=")[0]
        return parse_qs(urlsplit(link).query)["qr"][0]

    def paid(self, **order: Any) -> dict[str, Any]:
        """Money at the bank, told to the portal as `order` says (`app.demo.bank.Order`); what the bank wrote down."""
        answer = self._bank.post(f"{self.here.outside}/bank/v1/payments", json={"callback": "withhold", **order})
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        said.pop("deliveries")
        return said

    def told_again(self, transaction_id: str) -> None:
        """The bank tells of a payment (once more), and waits until the portal has heard it."""
        address = f"{self.here.outside}/bank/v1/payments/{transaction_id}/confirmations"
        self._bank.post(address).raise_for_status()

    def knock(self, body: bytes, headers: dict[str, str] | None = None) -> httpx2.Response:
        """Somebody knocks at the bank's door of the portal; signed by the bank unless `headers` say otherwise."""
        if headers is None:
            headers = callbacks.sign(body, self.house.settings.bank.callback_secret, self.house.clock.now())
        return self._bank.post(f"{self.here.url}/callbacks/bank", content=body, headers=headers)

    def announce(self, said: dict[str, Any]) -> None:
        """The bank tells, under its signature, what `said` says; the portal hears it."""
        assert self.knock(json.dumps(said, ensure_ascii=False).encode()).status_code == 200

    # — What is so —————————————————————————————————————————————————————————————————————————————————————————————————

    def rows(self, query: Select[*tuple[Any, ...]]) -> list[Row[Any]]:
        """What the database says."""
        with self.house.database.transaction() as db:
            return list(db.execute(query))

    def when_idle(self) -> None:
        """Every job that is in line has been done."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with self.house.database.transaction() as db:
                left = jobs.waiting(db)
            if not left:
                return
            assert time.monotonic() < until, f"{left} jobs are still in line"
            time.sleep(0.05)


@cache
def picture(words: str = "") -> tuple[str, bytes]:
    """The smallest photo that is taken for a document: what is in it does not matter to these stories."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (240, 236, 224)).save(out, "JPEG", comment=words.encode())
    return "IMG_0412.jpg", out.getvalue()


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of them at the same moment, each in a thread of its own; what came of each."""
    gate = Barrier(len(acts), timeout=PATIENCE_SECONDS)

    def do(act: Callable[[], T]) -> T:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def summary(browser: Browser) -> dict[str, str]:
    """The error summary at the top of a page: the field each line leads to, and its words."""
    links = browser.page.xpath("//*[contains(@class,'errors')]//a[starts-with(@href,'#')]")
    return {str(link.get("href"))[1:]: text_of(link) for link in links}


def token_of(browser: Browser) -> str:
    """The token that the forms of a page carry, to forge a form with."""
    return str(browser.page.xpath("//input[@name='token']/@value")[0])
