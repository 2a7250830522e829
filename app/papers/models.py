"""A paper as it read at one moment, and who signs it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
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
