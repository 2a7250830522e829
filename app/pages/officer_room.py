"""What every page of the officers shares: who may enter, the form token, the head of a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, get_args
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request

from app.applications import checking
from app.applications.checking import Item
from app.applications.workflow import Action
from app.catalogue.schema import Text
from app.core.clock import bangkok_date
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, form_token, one, token_holds
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.officer import CaseBar, CaseTab, Proposal, QueueTab
from app.pages.who import duty
from app.stories import desk
from app.stories.desk import Case

TABS: tuple[QueueTab, ...] = get_args(QueueTab)
CASE = "/officer/applications/{application_id}"

Worker = Annotated[OfficerSession, Depends(duty(Duty.RECEIVE, Duty.CHECK, Duty.APPROVE))]
"""An officer who works on cases (not only at the cash desk or in administration)."""
Checker = Annotated[OfficerSession, Depends(duty(Duty.CHECK))]
"""An officer who checks whether a case is complete."""
Decider = Annotated[OfficerSession, Depends(duty(Duty.CHECK, Duty.APPROVE))]
"""An officer who signs acts: of completeness or of the decision, which the workflow's table tells apart."""

Signer = Annotated[OfficerSession, Depends(duty(Duty.APPROVE))]
"""An officer who signs decisions."""


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


def number_of(fields: Fields, name: str) -> int:
    """A count that the form was drawn with, such as the revision of the case; -1 when it is no number."""
    text = one(fields, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@dataclass(frozen=True)
class Trail:
    """Which tab of the queue an officer works through, and how it was narrowed: carried from page to page."""

    tab: QueueTab | None = None
    service: str = ""
    able: bool = False

    @property
    def query(self) -> dict[str, str]:
        """Its part of an address."""
        parts = {"tab": self.tab or "", "service": self.service, "able": "yes" if self.able else ""}
        return {name: value for name, value in parts.items() if value}

    @property
    def tail(self) -> str:
        """The same with its question mark; "" when there is none."""
        return f"?{urlencode(self.query)}" if self.query else ""


def trail_of(request: Request) -> Trail:
    """From the address of this page."""
    asked = request.query_params
    tab, service = asked.get("tab", ""), asked.get("service", "")
    known = house_of(request).catalogue.services
    return Trail(tab if tab in TABS else None, service if service in known else "", asked.get("able") == "yes")


def to_check(found: Case) -> set[Item]:
    """What an officer has to look at: everything that neither a registry nor the portal itself answered."""
    answers = found.application.answers
    said = [q.key for q in found.service.asked if q.key in answers]
    return {("document", document["key"]) for document in found.application.documents} | {
        ("answer", key) for key in said if not answers[key].get("source")
    }


def bar(request: Request, db: Db, officer: OfficerSession, case: Case) -> CaseBar:
    """The head of every page of a case."""
    found = checking.marks(db, case.application.id)
    items = to_check(case)
    return CaseBar(
        id=case.application.id,
        number=case.application.number,
        service=case.service.short_name,
        result=case.service.result_name,
        delivery=case.service.delivery,
        applicant=case.application.applicant_name,
        received_at=case.application.submitted_at,
        state=case.application.state,
        clock=case.clock if case.clock.running != "not_started" else None,
        check_by=case.application.check_by,
        today=bangkok_date(house_of(request).clock.now()),
        owner=desk.owner_name(db, case.application),
        mine=case.mine,
        documents=len(case.application.documents),
        checked=len(items & found.keys()),
        to_check=len(items),
        may=frozenset(case.actions),
        tabs=_tabs(officer),
        revision=case.application.revision,
        proposed=case.application.proposal is not None and case.application.decision is None,
        tail=trail_of(request).tail,
    )


def proposal_of(case: Case) -> Proposal | None:
    """What a colleague (or this officer) proposed and nobody has signed yet."""
    held, at = case.application.proposal, case.application.proposed_at
    if held is None or at is None or case.application.decision is not None:
        return None
    ground = Text.model_construct(**held["ground"]) if "ground" in held else None
    law = held.get("law", {})
    return Proposal(
        approves=held["action"] == Action.APPROVE,
        by=f"{held['officer']} {held['position']}",
        at=at,
        refused_for=Text.model_construct(th=f"{ground.th} ({law['th']})", en=f"{ground.en} ({law['en']})")
        if ground
        else "",
        message=held.get("note") or held.get("explanation") or "",
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


def case_path(request: Request, application_id: UUID, page: str = "") -> str:
    """The address of a page of a case, with the tab it was opened from."""
    return f"/officer/applications/{application_id}{page}{trail_of(request).tail}"


def moment_of(text: str | None) -> datetime | None:
    """A moment as a frozen application keeps it."""
    return datetime.fromisoformat(text) if text else None
