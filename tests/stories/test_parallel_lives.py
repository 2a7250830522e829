"""One form, four applications at three desks: granted, returned, refused, withdrawn; each goes its own way."""

from dataclasses import dataclass

from sqlalchemy import select

from app.applications.models import Application
from app.applications.workflow import State
from app.billing import ledger
from app.billing.models import Bill, BillLine, BillStatus
from app.demo import walk
from app.demo.browsing import Browser
from tests.stories.world import World, picture

FOOD, REGISTER, HAZARD, LIQUOR = (
    "food-premises-notification",
    "commercial-registration",
    "health-hazard-business",
    "liquor-retail",
)
ANSWERS = walk.SHOP | {
    "trade": {"trade_name_en": "", "trade_activity": "shop", "trade_capital": "200000", "head_office_at": "shop"},
    "excise": {
        "vat_registered": "no",
        "forbidden_place": "no",
        "liquor_service": "drink_in",
        "liquor_near_school": "no",
    },
    "hazard": {
        "hazard_group": "food",
        "hazard_detail": "คั่วกาแฟ",
        "machine_power": "3",
        "hazard_workers": "2",
        "hazard_control": "ปล่องควันสูงพ้นหลังคา และถังดักเขม่า",
    },
}
DESKS = {FOOD: ("nueng", "song"), REGISTER: ("paet", "kao"), HAZARD: ("nueng", "song"), LIQUOR: ("sipet", "sipsong")}
"""Who checks and who decides each of them."""


@dataclass
class Restaurant:
    """The form and where each of its applications is at its desk."""

    world: World
    me: Browser
    form: str
    desks: dict[str, str]

    def track(self) -> Browser:
        """The tracking page, opened anew."""
        return self.me.open(f"{self.form}/track")

    def mine(self, slug: str) -> str:
        """The address of one application for the person."""
        return f"/applications/{self.desks[slug].rpartition('/')[2]}"

    def states(self) -> dict[str, State]:
        """Where each application stands."""
        query = select(Application.service_slug, Application.state)
        form_id = self.form.rpartition("/")[2]
        rows = self.world.rows(query.where(Application.single_form_id == form_id))
        return {row.service_slug: State(row.state) for row in rows}

    def bills(self) -> dict[str, tuple[BillStatus, int]]:
        """The fee of each application that was billed."""
        query = (
            select(BillLine.service_slug, Bill.status, BillLine.satang)
            .join(Bill, Bill.id == BillLine.bill_id)
            .join(Application, Application.id == BillLine.application_id)
            .where(Application.single_form_id == self.form.rpartition("/")[2])
        )
        return {row.service_slug: (BillStatus(row.status), row.satang) for row in self.world.rows(query)}

    def accepted(self, slug: str) -> None:
        """Found complete at its desk, and taken by who decides."""
        checker, approver = (self.world.officer(person) for person in DESKS[slug])
        walk.take(checker, self.desks[slug])
        walk.check(checker, self.desks[slug])
        walk.decide(checker, self.desks[slug], "accept", "ลงชื่อและรับไว้พิจารณา")
        walk.take(approver, self.desks[slug])

    def granted(self, slug: str) -> None:
        """Complete, and signed."""
        self.accepted(slug)
        walk.decide(self.world.officer(DESKS[slug][1]), self.desks[slug], "approve", "ลงชื่ออนุญาต")

    def until_issued(self, count: int) -> None:
        """Wait for so many results on the tracking page."""
        walk.wait_for(self.me, f"{self.form}/track", lambda b: len(b.links(r"/licences/[0-9a-f-]+$")) == count or None)

    def to_pay(self) -> str:
        """The one bill to pay now."""
        (bill,) = self.track().links(r"/bills/[0-9a-f-]+$")
        return bill


def restaurant(world: World) -> Restaurant:
    """A restaurant with a bar and a coffee roaster: one form, four services, sent."""
    me = world.citizen("mali")
    form = walk.start_form(me, FOOD, REGISTER, HAZARD, LIQUOR)
    walk.await_prefill(me, form)
    walk.answer(me, form, ANSWERS)
    walk.attach(me, form, picture)
    walk.submit(me, form)
    query = select(Application.service_slug, Application.number)
    sent = world.rows(query.where(Application.single_form_id == form.rpartition("/")[2]))
    desks = {row.service_slug: walk.find_case(world.officer(DESKS[row.service_slug][0]), row.number) for row in sent}
    return Restaurant(world, me, form, desks)


