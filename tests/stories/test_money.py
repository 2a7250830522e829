"""Money on its many ways: several bills paid as one, an old slip, a silent bank, and what a cashier makes of the rest."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app.applications.models import Application
from app.applications.workflow import State
from app.billing import ledger
from app.billing.models import Bill, BillLine, BillStatus, FeeReturn, Payment, PaymentStatus, Receipt
from app.core.errors import Conflict
from app.demo import walk
from app.demo.acts import Filer
from app.demo.desks import Desk
from app.demo.people import CITIZENS
from app.licences import matters
from app.licences.life import Action, Step
from app.licences.models import Licence, LicenceEdition, Reason
from app.privacy.models import AccessLog, Kind
from app.stories import act_bills, act_fees, holder_acts, new_edition, pay, retention
from app.stories.desk import case as at_desk
from app.stories.supervise import Said
from tests.stories.every_paper import sent
from tests.stories.licence_in_hand import Paper, comes, later
from tests.stories.world import Case, World, at_once, summary, token_of

COMBINE = "รวมเป็นใบเดียวและไปชำระ"


def id_of(path: str) -> UUID:
    return UUID(path.rpartition("/")[2])


def state_of(world: World, case: Case) -> State:
    return State(world.rows(select(Application.state).where(Application.id == case.id))[0][0])


def bill_of(world: World, path: str) -> Any:
    return world.rows(select(Bill.status, Bill.amount_satang, Bill.replaced_by).where(Bill.id == id_of(path)))[0]


def books_agree(world: World) -> None:
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []


def odd_payment(world: World, said: dict[str, Any]) -> str:
    """A payment of the bank's at the cash desk."""
    world.when_idle()
    found = world.rows(select(Payment.id).where(Payment.transaction_id == said["transactionId"]))
    return f"/officer/money/{found[0][0]}"


def two_bills(world: World, person: str) -> tuple[Case, Case]:
    """One person with two bills of the same municipality, in two forms."""
    first = world.awaiting_payment(world.submitted(person))
    form = world.filled(first.me)
    walk.submit(first.me, form)
    return first, world.awaiting_payment(world.sent(first.me, form))


def combined(first: Case) -> str:
    """Both bills are made one; its address."""
    first.me.open(f"{first.bill}/combine").press(COMBINE)
    assert first.me.status == 200
    return first.me.url.removeprefix(first.me.base)


def test_two_bills_are_combined_paid_once_and_both_licences_come(world: World) -> None:
    first, second = two_bills(world, "tasi")
    me = first.me.open("/my").must_see("เป็นใบเดียว จ่ายครั้งเดียว 1,400 บาท")
    token = token_of(me.open(f"{first.bill}/combine"))
    me.must_see("รวมใบแจ้งชำระเป็นใบเดียว").press(COMBINE, {"bill": []})
    assert me.status == 422
    assert summary(me) == {"bill": "เลือกใบแจ้งชำระที่จะรวมอย่างน้อย 2 ใบ"}

    one = combined(first)

    me.must_see("ชำระ 1,400 บาท").must_see(first.number).must_see(second.number)
    both = {"token": token, "bill": [str(id_of(first.bill)), str(id_of(second.bill))]}
    me.send(f"{first.bill}/combine", both)
    assert (me.status, me.url.removeprefix(me.base)) == (200, one)
    me.open(first.bill).must_see("ใบแจ้งชำระนี้ถูกแทนด้วยใบใหม่")
    assert me.links(f"{one}$")
    assert not me.sees("สแกนด้วยแอปธนาคาร")
    assert me.open("/my").links(r"/bills/[0-9a-f-]+$") == [one]

    walk.pay(me, one)

    for case in (first, second):
        case.licence = walk.await_licence(me, case.form)
    world.when_idle()
    assert me.open(f"{one}/receipt.pdf").status == 200
    assert world.rows(select(func.count()).where(Receipt.bill_id == id_of(one)))[0][0] == 1
    lines = world.rows(select(BillLine.satang).where(BillLine.bill_id == id_of(one)))
    assert [satang for (satang,) in lines] == [70_000, 70_000]
    books_agree(world)


