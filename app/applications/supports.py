"""What officers found about a licence that must be there before they decide, where the portal itself does not have it.

Either they saw it elsewhere (issued on paper, before there was a portal), or the law spares this applicant. They say
which, and why; it stays in the file and the applicant reads it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.applications.models import Application
from app.core import events
from app.core.db import Base
from app.core.events import Actor


class SupportCheck(Base):
    """An officer of the agency found that a case may be decided, though the portal lacks the licence it rests on."""

    __tablename__ = "support_checks"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    service_slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The first of the services that would do, by which the need is known."""
    ground: Mapped[dict[str, Any] | None]
    """The ground of the law that spares the applicant: `key`, `text`, `law`. None: the officer saw it elsewhere."""
    note: Mapped[str]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    officer_name: Mapped[str]
    at: Mapped[datetime]


_OF = select(SupportCheck).where(SupportCheck.application_id.in_(bindparam("ids", expanding=True)))


def of(db: Session, application_ids: Iterable[UUID]) -> dict[tuple[UUID, str], SupportCheck]:
    """What was found for these applications, by application and service."""
    return {(one.application_id, one.service_slug): one for one in db.scalars(_OF, {"ids": list(application_ids)})}


def keep(db: Session, application: Application, check: SupportCheck, actor: Actor) -> None:
    """Keep what an officer found. The caller holds the row lock, and knows that nobody found it before."""
    db.add(check)
    db.flush()
    events.record(
        db,
        f"application:{application.id}",
        "application.see_support" if check.ground is None else "application.spare_support",
        actor,
        check.at,
        subject=application.id,
        number=application.number,
        service=check.service_slug,
        note=check.note,
        **({"ground": check.ground["key"], "law": check.ground["law"]["th"]} if check.ground else {}),
    )
