"""How a case ends without a licence: taken back by the person, or refused with reasons; each end is told in words."""

import pytest
from sqlalchemy import select

from app.applications.models import Application
from app.applications.workflow import State
from app.billing import ledger
from app.billing.models import Bill, BillLine, BillStatus
from tests.stories.world import Case, World, summary, token_of

WITHDRAW = "ถอนคำขอ"


def state_of(world: World, case: Case) -> State:
    """Where an application stands."""
    return State(world.rows(select(Application.state).where(Application.id == case.id))[0][0])


def bills_of(world: World, case: Case) -> list[BillStatus]:
    """The bills of an application."""
    query = select(Bill.status).join(BillLine, BillLine.bill_id == Bill.id).where(BillLine.application_id == case.id)
    return [BillStatus(status) for (status,) in world.rows(query)]


@pytest.mark.parametrize("so_far", ["submitted", "returned", "accepted", "awaiting_payment"])
def test_a_person_may_take_a_case_back_until_it_is_paid(world: World, so_far: str) -> None:
    case: Case = getattr(world, so_far)()

    case.told().press(WITHDRAW)

    assert case.me.status == 200
    case.me.must_see("คุณถอนคำขอแล้ว").must_see("ยื่นใหม่ได้")
    assert state_of(world, case) is State.WITHDRAWN
    assert bills_of(world, case) == ([BillStatus.VOID] if so_far == "awaiting_payment" else [])
    assert not case.me.open("/my").links(f"{case.mine}/deficiency" + (f"|{case.bill}" if case.bill else ""))
    desk = world.officer("song").open(case.desk).must_see("ผู้ยื่นถอนคำขอ")
    assert desk.open(f"{case.desk}/decide/approve").status == 409


def test_a_withdrawn_bill_says_that_nothing_is_owed_and_money_for_it_is_kept_to_give_back(world: World) -> None:
    case = world.awaiting_payment()
    slip = world.slip(case)
    case.told().press(WITHDRAW)

    world.paid(qr=slip, callback="once")
    world.when_idle()

    case.me.open(case.bill).must_see("ใบแจ้งชำระนี้ยกเลิกแล้ว").must_see("700.00 บาท").must_see("เพื่อขอคืน")
    assert not case.me.sees("สแกนด้วยแอปธนาคาร")
    assert state_of(world, case) is State.WITHDRAWN
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []


def test_a_paid_case_can_no_longer_be_taken_back(world: World) -> None:
    case = world.awaiting_payment()
    token = token_of(case.told())
    world.paid(qr=world.slip(case), callback="once")
    world.when_idle()

    case.me.send(f"{case.mine}/withdraw", {"token": token})

    assert state_of(world, case) is State.ISSUED
    assert not case.told().sees(WITHDRAW)


def test_taking_back_twice_is_taking_back_once(world: World) -> None:
    case = world.submitted()
    first, second = case.told(), world.tab(case.me).open(f"{case.form}/track")
    first.press(WITHDRAW)

    second.press(WITHDRAW)

    assert second.status == 200
    second.must_see("คุณถอนคำขอแล้ว")


def test_a_refusal_needs_a_ground_of_the_law_and_a_reason_and_tells_the_person_both_and_how_to_appeal(
    world: World,
) -> None:
    case = world.accepted()
    desk = world.officer("song").open(f"{case.desk}/decide/reject")
    desk.press("ลงชื่อไม่อนุญาต", {"message": "สั้น"})
    assert desk.status == 422
    assert [*summary(desk)] == ["ground", "message"]
    assert desk.page.get_element_by_id("message").value.strip() == "สั้น"
    reason = "ห้องครัวไม่มีที่ล้างมือและที่ระบายน้ำ ตามที่ตรวจเมื่อวันที่ 20"

    desk.press("ดูตัวอย่างล่าสุด", {"ground": "hygiene", "message": reason})
    desk.must_see(reason).must_see("สถานที่ไม่ถูกสุขลักษณะ").must_see("อุทธรณ์")
    desk.press("ลงชื่อไม่อนุญาต", {"ground": "hygiene", "message": reason})

    assert desk.status == 200
    case.told().must_see("สถานที่ไม่ถูกสุขลักษณะตามที่กฎหมายกำหนด").must_see("พ.ศ. 2561").must_see(reason)
    case.me.must_see("คุณอุทธรณ์ต่อคณะกรรมการพิจารณาอุทธรณ์ได้ภายใน 30 วัน")
    case.me.open(f"{case.form}/track?lang=en").must_see("you may appeal to the appeal committee within 30 days")
    case.me.must_see("The premises do not meet the hygiene rules").must_see(reason)
    assert state_of(world, case) is State.REJECTED
    assert bills_of(world, case) == []


def test_a_ground_that_is_not_in_the_manual_cannot_be_used(world: World) -> None:
    case = world.accepted()
    desk = world.officer("song").open(f"{case.desk}/decide/reject")

    desk.press("ลงชื่อไม่อนุญาต", {"ground": "i_do_not_like_it", "message": "เหตุผลที่ไม่มีในกฎหมาย"})

    assert desk.status == 422
    assert [*summary(desk)] == ["ground"]
    assert state_of(world, case) is State.ACCEPTED
