"""Coming in: whom a provider vouched for becomes a session. A company never comes in without a human being.

A company's token may name a verified person; then both are there. Else the person who is signed in on this browser
acts for it, or the verified company waits a few minutes in the browser's signed cookie until its person has signed in.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.core.events import Actor
from app.core.secrets import Keyring
from app.identity import claims, company_claims, officers, organisations, people, sessions
from app.identity.company_claims import CompanyClaims
from app.identity.models import Ending
from app.identity.organisations import SignedInCompany
from app.identity.people import SignedInPerson
from app.identity.sessions import CitizenSession
from app.stories import acting, companies

WAITING = timedelta(minutes=10)
"""How long a verified company waits for its person."""


@dataclass(frozen=True)
class Vouched:
    """What a provider proved, and at which browser: `before` is the token of the session it had."""

    issuer: str
    claims: Mapping[str, object]
    id_token: str
    device: str
    before: str
    now: datetime


def officer(db: Session, keyring: Keyring, said: Vouched) -> str:
    """A registered officer; the new session's token."""
    sessions.end(db, said.before, Ending.REPLACED, said.now)
    officer_id = officers.recognise(db, said.issuer, claims.subject(said.claims), said.now)
    return sessions.open_for_officer(db, keyring, officer_id, said.now, id_token=said.id_token, device=said.device)


def person(db: Session, keyring: Keyring, said: Vouched, waiting: CompanyClaims | None = None) -> str:
    """A citizen, and the company that waits for them; the new session's token."""
    sessions.end(db, said.before, Ending.REPLACED, said.now)
    who = claims.normalise(said.issuer, said.claims)
    me = people.recognise(db, keyring, who, said.now)
    company = organisations.recognise(db, waiting, said.now)[0] if waiting else None
    return _open(db, keyring, said, me, who, company, waiting.issuer if waiting else "")


def company(db: Session, keyring: Keyring, said: Vouched) -> str | CompanyClaims:
    """A company: the new session's token, or the company itself when its human being is still to come."""
    verified = company_claims.normalise(said.issuer, said.claims)
    who = company_claims.person(said.issuer, said.claims)
    here = sessions.find(db, said.before, said.now) if said.before else None
    if who is not None:
        mine, account_id = organisations.recognise(db, verified, said.now)
        sessions.end(db, said.before, Ending.REPLACED, said.now)
        me = people.recognise_by(db, keyring, who, said.now, account_id)
        return _open(db, keyring, said, me, who, mine, said.issuer)
    if not isinstance(here, CitizenSession):
        return verified
    mine, _ = organisations.recognise(db, verified, said.now)
    _came_in(db, mine, Actor("citizen", here.person_id, here.display_name, mine.applicant_id), said.issuer, said.now)
    return acting.bind(db, keyring, here, mine, said.now)


def _open(
    db: Session,
    keyring: Keyring,
    said: Vouched,
    me: SignedInPerson,
    who: claims.Claims,
    company: SignedInCompany | None,
    issuer: str,
) -> str:
    if company is not None:
        name = people.full_name(who.title, who.given_name, who.family_name)
        _came_in(db, company, Actor("citizen", me.person_id, name, company.applicant_id), issuer, said.now)
    return sessions.open_for_citizen(
        db, keyring, me, who.ial, said.now, id_token=said.id_token, device=said.device, company=company
    )


def _came_in(db: Session, company: SignedInCompany, who: Actor, issuer: str, now: datetime) -> None:
    organisations.signed_in(db, company, who, issuer, now)
    companies.ask_registry(db, company.organisation_id, now)


# — A company that waits for its person ————————————————————————————————————————————————————————————————————————————


def to_wait(verified: CompanyClaims, now: datetime) -> dict[str, str]:
    """What the browser's signed cookie keeps of a verified company."""
    return {**asdict(verified), "at": now.astimezone(UTC).isoformat()}


def that_waits(kept: object, now: datetime) -> CompanyClaims | None:
    """The company of such a cookie; None when it waited too long, or there is none."""
    if not isinstance(kept, dict) or now - datetime.fromisoformat(kept["at"]) > WAITING:
        return None
    return CompanyClaims(**{name: value for name, value in kept.items() if name != "at"})
