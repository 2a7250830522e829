"""Money meets the case: the bank's word is kept, checked with the bank, booked once, and moves the case on."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.applications import cases, standing
from app.applications.deadlines import Tick
from app.applications.models import Application
from app.applications.workflow import Action, By, State
from app.billing import bills, callbacks, payments, receipts, replacing
from app.billing.bank import Question
from app.billing.callbacks import Received
from app.billing.confirmation import Confirmation
from app.billing.models import Bill, BillStatus, PaymentStatus
from app.core import jobs
from app.core.clock import bangkok_date
from app.core.errors import Unavailable
from app.core.events import SYSTEM, Actor
from app.notices import inbox
from app.stories import act_fees
from app.stories.end import finish_clock
from app.stories.house import House

log = structlog.get_logger(__name__)

BANK = Actor("bank", None, "ธนาคาร")
INQUIRE_AGAIN_AFTER = timedelta(minutes=2)
BANK_GRACE = timedelta(days=1)
"""How long after its last moment a bill waits for a bank that tells late of money paid in time."""


def hear(db: Session, house: House, body: bytes, headers: Mapping[str, str], now: datetime) -> Received:
    """The bank knocks: keep what it said, queue the question back to the bank. Never raises for a bad knock."""
    received = callbacks.receive(db, body, headers, house.settings.bank.callback_secret, now)
    if received.said is not None and received.waiting:
        jobs.enqueue(
            db,
            "confirm_payment",
            once=f"confirm:{received.said.channel}:{received.said.transaction_id}",
            channel=received.said.channel,
            transaction_id=received.said.transaction_id,
        )
    return received


def confirm(house: House, channel: str, transaction_id: str) -> None:
    """Ask the bank about an announced payment (outside any transaction), then settle or disown it."""
    with house.database.transaction() as db:
        said = payments.claimed(db, channel, transaction_id)
    if said is None:
        return
    confirmed = house.bank.inquire(Question.about(said))
    now = house.clock.now()
    with house.database.transaction() as db:
        db.info["failpoint"] = "settle"
        if confirmed is None:
            payments.disown(db, channel, transaction_id, now, SYSTEM)
            return
        settle(db, confirmed, now)


def settle(db: Session, confirmed: Confirmation, now: datetime) -> PaymentStatus:
    """Book what the bank confirms and move every application of the bill on: at most once, whoever calls how often."""
    outcome = payments.settle(db, confirmed, now, BANK)
    if outcome.status is PaymentStatus.SETTLED and not outcome.repeated and outcome.bill_id is not None:
        is_paid(db, outcome.bill_id, now)
    return outcome.status


def is_paid(db: Session, bill_id: UUID, now: datetime) -> None:
    """What follows once a bill is paid: applications move on, what was signed is woken, the receipt is numbered."""
    for application_id in dict.fromkeys(line.application_id for line in bills.lines(db, bill_id)):
        application = cases.by_system(db, application_id)
        if application.state is State.AWAITING_PAYMENT:
            _move_on(db, application, bill_id, now)
    act_fees.wake(db, db.get_one(Bill, bill_id))
    _tell_who_let_somebody(db, bill_id, now)
    receipts.reserve(db, bill_id, now, SYSTEM)
    jobs.enqueue(db, "draw_receipt", bill_id=str(bill_id))


def _tell_who_let_somebody(db: Session, bill_id: UUID, now: datetime) -> None:
    """The fee of what an agent sent has been paid: the one they act for hears of it."""
    bill = db.get_one(Bill, bill_id)
    applications = {line.application_id for line in bills.lines(db, bill_id)}
    for agent in standing.agents_of(db, applications):
        href = f"/bills/{bill_id}"
        inbox.tell(db, bill.applicant_id, "agent_paid", now, href=href, agent=agent, reference=bill.number)


def combine(db: Session, applicant_id: UUID, bill_ids: Iterable[UUID], actor: Actor, now: datetime) -> Bill:
    """Make one bill of several, to be paid once; money on its way for it already counts."""
    db.info["failpoint"] = "combine"
    one = replacing.combine(db, applicant_id, bill_ids, actor, now)
    settle_what_came_before(db, one, now)
    return one


def _move_on(db: Session, application: Application, bill_id: UUID, now: datetime) -> None:
    given = cases.facts(db, application, now)
    actor = Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id)
    cases.act(db, application, Action.PAY, [By.SYSTEM], actor, given, now, bill=str(bill_id))
    if cases.clock_entries(db, application.id):  # a renewal by fee alone has no clock: nobody decides
        cases.tick(db, application, Tick.RESUME, now, "ได้รับค่าธรรมเนียมแล้ว")
    jobs.enqueue(db, "issue_licence", application_id=str(application.id))


def ask_again(house: House) -> None:
    """By the clock: payments announced but never confirmed are asked about once more."""
    now = house.clock.now()
    with house.database.transaction() as db:
        for said in payments.pending(db, now - INQUIRE_AGAIN_AFTER):
            jobs.enqueue(
                db,
                "confirm_payment",
                once=f"confirm:{said.channel}:{said.transaction_id}",
                channel=said.channel,
                transaction_id=said.transaction_id,
            )


def settle_what_came_before(db: Session, bill: Bill, now: datetime) -> None:
    """Money that the bank confirmed before this bill existed pays it at once: nobody is asked to pay again."""
    for confirmed in payments.before_its_bill(db, bill):
        settle(db, confirmed, now)


def expire(house: House) -> None:
    """By the clock: close overdue bills and let their applications lapse.

    Never while a payment is being checked, and never before the bank itself has said that no money came.
    """
    now = house.clock.now()
    with house.database.transaction() as db:
        overdue = bills.overdue(db, now, grace=BANK_GRACE)
    unsure = [bill.id for bill in overdue if not _asked_about(house, bill, now)]
    with house.database.transaction() as db:
        for bill_id in bills.expire_due(db, now, grace=BANK_GRACE, besides=unsure):
            act_fees.wake(db, db.get_one(Bill, bill_id))
            for line in bills.lines(db, bill_id):
                application = cases.by_system(db, line.application_id)
                if application.state is State.AWAITING_PAYMENT:
                    given = cases.facts(db, application, now, payment_due=bangkok_date(now) - timedelta(days=1))
                    actor = Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id)
                    cases.act(db, application, Action.LAPSE, [By.SYSTEM], actor, given, now, reason="payment_overdue")
                    finish_clock(db, application, now, "พ้นกำหนดชำระ")


def _asked_about(house: House, bill: Bill, now: datetime) -> bool:
    """Ask the bank for money that it never told us of and book what it knows; False when the bank did not answer."""
    with house.database.transaction() as db:
        slips = [bill, *replacing.predecessors(db, bill)]
    try:
        found = [said for slip in slips for said in _known_to_the_bank(house, slip, now)]
    except Unavailable as silent:
        log.warning("an overdue bill waits, because the bank does not answer", bill=bill.number, reason=silent.message)
        return False
    with house.database.transaction() as db:
        for confirmed in found:
            settle(db, confirmed, now)
    return True


def _known_to_the_bank(house: House, bill: Bill, now: datetime) -> list[Confirmation]:
    """What the bank knows with a bill's references, from its first day to its last or today. Raises Unavailable."""
    first, last = bangkok_date(bill.issued_at), bangkok_date(min(bill.due_at, now))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [said for day in days for said in house.bank.payments(Question(day, bill.biller_id, bill.ref1, bill.ref2))]


def ask_about(db: Session, bill: Bill) -> None:
    """The payer says that they paid: queue the question to the bank, at most one at a time."""
    if bill.status is BillStatus.OPEN:
        jobs.enqueue(db, "ask_about_bill", once=f"ask:{bill.id}", bill_id=str(bill.id))


def look_for_money(house: House, bill_id: UUID) -> None:
    """Job: ask the bank about a bill it never told us of, and book what it knows. A silent bank is asked again."""
    with house.database.transaction() as db:
        bill = db.get_one(Bill, bill_id)
    if not _asked_about(house, bill, house.clock.now()):
        raise Unavailable("ธนาคารยังไม่ตอบ เราจะถามธนาคารอีกครั้งให้เอง ยังไม่ต้องจ่ายซ้ำ")
