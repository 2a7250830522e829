"""Job: a confirmed batch is approved case by case, each in a transaction of its own and for itself.

Killed anywhere it goes on where it was: a case is approved and ticked off in one commit. What refuses one case keeps
no other from going on.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from app.applications import batches, cases, holding, ready
from app.applications.batches import Outcome, SigningBatch, SigningItem
from app.catalogue.schema import Text
from app.core import events
from app.core.errors import Conflict, DomainError, Forbidden, NotFound
from app.identity import officers, sessions
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.stories import hindrance, review
from app.stories.desk import actor, reach
from app.stories.house import House
from app.stories.review import Said

log = structlog.get_logger(__name__)

OUT_OF_SIGHT = "เรื่องนี้ไม่อยู่ที่สำนักงานของคุณแล้ว"
OUR_FAULT = "ระบบทำเรื่องนี้ไม่สำเร็จ ยังไม่มีอะไรเปลี่ยน ลองลงนามเรื่องนี้อีกครั้ง"


def run(house: House, batch_id: UUID) -> None:
    """Everything of a confirmed batch that was neither approved nor refused yet."""
    while True:
        with house.database.transaction() as db:
            batch = db.get_one(SigningBatch, batch_id)
            position = batches.next_waiting(db, batch_id)
            if batch.confirmed_at is None or batch.finished_at is not None:
                return
        if position is None:
            break
        _one(house, batch_id, position)
    _finished(house, batch_id)


def _one(house: House, batch_id: UUID, position: int) -> None:
    """Approve one case, or write down why not."""
    try:
        with house.database.transaction() as db:
            db.info["failpoint"] = "signing"
            batch, item = db.get_one(SigningBatch, batch_id), batches.held(db, batch_id, position)
            if item.outcome is Outcome.WAITING:
                now = house.clock.now()
                _approve(db, house, batch, item, now)
                item.outcome, item.at = Outcome.APPROVED, now
    except NotFound:
        _failed(house, batch_id, position, OUT_OF_SIGHT, {})
    except DomainError as refused:
        words, values = refused.message, refused.values
        _failed(house, batch_id, position, words or next(iter(getattr(refused, "problems", {}).values()), ""), values)
    except (InterfaceError, OperationalError):
        raise  # the database is away: the job is tried again, and this case with it
    except Exception:
        log.exception("a case of a batch could not be approved", batch=str(batch_id), position=position)
        _failed(house, batch_id, position, OUR_FAULT, {})


def _approve(db: Session, house: House, batch: SigningBatch, item: SigningItem, now: datetime) -> None:
    officer = officers.at_work(db, batch.officer_id, batch.session_id, now)
    if Duty.APPROVE not in officer.duties:
        raise Forbidden("หน้าที่ของคุณยังไม่รวมการลงชื่อเรื่องนี้ ขอสิทธิ์จากผู้ดูแลระบบของหน่วยงานคุณ")
    application = cases.at_desk(db, reach(officer), item.application_id, lock=True)
    if application.taken_by not in {None, officer.officer_id}:
        raise Conflict("%(who)s รับเรื่องนี้ไปก่อนแล้ว", who=officers.name_of(db, application.taken_by))
    _unhindered(db, house, officer, application.id, now)
    cases.stale(application, item.revision)
    holding.take(db, reach(officer), application.id, actor(officer, application), now)
    proof = {"batch": str(batch.id), "stepped_up": batch.proof}
    review.approve(db, house, officer, application.id, application.revision, Said(), now, **proof)


def _unhindered(db: Session, house: House, officer: OfficerSession, application_id: UUID, now: datetime) -> None:
    rows = [*ready.of(db, reach(officer), [application_id]).values()]
    found = hindrance.of(db, house, rows, hindrance.clocks(db, house, rows, now), now)
    if application_id in found:
        raise found[application_id].refusal()


def _failed(house: House, batch_id: UUID, position: int, message: str, values: Mapping[str, object]) -> None:
    with house.database.transaction() as db:
        item = batches.held(db, batch_id, position)
        if item.outcome is Outcome.WAITING:
            said = {
                name: value.model_dump() if isinstance(value, Text) else str(value) for name, value in values.items()
            }
            item.outcome, item.at = Outcome.FAILED, house.clock.now()
            item.reason = {"message": message, "values": said}


def _finished(house: House, batch_id: UUID) -> None:
    with house.database.transaction() as db:
        db.info["failpoint"] = "signing_done"
        batch = db.get_one(SigningBatch, batch_id, with_for_update=True)
        if batch.finished_at is not None:
            return
        now = house.clock.now()
        outcomes = [item.outcome for item in batches.items(db, batch_id)]
        batch.finished_at = now
        events.record(
            db,
            batches.stream(batch_id),
            "signing.finish",
            sessions.actor(officers.at_work(db, batch.officer_id, batch.session_id, now, whatever=True)),
            now,
            subject=batch_id,
            approved=outcomes.count(Outcome.APPROVED),
            failed=outcomes.count(Outcome.FAILED),
        )
