"""Questions while filling: asked on a page of a form, answered by the agency; some answers serve everybody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base, new_id
from app.core.errors import Conflict, NotFound

LONGEST = 500
"""Characters of a question; an answer may have four times as many."""
LISTED = 200


class FormQuestion(Base):
    """One question of somebody who fills a form, with its answer once there is one."""

    __tablename__ = "form_questions"
    __table_args__ = (
        Index("ix_form_questions_open", "agency_code", "asked_at", postgresql_where=text("answered_at is null")),
        Index("ix_form_questions_applicant", "applicant_id", "asked_at"),
        Index("ix_form_questions_shared", "service_slug", postgresql_where=text("shared_as <> ''")),
        CheckConstraint("(answered_at is null) = (answer = '')", name="answered"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    single_form_id: Mapped[UUID | None] = mapped_column(ForeignKey("single_forms.id"))
    service_slug: Mapped[str] = mapped_column(String(80))
    service_version: Mapped[int]
    agency_code: Mapped[str] = mapped_column(String(40))
    page: Mapped[str] = mapped_column(String(60))
    """The page of the form on which it was asked."""
    about: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """The question of the form it is about; "" for the whole page."""
    text: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime | None]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    shared_as: Mapped[str] = mapped_column(default="", server_default="")
    """The question as everybody reads it in the manual, without what is personal; "" while it is not shared."""


def put(db: Session, asked: FormQuestion) -> FormQuestion:
    """Keep a question."""
    db.add(asked)
    db.flush()
    return asked


def of_applicant(db: Session, applicant_id: UUID) -> Sequence[FormQuestion]:
    """What a party has asked, latest first."""
    query = select(FormQuestion).where(FormQuestion.applicant_id == applicant_id)
    return list(db.scalars(query.order_by(FormQuestion.asked_at.desc(), FormQuestion.id).limit(LISTED)))


def waiting(db: Session, agency_code: str) -> Sequence[FormQuestion]:
    """What waits for an agency's answer, oldest first."""
    query = select(FormQuestion).where(FormQuestion.agency_code == agency_code, FormQuestion.answered_at.is_(None))
    return list(db.scalars(query.order_by(FormQuestion.asked_at, FormQuestion.id).limit(LISTED)))


def counts(db: Session, agency_code: str) -> dict[tuple[str, str], tuple[int, int]]:
    """How many were asked and how many wait, by service and page: where a form is not clear."""
    query = (
        select(FormQuestion.service_slug, FormQuestion.page, func.count(), func.count(FormQuestion.answered_at))
        .where(FormQuestion.agency_code == agency_code)
        .group_by(FormQuestion.service_slug, FormQuestion.page)
    )
    return {(slug, page): (asked, asked - answered) for slug, page, asked, answered in db.execute(query)}


def shared(db: Session, service_slug: str) -> Sequence[FormQuestion]:
    """The answers of a service that everybody may read, latest first."""
    query = select(FormQuestion).where(FormQuestion.service_slug == service_slug, FormQuestion.shared_as != "")
    return list(db.scalars(query.order_by(FormQuestion.answered_at.desc()).limit(20)))


def answer(
    db: Session, agency_code: str, question_id: UUID, said: str, shared_as: str, officer_id: UUID, now: datetime
) -> FormQuestion:
    """Answer one. NotFound for another agency's, Conflict when a colleague was faster."""
    found = db.get(FormQuestion, question_id, with_for_update=True, populate_existing=True)
    if found is None or found.agency_code != agency_code:
        raise NotFound
    if found.answered_at is not None:
        raise Conflict("เพื่อนร่วมงานตอบคำถามนี้แล้ว ดูรายการล่าสุดก่อน")
    found.answer, found.shared_as = said[: 4 * LONGEST], shared_as[:LONGEST]
    found.answered_at, found.officer_id = now, officer_id
    return found
