"""Days and weeks go by: what the law's clock shows, what ends when nobody acts, and what money that comes late means.

The portal of this module is its own. Its clock only ever moves on, so every story begins when the one before ended.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.applications import deadlines
from app.applications.deadlines import Unit
from app.applications.models import Application
from app.applications.workflow import State
from app.billing import ledger
from app.billing.models import Bill, BillStatus, Payment, PaymentStatus
from app.core.clock import BANGKOK, MovedClock, bangkok_date
from app.core.thai import date_long, date_short
from app.demo import walk
from app.demo.browsing import Browser
from app.demo.running import Running
from app.stories import end, pay, reconcile
from tests.pdf.reading import bare, poppler_text
from tests.stories.world import MUANG, Case, World

ALLOWED, TO_MEND, TO_PAY = 7, 7, 15
"""Days of the manual of walk.SERVICE: working days to decide and to mend, calendar days to pay."""


@pytest.fixture
def world(portal: Running) -> Iterator[World]:
    """Everybody, at a portal whose clock may be moved."""
    made = World(portal)
    begin(made)
    yield made
    made.close()


def clock_of(world: World) -> MovedClock:
    """The clock of this module's portal."""
    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    return clock


def today(world: World) -> date:
    """The day it is in Thailand."""
    return bangkok_date(world.house.clock.now())


def until(world: World, day: date, hour: int = 10) -> None:
    """Let time pass until this hour of a day in Thailand; everybody has been signed out meanwhile."""
    moment = datetime.combine(day, time(hour), BANGKOK)
    assert moment > world.house.clock.now(), "the clock only moves on"
    clock_of(world).move(moment - world.house.clock.now())
    world.forget_officers()


def begin(world: World) -> None:
    """The next working day in the morning, so that what is filed counts as received at once."""
    until(world, deadlines.working_days_after(today(world), 1), 9)


def back(case: Case, person: str = "mali") -> Browser:
    """The person signs in again."""
    return walk.sign_in(case.me, person)


def state_of(world: World, case: Case) -> State:
    """Where an application stands."""
    return State(world.rows(select(Application.state).where(Application.id == case.id))[0][0])


def bill_of(world: World, case: Case) -> Bill:
    """The bill of a case as it is stored."""
    with world.house.database.transaction() as db:
        bill = db.get(Bill, UUID(case.bill[-36:]))
    assert bill is not None
    return bill


def test_the_clock_of_the_law_counts_working_days_stands_still_for_the_person_and_is_shown_to_both_sides(
    world: World,
) -> None:
    case = world.submitted()
    start = today(world)
    case.told().must_see(f"จะรู้ว่าเอกสารครบหรือไม่ภายใน {date_short(start)}").must_see("นาฬิกายังไม่เริ่ม")
    world.accepted(case)
    due = deadlines.working_days_after(start, ALLOWED)
    case.told().must_see("ใช้ไป 0 หยุด 0 จาก 7 วันทำการ").must_see("เหลือ 7 วันทำการ").must_see(date_short(due))

    until(world, deadlines.working_days_after(start, 3))
    back(case).open(f"{case.form}/track").must_see("ใช้ไป 3 หยุด 0 จาก 7 วันทำการ").must_see("เหลือ 4 วันทำการ")
    world.officer("song").open(f"/officer?tab=mine&q={case.number.replace(' ', '+')}").must_see("เหลือ 4 วันทำการ")

    walk.decide(world.officer("song"), case.desk, "approve", "ลงชื่ออนุญาต")
    case.bill = walk.bill_path(case.me, case.form)
    until(world, deadlines.working_days_after(today(world), 4))
    back(case).open(f"{case.form}/track").must_see("ใช้ไป 3 หยุด 4 จาก 7 วันทำการ").must_see("เหลือ 4 วันทำการ")

    walk.pay(case.me, case.bill)
    walk.await_licence(case.me, case.form)

    case.told().must_see("ใช้ไป 3 หยุด 4 จาก 7 วันทำการ").must_see("จบแล้ว")


