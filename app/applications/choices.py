"""What a form is for: the services the person chose, each pinned to the version of the day it was chosen."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, select
from sqlalchemy.orm import Session

from app.applications import drafts, forms
from app.applications.form_models import ChosenService, SingleForm
from app.core import events
from app.core.events import Actor
from app.core.reading import Prepared

Version = tuple[str, int]
"""A service's slug and version."""

_CHOSEN = Prepared(
    select(ChosenService.single_form_id, ChosenService.service_slug, ChosenService.service_version)
    .where(ChosenService.single_form_id == any_(bindparam("forms", type_=ARRAY(Uuid))))
    .order_by(ChosenService.position)
)


def of_form(db: Session, form_id: UUID) -> list[Version]:
    """The services the form is for, in order."""
    return of_forms(db, [form_id])[form_id]


def of_forms(db: Session, form_ids: Sequence[UUID]) -> dict[UUID, list[Version]]:
    """The same for many forms in one query."""
    found: dict[UUID, list[Version]] = {form_id: [] for form_id in form_ids}
    for row in _CHOSEN.rows(db, forms=[*form_ids]) if form_ids else ():
        found[row.single_form_id].append((row.service_slug, row.service_version))
    return found


def change(db: Session, form: SingleForm, services: Sequence[Version], actor: Actor, now: datetime) -> None:
    """Make it a form for these services instead. Answers and files stay, also those that nobody asks for now.

    The caller holds the row lock of the form.
    """
    before = [slug for slug, _ in of_form(db, form.id)]
    db.execute(delete(ChosenService).where(ChosenService.single_form_id == form.id))
    db.add_all(
        ChosenService(single_form_id=form.id, service_slug=slug, service_version=version, position=place)
        for place, (slug, version) in enumerate(services)
    )
    drafts.touch(form, now)
    db.flush()
    after = [slug for slug, _ in services]
    added, removed = [s for s in after if s not in before], [s for s in before if s not in after]
    if added or removed:
        stream = forms.stream(form.id)
        events.record(db, stream, "form.choose", actor, now, subject=form.id, added=added, removed=removed)
