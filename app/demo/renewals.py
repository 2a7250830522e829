"""Shops that opened almost a year ago: one has renewed its certificate by the fee, another hears that its own ends."""

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.billing import bills, thai_qr
from app.billing.models import Bill
from app.core.clock import MovedClock
from app.core.errors import Conflict
from app.demo.acts import Filer
from app.demo.crowd import CROWD
from app.demo.lives import FOOD, PLACES, files, never
from app.demo.people import CITIZENS
from app.demo.running import Running
from app.demo.town import Script, Town
from app.licences import service as licences
from app.stories import renew_by_fee, renewal

OPENED = (timedelta(days=350), timedelta(days=332))
"""How long before today each of them came: the first certificate ends within days, the other in a month."""
RENEWS = timedelta(days=12)
"""How long before today the first of them renews."""
YOU = next(person for person in CITIZENS if person.key == "bunma")
SEED = 2568
AT = 3
"""Where: at a place whose authority does not look after the oldest certificates of the town."""
FIRST = 40
"""Which of the crowd the first of them is, and which shop."""


def opened_long_ago(here: Running, clock: MovedClock, season: datetime) -> None:
    """What happened before the season; the clock ends where that begins."""
    present = clock.now()
    clock.move(-OPENED[0])
    town = Town(here, clock, random.Random(SEED))  # noqa: S311 - plausible, not secret
    for n, ago in enumerate(OPENED):
        town.comes(present - ago, files(town, _holder(here, n), (FOOD,), PLACES[AT], FIRST + n, never))
    town.live(season)
    clock.move(season - clock.now())


def _holder(here: Running, n: int) -> Filer:
    """The first is one of many; the second is somebody you can be, so that you can renew."""
    return Filer(here.portal.house, CROWD[FIRST % len(CROWD)] if n == 0 else YOU)


def renews(town: Town) -> Script:
    """Nothing has changed: the fee is paid, and the licence goes on."""
    me = _holder(town.here, 0)
    house = town.here.portal.house

    def asks(db: Session) -> str:
        mine = me.session(db)
        held = licences.of_applicant(db, mine.applicant_id)
        prospects = renewal.prospects(db, house, held, me.now)
        ends = next((one for one in held if prospects[one.id].possible), None)
        if ends is None:
            raise Conflict("nothing of this holder ends soon")
        seen = renew_by_fee.shown(db, renewal.offer(db, house, mine, ends.id, me.now))
        bill = renew_by_fee.ask(db, house, mine, ends.id, seen, "th", me.now)
        return thai_qr.build(bills.thai_qr_of(db.get_one(Bill, bill)))

    qr = me.does(asks)
    yield timedelta(minutes=6)
    town.pays(qr, me.who.name.th)
