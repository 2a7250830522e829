"""Which forms and applications renew a licence: at most one draft and one application at a time, by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select
from sqlalchemy.orm import Session

from app.applications.form_models import FormState, SingleForm
from app.applications.models import Application
from app.applications.workflow import State
from app.core.reading import Prepared

GIVEN_UP = (State.REJECTED, State.WITHDRAWN, State.LAPSED)
"""An application that ended so leaves its licence to be renewed anew."""


@dataclass(frozen=True)
class Renewal:
    """The application that renews a licence, as far as a list says it."""

    licence_id: UUID
    application_id: UUID
    form_id: UUID
    number: str
    state: State


_ASKED = Prepared(
    select(Application.renews, Application.id, Application.single_form_id, Application.number, Application.state).where(
        Application.renews == any_(bindparam("licences", type_=ARRAY(Uuid))),
        *(Application.state != state for state in GIVEN_UP),
    )
)
_DRAFTS = Prepared(
    select(SingleForm.renews, SingleForm.id).where(
        SingleForm.renews == any_(bindparam("licences", type_=ARRAY(Uuid))),
        SingleForm.state == FormState.DRAFT,
        SingleForm.corrects.is_(None),
    )
)


def asked_for(db: Session, licence_ids: Sequence[UUID]) -> dict[UUID, Renewal]:
    """By licence, the application that renews it or did."""
    found = _ASKED.rows(db, licences=[*licence_ids]) if licence_ids else ()
    return {row[0]: Renewal(row[0], row[1], row[2], row[3], State(row[4])) for row in found}


def drafts(db: Session, licence_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By licence, the draft that is to renew it."""
    found = _DRAFTS.rows(db, licences=[*licence_ids]) if licence_ids else ()
    return {row[0]: row[1] for row in found}


def attempts(db: Session, licence_id: UUID) -> int:
    """How often the renewal of a licence was asked for, also in vain."""
    return db.scalar(select(func.count()).select_from(Application).where(Application.renews == licence_id)) or 0
