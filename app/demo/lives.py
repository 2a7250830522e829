"""What the people of the town do, act by act: a form from the first page to sending, an application to its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.core.thai import be_year
from app.demo.acts import Filer
from app.demo.desks import WHY_LATE, WHY_WAITING, Desk
from app.demo.officials import MUANG, NAKHON, THUNG
from app.demo.parties import Agent, CompanyFiler
from app.demo.town import Script, Town

FOOD, LARGE, TRADE = "food-premises-notification", "food-premises-licence", "commercial-registration"
LIQUOR, TOBACCO, HAZARD = "liquor-retail", "tobacco-retail", "health-hazard-business"
COPY, BUILDING = "commercial-register-copy", "building-permit"

Mishap = Callable[[float], bool]
"""Whether one of the less usual things happens, which happens so often in a hundred."""


def never(_percent: float) -> bool:
    """Everything goes well."""
    return False


class Stage(StrEnum):
    """How far a service that is new on the portal has come at an agency."""

    FILED = "filed"
    """Forms come in and are checked here; nothing has been decided yet."""
    BILLED = "billed"
    """The first are approved and billed; nobody has paid yet."""


NEWLY: Mapping[tuple[str, str], Stage] = {
    (HAZARD, NAKHON): Stage.FILED,
    (COPY, NAKHON): Stage.BILLED,
    (BUILDING, MUANG): Stage.FILED,
    (FOOD, THUNG): Stage.FILED,
}
"""What an agency has only just brought to the portal: the report says L1 and what is missing for L2."""

SHOPS = (
    "ก๋วยเตี๋ยวป้าใหญ่", "ข้าวมันไก่ทอง", "กาแฟริมคลอง", "ส้มตำใต้ต้นมะขาม", "ครัวบ้านสวน", "ขนมหวานยายจันทร์", "หมูกระทะลานดาว",
    "น้ำแข็งไสตลาดเก่า", "โจ๊กหน้าวัด", "เบเกอรี่ดอกรัก", "อาหารตามสั่งสามแยก", "ชาเย็นร่มไม้", "ข้าวต้มรอบดึก", "ไก่ย่างบ้านนา",
    "ของชำมุมเมือง", "ขนมจีนพริกหยวก",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a shop is, and which local authority that is."""

    agency: str
    subdistrict: str
    road: str


PLACES = (
    Place(MUANG, "พระปฐมเจดีย์ เมืองนครปฐม นครปฐม", "ดอกไม้"),
    Place(MUANG, "บางแขม เมืองนครปฐม นครปฐม", "ริมคลอง"),
    Place(MUANG, "ธรรมศาลา เมืองนครปฐม นครปฐม", "ตลาดเก่า"),
    Place(NAKHON, "ในเมือง เมืองขอนแก่น ขอนแก่น", "กลางเมือง"),
    Place(NAKHON, "เมืองเก่า เมืองขอนแก่น ขอนแก่น", "ริมบึง"),
    Place(THUNG, "ในเมือง เมืองพิษณุโลก พิษณุโลก", "ท่าน้ำ"),
)


def files(town: Town, me: Filer, services: tuple[str, ...], place: Place, n: int, mishap: Mishap) -> Script:
    """Somebody fills the n-th form, over an hour or over days, and sends it or forgets it."""
    form = me.begin(services)
    yield timedelta(minutes=3)
    me.answer(form, _answers(town, n, place, large=LARGE in services), town.chance)
    if mishap(9):
        return
    yield town.days(0.01, 3)
    me.attach(form)
    yield timedelta(minutes=4)
    for application in me.send(form):
        town.comes(town.clock.now(), lives(town, me, application, mishap))


def _answers(town: Town, n: int, place: Place, *, large: bool) -> dict[str, str]:
    area = town.chance.randint(205, 640) if large else town.chance.randint(12, 190)
    opens = town.clock.now() + timedelta(days=town.chance.randint(20, 80))
    return _dates(opens) | {
        "applicant_phone": f"08 1{n:03d} {town.chance.randint(0, 9999):04d}",
        "shop_name": f"{SHOPS[n % len(SHOPS)]} (ตัวอย่าง)",
        "opening_hours": town.chance.choice(("ทุกวัน 10:00–21:00 น.", "จันทร์–เสาร์ 07:00–15:00 น.", "ทุกวัน 17:00–23:00 น.")),
        "premises_address.house": f"{n * 7 % 220 + 1}/{n % 9 + 1}",
        "premises_address.road": place.road,
        "premises_address.subdistrict": place.subdistrict,
        "premises_right": town.chance.choice(("own", "own", "rent", "consent")),
        "premises_owner_name": "นายเจ้าของ ตัวอย่าง",
        "premises_area": str(area),
        "food_handlers": str(max(1, area // 40)),
        "head_office_at": "shop",
        "waste_system": "yes",
        "grease_trap": town.chance.choice(("yes", "yes", "no")),
    }


def _dates(opens: datetime) -> dict[str, str]:
    """Whatever begins or is ready on the day the shop opens."""
    asked = ("opening_date", "building_finish_on", "employees_since", "speaker_from")
    parts = {"day": opens.day, "month": opens.month, "year": be_year(opens.date())}
    return {f"{key}.{part}": str(number) for key in asked for part, number in parts.items()}


def lives(town: Town, me: Filer, application: UUID, mishap: Mishap) -> Script:
    """An application at its agency, from the desk's first look to the licence or another end."""
    desk = Desk(town.here.portal.house, application)
    pace = min(1.0, desk.days_allowed / 7)
    yield town.days(0.05, 1.5) * pace
    desk.takes()
    yield town.days(0.02, 0.4) * pace
    if desk.has_papers and mishap(24):
        desk.returns()
        if mishap(20):
            return
        yield town.days(0.2, 6)
        desk.mends(me)
        yield timedelta(minutes=4)
        desk.sends_back(me)
        yield town.days(0.05, 1) * pace
    if mishap(3):
        desk.withdraws(me)
        return
    desk.accepts()
    if NEWLY.get(desk.place) is Stage.FILED:
        return
    yield from _decided(town, me, desk, pace, mishap)


def _decided(town: Town, me: Filer, desk: Desk, pace: float, mishap: Mishap) -> Script:
    """A complete application: in time or late, granted or not, paid for or forgotten."""
    if mishap(12):
        yield timedelta(days=desk.days_allowed * 1.5)
        if not mishap(30):
            desk.explains(WHY_LATE)
    yield town.days(0.1, 6) * pace
    while desk.waits:
        yield town.days(1, 3)
        desk.explains(WHY_WAITING)
    desk.sees_the_papers()
    if mishap(7):
        desk.refuses()
        return
    desk.approves()
    yield town.days(0.02, 4)
    if NEWLY.get(desk.place) is Stage.BILLED or mishap(8):
        return
    for qr in desk.bills():
        town.pays(qr, me.who.name.th)


def opens_a_branch(town: Town, director: CompanyFiler, agent: Agent) -> Script:
    """A company lets somebody act for it, who files for its new restaurant; the director does the rest herself."""
    agent.mandate = director.lets(agent.who, timedelta(days=180))
    yield timedelta(hours=5)
    town.comes(town.clock.now(), files(town, agent, (LARGE, HAZARD, LIQUOR), PLACES[0], 900, never))
    yield timedelta(days=40)
    town.comes(town.clock.now(), files(town, director, (TOBACCO,), PLACES[0], 900, never))