def test_whoever_pays_the_old_slip_after_combining_has_paid_and_the_other_gets_a_bill_of_its_own(world: World) -> None:
    first, second = two_bills(world, "mali")
    slip = world.slip(first)
    one = combined(first)

    world.paid(qr=slip, callback="once")
    first.licence = walk.await_licence(first.me, first.form)

    first.me.open(first.bill).must_see("ชำระเงินแล้ว 700 บาท")
    assert bill_of(world, one).status is BillStatus.VOID
    (rest,) = second.told().links(r"/bills/[0-9a-f-]+$")
    assert rest not in {one, second.bill}
    assert bill_of(world, rest).amount_satang == 70_000
    walk.pay(second.me, rest)
    second.licence = walk.await_licence(second.me, second.form)
    books_agree(world)


def test_withdrawing_one_of_two_on_a_bill_says_what_happens_and_leaves_the_other_its_own(world: World) -> None:
    first, second = two_bills(world, "bunma")
    one = combined(first)

    me = first.me.open(f"{first.mine}/withdraw").must_see("เราออกใบใหม่ 700.00 บาท").must_see("นาฬิกาจบวันนี้")
    me.press("ถอนคำขอ")

    assert (state_of(world, first), state_of(world, second)) == (State.WITHDRAWN, State.AWAITING_PAYMENT)
    (rest,) = second.told().links(r"/bills/[0-9a-f-]+$")
    assert bill_of(world, one).replaced_by == id_of(rest)
    walk.pay(second.me, rest)
    second.licence = walk.await_licence(second.me, second.form)
    books_agree(world)


def test_combining_and_the_bank_at_once_leave_everything_paid_or_on_exactly_one_bill(world: World) -> None:
    first, second = two_bills(world, "tasi")
    slips = [world.slip(case) for case in (first, second)]
    page = first.me.open(f"{first.bill}/combine")

    at_once([
        lambda: page.press(COMBINE).status,
        lambda: world.paid(qr=slips[0], callback="twice"),
        lambda: world.paid(qr=slips[1], callback="once"),
    ])  # fmt: skip

    for case in (first, second):
        case.licence = walk.await_licence(case.me, case.form)
    assert not first.me.open("/my").links(r"/bills/[0-9a-f-]+$")
    books_agree(world)


@pytest.fixture(scope="module")
def paid_twice(shared: World) -> tuple[Case, dict[str, Any]]:
    """A case that was paid twice, and what the bank says of the second time."""
    case = shared.awaiting_payment()
    slip = shared.slip(case)
    shared.paid(qr=slip, callback="once")
    walk.await_licence(case.me, case.form)
    return case, shared.paid(qr=slip, callback="once")


def test_money_that_came_twice_goes_back_and_the_payer_reads_every_step(
    shared: World, paid_twice: tuple[Case, dict[str, Any]]
) -> None:
    case, said = paid_twice
    matter = odd_payment(shared, said)
    case.me.open(case.bill).must_see("เงินเข้าซ้ำ").must_see("ไม่ต้องยื่นเรื่อง").must_see(said["transactionId"])
    assert case.told().links(f"{case.bill}$")
    cashier = shared.officer("sam").open("/officer/money").must_see("รอตัดสิน").must_see(said["transactionId"])

    cashier.open(matter).must_see("ใบแจ้งนี้มีคนจ่ายไปก่อนแล้ว").press("ตัดสินคืนเงิน", {"reason": "สั้น"})
    assert cashier.status == 422
    assert [*summary(cashier)] == ["reason"]
    cashier.press("ตัดสินคืนเงิน", {"reason": "จ่ายซ้ำ ใบแจ้งจ่ายแล้วก่อนหน้านี้"})
    assert cashier.status == 200
    case.me.open(case.bill).must_see("หน่วยงานตัดสินให้คืนเงิน").must_see("จ่ายซ้ำ ใบแจ้งจ่ายแล้วก่อนหน้านี้")
    cashier.open(matter).press("บันทึกว่าโอนคืนแล้ว", {"reference": "TR25690001"})
    assert cashier.status == 200
    case.me.open(case.bill).must_see("โอนคืนแล้ว").must_see("TR25690001")
    assert not cashier.open("/officer/money").sees(said["transactionId"])

    seen = shared.rows(select(AccessLog.reference).where(AccessLog.reference == case.number))
    assert seen, "the cashier's look is not on the payer's record"
    books_agree(shared)


