"""A licence goes on: by its fee alone, by a form on one page, late, or not at all; and its holder is told in time.

The portal of this module is its own. Its clock only ever moves on, so every story begins when the one before ended.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

import pikepdf
import pytest
from sqlalchemy import select

from app.applications import deadlines
from app.applications.models import Application
from app.applications.workflow import State
from app.billing.models import Bill
from app.core.clock import BANGKOK, MovedClock, bangkok_date
from app.demo import walk
from app.demo.browsing import Browser
from app.demo.running import Running
from app.licences.life import Action, Step
from app.licences.models import Licence
from app.licences.shares import Share
from app.notices.models import InboxLine
from app.stories import holder_acts, pay, reminding
from app.stories.renewal import Prospect
from app.stories.supervise import Said
from tests.stories.licence_in_hand import Paper
from tests.stories.world import Case, World, at_once, picture


@pytest.fixture
def world(portal: Running) -> Iterator[World]:
    """Everybody, at a portal whose clock may be moved."""
    made = World(portal)
    yield made
    made.close()


def until(world: World, day: date) -> None:
    """Let time pass until ten o'clock of a day; everybody has been signed out meanwhile."""
    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    moment = datetime.combine(day, time(10), BANGKOK)
    assert moment > clock.now(), "the clock only moves on"
    clock.move(moment - clock.now())
    world.forget_officers()


def licence_of(world: World, case: Case) -> Licence:
    """The licence of a case, as it is stored."""
    with world.house.database.transaction() as db:
        return db.get_one(Licence, UUID(case.licence[-36:]))


def renewals(world: World, licence: Licence) -> list[Application]:
    """Every application that asked to renew it."""
    with world.house.database.transaction() as db:
        return list(db.scalars(select(Application).where(Application.renews == licence.id)))


def back(case: Case) -> Browser:
    """Its holder signs in again."""
    return walk.sign_in(case.me, "mali")


def press(tab: Browser) -> str:
    """Ask for the bill that renews the licence; its address."""
    return tab.press("ไม่มีอะไรเปลี่ยน ขอใบแจ้งชำระ %(baht)s&nbsp;บาท").url


def paid_and_issued(world: World, case: Case, bill: str, renewed: Application) -> Licence:
    """Pay the renewal; the licence that follows."""
    walk.pay(case.me, bill.removeprefix(case.me.base))
    walk.await_licence(case.me, f"/forms/{renewed.single_form_id}")
    with world.house.database.transaction() as db:
        return db.scalars(select(Licence).where(Licence.application_id == renewed.id)).one()


def test_a_certificate_goes_on_by_its_fee_alone_however_often_the_button_is_pressed(world: World) -> None:
    case = world.licensed()
    old = licence_of(world, case)
    assert old.valid_until
    case.me.open(f"{case.licence}/renew").must_see("ยังไม่ถึงวันที่ต่ออายุได้")

    until(world, old.valid_until - timedelta(days=60))
    tabs = [world.tab(back(case)) for _ in range(3)]
    for tab in tabs:
        tab.open(f"{case.licence}/renew").must_see("ต่ออายุแล้วใช้ได้ถึง").must_see("มาตรา 12")
    bills = at_once([partial(press, tab) for tab in tabs])

    assert len(set(bills)) == 1, "asked for three times at once, there is one bill"
    (renewed,) = renewals(world, old)
    assert (renewed.state, renewed.number) == (State.AWAITING_PAYMENT, renewed.number)
    new = paid_and_issued(world, case, bills[0], renewed)
    assert new.valid_until == old.valid_until.replace(year=old.valid_until.year + 1), "no day is lost"
    case.me.open(f"/licences/{new.id}/licence.pdf")
    with pikepdf.open(io.BytesIO(case.me.content)) as pdf:
        assert old.number in pdf.attachments["ContentInformation.xml"].get_file().read_bytes().decode()
    case.me.open(f"{case.licence}/renew").must_see("ขอต่ออายุแล้ว")
    tabs[0].open(f"{case.licence}/renew")
    assert not tabs[0].sees("ขอใบแจ้งชำระ")


