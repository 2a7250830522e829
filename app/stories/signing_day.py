"""The officers' signing day: everything ready for one officer's signature, chosen, looked through, confirmed once.

Confirming is a sign-in made for this list alone (`identity.stepping_up`). What is then done is `signing_many`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import batches, ready
from app.applications.batches import Chosen, SigningBatch, SigningItem
from app.applications.deadlines import LegalClock
from app.applications.ready import ReadyRow
from app.catalogue.schema import Service
from app.core import events, jobs
from app.core.errors import Conflict, Forbidden, Invalid
from app.identity import officers, sessions
from app.identity.sessions import OfficerSession
from app.identity.stepping_up import Presence
from app.licences import progress
from app.licences.progress import Sealing
from app.stories import hindrance
from app.stories.desk import hand, reach
from app.stories.hindrance import Hindrance
from app.stories.house import House


@dataclass(frozen=True)
class Candidate:
    """A case that waits for a signature, and what stands in its way."""

    row: ReadyRow
    service: Service
    clock: LegalClock
    hindrance: Hindrance | None


@dataclass(frozen=True)
class Waiting:
    """What waits for this officer's signature: the first of it, and how many there are by service."""

    candidates: tuple[Candidate, ...]
    counts: Mapping[str, int]


def waiting(db: Session, house: House, officer: OfficerSession, service: str, now: datetime) -> Waiting:
    """Everything ready for this officer's decision, least time left first, at most a batch of it."""
    two_hands = hand(house, officer).two_hands
    rows, counts = ready.waiting(db, reach(officer), two_hands, service, batches.MOST)
    return Waiting(_candidates(db, house, rows, now), counts)


def _candidates(db: Session, house: House, rows: Sequence[ReadyRow], now: datetime) -> tuple[Candidate, ...]:
    clock = hindrance.clocks(db, house, rows, now)
    hindered = hindrance.of(db, house, rows, clock, now)
    return tuple(
        Candidate(row, house.service(db, row.service_slug, row.service_version), clock[row.id], hindered.get(row.id))
        for row in rows
    )


def choose(db: Session, officer: OfficerSession, chosen: Sequence[Chosen], now: datetime) -> UUID:
    """A list of these cases, to be looked through and confirmed. Invalid when it is empty or too long."""
    once = list({one.application_id: one for one in chosen}.values())
    if len(once) > batches.MOST:
        raise Invalid(problems={"case": "ลงนามได้ครั้งละไม่เกิน 200 เรื่อง"})
    seen = ready.of(db, reach(officer), [one.application_id for one in once])
    mine = [one for one in once if one.application_id in seen]
    if not mine:
        raise Invalid(problems={"case": "เลือกอย่างน้อย 1 เรื่อง"})
    batch, _ = batches.make(db, officer.officer_id, officer.session_id, mine, now)
    return batch.id


@dataclass(frozen=True)
class Line:
    """One case of a batch: as chosen, as it is now (None: out of this officer's sight), and its licence."""

    item: SigningItem
    candidate: Candidate | None
    sealing: Sealing | None


@dataclass(frozen=True)
class Day:
    """A batch and what became of it."""

    batch: SigningBatch
    lines: tuple[Line, ...]


def of(db: Session, house: House, officer: OfficerSession, batch_id: UUID, now: datetime) -> Day:
    """A batch of this officer, else NotFound."""
    batch = batches.mine(db, officer.officer_id, batch_id)
    items = batches.items(db, batch.id)
    ids = [item.application_id for item in items]
    rows = ready.of(db, reach(officer), ids)
    known = {one.row.id: one for one in _candidates(db, house, [*rows.values()], now)}
    sealed = progress.of(db, ids) if batch.confirmed_at else {}
    lines = (Line(item, known.get(item.application_id), sealed.get(item.application_id)) for item in items)
    return Day(batch, tuple(lines))


def leave_out(db: Session, officer: OfficerSession, batch_id: UUID, position: int, now: datetime) -> None:
    """Take one case out of a list that is not confirmed yet."""
    batch = batches.mine(db, officer.officer_id, batch_id, lock=True)
    batches.require_open(batch, now)
    batches.leave_out(db, batch, position)


def to_confirm(db: Session, officer: OfficerSession, batch_id: UUID, now: datetime) -> str:
    """The digest of an open list as it is now: what the officer is about to prove to be there for."""
    batch = batches.mine(db, officer.officer_id, batch_id)
    batches.require_open(batch, now)
    items = batches.items(db, batch.id)
    if not items:
        raise Conflict("ไม่มีเรื่องเหลือในรายการนี้ เลือกเรื่องที่จะลงนามใหม่")
    return batches.digest(batch, items)


def confirm(db: Session, officer: OfficerSession, batch_id: UUID, here: Presence, now: datetime) -> None:
    """The officer proved to be there for exactly this list: approve it, once. Twice is harmless.

    Forbidden when somebody else signed in, Conflict when the list is no longer the one that was shown.
    """
    batch = batches.mine(db, officer.officer_id, batch_id, lock=True)
    if batch.confirmed_at is not None and batch.proof == here.as_facts():
        return
    batches.require_open(batch, now)
    if (here.issuer, here.subject) != officers.account(db, officer.officer_id):
        raise Forbidden("ผู้ที่ยืนยันตัวตนไม่ใช่เจ้าหน้าที่ที่เลือกรายการนี้ จึงยังไม่ได้ลงนาม ยืนยันอีกครั้งด้วยบัญชีของคุณเอง")
    items = batches.items(db, batch.id)
    if here.what != batches.digest(batch, items):
        raise Conflict("รายการเปลี่ยนไปหลังจากที่คุณออกไปยืนยันตัวตน จึงยังไม่ได้ลงนาม ตรวจรายการแล้วยืนยันใหม่")
    batch.confirmed_at, batch.proof = now, here.as_facts()
    events.record(
        db,
        batches.stream(batch.id),
        "signing.confirm",
        sessions.actor(officer),
        now,
        subject=batch.id,
        cases=len(items),
        **here.as_facts(),
    )
    jobs.enqueue(db, "sign_batch", batch_id=str(batch.id))
