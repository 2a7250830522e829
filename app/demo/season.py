"""Three months of a town: about a hundred cases that people file, mend, pay for, forget and receive, on a moved clock.

Every person and officer is a script of acts with days between them. The acts are the portal's own commands, its worker
does its jobs, the bank stand-in is paid over HTTP: only the clock is moved, from act to act, up to the present. Where a
case stands today is where its script has come.
"""

import heapq
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import httpx2
import structlog
from sqlalchemy import select

from app.applications.models import Application
from app.core import jobs
from app.core.clock import BANGKOK, MovedClock, bangkok_date
from app.core.errors import DomainError
from app.demo.acts import Filer
from app.demo.crowd import CROWD
from app.demo.desks import Desk
from app.demo.roles import Citizen
from app.demo.running import Running
from app.stories import end, pay

log = structlog.get_logger(__name__)

Script = Iterator[timedelta]
"""Acts in order; what is yielded is how long it takes until the next."""

LENGTH = timedelta(days=92)
FORMS = 64
MORE_LATELY = 0.6
"""An exponent below 1: the portal becomes known, so that more people come each week than the week before."""

SEED = 2569
PATIENCE_SECONDS = 30.0

FOOD, LARGE, TRADE = "food-premises-notification", "food-premises-licence", "commercial-registration"
LIQUOR, TOBACCO, HAZARD = "liquor-retail", "tobacco-retail", "health-hazard-business"

BUNDLES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (20, (FOOD,)),
    (8, (LARGE,)),
    (10, (TRADE,)),
    (9, (FOOD, TRADE)),
    (9, (FOOD, TRADE, LIQUOR, TOBACCO)),
    (4, (LIQUOR, TOBACCO)),
    (4, (HAZARD,)),
    (3, ("commercial-register-copy",)),
)
"""What people come for, and how often."""

SHOPS = (
    "ก๋วยเตี๋ยวป้าใหญ่", "ข้าวมันไก่ทอง", "กาแฟริมคลอง", "ส้มตำใต้ต้นมะขาม", "ครัวบ้านสวน", "ขนมหวานยายจันทร์", "หมูกระทะลานดาว",
    "น้ำแข็งไสตลาดเก่า", "โจ๊กหน้าวัด", "เบเกอรี่ดอกรัก", "อาหารตามสั่งสามแยก", "ชาเย็นร่มไม้", "ข้าวต้มรอบดึก", "ไก่ย่างบ้านนา",
    "ของชำมุมเมือง", "ขนมจีนพริกหยวก",
)  # fmt: skip

PLACES = (
    ("พระปฐมเจดีย์ เมืองนครปฐม นครปฐม", "ดอกไม้"),
    ("บางแขม เมืองนครปฐม นครปฐม", "ริมคลอง"),
    ("ธรรมศาลา เมืองนครปฐม นครปฐม", "ตลาดเก่า"),
    ("ในเมือง เมืองขอนแก่น ขอนแก่น", "กลางเมือง"),
    ("เมืองเก่า เมืองขอนแก่น ขอนแก่น", "ริมบึง"),
)


