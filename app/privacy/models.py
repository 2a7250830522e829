"""Texts people were shown, what they acknowledged or allowed, and every view of their data.

All four tables are append-only: role `portal` needs INSERT and SELECT here and nothing more. They outlive what they
speak about, so forms and applications are named by id without a foreign key.
"""

from datetime import datetime
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
