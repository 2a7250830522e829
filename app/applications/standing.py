"""By what right somebody sent a form for its applicant, and what the officers of each agency found about it.

A name that stands in the registry is not a proof: the registry returns no citizen ids of directors. So for a company an
officer reads the authorising text and confirms, whatever we matched, before anything is granted.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.applications.models import Application
from app.core import events
from app.core.db import Base, words
from app.core.events import Actor


class Basis(StrEnum):
    """What speaks for the person who sent the form."""

    CLAIMED = "claimed"
    NAME_MATCHED = "name_matched"
    MANDATE = "mandate"


class Standing(Base):
    """Who sent a form for somebody else, on what basis. A form somebody sent for themselves has none."""

    __tablename__ = "standings"
    __table_args__ = (CheckConstraint("(basis = 'mandate') = (mandate_id is not null)", name="mandate"),)

    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"), primary_key=True)
    basis: Mapped[Basis] = mapped_column(words(Basis))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    person_name: Mapped[str]
    mandate_id: Mapped[UUID | None] = mapped_column(ForeignKey("mandates.id"))
    needs_officer: Mapped[bool]
    """A company's: an officer has to read the authorising text. A person's own mandate needs nobody else."""
    said: Mapped[dict[str, Any]]
    """What the officer reads: company, directors, authorising text, status and their time; who gave the mandate."""
    at: Mapped[datetime]


class StandingCheck(Base):
    """An officer of one agency read the authorising text and confirmed that the sender may act."""

    __tablename__ = "standing_checks"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    officer_name: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]


_OF_FORM = select(Standing).where(Standing.single_form_id == bindparam("form_id"))
_AGENTS = (
    select(Standing.person_name)
    .distinct()
    .join(Application, Application.single_form_id == Standing.single_form_id)
    .where(Application.id.in_(bindparam("ids", expanding=True)), Standing.basis == Basis.MANDATE)
    .order_by(Standing.person_name)
)
_CHECK = select(StandingCheck).where(StandingCheck.application_id == bindparam("application_id"))
_OPEN = (
    select(Standing.single_form_id)
    .outerjoin(StandingCheck, StandingCheck.application_id == bindparam("application_id"))
    .where(
        Standing.single_form_id == bindparam("form_id"), Standing.needs_officer, StandingCheck.application_id.is_(None)
    )
)
_OPEN_OF = (
    select(Application.id)
    .join(Standing, Standing.single_form_id == Application.single_form_id)
    .outerjoin(StandingCheck, StandingCheck.application_id == Application.id)
    .where(
        Application.id.in_(bindparam("ids", expanding=True)),
        Standing.needs_officer,
        StandingCheck.application_id.is_(None),
    )
)


def of_form(db: Session, single_form_id: UUID) -> Standing | None:
    """By what right the form was sent; None when the applicant sent it in person."""
    return db.scalar(_OF_FORM, {"form_id": single_form_id})


def agents_of(db: Session, application_ids: Iterable[UUID]) -> list[str]:
    """Who sent these applications with a mandate, each once."""
    return list(db.scalars(_AGENTS, {"ids": list(application_ids)}))


def check_of(db: Session, application_id: UUID) -> StandingCheck | None:
    """The officer's confirmation for this application."""
    return db.scalar(_CHECK, {"application_id": application_id})


def unconfirmed(db: Session, application: Application) -> bool:
    """Whether an officer of this agency has yet to read the authorising text."""
    keys = {"form_id": application.single_form_id, "application_id": application.id}
    return db.scalar(_OPEN, keys) is not None


def unconfirmed_of(db: Session, application_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these applications whose sender's right an officer of their agency has yet to confirm."""
    return frozenset(db.scalars(_OPEN_OF, {"ids": list(application_ids)}))


def confirm(
    db: Session, application: Application, officer_id: UUID, officer_name: str, note: str, actor: Actor, now: datetime
) -> None:
    """An officer confirms that the sender may act. The caller holds the row lock; confirming twice is harmless."""
    if not unconfirmed(db, application):
        return
    db.add(
        StandingCheck(
            application_id=application.id, officer_id=officer_id, officer_name=officer_name, note=note, at=now
        )
    )
    db.flush()
    events.record(
        db,
        f"application:{application.id}",
        "application.confirm_standing",
        actor,
        now,
        subject=application.id,
        number=application.number,
        note=note,
    )
