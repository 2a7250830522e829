"""What stands behind everybody who signs in, person or company alike: the party they are, and the account they used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.db import new_id
from app.core.errors import Forbidden
from app.identity.models import Account, Applicant, ApplicantKind


@dataclass(frozen=True)
class Owner:
    """Whose party and whose account: a person or a company."""

    kind: ApplicantKind
    id: UUID

    @property
    def column(self) -> str:
        """Where its id stands in both tables."""
        return "person_id" if self.kind is ApplicantKind.PERSON else "organisation_id"


def party(db: Session, owner: Owner, now: datetime) -> UUID:
    """The party that somebody is, made the first time."""
    row = {"id": new_id(), "kind": owner.kind, owner.column: owner.id, "created_at": now}
    db.execute(insert(Applicant).values(**row).on_conflict_do_nothing(index_elements=[owner.column]))
    return db.execute(select(Applicant.id).where(getattr(Applicant, owner.column) == owner.id)).scalar_one()


def account(db: Session, owner: Owner, issuer: str, subject: str, now: datetime, refusal: str, **known: Any) -> UUID:
    """The account under (issuer, subject), made the first time; `known` is what the provider says of it each time.

    One that comes back with another owner is refused with Forbidden(`refusal`): subjects must never be reused.
    """
    told = {**known, "last_sign_in_at": now}
    row = {"id": new_id(), "issuer": issuer, "subject": subject, owner.column: owner.id, "created_at": now, **told}
    account_id: UUID | None = db.scalar(
        insert(Account)
        .values(**row)
        .on_conflict_do_update(
            index_elements=["issuer", "subject"], set_=told, where=getattr(Account, owner.column) == owner.id
        )
        .returning(Account.id)
    )
    if account_id is None:
        raise Forbidden(refusal)
    return account_id
