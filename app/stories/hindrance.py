"""What keeps accepted cases from being approved now, for many at once and each in words an officer can act on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, changes, standing
from app.applications.deadlines import LegalClock
from app.applications.ready import ReadyRow
from app.applications.workflow import State
from app.catalogue.schema import Text
from app.core.errors import Conflict
from app.stories import resting
from app.stories.desk import clock_from
from app.stories.house import House
from app.stories.review import SHORTEST_REASON


@dataclass(frozen=True)
class Hindrance:
    """Why not: a msgid, and what fills it."""

    message: str
    values: Mapping[str, Text] = field(default_factory=dict)

    def refusal(self) -> Conflict:
        """The same as what stops an act."""
        return Conflict(self.message, **self.values)


MOVED = Hindrance("เรื่องนี้เปลี่ยนสถานะไปแล้ว จึงทำรายการนี้ไม่ได้ ดูสถานะล่าสุดก่อน")
CHANGE_ASKED = Hindrance("ผู้ยื่นขอแก้คำตอบของเรื่องนี้ ตอบคำขอนั้นก่อน จึงเสนอหรือลงชื่อได้")
UNCONFIRMED = Hindrance("ยังไม่มีเจ้าหน้าที่ยืนยันอำนาจของผู้ส่งแทนนิติบุคคล ยืนยันในหน้าเรื่องก่อน")
UNEXPLAINED = Hindrance("เกินเวลาตามคู่มือแล้ว บอกเหตุที่ล่าช้าแก่ผู้ยื่นในหน้าเรื่องก่อน")
LACKING = "ยังไม่มี%(name)s ซึ่งต้องมีก่อน"


def clocks(db: Session, house: House, rows: Sequence[ReadyRow], now: datetime) -> dict[UUID, LegalClock]:
    """The legal clock of each."""
    moves = cases.clock_entries_of(db, [row.id for row in rows])
    return {
        row.id: clock_from(moves[row.id], house.service(db, row.service_slug, row.service_version), now) for row in rows
    }


def of(
    db: Session, house: House, rows: Sequence[ReadyRow], clock: Mapping[UUID, LegalClock], now: datetime
) -> dict[UUID, Hindrance]:
    """What stands in the way of each; nothing for those that can be approved. Who holds them is not looked at."""
    ids = [row.id for row in rows]
    asked = changes.waiting_of(db, ids) if ids else frozenset()
    unconfirmed = standing.unconfirmed_of(db, ids) if ids else frozenset()
    found: dict[UUID, Hindrance] = {}
    for row in rows:
        if row.state is not State.ACCEPTED:
            found[row.id] = MOVED
        elif row.id in asked:
            found[row.id] = CHANGE_ASKED
        elif row.id in unconfirmed:
            found[row.id] = UNCONFIRMED
        elif lacking := _lacking(db, house, row, now):
            found[row.id] = Hindrance(LACKING, {"name": lacking})
        elif clock[row.id].late and len(row.delay_reason) < SHORTEST_REASON:
            found[row.id] = UNEXPLAINED
    return found


def _lacking(db: Session, house: House, row: ReadyRow, now: datetime) -> Text | None:
    """The first licence that must be there and is not; asks nothing where the service needs none."""
    asked = [(row.id, house.service(db, row.service_slug, row.service_version))]
    needed = resting.supports(db, house, row.applicant_id, asked, now).get(row.id, ())
    return next((one.name for one in needed if one.lacking), None)
