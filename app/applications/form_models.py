"""What a person fills once: the single form with its chosen services, answers and uploads."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

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
