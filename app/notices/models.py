"""What was told to whom, and whether they have read it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id


class InboxLine(Base):
    """One message to a party. Its words are made when it is read, from `kind` and `facts`, in the reader's language."""

    __tablename__ = "inbox_lines"
    __table_args__ = (
        Index("ix_inbox_lines_applicant_id", "applicant_id", "at"),
        Index("ix_inbox_lines_unread", "applicant_id", postgresql_where=text("read_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    href: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
