"""A licence (number and live status) and the signed files issued for it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id, words

BETWEEN = " ./-()"
"""What may stand between the parts of a number and makes no difference."""
_SQUEEZED = f"translate(upper(number), '{BETWEEN}', '')"
SQUEEZED: ColumnElement[str] = literal_column(_SQUEEZED)
"""A licence's number without it, as it is indexed."""


class Status(StrEnum):
    """Where a licence is in its life. "Expired" is not stored: it follows from the date."""

    RESERVED = "reserved"
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Wait(StrEnum):
    """What a licence waits for before it can be sealed."""

    CERTIFICATE = "certificate"
    """The agency's own: there is none, or it has expired, been revoked, or is meant for something else."""
    AUTHORITY = "authority"
    """Somebody outside: the time-stamp authority, or whoever says whether certificates stand."""


class Licence(Base):
    """One licence of one application. Its number is reserved before the document is drawn: a crash never burns one."""

    __tablename__ = "licences"
    __table_args__ = (
        UniqueConstraint("agency_code", "number"),  # each authority counts its own: two may both have a 1/2569
        CheckConstraint("(status = 'reserved') = (issued_at is null)", name="issued"),
        CheckConstraint("(waits_since is null) = (waits_for is null)", name="waits"),
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="dates"),
        Index("ix_licences_applicant", "applicant_id"),
        Index("ix_licences_squeezed", text(_SQUEEZED)),
        Index("ix_licences_waiting", "tried_at", postgresql_where=text("waits_since is not null")),
        Index("ix_licences_not_valid", "status_at", postgresql_where=text("status in ('suspended', 'revoked')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    number: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    service_slug: Mapped[str] = mapped_column(String(80))
    service_version: Mapped[int]
    agency_code: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str]
    premises: Mapped[str]
    status: Mapped[Status] = mapped_column(words(Status))
    status_ground: Mapped[str] = mapped_column(default="")
    status_at: Mapped[datetime]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    reserved_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    waits_since: Mapped[datetime | None]
    """Reserved, but its document cannot be sealed since then: it is tried again until it can."""
    waits_for: Mapped[Wait | None] = mapped_column(words(Wait))
    tried_at: Mapped[datetime | None]


class LicenceDocument(Base):
    """A form of a licence's signed PDF/A-3: by which certificate, when, and what our own check found.

    Every form that was ever handed out stays known: the later ones hold the first with proof added behind it.
    """

    __tablename__ = "licence_documents"
    __table_args__ = (
        UniqueConstraint("licence_id", "edition"),
        Index("ix_licence_documents_proved_until", text("proved_until nulls first")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    licence_id: Mapped[UUID] = mapped_column(ForeignKey("licences.id"))
    edition: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    signed_at: Mapped[datetime]
    signer: Mapped[str]
    certificate_serial: Mapped[str] = mapped_column(String(64))
    certificate_fingerprint: Mapped[str] = mapped_column(String(64))
    timestamped: Mapped[bool]
    proved_until: Mapped[datetime | None]
    """Until when the proof in the file holds without asking anybody (PAdES B-LTA); None: it has none yet (B-T)."""
    checked: Mapped[dict[str, Any]]
