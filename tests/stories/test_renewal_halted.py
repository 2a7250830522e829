"""A renewal whose licence is suspended, revoked or given back meanwhile: it waits, or it ends and the money goes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.applications.models import Application
from app.applications.workflow import State
from app.billing import bills, ledger
from app.billing.models import Bill, BillStatus, FeeReturn, Payment, PaymentStatus
from app.core.clock import bangkok_date
from app.core.events import SYSTEM
from app.demo import walk
from app.demo.acts import Clerk
from app.demo.people import OFFICERS
from app.licences.life import Action, Step
from app.licences.models import Licence
from app.stories import holder_acts, renewal_halted, review, supervise, tending
from app.stories.supervise import Said
from tests.stories.licence_in_hand import WHY, Paper, comes, later, paper, until
from tests.stories.world import World, summary


@pytest.fixture(scope="module")
def ending(shared: World) -> list[Paper]:
    """Four licences of one person, two months before their last day."""
    papers = [paper(shared) for _ in range(4)]
    left = papers[0].row.valid_until
    assert left
    later(shared, left - timedelta(days=60) - bangkok_date(shared.house.clock.now()))
    return papers


def billed(world: World, one: Paper) -> str:
    """Its holder signs in and asks for the bill that renews it; the path of the bill."""
    one.case.me = world.citizen()
    world.forget_officers()
    page = one.case.me.open(f"{one.case.licence}/renew").press("ไม่มีอะไรเปลี่ยน ขอใบแจ้งชำระ %(baht)s&nbsp;บาท")
    return page.url.removeprefix(page.base)


def renewed(world: World, one: Paper) -> Application:
    """The application that renews it."""
    return world.rows(select(Application).where(Application.renews == one.id))[0][0]


def paid(world: World, one: Paper, bill: str) -> None:
    """Pay at the bank; the renewal is about to be made. Other jobs may wait for authorities of another day."""
    walk.pay(one.case.me, bill)
    comes(lambda: renewed(world, one).state is State.PREPARING)


def track(one: Paper, world: World) -> str:
    return f"/forms/{renewed(world, one).single_form_id}/track"


def revoked(one: Paper) -> None:
    """Announced, answered, signed."""
    one.officer("nueng", Action.REVOKE, Step.ANNOUNCE, Said("false", WHY))
    one.holder(holder_acts.objection, "ขอโต้แย้งว่าข้อความที่ยื่นเป็นความจริง")
    one.officer("song", Action.REVOKE, Step.DO)


def books_agree(world: World) -> None:
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []


def bill_of(world: World, path: str) -> Any:
    return world.rows(select(Bill).where(Bill.id == UUID(path[-36:])))[0][0]


def test_a_paid_renewal_waits_for_the_end_of_a_suspension_and_then_goes_on_by_itself(
    shared: World, ending: list[Paper]
) -> None:
    one = ending[0]
    bill = billed(shared, one)
    one.officer("song", Action.SUSPEND, Step.DO, until(shared, 10))
    paid(shared, one, bill)
    one.case.me.open(track(one, shared)).must_see("รอพ้นการพักใช้").must_see("ไม่ต้องจ่ายซ้ำ")
    assert shared.rows(select(Licence.id).where(Licence.follows_id == one.id)) == [], "no number is lost in waiting"

    later(shared, timedelta(days=11))
    tending.sweep(shared.house)
    one.case.me = shared.citizen()
    walk.await_licence(one.case.me, track(one, shared).removesuffix("/track"))
    assert renewed(shared, one).state is State.ISSUED
    books_agree(shared)


def test_a_renewal_paid_before_a_revocation_ends_and_its_fee_goes_back(shared: World, ending: list[Paper]) -> None:
    one = ending[1]
    bill = billed(shared, one)
    one.officer("song", Action.SUSPEND, Step.DO, until(shared, 10))
    paid(shared, one, bill)
    revoked(one)

    assert renewed(shared, one).state is State.LAPSED
    one.case.me.open("/inbox").must_see("จะคืนให้")
    one.case.me.open(track(one, shared)).must_see("ถูกเพิกถอนหรือคืนแล้ว").must_see("ที่ชำระแล้วจะคืนให้").follow("ดูการคืนเงิน")
    one.case.me.must_see("จะคืนให้").must_see("คุณไม่ต้องทำอะไร")
    came_by = Payment.id == FeeReturn.payment_id
    fee, said = tuple(shared.rows(select(FeeReturn, Payment).join(Payment, came_by))[0])
    assert fee.satang == bill_of(shared, bill).amount_satang
    books_agree(shared)

    cashier = shared.officer("sam").open("/officer/money").must_see("ค่าธรรมเนียมที่ต้องคืน").follow(said.transaction_id)
    cashier.press("บันทึกว่าโอนคืนแล้ว", {"reference": "TR"})
    assert (cashier.status, [*summary(cashier)]) == (422, ["reference"])
    cashier.press("บันทึกว่าโอนคืนแล้ว", {"reference": "TR25690009"})
    assert not cashier.open("/officer/money").sees(said.transaction_id)
    one.case.me.open(bill).must_see("โอนคืนแล้ว").must_see("TR25690009")
    assert shared.officer("hok").open(f"/officer/money/fees/{fee.id}").status == 404, "another agency's money"
    books_agree(shared)


def test_the_open_bill_of_a_revoked_licence_is_void_and_what_comes_later_is_late_money(
    shared: World, ending: list[Paper]
) -> None:
    one = ending[2]
    bill = billed(shared, one)
    one.case.bill = bill
    slip = shared.slip(one.case)
    revoked(one)

    assert bill_of(shared, bill).status is BillStatus.VOID
    assert renewed(shared, one).state is State.LAPSED
    one.case.me.open("/inbox").must_see("คุณไม่ต้องชำระใบแจ้งของคำขอนี้")
    late = shared.paid(qr=slip, callback="once")
    status = select(Payment.status).where(Payment.transaction_id == late["transactionId"])
    comes(lambda: [row[0] for row in shared.rows(status)] == [PaymentStatus.LATE])
    shared.officer("sam").open("/officer/money").must_see(late["transactionId"]).must_see("ใบแจ้งยกเลิกแล้ว")
    books_agree(shared)


def clerk(world: World) -> Clerk:
    return Clerk(world.house, next(one for one in OFFICERS if one.key == "song"))


def test_a_renewal_paid_at_the_moment_of_reinstatement_is_made(shared: World, ending: list[Paper]) -> None:
    one, house, me = ending[3], shared.house, clerk(shared)
    bill = billed(shared, one)
    one.officer("song", Action.SUSPEND, Step.DO, until(shared, 10))
    seen, said = one.row.revision, Said("mended", "แก้ไขครบแล้วตามที่ตรวจ")
    made = "select 1 from jobs.procrastinate_jobs where task_name = 'issue_licence' and status in ('todo', 'doing')"
    with house.database.transaction() as db:
        supervise.act(db, house, me.session(db), one.id, Action.REINSTATE, Step.DO, seen, said, house.clock.now())
        paid(shared, one, bill)
        comes(lambda: one.does(lambda other: other.execute(text(made)).first()) is None)
        assert renewed(shared, one).state is State.PREPARING, "who paid still read it as suspended"
    comes(lambda: renewed(shared, one).state is State.ISSUED)


def test_a_bill_approved_at_the_moment_of_revocation_is_void_too(shared: World) -> None:
    shared.forget_officers()
    case, house, me = shared.accepted(shared.submitted()), shared.house, clerk(shared)
    revision = shared.rows(select(Application.revision).where(Application.id == case.id))[0][0]

    def ends() -> Any:
        with house.database.transaction() as db:
            renewal_halted.without_bills(db, case.id, SYSTEM, house.clock.now())

    waits = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    with ThreadPoolExecutor(1) as other:
        with house.database.transaction() as db:
            review.approve(db, house, me.session(db), case.id, revision, review.Said(), house.clock.now())
            (bill,) = [one.id for one in bills.of_application(db, case.id)]
            ended = other.submit(ends)
            comes(lambda: shared.rows(select(text("1")).select_from(text(f"({waits}) as held"))) != [])
        ended.result()
    assert bill_of(shared, str(bill)).status is BillStatus.VOID
    books_agree(shared)
