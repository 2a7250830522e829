"""Everybody who may knock: strangers, citizens, officers with every mix of duties, each from their own address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
from sqlalchemy import select

from app.core.clock import bangkok_date
from app.core.db import Database
from app.core.events import SYSTEM, Actor
from app.core.web import form_token
from app.demo.browsing import Browser
from app.demo.officials import MUANG, NAKHON, REFORM
from app.demo.people import CITIZENS as CITIZENS_KNOWN
from app.demo.running import Running
from app.identity import mandates, officers, organisations, people, sessions
from app.identity.claims import Claims
from app.identity.company_claims import CompanyClaims
from app.identity.models import Duty
from app.identity.models import Session as SessionRow
from app.identity.officers import Post
from app.identity.people import SignedInPerson
from app.identity.sessions import CitizenSession
from app.pages.who import COOKIE
from tests.access.hostile import markup
from tests.world import citizen_id

HIGH = Decimal("2.3")


class Who(StrEnum):
    """One kind of visitor, in the order in which each address is tried: who has no business there comes first."""

    STRANGER = "nobody signed in"
    SUSPENDED = "an officer suspended after signing in"
    OTHER = "another citizen"
    COMPANY = "somebody acting for a company"
    EXPIRED_AGENT = "an agent of the owner whose mandate was taken back after signing in"
    CASHIER = "the agency's cashier"
    MANAGER = "the agency's manager"
    REPORTER = "an officer who reports on every agency"
    ELSEWHERE = "an officer of another agency, with every duty"
    NEXT_DOOR = "an officer of another office of the agency, with every duty"
    OWNER = "the citizen whose case it is"
    AGENT = "an agent of the owner, for every service"
    RECEIVER = "an officer who only receives"
    CHECKER = "an officer who receives and checks"
    APPROVER = "an officer who only approves"
    OFFICER = "an officer who receives, checks and approves"


DUTIES: Mapping[Who, tuple[str, str | None, frozenset[Duty]]] = {
    Who.SUSPENDED: (MUANG, "health", frozenset({Duty.RECEIVE, Duty.CHECK, Duty.APPROVE})),
    Who.CASHIER: (MUANG, None, frozenset({Duty.CASHIER})),
    Who.MANAGER: (MUANG, None, frozenset({Duty.MANAGE})),
    Who.REPORTER: (REFORM, None, frozenset({Duty.REPORT})),
    Who.ELSEWHERE: (NAKHON, None, frozenset(Duty)),
    Who.NEXT_DOOR: (MUANG, "revenue", frozenset(Duty)),
    Who.RECEIVER: (MUANG, "health", frozenset({Duty.RECEIVE})),
    Who.CHECKER: (MUANG, "health", frozenset({Duty.RECEIVE, Duty.CHECK})),
    Who.APPROVER: (MUANG, "health", frozenset({Duty.APPROVE})),
    Who.OFFICER: (MUANG, "health", frozenset({Duty.RECEIVE, Duty.CHECK, Duty.APPROVE})),
}
CITIZENS = (Who.OWNER, Who.OTHER, Who.COMPANY, Who.AGENT, Who.EXPIRED_AGENT)
NAMES: Mapping[Who, str] = {
    Who.OWNER: markup("given", 60),
    Who.OTHER: markup("landlord", 60),
    Who.COMPANY: "พนักงาน",
    Who.AGENT: markup("agent", 60),
    Who.EXPIRED_AGENT: "เคยแทน",
}
NUMBERS: Mapping[Who, str] = {
    Who.OWNER: CITIZENS_KNOWN[1].citizen_id,
    **{who: citizen_id(90_000_000 + n) for n, who in enumerate(CITIZENS[1:], 2)},
}
"""The owner is in the registry of the demonstration: what it knows needs no papers."""


@dataclass
class Visitor:
    """One of them at a browser: a session (or none) and connections from one loopback address."""

    who: Who
    base: str
    address: str
    token: str = ""
    session_id: UUID | None = None
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        transport = httpx2.HTTPTransport(local_address=self.address)
        self.client = httpx2.Client(base_url=self.base, transport=transport, trust_env=False, timeout=120)

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any) -> httpx2.Response:
        """One request as this visitor's browser would send it; redirects are not followed."""
        sent = {"Sec-Fetch-Site": "same-origin", "Origin": self.base, "Accept": "text/html"} | dict(headers or {})
        if self.token:
            sent.setdefault("Cookie", f"{COOKIE}={self.token}")
        return self.client.request(method, path, headers=sent, **body)


