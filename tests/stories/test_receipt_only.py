"""A service that ends in a receipt: the copy comes by post, nothing is called a licence, and the report says L2."""

import csv
import io
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.applications.models import Application, ClockMove
from app.applications.workflow import State
from app.core.events import Event
from app.demo import walk
from app.demo.browsing import Browser
from app.licences.models import Licence
from app.stories import issuing
from tests.stories.world import MUANG, World

COPY = "commercial-register-copy"
SAID = {
    **walk.SHOP["applicant"],
    **walk.SHOP["shop"],
    **walk.SHOP["location"],
    "head_office_at": "shop",
    "register_copy": "certificate",
}
WHAT = "สำเนาเอกสารทะเบียนพาณิชย์ที่รับรองแล้ว"
RECEIPT = r"^/bills/[0-9a-f-]+/receipt\.pdf$"
HOW = "ส่งทางไปรษณีย์ลงทะเบียนถึงที่อยู่ของผู้ยื่น"


@dataclass
class Copy:
    """One application for a certified copy, from the form to the receipt, and what everybody read on the way."""

    me: Browser
    form: str
    number: str
    desk: str
    offered: str
    decided: str

    @property
    def id(self) -> UUID:
        return UUID(self.desk.rpartition("/")[2])


@pytest.fixture(scope="module")
def copy(shared: World) -> Copy:
    """Filed without a single file, approved, billed and paid."""
    me = shared.citizen("mali")
    form = walk.start_form(me, COPY)
    walk.await_prefill(me, form)
    walk.answer_all(me, form, SAID)
    assert walk.attach(me, form) == 0, "nothing is to be uploaded"
    walk.submit(me, form)
    number = walk.application_number(me, form)
    checker, approver = shared.officer("paet"), shared.officer("kao")
    desk = walk.find_case(checker, number)
    walk.take(checker, desk)
    walk.check(checker, desk)
    walk.decide(checker, desk, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.take(approver, desk)
    offered = approver.open(f"{desk}/decide/approve").words
    walk.decide(approver, desk, "approve", "ลงชื่ออนุญาต")
    decided = approver.words
    walk.pay(me, walk.bill_path(me, form))
    walk.wait_for(me, f"{form}/track", lambda b: b.links(RECEIPT) and b.sees(f"คุณจะได้รับ{WHAT}"))
    return Copy(me, form, number, desk, offered, decided)


def test_the_person_reads_what_comes_and_how_it_reaches_them_and_has_the_receipt(copy: Copy) -> None:
    me = copy.me.open(f"{copy.form}/track")

    me.must_see(f"คุณจะได้รับ{WHAT}").must_see(HOW).must_see("เสร็จสิ้น").must_see("ดำเนินการเสร็จแล้ว")
    main = " ".join("".join(me.page.xpath("//main")[0].itertext()).split())
    for never in ("ใบอนุญาต", "รับเอกสาร", "ออกเอกสาร", "ลงลายมือชื่อ"):
        assert never not in main, never
    assert not me.links(r"/licences/")
    (receipt,) = me.links(RECEIPT)
    assert me.open(receipt).content.startswith(b"%PDF")
    assert me.open("/my").status == 200
    assert me.open(f"{copy.form}/confirmation").status == 200


def test_in_english_too(shared: World, copy: Copy) -> None:
    me = shared.citizen("mali", "en").open(f"{copy.form}/track")
    me.must_see("You will receive: Certified copy from the commercial register").must_see("registered post")


def test_the_officer_knows_that_the_office_sends_it(shared: World, copy: Copy) -> None:
    for words in (copy.offered, copy.decided):
        assert WHAT in words
        assert HOW in words
    assert "ระบบไม่ออกเอกสารให้งานบริการนี้" in copy.offered
    assert "จัดทำและลงลายมือชื่อ" not in copy.decided
    shared.officer("kao").open(copy.desk).must_see(f"ส่ง{WHAT}ให้ผู้ยื่นได้แล้ว").must_see(HOW)


def test_it_ends_once_without_a_number_however_often_the_job_runs(shared: World, copy: Copy) -> None:
    issued = select(func.count()).where(Event.kind == "application.issue", Event.subject_id == copy.id)
    assert shared.rows(issued) == [(1,)]

    assert issuing.licences_of(shared.house, [copy.id]) == {}

    assert shared.rows(issued) == [(1,)]
    assert shared.rows(select(Licence.id).where(Licence.application_id == copy.id)) == []
    where_it_stands = select(Application.state, Application.due_on).where(Application.id == copy.id)
    assert [tuple(row) for row in shared.rows(where_it_stands)] == [(State.ISSUED, None)]
    moves = select(ClockMove.tick).where(ClockMove.application_id == copy.id).order_by(ClockMove.seq)
    assert [tick for (tick,) in shared.rows(moves)] == ["start", "stop", "resume", "finish"]


def test_a_stranger_follows_it_to_its_end(shared: World, copy: Copy) -> None:
    shared.stranger().open(f"/track/{copy.number.replace(' ', '-')}").must_see("จบแล้ว")


def test_the_report_says_level_two_and_why_not_three(shared: World, copy: Copy) -> None:
    del copy
    reporter = shared.officer("rai")
    told = csv.DictReader(io.StringIO(reporter.open("/officer/reports.csv").content.decode("utf-8-sig")))
    (row,) = (row for row in told if (row["service"], row["agency"]) == (COPY, MUANG))

    assert (row["declared_level"], row["evidenced_level"]) == ("L2", "L2")
    verdicts = {name.partition(".")[0]: word for name, word in row.items() if name.endswith(".verdict")}
    assert {name for name, word in verdicts.items() if word != "met"} == {"e_licence", "ca_signature", "pdf_a"}
    reporter.open(f"/officer/reports/{COPY}/{MUANG}").must_see("งานบริการนี้จบที่ใบเสร็จ ยังไม่ออกเอกสารเป็นไฟล์")


def test_the_manual_promises_no_electronic_document(shared: World) -> None:
    for language, what, never in (("th", WHAT, "ลายเซ็นดิจิทัล"), ("en", "registered post", "digitally signed")):
        manual = shared.stranger(language).open(f"/services/{COPY}").must_see(what)
        assert not manual.sees(never)