def test_a_mistyped_reference_is_assigned_by_the_cashier_and_the_case_goes_on(world: World) -> None:
    case = world.awaiting_payment()
    bill = world.rows(select(Bill.biller_id, Bill.ref2, Bill.number).where(Bill.id == id_of(case.bill)))[0]
    said = world.paid(
        billerId=bill.biller_id, reference1="25699999999", reference2=bill.ref2, amount="700.00", callback="once"
    )
    matter = odd_payment(world, said)
    cashier = world.officer("sam").open(matter).must_see("ไม่มีใบแจ้งที่มีเลขอ้างอิงนี้").must_see(bill.number)
    cashier.press("ใช้เงินก้อนนี้จ่ายใบที่เลือก")
    assert cashier.status == 422

    cashier.press("ใช้เงินก้อนนี้จ่ายใบที่เลือก", {"bill": str(id_of(case.bill))})

    assert cashier.status == 200
    cashier.must_see("จ่ายใบแจ้ง")
    case.licence = walk.await_licence(case.me, case.form)
    case.me.open(case.bill).must_see("ชำระเงินแล้ว 700 บาท")
    books_agree(world)


def test_money_of_one_agency_is_not_seen_by_another(shared: World, paid_twice: tuple[Case, dict[str, Any]]) -> None:
    stranger = shared.officer("hok").open(odd_payment(shared, paid_twice[1]))
    assert stranger.status == 404


def test_a_bank_that_never_tells_is_asked_when_the_person_says_that_they_paid(world: World) -> None:
    case = world.awaiting_payment()
    world.paid(qr=world.slip(case))
    case.me.open(case.bill).follow("จ่ายแล้ว ดูผลการชำระ").must_see("กำลังรอธนาคารแจ้งผล")

    case.me.press("ให้เราถามธนาคารเดี๋ยวนี้")

    case.licence = walk.await_licence(case.me, case.form)
    case.me.open(case.bill).must_see("ชำระเงินแล้ว 700 บาท")


def test_asking_a_bank_that_knows_nothing_changes_nothing(world: World) -> None:
    case = world.awaiting_payment()
    case.me.open(f"{case.bill}?paid=yes").press("ให้เราถามธนาคารเดี๋ยวนี้")
    world.when_idle()

    case.me.open(case.bill).must_see("สแกนด้วยแอปธนาคาร")
    assert world.rows(select(Payment.id).where(Payment.bill_id == id_of(case.bill))) == []


def test_too_little_says_how_much_is_missing_and_too_much_how_much_is_over(world: World) -> None:
    case = world.awaiting_payment()
    slip = world.slip(case)
    for amount in ("699.00", "701.50"):
        world.paid(qr=slip, amount=amount, callback="once")
    world.when_idle()

    case.me.open(case.bill).must_see("น้อยกว่าใบแจ้ง 1.00 บาท").must_see("มากกว่าใบแจ้ง 1.50 บาท")
    case.me.must_see("ชำระใหม่เต็มยอด").must_see("สแกนด้วยแอปธนาคาร")
    came = select(Payment.status).where(Payment.bill_id == id_of(case.bill))
    assert {status for (status,) in world.rows(came)} == {PaymentStatus.WRONG_AMOUNT}


def test_a_refusal_is_told_in_a_sealed_letter_with_the_last_day_to_appeal(world: World) -> None:
    case = world.accepted()
    said = {"ground": "hygiene", "message": "ห้องครัวไม่มีที่ล้างมือและที่ระบายน้ำ"}
    walk.decide(world.officer("song"), case.desk, "reject", "ลงชื่อไม่อนุญาต", said)

    letter = f"{case.mine}/letter.pdf"
    walk.wait_for(case.me, letter, lambda b: b.status == 200 or None)

    assert case.me.content.startswith(b"%PDF")
    assert b"/ByteRange" in case.me.content
    case.told().must_see("อุทธรณ์ได้ถึง").must_see("เหลือ 30 วัน").must_see("ออกหนังสือแจ้งผล")
    assert case.me.links(f"{letter}$")
    assert world.citizen("tasi").open(letter).status == 404


