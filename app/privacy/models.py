"""Texts people were shown, what they acknowledged or allowed, and every view of their data.

Texts, acknowledgements, consents, looks and erasures are append-only: role `portal` may INSERT and SELECT them and
nothing more. They outlive what they speak about, so forms and applications are named by id without a foreign key.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id, words


class TextKind(StrEnum):
    """What a shown text is: information (PDPA s.23), or a question that may be refused (s.19)."""

    NOTICE = "notice"
    CONSENT = "consent"


class PrivacyText(Base):
    """One exact text in one language under the SHA-256 of its UTF-8 bytes: what was read can be shown again."""

    __tablename__ = "privacy_texts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[TextKind] = mapped_column(words(TextKind))
    version: Mapped[str] = mapped_column(String(20))
    """The version of our wording; the services and their data make many texts of one version."""
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str]
    published_at: Mapped[datetime]


class Acknowledgement(Base):
    """A person has read one exact notice, for one form or in general. Not a consent: nothing hangs on agreeing."""

    __tablename__ = "acknowledgements"
    __table_args__ = (
        UniqueConstraint("person_id", "single_form_id", "text_digest", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    single_form_id: Mapped[UUID | None]
    text_digest: Mapped[str] = mapped_column(ForeignKey("privacy_texts.digest"))
    at: Mapped[datetime]


class Purpose(StrEnum):
    """What we ask consent for. Everything else we do rests on the law, and is only told."""

    REGISTRIES_PREFILL = "registries_prefill"
    REUSE = "reuse"
    CONTACT = "contact"
    """Asked until version 1 of the questions; nothing was ever done with it, so it is asked no more."""


class Consent(Base):
    """One answer to one consent question. The latest of a purpose holds; `given` false refuses or withdraws."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_person_id_purpose", "person_id", "purpose", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    given: Mapped[bool]
    text_digest: Mapped[str] = mapped_column(ForeignKey("privacy_texts.digest"))
    at: Mapped[datetime]


class ViewerKind(StrEnum):
    """What kind of somebody looked."""

    OFFICER = "officer"
    SYSTEM = "system"
    REGISTRY = "registry"


class AccessLog(Base):
    """One look at a person's data: who, what, why, when, in the words that were true at that moment."""

    __tablename__ = "access_log"
    __table_args__ = (
        CheckConstraint("(viewer_kind = 'officer') = (officer_id is not null)", name="officer"),
        CheckConstraint("jsonb_array_length(what) > 0", name="what"),
        Index("ix_access_log_person_id_at", "person_id", "at"),
        Index("ix_access_log_officer_id_at", "officer_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    """The person the data is about."""
    viewer_kind: Mapped[ViewerKind] = mapped_column(words(ViewerKind))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    agency_code: Mapped[str] = mapped_column(String(40))
    agency: Mapped[dict[str, Any]]
    position: Mapped[dict[str, Any]]
    what: Mapped[list[Any]]
    purpose: Mapped[dict[str, Any]]
    application_id: Mapped[UUID | None]
    reference: Mapped[str]
    """The number of the application or form as the person knows it; "" when there is none yet."""


class DataCopy(Base):
    """A copy of everything held about a person (PDPA s.30, 31), made at their wish and forgotten again after days."""

    __tablename__ = "data_copies"
    __table_args__ = (
        CheckConstraint("(ready_at is null) = (expires_at is null)", name="ready_expires"),
        Index("uq_data_copies_one_at_a_time", "person_id", unique=True, postgresql_where="gone_at is null"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    language: Mapped[str] = mapped_column(String(2))
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    files: Mapped[list[Any]] = mapped_column(default=list)
    """`{name, media_type, size, digest}` of each file; emptied when the copy is gone."""
    taken: Mapped[int] = mapped_column(default=0)
    """How often one of its files was downloaded."""


class Kind(StrEnum):
    """A kind of data with a period of its own in the catalogue (`retention:`); `draft` has the form's own date."""

    DRAFT = "draft"
    ANSWERS = "answers"
    DOCUMENTS = "documents"
    LICENCE = "licence"
    PAYMENT = "payment"


class Erasure(Base):
    """What was deleted at the end of its period (s.37 (3)), when and by which law. Append-only, names nobody."""

    __tablename__ = "erasures"
    __table_args__ = (UniqueConstraint("kind", "subject_id"), Index("ix_erasures_at", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Kind] = mapped_column(words(Kind))
    subject_id: Mapped[UUID]
    """The application, or for `draft` the form."""
    reference: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime]
    """The moment the period was counted from."""
    basis: Mapped[str]
    rows: Mapped[int]
    files: Mapped[int]
    at: Mapped[datetime]


class DoomedFile(Base):
    """A stored file that one of its owners let go: removed by a later job unless something else refers to it."""

    __tablename__ = "doomed_files"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    doomed_at: Mapped[datetime]


class LegalHold(Base):
    """Why a case is kept past its period (an appeal, a court, an audit), placed and lifted by an officer."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("(lifted_at is null) = (lifted_by is null)", name="lifted"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("uq_legal_holds_one_open", "application_id", unique=True, postgresql_where="lifted_at is null"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[str] = mapped_column(String(24))
    agency_code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str]
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    placed_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    lifted_at: Mapped[datetime | None]


class Right(StrEnum):
    """What a person may ask about their data beside a copy of it."""

    CORRECTION = "correction"
    ERASURE = "erasure"
    OBJECTION = "objection"
    RESTRICTION = "restriction"


class RequestState(StrEnum):
    """What came of a request."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class SubjectRequest(Base):
    """A person's request about their data to one agency, and its answer with the reason (the record of s.39)."""

    __tablename__ = "subject_requests"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (answered_at is null)", name="answered"),
        CheckConstraint("(answered_at is null) = (answered_by is null)", name="answered_by"),
        CheckConstraint("state = 'open' or answer <> ''", name="has_reason"),
        Index("ix_subject_requests_person_id", "person_id", "asked_at"),
        Index("ix_subject_requests_agency_code", "agency_code", "state", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    person_name: Mapped[str]
    agency_code: Mapped[str] = mapped_column(String(40))
    right: Mapped[Right] = mapped_column(words(Right))
    text: Mapped[str]
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    state: Mapped[RequestState] = mapped_column(words(RequestState), default=RequestState.OPEN)
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    answered_at: Mapped[datetime | None]