def test_a_case_decided_too_late_says_so_to_the_person_with_their_right_to_complain(world: World) -> None:
    case = world.accepted()

    until(world, deadlines.working_days_after(today(world), ALLOWED + 2))

    back(case).open(f"{case.form}/track").must_see("เกิน 2 วันทำการ").must_see("เกินเวลาตามกฎหมายแล้ว").must_see("ร้องเรียน")
    world.officer("song").open(f"/officer?tab=late&q={case.number.replace(' ', '+')}").must_see("เกิน 2 วันทำการ")


def test_a_form_sent_after_hours_counts_from_the_next_working_day(world: World) -> None:
    until(world, today(world), 20)
    case = world.submitted()
    counted = deadlines.working_days_after(today(world), 1)

    case.me.open(f"{case.form}/confirmation").must_see(date_long(counted))
    (row,) = world.rows(select(Application.received_on, Application.check_by).where(Application.id == case.id))
    assert (row.received_on, row.check_by) == (counted, counted)


def test_what_is_not_mended_in_time_ends_on_the_day_after_its_last_and_may_be_filed_anew(world: World) -> None:
    case = world.returned()
    last = deadlines.days_after(today(world), TO_MEND, Unit.WORKING_DAYS)
    case.told().must_see(date_long(last))
    until(world, last, 23)
    end.lapse_unmended(world.house)
    assert state_of(world, case) is State.RETURNED

    until(world, last + timedelta(days=1), 1)
    end.lapse_unmended(world.house)

    assert state_of(world, case) is State.LAPSED
    me = back(case).open(f"{case.form}/track").must_see(f"ไม่ได้ส่งสิ่งที่ขอให้แก้ภายใน {date_long(last)}").must_see("ยื่นใหม่ได้")
    assert me.open(f"{case.mine}/deficiency").url.endswith("/track")
    assert not me.open("/my").links(f"{case.mine}/deficiency")
    end.lapse_unmended(world.house)
    assert state_of(world, case) is State.LAPSED
    world.when_idle()
    told = me.open(f"{case.form}/track").must_see("อุทธรณ์ได้ถึง").links(r"/letter\.pdf$")
    says = bare(poppler_text(me.open(told[0]).content, "-raw"))
    assert bare("คืนคำขอเพราะยังไม่ครบถ้วน") in says, "handed back with reasons in writing (Licensing Facilitation Act s.9)"
    assert bare("ภาพถ่ายร้าน") in says


def test_mending_in_the_last_hour_is_in_time(world: World) -> None:
    case = world.returned(missing={"answer-shop_name": "เขียนชื่อร้านให้ตรงกับป้าย"})
    last = deadlines.days_after(today(world), TO_MEND, Unit.WORKING_DAYS)
    until(world, last, 23)
    me = back(case).open(f"{case.mine}/deficiency")

    me.press("ส่งที่แก้แล้ว", {"shop_name": "ครัวมะลิ ตามป้าย"})

    until(world, last + timedelta(days=1), 1)
    end.lapse_unmended(world.house)
    assert state_of(world, case) is State.SUBMITTED


def test_a_bill_nobody_paid_ends_with_its_case_and_money_that_comes_afterwards_is_kept_to_give_back(
    world: World,
) -> None:
    case = world.awaiting_payment()
    slip, due = world.slip(case), bill_of(world, case).due_at
    assert bangkok_date(due) == deadlines.days_after(today(world), TO_PAY, Unit.CALENDAR_DAYS)
    case.me.must_see(date_long(bangkok_date(due)))
    until(world, bangkok_date(due) + timedelta(days=1), 22)
    pay.expire(world.house)
    assert state_of(world, case) is State.AWAITING_PAYMENT, "the bank still has a day to tell of money paid in time"

    until(world, bangkok_date(due) + timedelta(days=2), 1)
    pay.expire(world.house)

    assert state_of(world, case) is State.LAPSED
    back(case).open(f"{case.form}/track").must_see("ไม่ได้ชำระเงินภายในกำหนด")
    case.me.open(case.bill).must_see("ใบแจ้งชำระนี้หมดเวลาแล้ว").must_see("อย่าจ่ายซ้ำ")
    assert not case.me.sees("สแกนด้วยแอปธนาคาร")

    world.paid(qr=slip, callback="once")
    world.when_idle()

    case.me.open(case.bill).must_see("เงินเข้าหลังกำหนด").must_see("เจ้าหน้าที่การเงินจะคืนเงิน")
    assert state_of(world, case) is State.LAPSED


