"""What each agency gets of a sent form: the application, its clock, its deficiency notice and what officers note."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.deadlines import Tick
from app.applications.workflow import FINAL, State
from app.core.db import Base, new_id, words


class Application(Base):
    """One service's share of a submitted form, with its own life at one agency."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("single_form_id", "service_slug"),
        Index("ix_applications_applicant", "applicant_id", "submitted_at"),
        CheckConstraint(
            "(closed_at is not null) = (state in ('issued','rejected','withdrawn','lapsed'))", name="closed"
        ),
        CheckConstraint("(proposal is null) = (proposed_by is null)", name="proposed"),
        CheckConstraint("decided_by <> proposed_by", name="two_hands"),
        Index(
            "uq_applications_one_renewal",
            "renews",
            unique=True,
            postgresql_where=text("renews is not null and state not in ('rejected', 'withdrawn', 'lapsed')"),
        ),
        Index(
            "ix_applications_open",
            "agency_code",
            "office_code",
            "state",
            "taken_by",
            "check_by",
            "due_on",
            postgresql_where=text("closed_at is null"),
        ),
        Index(
            "ix_applications_waiting",
            "agency_code",
            text("coalesce(due_on, check_by)"),
            "submitted_at",
            "number",
            postgresql_where=text("closed_at is null"),
        ),
        Index(
            "ix_applications_done",
            "agency_code",
            text("closed_at desc"),
            "number",
            postgresql_include=["office_code"],
            postgresql_where=text("state in ('preparing', 'issued', 'lapsed', 'rejected', 'withdrawn')"),
        ),
        Index(
            "ix_applications_taken_by",
            "taken_by",
            postgresql_where=text("closed_at is null and taken_by is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"))
    renews: Mapped[UUID | None] = mapped_column(ForeignKey("licences.id", ondelete="SET NULL", use_alter=True))
    """The licence it renews; what is granted follows on from that one."""
    number: Mapped[str] = mapped_column(String(24), unique=True)
    service_slug: Mapped[str] = mapped_column(String(80))
    service_version: Mapped[int]
    agency_code: Mapped[str] = mapped_column(String(40))
    office_code: Mapped[str | None] = mapped_column(String(40))
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    applicant_name: Mapped[str]
    premises_name: Mapped[str] = mapped_column(default="")
    state: Mapped[State] = mapped_column(words(State))
    revision: Mapped[int] = mapped_column(Integer)
    answers: Mapped[dict[str, Any]]
    documents: Mapped[list[Any]]
    linked: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """What registries said instead of documents: source, number of the record, when, and in which words."""
    unasked: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the form did not ask: text and, perhaps, a document; None when nothing was said."""
    quote: Mapped[dict[str, Any]]
    fee_satang: Mapped[int]
    submitted_at: Mapped[datetime]
    received_on: Mapped[date]
    complete_from: Mapped[datetime]
    check_by: Mapped[date]
    due_on: Mapped[date | None]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    taken_at: Mapped[datetime | None]
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the first of two officers proposes, in the shape of `decision`; None when nothing waits for a signature."""
    proposed_at: Mapped[datetime | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    delay_reason: Mapped[str] = mapped_column(default="")
    """Why the agency needs longer than its manual says, as the applicant is told (Licensing Facilitation Act s.10)."""
    delay_until: Mapped[date | None]
    """By when it will be decided, as the applicant was told with the reason."""
    delay_told_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    decision: Mapped[dict[str, Any] | None]
    closed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy reads this attribute


OPEN_STATES = tuple(s for s in State if s not in FINAL)


class ClockMove(Base):
    """A movement of the legal clock of an application."""

    __tablename__ = "clock_moves"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    tick: Mapped[Tick] = mapped_column(words(Tick))
    at: Mapped[datetime]
    reason: Mapped[str]


class DeficiencyNotice(Base):
    """The one list of everything missing (Licensing Facilitation Act s.8): unique per application by constraint."""

    __tablename__ = "deficiency_notices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    officer_name: Mapped[str]
    officer_position: Mapped[str]
    issued_at: Mapped[datetime]
    mend_by: Mapped[date]
    message: Mapped[str] = mapped_column(default="")
    mended_at: Mapped[datetime | None]


class DeficiencyItem(Base):
    """One thing to mend: an answer or a document, why, and what to do."""

    __tablename__ = "deficiency_items"
    __table_args__ = (UniqueConstraint("notice_id", "kind", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("deficiency_notices.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(default="")
    instruction: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    raw: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    answered_at: Mapped[datetime | None]


class DecisionLetter(Base):
    """หนังสือแจ้งผล of a refusal or a return for good: numbered first, the file is drawn and sealed afterwards."""

    __tablename__ = "decision_letters"
    __table_args__ = (
        UniqueConstraint("agency_code", "number"),
        CheckConstraint("file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name="digest_is_sha256"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    agency_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime]
    appeal_by: Mapped[date]
    """The last day to appeal for who receives it on the day of the letter; later receipt moves it on."""
    file_digest: Mapped[str | None] = mapped_column(String(64))


class Finding(StrEnum):
    """What an officer found about one thing."""

    OK = "ok"
    MISSING = "missing"


class CheckMark(Base):
    """An officer's finding about one document or answer of a case, kept while the completeness check goes on."""

    __tablename__ = "check_marks"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    finding: Mapped[Finding] = mapped_column(words(Finding))
    reason: Mapped[str] = mapped_column(String(60), default="")
    instruction: Mapped[str] = mapped_column(default="")
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    at: Mapped[datetime]


class InternalNote(Base):
    """What officers of one agency tell each other about a case. Append-only; never shown to the applicant."""

    __tablename__ = "internal_notes"
    __table_args__ = (Index("ix_internal_notes_application", "application_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    officer_name: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