class Cast:
    """All of them, signed in at one portal. A session is opened past the provider: signing in has tests of its own."""

    def __init__(self, here: Running) -> None:
        self.here = here
        self.house = here.portal.house
        self.known: dict[Who, UUID] = {}
        self.people: dict[Who, SignedInPerson] = {}
        self.mandates: dict[Who, UUID] = {}
        self._register()
        self._give_mandates()
        self.visitors = {who: self.visitor(who) for who in Who}
        self._suspend()

    def close(self) -> None:
        """Everybody goes home."""
        for visitor in self.visitors.values():
            visitor.client.close()

    @property
    def database(self) -> Database:
        """The portal's own door to its database."""
        return self.house.database

    def __getitem__(self, who: Who) -> Visitor:
        """The visitor of this kind."""
        return self.visitors[who]

    def _register(self) -> None:
        now = self.house.clock.now()
        with self.database.transaction() as db:
            for n, (who, (agency, office, duties)) in enumerate(DUTIES.items()):
                post = Post(agency, office, duties, f"=ตำแหน่ง{n}+1", f'=HYPERLINK("http://x";{n})')
                name = markup(f"officer{n}", 60)
                subject = f"access-{n}"
                self.known[who] = officers.register(
                    db, self.house.settings.officers.issuer, subject, name, "Sathit Tuayang", post, SYSTEM, now
                )
            for who in CITIZENS:
                claims = Claims(
                    issuer=self.house.settings.citizens.issuer,
                    subject=f"access-{who.name}",
                    citizen_id=NUMBERS[who],
                    title="นาง",
                    given_name=NAMES[who],
                    family_name="ตัวอย่าง",
                    name_en="",
                    birth_date=None,
                    ial=HIGH,
                )
                self.people[who] = people.recognise(db, self.house.keyring, claims, now)

    def _give_mandates(self) -> None:
        """The owner lets two people act for them; and a company is known."""
        now, keyring = self.house.clock.now(), self.house.keyring
        owner = self.people[Who.OWNER]
        by = Actor("citizen", owner.person_id, NAMES[Who.OWNER])
        with self.database.transaction() as db:
            known = CompanyClaims(
                self.house.settings.citizens.issuer, "access-co", "0995569000064", markup("co", 60), ""
            )
            self.company, _ = organisations.recognise(db, known, now)
            for who in (Who.AGENT, Who.EXPIRED_AGENT, Who.AGENT):
                until = bangkok_date(now) + timedelta(days=30)
                mandate = mandates.give(db, keyring, owner.applicant_id, by, NAMES[who], NUMBERS[who], None, until, now)
                self.offered = mandate
                if who not in self.mandates:
                    agent = Actor("citizen", self.people[who].person_id, NAMES[who])
                    mandates.accept(db, mandate, agent, now)
                    self.mandates[who] = mandate

    def _suspend(self) -> None:
        owner, now = self.people[Who.OWNER], self.house.clock.now()
        with self.database.transaction() as db:
            officers.suspend(db, self.known[Who.SUSPENDED], SYSTEM, now, reason="left")
            by = Actor("citizen", owner.person_id, NAMES[Who.OWNER])
            mandates.revoke(db, self.mandates[Who.EXPIRED_AGENT], by, now)

    def visitor(self, who: Who) -> Visitor:
        """A visitor of this kind at one more browser."""
        token, session_id = self._session(who)
        return Visitor(who, self.here.url, f"127.0.0.{10 + list(Who).index(who)}", token, session_id)

    def _session(self, who: Who) -> tuple[str, UUID | None]:
        if who is Who.STRANGER:
            return "", None
        now = self.house.clock.now()
        with self.database.transaction() as db:
            if who in CITIZENS:
                company = self.company if who is Who.COMPANY else None
                token = sessions.open_for_citizen(db, self.house.keyring, self.people[who], HIGH, now, company=company)
                if who in self.mandates:
                    signed_in = sessions.find(db, token, now)
                    assert isinstance(signed_in, CitizenSession)
                    party, mandate = self.people[Who.OWNER].applicant_id, self.mandates[who]
                    token = sessions.change_party(db, self.house.keyring, signed_in, party, now, mandate_id=mandate)
            else:
                token = sessions.open_for_officer(db, self.house.keyring, self.known[who], now)
            opened = db.scalars(select(SessionRow.id).order_by(SessionRow.id.desc())).first()
        return token, opened

    @contextmanager
    def browser(self, who: Who) -> Iterator[Browser]:
        """A visitor's browser without JavaScript, for walking through pages."""
        host = urlsplit(self.here.url).netloc
        with Browser(self.here.url, _cookies={(host, COOKIE): self.visitors[who].token}) as browser:
            yield browser

    def form_token(self, visitor: Visitor, purpose: str) -> str:
        """The form token that a page drawn for this visitor would carry: refusals must not be about the token."""
        return form_token(self.house.settings.cookie_secret, visitor.session_id, purpose)
