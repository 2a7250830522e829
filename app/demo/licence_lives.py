"""What became of three licences of the town: one is suspended, one was revoked after a hearing, one was replaced."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import bangkok_date
from app.demo.acts import Clerk, Filer
from app.demo.crowd import CROWD
from app.demo.lives import FOOD
from app.demo.officials import MUANG
from app.demo.people import OFFICERS
from app.demo.town import Script, Town
from app.licences.life import Action, Step
from app.licences.models import Licence, Reason, Status
from app.stories import holder_acts, supervise
from app.stories.supervise import Said

FALSE = "ตรวจสถานที่แล้วพบว่าพื้นที่จริง 340 ตร.ม. ไม่ตรงกับที่แจ้งไว้ และไม่มีแผนผังตามที่แนบ"
DIRTY = "พบแมลงสาบในครัวและบ่อดักไขมันล้น สั่งให้แก้เมื่อตรวจครั้งก่อนแล้วยังไม่แก้"
WET = "น้ำท่วมร้าน แผ่นที่พิมพ์ติดไว้เปื่อยจนอ่านคิวอาร์ไม่ได้"
T = TypeVar("T")
HEARD = timedelta(days=17)


def supervised(town: Town) -> Script:
    """Officers of the town look after three shops that were notified; as everywhere, each hand does its own."""
    revoked, replaced, suspended = [*_oldest(town), None, None, None][:3]
    if revoked:
        _ordered(town, "nueng", revoked, Action.REVOKE, Step.ANNOUNCE, Said("false", FALSE))
    yield timedelta(days=2)
    if replaced:
        _asked(town, replaced)
    yield timedelta(days=1)
    if replaced:
        _ordered(town, "song", replaced, Action.SUBSTITUTE, Step.DO, Said("lost"))
    yield HEARD
    if revoked:
        _ordered(town, "song", revoked, Action.REVOKE, Step.DO, Said())
    yield timedelta(days=1)
    if suspended:
        until = bangkok_date(town.clock.now()) + timedelta(days=60)
        _ordered(town, "song", suspended, Action.SUSPEND, Step.DO, Said("hygiene", DIRTY, until))


def _oldest(town: Town) -> list[UUID]:
    """The food licences of the municipality whose holders are of the town, the oldest first."""
    names = [who.name.th for who in CROWD]
    query = select(Licence.id).where(
        Licence.agency_code == MUANG,
        Licence.service_slug == FOOD,
        Licence.status == Status.VALID,
        Licence.holder.in_(names),
    )
    return _does(town, lambda db: list(db.scalars(query.order_by(Licence.issued_at))))


def _ordered(town: Town, officer: str, licence_id: UUID, action: Action, step: Step, said: Said) -> None:
    house = town.here.portal.house
    clerk = Clerk(house, next(one for one in OFFICERS if one.key == officer))

    def act(db: Session) -> None:
        revision = db.get_one(Licence, licence_id).revision
        supervise.act(db, house, clerk.session(db), licence_id, action, step, revision, said, town.clock.now())

    _does(town, act)


def _asked(town: Town, licence_id: UUID) -> None:
    house = town.here.portal.house

    def act(db: Session) -> None:
        licence = db.get_one(Licence, licence_id)
        me = Filer(house, next(who for who in CROWD if who.name.th == licence.holder)).session(db)
        holder_acts.ask_substitute(db, house, me, licence_id, licence.revision, Reason.DAMAGED, WET, town.clock.now())

    _does(town, act)


def _does(town: Town, act: Callable[[Session], T]) -> T:
    with town.here.portal.house.database.transaction() as db:
        return act(db)