def built(world: World) -> tuple[Paper, Desk]:
    """A building permit, whose substitute costs something; and the officers around it."""
    house = world.house
    one = sent(house, house.catalogue.services["building-permit"])
    desk = Desk(house, one.application)
    desk.accepts()
    desk.sees_the_papers()
    desk.approves()
    for slip in desk.bills():
        world.paid(qr=slip, callback="once")
    issued = select(Licence.id).where(Licence.application_id == one.application, Licence.issued_at.is_not(None))
    comes(lambda: bool(world.rows(issued)))
    licence = world.rows(issued)[0][0]
    case = Case(world.citizen(CITIZENS[0].key), f"/forms/{one.form}", "", f"/officer/applications/{one.application}")
    case.licence = f"/licences/{licence}"
    return Paper(world, case, licence), desk


@pytest.fixture(scope="module")
def permitted(shared: World) -> tuple[Paper, Desk]:
    return built(shared)


def test_a_substitute_that_costs_something_is_made_when_it_is_paid_and_no_sooner(
    world: World, permitted: tuple[Paper, Desk]
) -> None:
    permit, desk = permitted
    me, ground = permit.case.me, world.house.catalogue.lives["building-permit"].orders["substitute"].grounds[0].key
    me.open(f"{permit.case.licence}/substitute").must_see("5 บาท").must_see("ชำระเมื่อเจ้าหน้าที่อนุมัติแล้ว")
    me.press("ขอใบแทน", {"reason": "lost", "how": "น้ำท่วมบ้านเมื่อเดือนก่อน"})
    if world.house.catalogue.lives["building-permit"].orders["substitute"].two_hands:
        permit.officer(desk.checker.who.key, Action.SUBSTITUTE, Step.PROPOSE, Said(ground))
    permit.officer(desk.approver.who.key, Action.SUBSTITUTE, Step.DO, Said(ground))

    assert len(world.rows(select(LicenceEdition.id).where(permit.of_it))) == 1, "nothing is made before it is paid"
    with pytest.raises(Conflict, match="รอชำระ"):
        permit.holder(holder_acts.ask_substitute, Reason.LOST, "หายอีกครั้งระหว่างรอชำระ")
    me.open("/inbox").must_see("แล้วระบบจะออกฉบับใหม่ให้")
    letter = str(permit.letters()[-1].content)
    assert ("ใช้ไม่ได้อีก" in letter, "5.00 บาท" in letter, "ระหว่างนี้ฉบับก่อนหน้ายังใช้ได้" in letter) == (False, True, True)
    assert not me.sees("กำลังออกฉบับใหม่"), "nothing is being made yet"
    me.open(permit.case.licence).must_see("รอชำระ 5.00 บาท")
    bill = me.links(r"/bills/[0-9a-f-]+$")[0]
    me.open(bill).must_see("ใบแทนใบอนุญาต")
    before, application = permit.row.code, permit.row.application_id
    case = permit.does(lambda db: at_desk(db, world.house, desk.checker.session(db), application, desk.now))
    assert case.bill is not None
    assert case.bill.status is BillStatus.PAID, "the permit's own"

    walk.pay(me, bill)
    comes(lambda: permit.row.code != before)

    assert not me.open(permit.case.licence).sees("รอชำระ")
    editions = world.rows(select(LicenceEdition.number, LicenceEdition.kind).where(permit.of_it))
    assert sorted(row.number for row in editions) == [1, 2]
    first_bill = me.open(f"{permit.case.form}/track").links(r"/bills/[0-9a-f-]+/receipt.pdf$")
    assert bill not in "".join(first_bill), "the application's own receipt stays with it"
    books_agree(world)


def asked_again(permit: Paper, desk: Desk) -> str:
    """Its holder asks for another substitute and officers sign it; the path of its bill."""
    law = permit.world.house.catalogue.lives["building-permit"].orders["substitute"]
    permit.holder(holder_acts.ask_substitute, Reason.DAMAGED, "ใบเปียกฝนจนอ่านไม่ออก")
    if law.two_hands:
        permit.officer(desk.checker.who.key, Action.SUBSTITUTE, Step.PROPOSE, Said(law.grounds[0].key))
    permit.officer(desk.approver.who.key, Action.SUBSTITUTE, Step.DO, Said(law.grounds[0].key))
    permit.case.me = permit.world.citizen(CITIZENS[0].key)
    permit.case.bill = permit.case.me.open(permit.case.licence).links(r"/bills/[0-9a-f-]+$")[0]
    return permit.case.bill


