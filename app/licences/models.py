"""A licence (number and live status) and the signed files issued for it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id, words


class Status(StrEnum):
    """Where a licence is in its life. "Expired" is not stored: it follows from the date."""

    RESERVED = "reserved"
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Licence(Base):
    """One licence of one application. Its number is reserved before the document is drawn: a crash never burns one."""

    __tablename__ = "licences"
    __table_args__ = (
        UniqueConstraint("agency_code", "number"),  # each authority counts its own: two may both have a 1/2569
        CheckConstraint("(status = 'reserved') = (issued_at is null)", name="issued"),
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="dates"),
        Index("ix_licences_applicant", "applicant_id"),
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


class LicenceDocument(Base):
    """A signed PDF/A-3 of a licence: what was signed, by which certificate, when, and what our own check found."""

    __tablename__ = "licence_documents"
    __table_args__ = (UniqueConstraint("licence_id", "edition"),)

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
    checked: Mapped[dict[str, Any]]
