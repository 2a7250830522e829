"""How far the licences of many applications have come: reserved, waiting for something, or in their holders' hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.orm import Session

from app.core.reading import Prepared
from app.licences.models import Licence, Wait


@dataclass(frozen=True)
class Sealing:
    """A licence with its number: sealed, or what it waits for (None: nothing, it is being made)."""

    number: str
    sealed: bool
    waits_for: Wait | None


_OF = Prepared(
    select(Licence.application_id, Licence.number, Licence.issued_at, Licence.waits_for)
    .where(Licence.application_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Licence.reserved_at)
)


def of(db: Session, application_ids: Sequence[UUID]) -> dict[UUID, Sealing]:
    """The licence of each application that has one."""
    return {
        row.application_id: Sealing(row.number, row.issued_at is not None, row.waits_for)
        for row in _OF.rows(db, ids=[*application_ids])
    }
