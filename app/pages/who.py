"""Who is asking: the dependencies that stand before every page that is not for everybody.

`Citizen`, `Officer` and `duty(...)` refuse strangers; `MaybeCitizen` and `MaybeOfficer` let them in unnamed. All of
them tell the layout whom to greet and until when. They are plain functions and run in the thread of the page.
"""

import re
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from app.core import i18n
from app.core.errors import Forbidden, SignInNeeded
from app.core.web import Db, Visitor, moment
from app.identity import sessions
from app.identity.models import Duty
from app.identity.sessions import CitizenSession, OfficerSession, SignedIn
from app.stories import limits

COOKIE = "__Host-sid"
UUID_FORM = re.compile("[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")


def address(request: Request) -> str:
    """Where the request comes from, for counting how often."""
    return request.client.host if request.client else ""


def wants_json(request: Request) -> bool:
    """Whether a machine asks."""
    return "application/json" in request.headers.get("accept", "")


def _signed_in(request: Request, db: Db) -> SignedIn | None:
    token, now = request.cookies.get(COOKIE), moment(request)
    session = sessions.find(db, token, now) if token else None
    if session is None:
        return None
    session = sessions.touch(db, session, now)
    greet(request, session)
    return session


def greet(request: Request, session: SignedIn) -> None:
    """Tell the layout who is here."""
    request.state.visitor = _visitor(session)


def _visitor(session: SignedIn) -> Visitor:
    english = i18n.lang() == "en"
    if isinstance(session, CitizenSession):
        name = session.display_name_en if english else session.display_name
        party = session.party_name_en if english else session.party_name
        return Visitor(
            name,
            "citizen",
            session.ends_at,
            session.warns_at,
            party="" if session.for_self else party,
            party_over=session.mandate_over,
        )
    duties = frozenset(duty.value for duty in session.duties)
    return Visitor(session.name_en if english else session.name, "officer", session.ends_at, session.warns_at, duties)


CASEWORK = frozenset({Duty.RECEIVE, Duty.CHECK, Duty.APPROVE})
"""Duties with cases to work on, and so with a queue."""
REPORTING = frozenset({Duty.REPORT, Duty.MANAGE})
"""Duties with services to report on: every agency's, or those of one's own."""


MaybeSignedIn = Annotated[SignedIn | None, Depends(_signed_in)]
"""Whoever is signed in, of either kind, or None."""


def _maybe_citizen(session: MaybeSignedIn) -> CitizenSession | None:
    return session if isinstance(session, CitizenSession) else None


def _maybe_officer(session: MaybeSignedIn) -> OfficerSession | None:
    return session if isinstance(session, OfficerSession) else None


def _person(session: MaybeSignedIn) -> CitizenSession:
    return _human(session)


def _human(session: SignedIn | None) -> CitizenSession:
    if session is None:
        raise SignInNeeded("เข้าสู่ระบบเพื่อดูหน้านี้", audience="citizen")
    if not isinstance(session, CitizenSession):
        raise Forbidden("หน้านี้เป็นของประชาชน คุณเข้าสู่ระบบเป็นเจ้าหน้าที่อยู่ ออกจากระบบแล้วเข้าใหม่ด้วยบัญชีประชาชน")
    return session


Person = Annotated[CitizenSession, Depends(_person)]
"""The human being signed in, whoever they act for and even when that right has just ended."""


def _citizen(request: Request, session: MaybeSignedIn, db: Db) -> CitizenSession:
    person = _human(session)
    if person.mandate_over:
        raise Forbidden(
            "การมอบอำนาจของ %(party)s สิ้นสุดแล้ว คุณจึงทำหรือดูเรื่องนี้แทนไม่ได้อีก เลือกใหม่ว่าจะทำเรื่องของใคร", party=person.party_name
        )
    if person.services is not None:
        limits.must_reach(db, person, _named(request))
    return person


def _named(request: Request) -> dict[str, UUID]:
    """What the address names by an id; one that is none is refused by the page itself."""
    ids = {name: str(value) for name, value in request.path_params.items() if name.endswith("_id")}
    return {name: UUID(value) for name, value in ids.items() if UUID_FORM.fullmatch(value)}


def _officer(session: MaybeSignedIn) -> OfficerSession:
    if session is None:
        raise SignInNeeded("เข้าสู่ระบบเจ้าหน้าที่เพื่อดูหน้านี้", audience="officer")
    if not isinstance(session, OfficerSession):
        raise Forbidden("หน้านี้เป็นของเจ้าหน้าที่ คุณเข้าสู่ระบบเป็นประชาชนอยู่ ออกจากระบบแล้วเข้าใหม่ด้วยบัญชีเจ้าหน้าที่")
    return session


MaybeCitizen = Annotated[CitizenSession | None, Depends(_maybe_citizen)]
MaybeOfficer = Annotated[OfficerSession | None, Depends(_maybe_officer)]
Citizen = Annotated[CitizenSession, Depends(_citizen)]
"""The citizen signed in; SignInNeeded for a stranger, Forbidden for an officer."""
Officer = Annotated[OfficerSession, Depends(_officer)]
"""The officer signed in, whatever their duties; SignInNeeded for a stranger, Forbidden for a citizen."""


def duty(*any_of: Duty) -> Callable[[OfficerSession], OfficerSession]:
    """A dependency that lets in officers with at least one of these duties; Forbidden for the others."""

    def needed(officer: Officer) -> OfficerSession:
        if officer.duties.isdisjoint(any_of):
            raise Forbidden("หน้าที่ของคุณยังไม่รวมงานนี้ ขอสิทธิ์จากผู้ดูแลระบบของหน่วยงานคุณ")
        return officer

    return needed