@dataclass
class Town:
    """The town at work: who acts when, on one clock that only moves forward."""

    here: Running
    clock: MovedClock
    chance: random.Random
    _waiting: list[tuple[datetime, int, Script]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def comes(self, at: datetime, script: Script) -> None:
        """A script begins at this moment."""
        heapq.heappush(self._waiting, (_by_day(at), next(self._numbers), script))

    def live(self, until: datetime) -> None:
        """Let everything happen that happens before `until`."""
        today = bangkok_date(self.clock.now())
        while self._waiting and self._waiting[0][0] < until:
            moment, _, script = heapq.heappop(self._waiting)
            self._rest()
            self.clock.move(max(moment - self.clock.now(), timedelta()))
            if bangkok_date(moment) != today:
                today = bangkok_date(moment)
                self._night()
            self._act(script)
        self._rest()

    def _act(self, script: Script) -> None:
        try:
            pause = next(script, None)
        except DomainError as refused:
            log.warning("a sample case stops here", why=str(refused))
            return
        if pause is not None:
            self.comes(self.clock.now() + pause, script)

    def _night(self) -> None:
        """What the worker does by the machine's clock, which does not move."""
        end.lapse_unmended(self.here.portal.house)
        pay.expire(self.here.portal.house)

    def _rest(self) -> None:
        """Until the worker has done everything that is in line: the clock must not run away from it."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with self.here.portal.house.database.transaction() as db:
                if not jobs.waiting(db):
                    return
            time.sleep(0.01)

    def pays(self, qr: str, payer: str) -> None:
        """Somebody pays a bill at the bank, which tells the portal."""
        order = {"qr": qr, "payerName": payer}
        httpx2.post(f"{self.here.outside}/bank/v1/payments", json=order, trust_env=False).raise_for_status()

    def days(self, least: float, most: float) -> timedelta:
        """Some days, more often few than many."""
        return timedelta(days=self.chance.triangular(least, most, least))

    def seldom(self, percent: float) -> bool:
        """Whether one of the less usual things happens."""
        return self.chance.random() * 100 < percent


def _by_day(moment: datetime) -> datetime:
    """People sleep and offices close: nothing happens between 17:00 and 08:30, nor at weekends."""
    local = moment.astimezone(BANGKOK)
    if local.hour >= 17:
        local = local.replace(hour=9, minute=local.minute) + timedelta(days=1)
    elif local.hour < 9:
        local = local.replace(hour=9)
    while local.weekday() > 4:
        local += timedelta(days=1)
    return local


def is_new(here: Running) -> bool:
    """Whether nobody has ever filed anything here."""
    with here.portal.house.database.transaction() as db:
        return db.scalar(select(Application.id).limit(1)) is None


def grow(here: Running, clock: MovedClock, told: Callable[[str], None] = lambda _: None, forms: int = FORMS) -> int:
    """Let the three months before now happen; how many forms people began. The clock ends where it began."""
    present = clock.now()
    clock.move(-LENGTH)
    town = Town(here, clock, random.Random(SEED))  # noqa: S311 - plausible, not secret
    begins = clock.now()
    known = here.portal.house.catalogue.services
    bundles = [(weight, services) for weight, services in BUNDLES if all(slug in known for slug in services)]
    for n in range(forms):
        wanted = town.chance.choices([s for _, s in bundles], [weight for weight, _ in bundles])[0]
        who = CROWD[n % len(CROWD)]
        town.comes(begins + LENGTH * ((n + town.chance.random()) / forms) ** MORE_LATELY, _files(town, who, wanted, n))
    try:
        for week in range(1, LENGTH.days // 7 + 2):
            town.live(min(begins + timedelta(days=7 * week), present))
            told(f"{bangkok_date(clock.now()):%d.%m.}")
    finally:
        clock.offset = timedelta()
    return forms


def _files(town: Town, who: Citizen, services: tuple[str, ...], n: int) -> Script:
    """Somebody fills one form, over an hour or over days, and sends it or forgets it."""
    me = Filer(town.here.portal.house, who)
    place, road = PLACES[n % len(PLACES)]
    form = me.begin(services)
    yield timedelta(minutes=3)
    me.answer(form, _answers(town, n, place, road, large=LARGE in services), town.chance)
    if town.seldom(9):
        return
    yield town.days(0.01, 3)
    me.attach(form)
    yield timedelta(minutes=4)
    for application in me.send(form):
        town.comes(town.clock.now(), _lives(town, me, application))


def _answers(town: Town, n: int, place: str, road: str, *, large: bool) -> dict[str, str]:
    area = town.chance.randint(205, 640) if large else town.chance.randint(12, 190)
    opens = town.clock.now() + timedelta(days=town.chance.randint(20, 80))
    return {
        "applicant_phone": f"08 1{n:03d} {town.chance.randint(0, 9999):04d}",
        "shop_name": f"{SHOPS[n % len(SHOPS)]} (ตัวอย่าง)",
        "opening_date.day": str(opens.day),
        "opening_date.month": str(opens.month),
        "opening_date.year": str(opens.year + 543),
        "opening_hours": town.chance.choice(("ทุกวัน 10:00–21:00 น.", "จันทร์–เสาร์ 07:00–15:00 น.", "ทุกวัน 17:00–23:00 น.")),
        "premises_address.house": f"{n * 7 % 220 + 1}/{n % 9 + 1}",
        "premises_address.road": road,
        "premises_address.subdistrict": place,
        "premises_right": town.chance.choice(("own", "own", "rent", "consent")),
        "premises_owner_name": "นายเจ้าของ ตัวอย่าง",
        "premises_area": str(area),
        "food_handlers": str(max(1, area // 40)),
        "head_office_at": "shop",
        "waste_system": "yes",
        "grease_trap": town.chance.choice(("yes", "yes", "no")),
    }


def _lives(town: Town, me: Filer, application: UUID) -> Script:
    """An application at its agency, from the desk's first look to the licence or another end."""
    desk = Desk(town.here.portal.house, application)
    pace = min(1.0, desk.days_allowed / 7)
    yield town.days(0.05, 1.5) * pace
    desk.takes()
    yield town.days(0.02, 0.4) * pace
    if desk.has_papers and town.seldom(24):
        desk.returns()
        if town.seldom(20):
            return
        yield town.days(0.2, 6)
        desk.mends(me)
        yield timedelta(minutes=4)
        desk.sends_back(me)
        yield town.days(0.05, 1) * pace
    if town.seldom(3):
        desk.withdraws(me)
        return
    desk.accepts()
    yield town.days(0.1, 6) * pace if town.seldom(88) else timedelta(days=desk.days_allowed * 1.2)
    if town.seldom(7):
        desk.refuses()
        return
    desk.approves()
    yield town.days(0.02, 4)
    if town.seldom(8):
        return
    for qr in desk.bills():
        town.pays(qr, me.who.name.th)
