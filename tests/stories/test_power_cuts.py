"""The power goes at the worst moments, as kill −9 at named points: afterwards all is as if nothing had happened."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from app.applications.models import Application, ClockMove
from app.billing import ledger
from app.billing.models import Bill, BillStatus, Payment, PaymentStatus, Receipt
from app.core import events
from app.core.clock import BANGKOK
from app.core.embedded import Urls
from app.core.events import Event
from app.core.thai import be_year
from app.demo import walk
from app.demo.browsing import Browser
from app.licences.life import Action, Step
from app.licences.models import Licence, LicenceDocument, LicenceEdition, Reason, Status
from app.pdf.issued import IssuedFile
from app.stories import authenticity, holder_acts, lasting
from app.stories.supervise import Said
from tests.stories.licence_in_hand import paper, until
from tests.stories.mortal import PATIENCE_SECONDS, Mortal, mortal_on
from tests.stories.test_receipt_only import SAID as REGISTER_COPY
from tests.stories.world import Case, World

SEND = "ยอมรับและส่งคำขอ"


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
    """One application, payment, receipt and licence, the first number of each, proved once; all chains are whole."""
    numbers = [
        world.rows(select(Application.number)),
        world.rows(select(Bill.number)),
        world.rows(select(Receipt.number).where(Receipt.file_digest.is_not(None))),
        world.rows(select(Licence.number).where(Licence.status == Status.VALID)),
    ]
    year = be_year(world.house.clock.now().astimezone(BANGKOK).date())
    assert [[number.partition(" ")[2] for (number,) in found] for found in numbers] == [
        [f"{year}-00001"], [f"{year}-000001"], [f"{year}-000001"], [f"1/{year}"],
    ]  # fmt: skip
    assert [form for (form,) in world.rows(select(LicenceDocument.form))] == [1, 2], "as issued, and proved"
    assert [row.status for row in world.rows(select(Payment.status))] == [PaymentStatus.SETTLED]
    acts = select(Event.kind).where(Event.stream == f"application:{case.id}").order_by(Event.seq)
    assert [kind.removeprefix("application.") for (kind,) in world.rows(acts)] == [
        "submit", "take", "accept", "take", "approve", "pay", "issue",
    ]  # fmt: skip
    assert len(world.rows(select(Event.seq).where(Event.kind == "form.submit"))) == 1
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []
        assert events.verify(db)[1] == []


def test_one_application_whose_portal_dies_at_every_named_point_ends_as_if_nothing_had_happened(
    world: World, mortal: Mortal
) -> None:
    mortal.start("submit.before_commit")
    me = world.citizen()
    form = world.filled(me)
    me.open(f"{form}/check")
    in_vain(me, SEND)
    mortal.dies()

    mortal.start("submit.after_commit")
    assert me.open(f"{form}/check").status == 200
    in_vain(me, SEND)
    mortal.dies()

    mortal.start("settle.before_commit")
    me.press(SEND).must_see("ส่งคำขอแล้ว")
    walk.wait_for(me, f"{form}/receipt.pdf", lambda b: b.status == 200 or None)
    case = world.awaiting_payment(world.sent(me, form))
    walk.pay(me, case.bill)
    mortal.dies()
    for point in ("settle.after_commit", "issue.reserved"):
        mortal.start(point)
        mortal.dies()

    mortal.authority.silent = True
    mortal.start()
    assert mortal.authority.asked.wait(PATIENCE_SECONDS), "no time-stamp was asked for"
    mortal.kill()
    mortal.authority.silent = False
    for point in ("issue.stored", "issue.before_commit", "issue.after_commit"):
        mortal.start(point)
        mortal.dies()

    mortal.start()
    case.licence = walk.await_licence(me, form)
    issued = me.open(f"{case.licence}/licence.pdf").content
    mortal.kill()
    lasting.order(world.house, timedelta(0))
    for point in ("prove.stored", "prove.before_commit", "prove.after_commit"):
        mortal.start(point)
        mortal.dies()

    mortal.start()
    world.when_idle()
    as_undisturbed(world, case)
    proved = me.open(f"{case.licence}/licence.pdf").content
    assert proved.startswith(issued)
    assert proved != issued
    assert all(authenticity.of_file(world.house, pdf).kind == "valid" for pdf in (issued, proved))
    (code,) = me.open(case.licence).links(r"/verify/")
    world.stranger().open(code).must_see("ของจริง")


COPY = "commercial-register-copy"
TOGETHER = "รวมเป็นใบเดียวและไปชำระ"


def copies(world: World, me: Browser, count: int) -> list[Case]:
    """So many applications for certified copies, found complete: nothing of them is uploaded or drawn."""
    cases = []
    for _ in range(count):
        form = walk.start_form(me, COPY)
        walk.await_prefill(me, form)
        walk.answer_all(me, form, REGISTER_COPY)
        walk.submit(me, form)
        number = walk.application_number(me, form)
        checker = world.officer("paet")
        case = Case(me, form, number, walk.find_case(checker, number))
        walk.take(checker, case.desk)
        walk.check(checker, case.desk)
        walk.decide(checker, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")
        cases.append(case)
    return cases


def copies_to_pay(world: World, me: Browser, count: int) -> list[Case]:
    """The same, approved: a bill for each."""
    cases, approver = copies(world, me, count), world.officer("kao")
    for case in cases:
        walk.take(approver, case.desk)
        walk.decide(approver, case.desk, "approve", "ลงชื่ออนุญาต")
        case.bill = walk.bill_path(me, case.form)
    return cases


def test_two_bills_whose_portal_dies_while_they_are_made_one_paid_and_ended_are_paid_once_and_end_once(
    world: World, mortal: Mortal
) -> None:
    mortal.start("combine.before_commit")
    me = world.citizen("tasi")
    one, other = copies_to_pay(world, me, 2)
    ids = [one.id, other.id]
    mine = select(Bill.status, Bill.amount_satang).where(Bill.payer_name.contains("ตาสี")).order_by(Bill.status)
    me.open(f"{one.bill}/combine")
    in_vain(me, TOGETHER)
    mortal.dies()
    assert [row.status for row in world.rows(mine)] == [BillStatus.OPEN] * 2, "nothing was half combined"

    mortal.start("combine.after_commit")
    me.open(f"{one.bill}/combine")
    in_vain(me, TOGETHER)
    mortal.dies()

    mortal.start("settle.before_commit")
    me.press(TOGETHER)
    together = me.url.removeprefix(me.base)
    assert together not in {one.bill, other.bill}
    walk.pay(me, together)
    mortal.dies()
    for point in ("settle.after_commit", "issue.before_commit", "issue.after_commit"):
        mortal.start(point)
        mortal.dies()

    mortal.start()
    walk.wait_for(me, f"{together}/receipt.pdf", lambda b: b.status == 200 or None)
    world.when_idle()
    assert sorted((row.status.value, row.amount_satang) for row in world.rows(mine)) == [
        ("paid", 6000), ("void", 3000), ("void", 3000),
    ]  # fmt: skip
    bill = UUID(together.rpartition("/")[2])
    assert len(world.rows(select(Receipt.number).where(Receipt.bill_id == bill))) == 1
    assert [row.status for row in world.rows(select(Payment.status).where(Payment.bill_id == bill))] == [
        PaymentStatus.SETTLED
    ]
    for ended in ids:
        acts = select(Event.kind).where(Event.stream == f"application:{ended}").order_by(Event.seq)
        kinds = [kind.removeprefix("application.") for (kind,) in world.rows(acts)]
        assert kinds[-2:] == ["pay", "issue"]
        assert (kinds.count("pay"), kinds.count("issue")) == (1, 1)
        assert world.rows(select(Licence.id).where(Licence.application_id == ended)) == []
        ticks = select(ClockMove.tick).where(ClockMove.application_id == ended).order_by(ClockMove.seq)
        assert [tick for (tick,) in world.rows(ticks)] == ["start", "stop", "resume", "finish"]
    with world.house.database.transaction() as db:
        assert ledger.verify(db) == []
        assert events.verify(db)[1] == []


def test_a_list_whose_portal_dies_while_it_is_signed_is_signed_once_case_by_case(world: World, mortal: Mortal) -> None:
    mortal.start("signing.before_commit")
    me, signer = world.citizen("tasi"), world.officer("kao")
    ids = [case.id for case in copies(world, me, 2)]
    batch = signer.open("/officer/signing").press("ไปตรวจและลงนาม").url.removeprefix(signer.base)
    signer.follow("ยืนยันตัวตนและลงนาม")
    with suppress(httpx2.TransportError):  # the portal may die of it before it has drawn the next page
        walk.prove_presence(signer, "kao")
    mortal.dies()
    for point in ("signing.after_commit", "signing.after_commit", "signing_done.before_commit"):
        mortal.start(point)
        mortal.dies()
    mortal.start("signing_done.after_commit")

    mortal.dies()
    mortal.start()
    signer.open(batch).must_see("ลงนามแล้ว 2 เรื่อง")
    kinds = select(Event.kind).where(Event.kind.in_(["application.approve", "signing.confirm", "signing.finish"]))
    mine = Event.subject_id.in_([*ids, UUID(batch.rpartition("/")[2])])
    assert sorted(kind for (kind,) in world.rows(kinds.where(mine))) == [
        *["application.approve"] * 2, "signing.confirm", "signing.finish",
    ]  # fmt: skip
    with world.house.database.transaction() as db:
        assert events.verify(db)[1] == []


def test_a_copy_of_my_data_that_was_cut_off_is_made_anew_and_offered_once(world: World, mortal: Mortal) -> None:
    mortal.start("copy.stored")
    me = world.citizen("fa")
    me.open("/my/privacy").press("ขอสำเนาข้อมูล")
    mortal.dies()

    mortal.start()
    (copy,) = walk.wait_for(me, "/my/privacy", lambda b: b.links(r"/my/privacy/copies/.+\.json$"))

    assert me.open(copy).status == 200
    assert len(world.rows(select(Event.seq).where(Event.kind == "copy.made"))) == 1


def test_a_new_edition_and_a_letter_whose_portal_dies_at_every_named_point_are_there_once_and_proved(
    world: World, mortal: Mortal
) -> None:
    mortal.start()
    mine = paper(world)
    world.when_idle()
    mortal.kill()
    before = mine.row
    mine.holder(holder_acts.ask_substitute, Reason.DAMAGED, "ใบเดิมเปียกน้ำจนอ่านไม่ออก")
    mine.officer("song", Action.SUBSTITUTE, Step.DO, Said("lost"))
    for point in ("edition.stored", "edition.before_commit", "edition.after_commit"):
        mortal.start(point)
        mortal.dies()
    mine.officer("song", Action.SUSPEND, Step.DO, until(world, 2))
    for point in ("letter.stored", "letter.before_commit", "letter.after_commit"):
        mortal.start(point)
        mortal.dies()
    mortal.start()
    world.when_idle()
    mortal.kill()
    lasting.order(world.house, timedelta(0))
    for point in ("prove.stored", "prove.before_commit", "prove.after_commit"):
        mortal.start(point)
        mortal.dies()

    mortal.start()
    world.when_idle()
    after, kinds = mine.row, mine.kinds()
    assert (after.number, after.code != before.code) == (before.number, True)
    assert (kinds.count("licence.new_edition"), kinds.count("licence.letter")) == (1, len(mine.letters()))
    editions = select(LicenceEdition.number, LicenceEdition.issued_at.is_not(None)).where(mine.of_it)
    assert sorted(tuple(row) for row in world.rows(editions)) == [(1, True), (2, True)]
    files = select(LicenceDocument.edition, LicenceDocument.proved_until.is_not(None))
    forms = world.rows(files.where(LicenceDocument.licence_id == mine.id).order_by(LicenceDocument.form))
    assert [tuple(row) for row in forms] == [(1, False), (2, False), (2, True)], "only what is in force is proved"
    for letter in mine.letters():
        assert letter.file_digest
        proved = select(IssuedFile.edition).where(IssuedFile.first == letter.file_digest)
        assert sorted(edition for (edition,) in world.rows(proved)) == [1, 2]
    with world.house.database.transaction() as db:
        assert events.verify(db)[1] == []
