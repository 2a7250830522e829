"""Mandates: a party lets a person act for it. Given and revoked by the party, accepted or laid down by the agent.

Nobody hands on a mandate they hold themselves: it is given by the party in person or with the company's own account.
The invitation code is made from the mandate's id under the index key, so it can be shown again and lies nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import events
from app.core.clock import bangkok_date
from app.core.db import new_id
from app.core.errors import Conflict, NotFound
from app.core.events import Actor, Event
from app.core.secrets import Keyring
from app.identity.models import Applicant, ApplicantKind, Mandate, Organisation, Person

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of an invitation code: nothing that is mistaken for something else."""
CODE_LENGTH = 12


@dataclass(frozen=True)
class Held:
    """A mandate with the names of both sides, as lists show it."""

    id: UUID
    principal_id: UUID
    principal_kind: ApplicantKind
    principal: str
    principal_en: str
    agent: str
    services: tuple[str, ...] | None
    until: date
    given_by: str
    given_by_id: UUID
    given_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
    agent_id: UUID | None
    by_code: bool

    def live(self, now: datetime) -> bool:
        """Whether it counts at this moment."""
        return self.accepted_at is not None and self.revoked_at is None and bangkok_date(now) <= self.until

    def open(self, now: datetime) -> bool:
        """Whether it counts or may still be accepted."""
        return self.revoked_at is None and bangkok_date(now) <= self.until


def give(
    db: Session,
    keyring: Keyring,
    principal_id: UUID,
    actor: Actor,
    agent_name: str,
    agent_citizen_id: str,
    services: Sequence[str] | None,
    until: date,
    now: datetime,
) -> UUID:
    """Give a mandate; without a citizen id an invitation code says who may accept. `actor` is a person."""
    if actor.id is None:
        raise ValueError("a mandate is given by somebody")
    mandate = Mandate(
        id=new_id(),
        principal_id=principal_id,
        agent_name=agent_name,
        agent_index=keyring.blind_index(agent_citizen_id) if agent_citizen_id else None,
        services=list(services) if services is not None else None,
        until=until,
        given_by=actor.id,
        given_name=actor.name,
        given_at=now,
    )
    if not agent_citizen_id:
        mandate.code_index = keyring.blind_index(f"invitation:{code(keyring, mandate.id)}")
    db.add(mandate)
    db.flush()
    _record(db, mandate, "mandate.give", actor, now, agent=agent_name, until=until, services=mandate.services)
    return mandate.id


def code(keyring: Keyring, mandate_id: UUID) -> str:
    """The invitation code of a mandate: 12 letters and digits, about 58 bits."""
    number = int(keyring.blind_index(f"invitation-code:{mandate_id}"), 16)
    letters = []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def by_code(db: Session, keyring: Keyring, written: str, now: datetime) -> UUID | None:
    """The open invitation with this code, however it was spaced and cased; None."""
    tidy = "".join(letter for letter in written.upper() if letter in LETTERS)
    return db.scalar(
        select(Mandate.id).where(
            Mandate.code_index == keyring.blind_index(f"invitation:{tidy}"),
            Mandate.accepted_at.is_(None),
            Mandate.revoked_at.is_(None),
            Mandate.until >= bangkok_date(now),
        )
    )


def accept(db: Session, mandate_id: UUID, actor: Actor, now: datetime) -> Mandate:
    """The agent accepts. The caller has made sure that it was meant for this person; Conflict when it is too late."""
    mandate = _locked(db, mandate_id)
    if mandate.accepted_at is not None or mandate.revoked_at is not None or bangkok_date(now) > mandate.until:
        raise Conflict("การมอบอำนาจนี้ใช้ไม่ได้แล้ว ขอให้ผู้มอบมอบใหม่")
    mandate.agent_id, mandate.accepted_at, mandate.agent_name = actor.id, now, actor.name
    db.flush()
    _record(db, mandate, "mandate.accept", actor, now)
    return mandate


def revoke(db: Session, mandate_id: UUID, actor: Actor, now: datetime) -> Mandate:
    """End it at once, by either side. The caller has made sure whose it is; revoking twice is harmless."""
    mandate = _locked(db, mandate_id)
    if mandate.revoked_at is None:
        mandate.revoked_at, mandate.revoked_by = now, actor.id
        db.flush()
        _record(db, mandate, "mandate.revoke", actor, now)
    return mandate


def _locked(db: Session, mandate_id: UUID) -> Mandate:
    found = db.scalar(
        select(Mandate).where(Mandate.id == mandate_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _record(db: Session, mandate: Mandate, kind: str, actor: Actor, now: datetime, **facts: object) -> None:
    who = Actor(actor.kind, actor.id, actor.name, mandate.principal_id)
    events.record(db, f"mandate:{mandate.id}", kind, who, now, subject=mandate.id, **facts)


# — Lists ——————————————————————————————————————————————————————————————————————————————————————————————————————————

_Principal = aliased(Person)
_HELD = (
    select(
        Mandate,
        Applicant.kind.label("kind"),
        Organisation.name_th,
        Organisation.name_en,
        func.concat(_Principal.title, _Principal.given_name, " ", _Principal.family_name).label("person"),
        _Principal.name_en.label("person_en"),
    )
    .join(Applicant, Applicant.id == Mandate.principal_id)
    .outerjoin(Organisation, Organisation.id == Applicant.organisation_id)
    .outerjoin(_Principal, _Principal.id == Applicant.person_id)
    .order_by(Mandate.given_at.desc())
)


def given_by(db: Session, principal_id: UUID) -> list[Held]:
    """Everything a party ever gave, latest first."""
    return _read(db, _HELD.where(Mandate.principal_id == principal_id))


def held_by(db: Session, person_id: UUID) -> list[Held]:
    """Everything a person accepted or is invited to by their citizen id, latest first."""
    mine = select(Person.citizen_index).where(Person.id == person_id).scalar_subquery()
    invited = and_(Mandate.agent_id.is_(None), Mandate.agent_index == mine)
    return _read(db, _HELD.where(or_(Mandate.agent_id == person_id, invited)))


def one(db: Session, mandate_id: UUID) -> Held:
    """One mandate; NotFound."""
    found = _read(db, _HELD.where(Mandate.id == mandate_id))
    if not found:
        raise NotFound
    return found[0]


def _read(db: Session, query: Select[*tuple[Any, ...]]) -> list[Held]:
    return [_held(row) for row in db.execute(query)]


def _held(row: Row[*tuple[Any, ...]]) -> Held:
    mandate: Mandate = row.Mandate
    company = row.kind == ApplicantKind.ORGANISATION
    name = row.name_th if company else row.person
    return Held(
        id=mandate.id,
        principal_id=mandate.principal_id,
        principal_kind=row.kind,
        principal=name,
        principal_en=(row.name_en if company else row.person_en) or name,
        agent=mandate.agent_name,
        services=tuple(mandate.services) if mandate.services is not None else None,
        until=mandate.until,
        given_by=mandate.given_name,
        given_by_id=mandate.given_by,
        given_at=mandate.given_at,
        accepted_at=mandate.accepted_at,
        revoked_at=mandate.revoked_at,
        agent_id=mandate.agent_id,
        by_code=mandate.code_index is not None,
    )


def acts(db: Session, mandate: Held, limit: int = 200) -> list[Event]:
    """What the agent did with it, latest first: read from the events, which nobody can change."""
    return list(
        db.scalars(
            select(Event)
            .where(Event.applicant_id == mandate.principal_id, Event.facts["mandate"].astext == str(mandate.id))
            .order_by(Event.at.desc(), Event.seq.desc())
            .limit(limit)
        )
    )
