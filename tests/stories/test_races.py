"""Many people, or one impatient one, do the same thing at the same moment: it happens once, and everybody is told."""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import partial

from sqlalchemy import func, select

from app.applications.models import Application
from app.applications.workflow import State
from app.billing.models import BankCallback, Bill, BillLine, BillStatus, Payment, Receipt
from app.core.events import Event
from app.demo import walk
from app.demo.browsing import Browser
from app.identity.models import Duty
from app.licences.models import Licence, LicenceDocument
from tests.stories.world import Case, World, at_once


def happened(world: World, case: Case, kind: str) -> int:
    """How often an act stands in the record of a case."""
    counted = select(func.count()).where(Event.subject_id == case.id, Event.kind == f"application.{kind}")
    return int(world.rows(counted)[0][0])


def test_fifty_identical_confirmations_at_once_are_one_payment_one_receipt_and_one_licence(world: World) -> None:
    case = world.awaiting_payment()
    said = world.paid(qr=world.slip(case))
    body = json.dumps(said, ensure_ascii=False).encode()

    answers = at_once([partial(world.knock, body)] * 50)
    case.licence = walk.await_licence(case.me, case.form)
    world.when_idle()

    assert {answer.status_code for answer in answers} == {200}
    transaction = said["transactionId"]
    kept = {row.id.hex for row in world.rows(select(BankCallback.id).where(BankCallback.transaction_id == transaction))}
    assert kept == {answer.json()["confirmId"] for answer in answers}
    assert len(kept) == 50
    bill = case.bill.rpartition("/")[2]
    assert len(world.rows(select(Payment.id).where(Payment.transaction_id == transaction))) == 1
    assert len(world.rows(select(Payment.id).where(Payment.bill_id == bill))) == 1
    assert len(world.rows(select(Receipt.id).where(Receipt.bill_id == bill))) == 1
    documents = select(LicenceDocument.id).join(Licence, Licence.id == LicenceDocument.licence_id)
    assert len(world.rows(documents.where(Licence.application_id == case.id))) == 1
    assert [happened(world, case, act) for act in ("pay", "issue")] == [1, 1]
    assert len(case.told().links(r"/licences/[0-9a-f-]+$")) == 1


def test_eight_officers_who_take_a_case_at_once_leave_it_with_one_and_eight_signatures_are_one_approval(
    world: World,
) -> None:
    case = world.submitted()
    desks = world.hired(8, Duty.RECEIVE, Duty.CHECK)
    for desk in desks:
        desk.open(case.desk)

    at_once([partial(desk.press, "รับเรื่องนี้") for desk in desks])

    assert Counter(desk.status for desk in desks) == {200: 1, 409: 7}
    for desk in desks:
        if desk.status == 409:
            desk.must_see("เพื่อนร่วมงานรับเรื่องนี้ไปก่อนแล้ว")
    (holder,) = [desk for desk in desks if case.number in desk.open("/officer?tab=mine").words]
    assert happened(world, case, "take") == 1

    walk.check(holder, case.desk)
    walk.decide(holder, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.take(world.officer("song"), case.desk)
    desks = [world.another_browser_of("song").open(f"{case.desk}/decide/approve") for _ in range(8)]

    at_once([partial(desk.press, "ลงชื่ออนุญาต") for desk in desks])

    assert Counter(desk.status for desk in desks) == {200: 1, 409: 7}
    for desk in desks:
        if desk.status == 409:
            desk.must_see("ดูสถานะล่าสุดก่อน").must_see("เราไม่ได้บันทึกสิ่งที่คุณเพิ่งส่ง")
    assert len(world.rows(select(BillLine.bill_id).where(BillLine.application_id == case.id))) == 1
    assert happened(world, case, "approve") == 1


def test_eight_different_decisions_at_once_are_one_decision(world: World) -> None:
    case = world.accepted()
    desks = [world.another_browser_of("song") for _ in range(8)]
    acts: list[Callable[[], Browser]] = []
    for n, desk in enumerate(desks):
        if n % 2:
            desk.open(f"{case.desk}/decide/approve")
            acts.append(partial(desk.press, "ลงชื่ออนุญาต"))
        else:
            desk.open(f"{case.desk}/decide/reject")
            reason = {"ground": "hygiene", "message": "ห้องครัวไม่มีที่ระบายอากาศ"}
            acts.append(partial(desk.press, "ลงชื่อไม่อนุญาต", reason))

    at_once(acts)

    assert Counter(desk.status for desk in desks) == {200: 1, 409: 7}
    assert happened(world, case, "approve") + happened(world, case, "reject") == 1
    (state,) = world.rows(select(Application.state).where(Application.id == case.id))[0]
    assert state in {State.AWAITING_PAYMENT, State.REJECTED}


def test_sending_from_eight_tabs_at_once_sends_once_and_every_tab_says_so(world: World) -> None:
    me = world.citizen()
    form = world.filled(me)
    tabs = [world.tab(me).open(f"{form}/check") for _ in range(8)]

    at_once([partial(tab.press, "ยอมรับและส่งคำขอ") for tab in tabs])

    numbers = set()
    for tab in tabs:
        tab.must_see("ส่งคำขอแล้ว")
        numbers.add(tuple(re.findall(r"\S+ 25\d\d-\d{5}\b", tab.words)))
    assert len(numbers) == 1
    form_id = form.rpartition("/")[2]
    assert len(world.rows(select(Application.id).where(Application.single_form_id == form_id))) == 1
    sent = select(func.count()).where(Event.subject_id == form_id, Event.kind == "form.submit")
    assert world.rows(sent)[0][0] == 1


def test_forms_sent_at_the_same_moment_get_numbers_without_a_gap(world: World) -> None:
    people = [world.citizen(name) for name in ("mali", "tasi", "bunma")]
    forms = [world.filled(me) for me in people]
    before = {row[0] for row in world.rows(select(Application.number))}
    for me, form in zip(people, forms, strict=True):
        me.open(f"{form}/check")

    at_once([partial(me.press, "ยอมรับและส่งคำขอ") for me in people])

    new = sorted({row[0] for row in world.rows(select(Application.number))} - before)
    counted = [int(number.rpartition("-")[2]) for number in new]
    assert counted == list(range(counted[0], counted[0] + 3))


def test_a_withdrawal_and_an_approval_at_once_never_leave_a_bill_for_a_withdrawn_case(world: World) -> None:
    case = world.accepted()
    desk = world.officer("song").open(f"{case.desk}/decide/approve")
    me = case.me.open(f"{case.mine}/withdraw")

    at_once([partial(desk.press, "ลงชื่ออนุญาต"), partial(me.press, "ถอนคำขอ")])

    (state,) = world.rows(select(Application.state).where(Application.id == case.id))[0]
    billed = select(Bill.status).join(BillLine, BillLine.bill_id == Bill.id).where(BillLine.application_id == case.id)
    bills = [status for (status,) in world.rows(billed)]
    assert {desk.status, me.status} <= {200, 409}
    assert (me.status == 200) == (state is State.WITHDRAWN)
    assert (desk.status == 200) == bool(bills)
    assert bills in ([], [BillStatus.OPEN if state is State.AWAITING_PAYMENT else BillStatus.VOID])
    assert 200 in {desk.status, me.status}
