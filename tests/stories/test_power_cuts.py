"""The power goes at the worst moments, as kill −9 at named points: afterwards all is as if nothing had happened."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, select

from app.applications.models import Application
from app.billing import ledger
from app.billing.models import BillLine, Payment, PaymentStatus, Receipt
from app.core import events
from app.core.embedded import Urls
from app.core.events import Event
from app.demo import walk
from app.demo.browsing import Browser
from app.licences.models import Licence, LicenceDocument, Status
from tests.stories.mortal import Mortal, mortal_on
from tests.stories.world import Case, World

SENDING = ("submit.before_commit", "submit.after_commit")
PAYING = ("settle.before_commit", "settle.after_commit")
ISSUING = ("issue.reserved", "issue.stored", "issue.before_commit", "issue.after_commit")


@pytest.fixture(scope="module")
def mortal(own_database: Urls, run_folder: Path) -> Iterator[Mortal]:
    """A portal of this module's own, so that it can die."""
    with mortal_on(own_database, run_folder / "mortal") as portal:
        yield portal


@pytest.fixture
def world(mortal: Mortal) -> Iterator[World]:
    """Everybody, while the portal lives."""
    made = World(mortal.here)
    yield made
    made.close()
    mortal.kill()


def in_vain(browser: Browser, words: str) -> None:
    """Press a button at a portal that dies of it."""
    with pytest.raises(httpx2.TransportError):
        browser.press(words)


def as_undisturbed(world: World, case: Case) -> None:
    """One application, one payment, one receipt, one licence with the next number, chains and books whole."""
    world.when_idle()
    one = [
        select(func.count()).where(Application.single_form_id == case.form.rpartition("/")[2]),
        select(func.count()).where(BillLine.application_id == case.id),
        select(func.count()).where(Payment.bill_id == case.bill.rpartition("/")[2]),
        select(func.count()).where(Receipt.bill_id == case.bill.rpartition("/")[2], Receipt.file_digest.is_not(None)),
        select(func.count())
        .select_from(LicenceDocument)
        .join(Licence, Licence.id == LicenceDocument.licence_id)
        .where(Licence.application_id == case.id, Licence.status == Status.VALID),
    ]
    assert [world.rows(count)[0][0] for count in one] == [1] * len(one)
    acts = select(Event.kind).where(Event.stream == f"application:{case.id}").order_by(Event.seq)
    assert [kind.removeprefix("application.") for (kind,) in world.rows(acts)] == [
        "submit", "take", "accept", "take", "approve", "pay", "issue",
    ]  # fmt: skip
    assert world.rows(select(Payment.id).where(Payment.status != PaymentStatus.SETTLED)) == []
    numbers = sorted(int(number.split()[1].split("/")[0]) for (number,) in world.rows(select(Licence.number)))
    assert numbers == list(range(1, len(numbers) + 1))
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []
        assert events.verify(db)[1] == []


def test_a_form_is_sent_once_although_the_power_goes_before_and_after_its_commit(world: World, mortal: Mortal) -> None:
    before, after = SENDING
    mortal.start(before)
    me = world.citizen()
    form = world.filled(me)
    me.open(f"{form}/check")
    in_vain(me, "ยอมรับและส่งคำขอ")
    mortal.dies()
    mortal.start(after)
    assert me.open(f"{form}/check").status == 200
    in_vain(me, "ยอมรับและส่งคำขอ")
    mortal.dies()

    mortal.start()
    me.press("ยอมรับและส่งคำขอ")

    me.must_see("ส่งคำขอแล้ว")
    walk.wait_for(me, f"{form}/receipt.pdf", lambda b: b.status == 200 or None)
    sent = select(Application.number).where(Application.single_form_id == form.rpartition("/")[2])
    assert [number.rpartition("-")[2] for (number,) in world.rows(sent)] == ["00001"]
    assert len(world.rows(select(Event.seq).where(Event.kind == "form.submit"))) == 1
    with world.house.database.transaction() as db:
        assert events.verify(db)[1] == []


def test_a_portal_that_dies_at_every_step_from_the_payment_on_still_issues_one_licence(
    world: World, mortal: Mortal
) -> None:
    first, *others = (*PAYING, *ISSUING)
    mortal.start(first)
    case = world.awaiting_payment()
    walk.pay(case.me, case.bill)
    mortal.dies()
    for point in others:
        mortal.start(point)
        mortal.dies()

    mortal.start()

    case.licence = walk.await_licence(case.me, case.form)
    as_undisturbed(world, case)
    (code,) = case.me.open(case.licence).links(r"/verify/")
    world.stranger().open(code).must_see("ของจริง")


def test_a_worker_killed_while_it_signs_leaves_its_work_to_the_next(world: World, mortal: Mortal) -> None:
    mortal.start()
    case = world.awaiting_payment()
    mortal.authority.silent = True
    walk.pay(case.me, case.bill)
    assert mortal.authority.asked.wait(30)

    mortal.kill()
    mortal.authority.silent = False
    mortal.start()

    case.licence = walk.await_licence(case.me, case.form)
    as_undisturbed(world, case)
