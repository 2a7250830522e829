"""What a form did not ask and its applicant wanted to say: it reaches the officer, and counts as a gap of the form."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, delete, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.core.db import Base, words
from app.core.errors import Conflict, NotFound

LONGEST = 4000
"""Characters a person may write here."""


class Outcome(StrEnum):
    """What the owner of the service makes of it."""

    OPEN = "open"
    ASK = "ask"
    """The form will ask it from its next version on."""
    EXPLAIN = "explain"
    """The form asks it already, or need not: its words are to say so better."""
    NOTHING = "nothing"
    """It concerns this one case only."""


class FormGap(Base):
    """One application whose form left something unasked, as a task for whoever answers for the service."""

    __tablename__ = "form_gaps"
    __table_args__ = (Index("ix_form_gaps_open", "agency_code", postgresql_where=text("outcome = 'open'")),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    service_slug: Mapped[str] = mapped_column(String(80))
    service_version: Mapped[int]
    agency_code: Mapped[str] = mapped_column(String(40))
    noted_at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(words(Outcome), default=Outcome.OPEN)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    settled_at: Mapped[datetime | None]


def frozen(form: SingleForm, document: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a snapshot and each agency keep of it; None when nothing was said."""
    return {"text": form.unasked, "document": document} if form.unasked or document else None


def note(db: Session, application: Application, now: datetime) -> None:
    """Open the task of an application that says something its form did not ask; none where it says nothing."""
    db.execute(delete(FormGap).where(FormGap.application_id == application.id, FormGap.outcome == Outcome.OPEN))
    if application.unasked is None or db.get(FormGap, application.id) is not None:
        return
    db.add(
        FormGap(
            application_id=application.id,
            service_slug=application.service_slug,
            service_version=application.service_version,
            agency_code=application.agency_code,
            noted_at=now,
        )
    )
    db.flush()


def open_of(db: Session, agency_code: str) -> list[tuple[FormGap, Application]]:
    """The open tasks of an agency with their applications, oldest first within a service."""
    query = (
        select(FormGap, Application)
        .join(Application, Application.id == FormGap.application_id)
        .where(FormGap.agency_code == agency_code, FormGap.outcome == Outcome.OPEN)
        .order_by(FormGap.service_slug, FormGap.noted_at)
        .limit(200)
    )
    return [(gap, application) for gap, application in db.execute(query)]


def counts(db: Session, agency_code: str) -> dict[str, dict[Outcome, int]]:
    """How many of each outcome, by service: how well the form asks what people need to say."""
    query = (
        select(FormGap.service_slug, FormGap.outcome, func.count())
        .where(FormGap.agency_code == agency_code)
        .group_by(FormGap.service_slug, FormGap.outcome)
    )
    found: dict[str, dict[Outcome, int]] = {}
    for slug, outcome, count in db.execute(query):
        found.setdefault(slug, {})[outcome] = count
    return found


def settle(
    db: Session, agency_code: str, application_id: UUID, outcome: Outcome, officer_id: UUID, now: datetime
) -> None:
    """Say what becomes of it. NotFound for another agency's, Conflict when a colleague was faster."""
    gap = db.get(FormGap, application_id, with_for_update=True, populate_existing=True)
    if gap is None or gap.agency_code != agency_code:
        raise NotFound
    if gap.outcome is not Outcome.OPEN:
        raise Conflict("เพื่อนร่วมงานจัดการข้อนี้แล้ว ดูรายการล่าสุดก่อน")
    gap.outcome, gap.officer_id, gap.settled_at = outcome, officer_id, now
