"""What every page of the officers shares: who may enter, the form token, the head of a case."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.applications import checking
from app.applications.checking import Item
from app.core.clock import bangkok_date
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, form_token, one, token_holds
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.officer import (
    CaseBar,
    CaseTab,
)
from app.pages.who import duty
from app.stories import desk
from app.stories.desk import Case
from app.stories.house import House

Worker = Annotated[OfficerSession, Depends(duty(Duty.RECEIVE, Duty.CHECK, Duty.APPROVE))]
"""An officer who works on cases (not only at the cash desk or in administration)."""
Checker = Annotated[OfficerSession, Depends(duty(Duty.CHECK))]
"""An officer who checks whether a case is complete."""
Decider = Annotated[OfficerSession, Depends(duty(Duty.CHECK, Duty.APPROVE))]
"""An officer who signs acts: of completeness or of the decision, which the workflow's table tells apart."""


def from_our_page(request: Request, officer: OfficerSession, fields: Fields) -> bool:
    """Whether the form was drawn for this session. Pages with typed words are drawn again when it was not."""
    secret = house_of(request).settings.cookie_secret
    return token_holds(secret, officer.session_id, "officer", one(fields, "token"))


def drawn_again() -> Problem:
    """What a page says that was sent from before this session and is shown again with everything typed."""
    return Problem("main", _("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ ตรวจอีกครั้งแล้วกดปุ่มเดิม สิ่งที่พิมพ์ยังอยู่ครบ"))


def bound(request: Request, officer: OfficerSession, fields: Fields) -> None:
    """Conflict unless the form was drawn for this session; for forms in which nothing was typed."""
    if not from_our_page(request, officer, fields):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ เปิดหน้าอีกครั้งแล้วทำรายการใหม่")


def token(request: Request, officer: OfficerSession) -> str:
    """The form token of this session's officer pages."""
    return form_token(house_of(request).settings.cookie_secret, officer.session_id, "officer")


def revision_of(fields: Fields) -> int:
    """The revision of the case that the form was drawn from; -1 when it is no number."""
    text = one(fields, "revision")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def to_check(found: Case) -> set[Item]:
    """What an officer has to look at: everything that neither a registry nor the portal itself answered."""
    answers = found.application.answers
    said = [q.key for q in found.service.asked if q.key in answers]
    return {("document", document["key"]) for document in found.application.documents} | {
        ("answer", key) for key in said if not answers[key].get("source")
    }


def bar(db: Db, house: House, officer: OfficerSession, case: Case) -> CaseBar:
    """The head of every page of a case."""
    found = checking.marks(db, case.application.id)
    owner = desk.owner_name(db, case.application)
    items = to_check(case)
    return CaseBar(
        id=case.application.id,
        number=case.application.number,
        service=case.service.short_name,
        applicant=case.application.applicant_name,
        received_at=case.application.submitted_at,
        state=case.application.state,
        clock=case.clock if case.clock.running != "not_started" else None,
        check_by=case.application.check_by,
        today=bangkok_date(house.clock.now()),
        owner=owner,
        mine=case.application.taken_by == officer.officer_id,
        documents=len(case.application.documents),
        checked=len(items & found.keys()),
        to_check=len(items),
        may=frozenset(case.actions),
        tabs=_tabs(officer),
        revision=case.application.revision,
    )


def _tabs(officer: OfficerSession) -> frozenset[CaseTab]:
    """The pages of a case that lie within this officer's duties."""
    tabs: dict[CaseTab, frozenset[Duty]] = {
        "case": officer.duties,
        "documents": officer.duties,
        "check": frozenset({Duty.CHECK}),
        "decide": frozenset({Duty.CHECK, Duty.APPROVE}),
    }
    return frozenset(tab for tab, duties in tabs.items() if officer.duties & duties)


def moment_of(text: str | None) -> datetime | None:
    """A moment as a frozen application keeps it."""
    return datetime.fromisoformat(text) if text else None