def paid_while_the_licence_is_held(permit: Paper) -> None:
    """The bank's money is booked though somebody acts on the licence at this moment: nobody waits in a circle."""
    permit.world.paid(qr=permit.world.slip(permit.case), callback="once")
    comes(lambda: bill_of(permit.world, permit.case.bill).status is BillStatus.PAID)


def goes_back(permit: Paper) -> list[int]:
    """What of its last bill goes back, in satang."""
    query = select(FeeReturn.satang).where(FeeReturn.bill_id == id_of(permit.case.bill))
    return [row.satang for row in permit.world.rows(query)]


def followed(permit: Paper) -> None:
    """Its job has come to the end."""
    left = "select 1 from jobs.procrastinate_jobs where task_name = 'follow_act' and status in ('todo', 'doing')"
    comes(lambda: permit.does(lambda db: db.execute(text(left)).first()) is None)


def test_whoever_gives_a_licence_back_owes_nothing_of_it_on_a_bill_shared_with_others(world: World) -> None:
    permit, desk = built(world)
    asked_again(permit, desk)
    other = sent(world.house, world.house.catalogue.services["building-permit"]).application
    another = Desk(world.house, other)
    another.accepts()
    another.sees_the_papers()
    another.approves()
    one = id_of(combined(permit.case))
    permit.holder(holder_acts.surrender, "เลิกสร้าง")

    rest = select(Bill.id, Bill.status).join(BillLine, BillLine.bill_id == Bill.id)
    (left,) = world.rows(rest.where(BillLine.application_id == other, Bill.status == BillStatus.OPEN).distinct())
    assert left.id != one
    permit.case.me.open(permit.case.licence)
    assert not permit.case.me.sees("รอชำระ")
    for slip in another.bills():
        world.paid(qr=slip, callback="once")
    comes(lambda: bill_of(world, f"/bills/{left.id}").status is BillStatus.PAID)
    followed(permit)
    assert len(world.rows(select(LicenceEdition.id).where(permit.of_it))) == 1
    books_agree(world)


def test_a_fee_that_brought_no_edition_goes_back_once_and_an_unpaid_act_is_told(
    world: World, permitted: tuple[Paper, Desk]
) -> None:
    permit, desk = permitted
    house = world.house
    asked_again(permit, desk)
    with house.database.transaction() as db:
        licence = matters.locked(db, permit.id)
        paid_while_the_licence_is_held(permit)
        (matter,) = act_bills.unmade(db, permit.id)
        act_fees.order(db, licence, matter, house.clock.now())
        (edition,) = db.scalars(select(LicenceEdition.id).where(permit.of_it, LicenceEdition.issued_at.is_(None)))
        new_edition.give_up(db, edition, "a glyph is missing", house.clock.now())
    followed(permit)
    assert goes_back(permit) == [500]
    permit.case.me.open("/inbox").must_see("ค่าธรรมเนียม 5.00 บาทจะคืนให้")
    permit.case.me.open(permit.case.bill).must_see("จะคืนให้").must_see("จัดทำฉบับใหม่ของใบไม่ได้")

    asked_again(permit, desk)
    later(world, timedelta(days=60))
    pay.expire(house)
    followed(permit)
    assert "licence.act_unpaid" in permit.kinds()
    permit.case.me = world.citizen(CITIZENS[0].key)
    permit.case.me.open("/inbox").must_see("ไม่ได้ชำระค่าออกฉบับใหม่")

    asked_again(permit, desk)
    before, me = permit.row, Filer(house, CITIZENS[0])
    with house.database.transaction() as db:
        matters.locked(db, permit.id)
        paid_while_the_licence_is_held(permit)
        holder_acts.surrender(db, house, me.session(db), permit.id, before.revision, "เลิกสร้าง", house.clock.now())
    followed(permit)
    assert goes_back(permit) == [500]
    assert permit.row.code == before.code
    books_agree(world)

    kept = house.catalogue.services["building-permit"].retention["payment"].years
    later(world, timedelta(days=365.25 * kept - 30))
    assert not payments_are_over(permit), "they are kept from the last of them on, not from the day of the permit"
    later(world, timedelta(days=60))
    assert payments_are_over(permit)


def payments_are_over(permit: Paper) -> bool:
    """Whether the period for which what was paid must be kept has ended."""
    cases = retention.run(permit.world.house, apply=False).cases
    return any(due.kind is Kind.PAYMENT for one in cases if one.subject == permit.row.application_id for due in one.due)
