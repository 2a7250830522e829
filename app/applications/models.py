"""What a person fills once (SingleForm) and what each agency gets of it (Application)."""

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


class FormState(StrEnum):
    """Whether the person is still writing."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DISCARDED = "discarded"


class Prefill(StrEnum):
    """What became of asking the registries."""

    NOT_ASKED = "not_asked"
    QUEUED = "queued"
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    UNREACHABLE = "unreachable"
    DECLINED = "declined"


class SingleForm(Base):
    """One form for one or more services: answers and documents, kept from the first keystroke."""

    __tablename__ = "single_forms"
    __table_args__ = (
        Index("ix_single_forms_applicant", "applicant_id", "updated_at"),
        Index("ix_single_forms_corrects", "corrects", postgresql_where=text("corrects is not null")),
        Index(
            "uq_single_forms_one_renewal",
            "renews",
            unique=True,
            postgresql_where=text("renews is not null and corrects is null and state = 'draft'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("single_forms.id"))
    """The sent form that this draft is to replace; once it did, this one is empty and discarded."""
    renews: Mapped[UUID | None] = mapped_column(ForeignKey("licences.id", ondelete="SET NULL", use_alter=True))
    """The licence that this form is to renew: what it chose first is the same service again."""
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    started_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    state: Mapped[FormState] = mapped_column(words(FormState), default=FormState.DRAFT)
    language: Mapped[str] = mapped_column(String(2))
    prefill: Mapped[Prefill] = mapped_column(words(Prefill), default=Prefill.NOT_ASKED)
    prefill_at: Mapped[datetime | None]
    registries: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What became of asking each registry: the catalogue's name of it to a word of `Prefill`."""
    acknowledged_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    """When its owner was last told that the draft comes to its end."""
    signing: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Somebody was asked to sign a paper of it online: an edit may void signatures."""
    unasked: Mapped[str] = mapped_column(default="", server_default="")
    """What the person wanted to say that the form did not ask."""
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    snapshot: Mapped[str | None]
    snapshot_sha256: Mapped[str | None] = mapped_column(String(64))
    receipt_digest: Mapped[str | None] = mapped_column(String(64))


class ChosenService(Base):
    """A service the form is filled for, pinned to the version the person saw."""

    __tablename__ = "chosen_services"

    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"), primary_key=True)
    service_slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    service_version: Mapped[int]
    position: Mapped[int] = mapped_column(Integer, default=0)


class Answer(Base):
    """The answer to one question: its value when it fits, what was typed when it does not, and where it came from."""

    __tablename__ = "answers"

    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    raw: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    revision: Mapped[int] = mapped_column(Integer, default=1)
    source: Mapped[str] = mapped_column(String(80), default="")
    source_at: Mapped[datetime | None]
    fetched: Mapped[dict[str, Any] | None]
    disputed: Mapped[bool] = mapped_column(default=False)
    reused_from: Mapped[str] = mapped_column(String(24), default="", server_default="")
    """Reference of the earlier form this answer was taken from, until the person changes it."""
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class UploadState(StrEnum):
    """Where a file is between arriving and being trusted."""

    CHECKING = "checking"
    CLEAN = "clean"
    REFUSED = "refused"


class Upload(Base):
    """One file given for one document of the form. Replaced files stay for the record; `removed_at` hides them."""

    __tablename__ = "uploads"
    __table_args__ = (
        Index(
            "uq_uploads_one_in_use",
            "single_form_id",
            "document_key",
            unique=True,
            postgresql_where=text("removed_at is null and deficiency_item_id is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"))
    document_key: Mapped[str] = mapped_column(String(60))
    deficiency_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("deficiency_items.id"))
    filename: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    arrived: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """SHA-256 of the bytes as they arrived; `digest` is of what is stored."""
    reused_from: Mapped[str] = mapped_column(String(24), default="", server_default="")
    """Reference of my earlier form that this file was taken from."""
    paper_id: Mapped[UUID | None] = mapped_column(ForeignKey("papers.id"))
    """The paper that the portal prepared and this file is: scanned back, or signed online."""
    variant: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """Which of several documents it is, where any one will do."""
    issued_on: Mapped[date | None]
    """The day of issue that the person gave, where the requirement limits its age."""
    state: Mapped[UploadState] = mapped_column(words(UploadState), default=UploadState.CHECKING)
    problem: Mapped[dict[str, Any] | None]
    pages: Mapped[int] = mapped_column(default=0)
    previews: Mapped[list[Any]] = mapped_column(default=list)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


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
    """The last day to appeal."""
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