def refused(place: Restaurant) -> None:
    """The roaster is refused, by two hands."""
    checker, approver = (place.world.officer(person) for person in DESKS[HAZARD])
    desk, said = place.desks[HAZARD], {"ground": "nuisance", "message": "ปล่องควันเปิดเข้าหาบ้านข้างเคียง ไม่มีถังดักเขม่า"}
    walk.take(checker, desk)
    walk.check(checker, desk)
    walk.decide(checker, desk, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.take(checker, desk)
    walk.decide(checker, desk, "propose_refusal", "ลงชื่อเสนอ", said)
    walk.take(approver, desk)
    walk.decide(approver, desk, "reject", "ลงชื่อไม่อนุญาต", said)


def test_one_is_granted_one_returned_one_refused_one_withdrawn_and_each_goes_on_alone(world: World) -> None:
    place = restaurant(world)
    place.track().must_see("แยกไป 4 เรื่อง").must_see("ตอนนี้คุณไม่ต้องทำอะไร")
    place.me.must_see("เรื่องนี้รอใบทะเบียนพาณิชย์").must_see("ใบนี้ใช้ได้เมื่อ")
    assert set(place.states().values()) == {State.SUBMITTED}

    place.granted(FOOD)
    registrar = world.officer("paet")
    walk.take(registrar, place.desks[REGISTER])
    walk.check(registrar, place.desks[REGISTER], {"premises_plan": "วาดใหม่ให้เห็นถนนหน้าร้าน"})
    walk.decide(registrar, place.desks[REGISTER], "return", "ลงชื่อและส่งถึงผู้ยื่น")
    refused(place)
    place.me.open(f"{place.mine(LIQUOR)}/withdraw").must_see("เดินต่อตามเดิม").must_see("ยังไม่มีค่าธรรมเนียมที่ต้องจ่าย")
    place.me.press("ถอนคำขอ")

    assert place.states() == {
        FOOD: State.AWAITING_PAYMENT,
        REGISTER: State.RETURNED,
        HAZARD: State.REJECTED,
        LIQUOR: State.WITHDRAWN,
    }
    assert place.bills() == {FOOD: (BillStatus.OPEN, 70_000)}
    for page in (f"{place.form}/track", "/my"):
        place.me.open(page).must_see("สิ่งที่คุณต้องทำตอนนี้ 2 เรื่อง")
        assert place.me.links(r"/bills/[0-9a-f-]+$")
        assert place.me.links(f"{place.mine(REGISTER)}/deficiency$")
    place.track().must_see("ปล่องควันเปิดเข้าหาบ้านข้างเคียง").must_see("อุทธรณ์ได้ถึง").must_see("คุณถอนคำขอแล้ว")

    walk.pay(place.me, place.to_pay())
    walk.await_licence(place.me, place.form)
    assert place.states()[REGISTER] is State.RETURNED
    place.track().must_see("สิ่งที่คุณต้องทำตอนนี้ 1 เรื่อง")

    walk.mend(place.me, place.form)
    place.granted(REGISTER)
    walk.pay(place.me, place.to_pay())
    place.until_issued(2)

    assert place.states() == {
        FOOD: State.ISSUED,
        REGISTER: State.ISSUED,
        HAZARD: State.REJECTED,
        LIQUOR: State.WITHDRAWN,
    }
    assert place.bills() == {FOOD: (BillStatus.PAID, 70_000), REGISTER: (BillStatus.PAID, 5_000)}
    place.track().must_see("ตอนนี้คุณไม่ต้องทำอะไร")
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []


def test_two_fees_of_one_municipality_are_paid_together_and_both_results_come(world: World) -> None:
    place = restaurant(world)
    place.granted(FOOD)
    place.granted(REGISTER)
    place.track().must_see("สิ่งที่คุณต้องทำตอนนี้ 2 เรื่อง").must_see("จ่ายครั้งเดียว 750 บาท")
    place.me.follow("เป็นใบเดียว").press("รวมเป็นใบเดียวและไปชำระ").must_see("ชำระ 750 บาท")
    bill = place.to_pay()
    place.me.must_see("อยู่ในใบแจ้งเดียวกับ").must_see("สิ่งที่คุณต้องทำตอนนี้ 1 เรื่อง")

    walk.pay(place.me, bill)
    place.until_issued(2)

    states = place.states()
    assert (states[FOOD], states[REGISTER]) == (State.ISSUED, State.ISSUED)
    assert (states[HAZARD], states[LIQUOR]) == (State.SUBMITTED, State.SUBMITTED)
    register = world.house.catalogue.services[REGISTER].result_name.th
    place.track().must_see(f"มี{register}แล้ว")
    walk.wait_for(place.me, f"{bill}/receipt.pdf", lambda b: b.status == 200 or None)
