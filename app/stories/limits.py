"""How far a mandate for some services reaches: anything of another service is as if it were not there."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import choices
from app.applications.models import Application
from app.billing.models import BillLine
from app.core.errors import NotFound
from app.identity.sessions import CitizenSession
from app.licences.models import Licence


def must_reach(db: Session, citizen: CitizenSession, named: Mapping[str, object]) -> None:
    """NotFound when what an address names (form, application, bill, licence) belongs to a service out of reach."""
    if citizen.services is None:
        return
    for name, value in named.items():
        slugs = _services(db, name, value) if isinstance(value, UUID) else set()
        if not all(citizen.covers(slug) for slug in slugs):
            raise NotFound


def reaches(db: Session, citizen: CitizenSession, form_id: UUID) -> bool:
    """The same as a question, for lists of forms."""
    return citizen.services is None or all(citizen.covers(slug) for slug in _services(db, "form_id", form_id))


def _services(db: Session, name: str, of: UUID) -> set[str]:
    if name == "form_id":
        return {slug for slug, _version in choices.of_form(db, of)} | set(
            db.scalars(select(Application.service_slug).where(Application.single_form_id == of))
        )
    query = {
        "application_id": select(Application.service_slug).where(Application.id == of),
        "bill_id": select(BillLine.service_slug).where(BillLine.bill_id == of),
        "licence_id": select(Licence.service_slug).where(Licence.id == of),
    }.get(name)
    return set(db.scalars(query)) if query is not None else set()