def test_late_it_costs_a_fifth_more_and_what_was_not_paid_can_be_asked_for_again(world: World) -> None:
    case = world.licensed()
    old = licence_of(world, case)
    assert old.valid_until
    until(world, old.valid_until + timedelta(days=10))

    me = back(case).open(f"{case.licence}/renew").must_see("เลยวันสุดท้ายแล้ว").must_see("มาตรา 65")
    bill = press(me)
    (first,) = renewals(world, old)
    with world.house.database.transaction() as db:
        due = db.get_one(Bill, UUID(bill[-36:]))
    assert [line["satang"] for line in first.quote["lines"]] == [first.fee_satang * 5 // 6, first.fee_satang // 6]
    assert due.amount_satang == first.fee_satang

    until(world, bangkok_date(due.due_at) + timedelta(days=3))
    pay.expire(world.house)

    me = back(case).open(f"{case.licence}/renew")
    again = press(me)
    assert again != bill
    second = next(one for one in renewals(world, old) if one.id != first.id)
    new = paid_and_issued(world, case, again, second)
    assert new.valid_until == old.valid_until.replace(year=old.valid_until.year + 1)


def test_a_bill_holds_no_longer_than_the_terms_it_was_asked_for_under(world: World) -> None:
    service = world.house.catalogue.services["food-premises-notification"]
    last, rule = date(2027, 3, 31), service.renewing
    assert rule is not None
    licence = Licence(valid_until=last)
    in_time, late = (Prospect(licence, service, last + timedelta(days=days)).terms_until for days in (-5, 5))
    assert (in_time, late) == (last, rule.closes_on(last))


def granted(world: World, case: Case) -> Case:
    """Two officers agree; the bill is there."""
    maker, checker = world.officer("nueng"), world.officer("song")
    walk.take(maker, case.desk)
    walk.check(maker, case.desk)
    walk.decide(maker, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.decide(maker, case.desk, "propose_approval", "ลงชื่อเสนอ")
    walk.take(checker, case.desk)
    walk.decide(checker, case.desk, "approve", "ลงชื่ออนุญาต")
    case.bill = walk.bill_path(case.me, case.form)
    return case


def test_the_holder_is_told_on_each_of_the_four_days_once_until_the_renewal_is_under_way(world: World) -> None:
    case = world.licensed()
    old = licence_of(world, case)
    assert old.valid_until
    words = f"เลขที่ {old.number} ใช้ได้อีก"

    def told_on(days_before: int) -> list[int]:
        """Who is told when the job runs twice on that day: days left, by line of the inbox."""
        assert old.valid_until
        until(world, old.valid_until - timedelta(days=days_before))
        reminding.remind(world.house)
        assert reminding.remind(world.house) == 0, "nobody is told twice"
        query = select(InboxLine.facts).where(InboxLine.kind.in_(["licence_ending", "licence_unpaid"]))
        return [
            row.facts["days"] for row in world.rows(query.order_by(InboxLine.at)) if row.facts["number"] == old.number
        ]

    assert told_on(91) == []
    assert told_on(90) == [90]
    assert told_on(61) == [90]
    assert told_on(28) == [90, 28], "of two days that came while nobody looked only the later is told"
    back(case).open("/inbox").must_see(words)
    until(world, old.valid_until - timedelta(days=20))
    bill = press(back(case).open(f"{case.licence}/renew"))
    assert told_on(7) == [90, 28, 7], "asking for the bill is not paying it"
    back(case).open("/inbox").must_see("ยังไม่ได้ชำระ")
    (renewed,) = renewals(world, old)
    new = paid_and_issued(world, case, bill, renewed)
    assert told_on(3) == [90, 28, 7]
    assert (new.reminded, licence_of(world, case).reminded) == (None, 7)


def test_a_wallet_shows_prints_shares_and_gives_back_and_says_why_when_it_cannot(world: World) -> None:
    case = world.licensed()
    number = licence_of(world, case).number
    me = case.me.open("/licences").must_see("แสดงคิวอาร์").must_see(number)
    me.open(f"{case.licence}/show").must_see("แสดงต่อเจ้าหน้าที่")
    me.open(f"{case.licence}/print").must_see("แผ่นพิมพ์ ไม่ใช่ต้นฉบับ")
    assert me.open(f"{case.licence}/qr.png").content.startswith(b"\x89PNG")
    assert b"LicenceNumber" in me.open(f"{case.licence}/licence.xml").content

    me.open(f"{case.licence}/shares").press("สร้างลิงก์", {"name": "", "days": "9"}).must_see("ใส่ว่าให้ใครดู")
    me.press("สร้างลิงก์", {"name": "ตึก" * 30, "days": "7"}).must_see("ใส่ให้สั้นลง")
    assert me.page.get_element_by_id("name").value == "ตึก" * 30, "what was typed is not cut short"
    me.press("สร้างลิงก์", {"name": "เจ้าของตึก", "days": "7"}).must_see("เปิดดู %(num)s&nbsp;ครั้ง")
    (link,) = me.links("/shared/")
    landlord = world.stranger().open(link)
    landlord.must_see("ของจริง และใช้ได้").must_see("ครัวมะลิ")
    assert landlord.headers["x-robots-tag"].startswith("noindex")
    assert not landlord.sees("เจ้าของตึก")
    assert not landlord.sees("มะลิ ตัวอย่าง"), "the holder's name is masked as for everybody"
    assert world.rows(select(Share.opened).where(Share.name == "เจ้าของตึก"))[0][0] == 1

    me.open(f"{case.licence}/substitute").press("ขอใบแทน", {"reason": "lost", "how": "ทำหาย"}).must_see(
        "อย่างน้อย 10 ตัวอักษร"
    )
    me.press("ขอใบแทน", {"reason": "lost", "how": "ลมพัดหายจากหน้าร้านเมื่อวาน"}).must_see("ขอใบแทนแล้ว")
    me.must_see("ทำได้ทีละเรื่อง").press("ยกเลิกคำขอนี้")
    me.open(f"{case.licence}/surrender").press("คืนใบนี้", {"words": "เลิกกิจการ"}).must_see("ทำเครื่องหมายว่าเข้าใจแล้ว")
    me.press("คืนใบนี้", {"sure": "yes"}).must_see("คุณคืนเอกสารนี้แล้ว").must_see("จึงต่ออายุไม่ได้")
    landlord.open(link).must_see("ผู้รับอนุญาตคืนใบแล้ว")

    me.open(f"{case.licence}/shares").press("ปิดลิงก์นี้")
    assert landlord.open(link).status == 404
    assert reminding.remind(world.house) == 0


UNREGISTERED = {**walk.SHOP["location"], "premises_address.house": "12/7"}
"""A house that no register knows: its area is what its holder says."""
LARGE = {**walk.SHOP, "hygiene": {**walk.SHOP["hygiene"], "premises_area": "240"}}
"""The register of buildings says 120 of a shop at home; its holder says that it is wrong."""


@pytest.mark.parametrize("location", [UNREGISTERED, walk.SHOP["location"]], ids=["said", "upheld"])
def test_a_licence_goes_on_by_a_form_on_one_page_with_what_must_be_new_and_an_officer_decides(
    world: World, location: dict[str, str]
) -> None:
    me = world.citizen()
    form = world.filled(me, {**walk.SHOP, "location": location})
    if location is not UNREGISTERED:
        walk.wait_for(me, f"{form}/topics/hygiene", lambda b: b.sees("ทะเบียนอาคาร") or None)
        me.send(f"{form}/topics/hygiene/correct", {"key": "premises_area"})
    walk.answer(me, form, {"hygiene": LARGE["hygiene"]})
    walk.attach(me, form, picture)
    walk.submit(me, form)
    case = granted(world, world.sent(me, form))
    walk.pay(me, case.bill)
    case.licence = walk.await_licence(me, form)
    old = licence_of(world, case)
    assert old.valid_until
    amended = Paper(world, case, old.id)
    amended.holder(holder_acts.ask_amendment, "premises_area", {"premises_area": ["245"]}, "วัดพื้นที่ใหม่หลังต่อเติม")
    amended.officer("song", Action.AMEND, Step.DO, Said("changed"))
    amended.drawn()
    until(world, deadlines.working_days_after(old.valid_until - timedelta(days=50), 1))

    me = back(case).open(f"{case.licence}/renew").must_see("เอกสารใหม่").must_see("มาตรา 55")
    me.press("ไม่มีอะไรเปลี่ยน ต่ออายุในหน้าเดียว")
    page = me.url.removeprefix(me.base)
    form = page.removesuffix("/renewal")
    walk.await_prefill(me, form)
    me.open(page).must_see("ทุกข้อเหมือนที่ใบเดิมออกไว้").must_see("ยังส่งไม่ได้")
    me.press("อัปโหลด%(name)s", file=picture())
    assert "/renewal#" in me.url
    walk.wait_for(me, page, lambda b: not b.sees("กำลังตรวจ") or None)
    me.press("ไม่มีอะไรเปลี่ยน ยืนยันและขอต่ออายุ").must_see("ส่งคำขอแล้ว %(num)s&nbsp;เรื่อง")
    (renewed,) = renewals(world, old)
    assert renewed.state is State.SUBMITTED
    area = renewed.answers["premises_area"]
    assert (str(area["value"]), area["disputed"]) == ("245", location is not UNREGISTERED), "amended is newer"

    sent = Case(me, form, renewed.number, walk.find_case(world.officer("nueng"), renewed.number))
    world.officer("nueng").open(sent.desk).must_see(old.number)
    granted(world, sent)
    new = paid_and_issued(world, case, sent.bill, renewed)
    assert new.valid_until == old.valid_until.replace(year=old.valid_until.year + 1)

    until(world, new.valid_until + timedelta(days=1))
    back(case).open(f"/licences/{new.id}/renew").must_see("พ้นกำหนดต่ออายุแล้ว")
