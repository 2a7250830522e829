"""A paper as it read at one moment, and who signs it."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id


class Paper(Base):
    """A prepared paper with the answers of one moment in it: what was printed, and what people sign. Never changed."""

    __tablename__ = "papers"
    __table_args__ = (UniqueConstraint("single_form_id", "document_key", "sha256"), UniqueConstraint("code"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"))
    document_key: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(12))
    """What its QR code and the line under it say; it opens nothing by itself."""
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]]
    """What it says, in Thai, and each answer it quotes (`catalogue.papers.Filled.body`)."""
    made_at: Mapped[datetime]


class Signer(Base):
    """Somebody who is asked to sign a paper online: by a link of their own, which one person may use until a day."""

    __tablename__ = "paper_signers"
    __table_args__ = (
        Index("ix_paper_signers_form", "single_form_id", "document_key"),
        Index("ix_paper_signers_paper", "paper_id"),
        Index("ix_paper_signers_person", "person_id"),
        CheckConstraint("(signed_at is null) or (paper_id is not null and person_id is not null)", name="signed"),
        CheckConstraint("num_nonnulls(signed_at, refused_at, revoked_at) <= 1", name="one_end"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"))
    document_key: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(60))
    name: Mapped[str]
    """Who is asked, as the applicant wrote it; once signed, as the sign-in says it."""
    serial: Mapped[int] = mapped_column(default=1)
    """Of the link: a new one ends the one before."""
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who opened the link first: nobody else may use it."""
    opened_at: Mapped[datetime | None]
    paper_id: Mapped[UUID | None] = mapped_column(ForeignKey("papers.id"))
    signed_at: Mapped[datetime | None]
    ial: Mapped[Decimal | None] = mapped_column(Numeric(2, 1))
    """How surely they were identified when they signed."""
    voided_at: Mapped[datetime | None]
    """When a signature of theirs last lost its force because a quoted answer changed."""
    refused_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    revoked_at: Mapped[datetime | None]