def test_money_after_the_last_moment_but_before_the_bill_is_closed_is_late_too(world: World) -> None:
    case = world.awaiting_payment()
    slip, due = world.slip(case), bill_of(world, case).due_at
    until(world, bangkok_date(due) + timedelta(days=1), 9)
    back(case).open(case.bill).must_see("พ้นกำหนดชำระ กำลังถามธนาคาร").must_see("อย่าจ่ายด้วยคิวอาร์เดิม")
    assert not case.me.sees("สแกนด้วยแอปธนาคาร")
    case.told().must_see("กำลังถามธนาคารว่ามีเงินเข้าทันเวลาหรือไม่").must_see("ตอนนี้คุณไม่ต้องทำอะไร")

    said = world.paid(qr=slip, callback="once")
    world.when_idle()

    assert PaymentStatus(
        world.rows(select(Payment.status).where(Payment.transaction_id == said["transactionId"]))[0][0]
    ) is (PaymentStatus.LATE)
    back(case).open(case.bill).must_see("หลังเวลาสุดท้ายของใบแจ้ง")


def test_money_paid_in_time_that_the_bank_never_told_of_is_found_before_the_case_would_end(world: World) -> None:
    case = world.awaiting_payment()
    world.paid(qr=world.slip(case))
    due = bill_of(world, case).due_at
    until(world, bangkok_date(due) + timedelta(days=2), 1)

    pay.expire(world.house)

    walk.await_licence(back(case), case.form)
    assert bill_of(world, case).status is BillStatus.PAID
    assert state_of(world, case) is State.ISSUED
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []


def test_a_payment_that_the_bank_denied_for_half_an_hour_no_longer_blocks_the_bill(world: World) -> None:
    case = world.awaiting_payment()
    real = world.paid(qr=world.slip(case))
    world.announce({**real, "transactionId": f"{real['transactionId'][:-4]}WXYZ"})
    world.when_idle()
    case.me.open(case.bill).must_see("กำลังตรวจสอบการชำระ")
    clock_of(world).move(timedelta(minutes=31))

    pay.ask_again(world.house)
    world.when_idle()

    back(case).open(case.bill).must_see("สแกนด้วยแอปธนาคาร").must_see("เมื่อถามกลับ ธนาคารไม่พบรายการ")


def test_a_draft_is_kept_for_ninety_days_after_the_last_touch_and_then_thrown_away(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    me.open(form).must_see(date_long(today(world) + timedelta(days=90)))
    until(world, today(world) + timedelta(days=80))
    walk.sign_in(me, "mali").open(f"{form}/topics/shop").press("บันทึกและไปหน้าถัดไป", walk.SHOP["shop"])
    until(world, today(world) + timedelta(days=89))
    end.sweep(world.house)
    assert walk.sign_in(me, "mali").open(form).status == 200

    until(world, today(world) + timedelta(days=2))
    end.sweep(world.house)

    assert walk.sign_in(me, "mali").open(form).status == 404
    assert form.rpartition("/")[2] not in " ".join(me.open("/my").links("/forms/"))


def test_what_only_the_banks_daily_file_tells_is_asked_for_and_booked_once(world: World) -> None:
    case = world.awaiting_payment()
    world.paid(qr=world.slip(case), paidAt=world.house.clock.now().isoformat())
    agency, day = world.house.agency(MUANG), today(world)

    first = reconcile.of_day(world.house, agency, day)
    again = reconcile.of_day(world.house, agency, day)

    case.licence = walk.await_licence(case.me, case.form)
    assert (first.booked > 0, again.booked, again.denied) == (True, 0, 0)
    assert again.entries == first.entries
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []
