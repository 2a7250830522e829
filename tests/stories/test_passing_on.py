"""A case goes from officer to officer, and time passes: handed over, taken over, late, told why, and the next one.

The portal of this module is its own: its clock moves on.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from app.applications import deadlines
from app.applications.models import Application
from app.core.clock import MovedClock, bangkok_date
from app.core.events import Event
from app.demo import walk
from app.demo.running import Running
from app.identity.models import Duty
from app.stories import delay
from tests.pdf.reading import bare, poppler_text
from tests.stories.world import Case, World, at_once

NOTE = "ตรวจเอกสารแล้ว เหลือแผนผังร้าน"
WHY = "ต้องตรวจสถานที่ซ้ำ เพราะอุปกรณ์ยังติดตั้งไม่เสร็จ"


@pytest.fixture
def world(portal: Running) -> Iterator[World]:
    made = World(portal)
    later(made, working_days=1)
    yield made
    made.close()


def later(world: World, *, working_days: int = 0, days: int = 0) -> None:
    """So many days later at ten in the morning; everybody has been signed out meanwhile."""
    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    here = clock.now()
    day = deadlines.working_days_after(bangkok_date(here), working_days) + timedelta(days=days)
    clock.move(timedelta(days=(day - bangkok_date(here)).days))
    hour = 3 - clock.now().hour  # ten o'clock in Thailand is three in UTC
    clock.move(timedelta(hours=hour if hour >= 0 or bangkok_date(clock.now()) < day else 24 + hour))
    world.forget_officers()


def today(world: World) -> date:
    return bangkok_date(world.house.clock.now())


def in_days(world: World, days: int) -> dict[str, str]:
    """The boxes of a day to come, in the Buddhist era."""
    day = today(world) + timedelta(days=days)
    return {"until.day": str(day.day), "until.month": str(day.month), "until.year": str(day.year + 543)}


def kinds(world: World, case: Case) -> list[str]:
    rows = world.rows(select(Event.kind).where(Event.stream == f"application:{case.id}").order_by(Event.seq))
    return [row.kind.removeprefix("application.") for row in rows]


def test_a_case_is_handed_to_a_colleague_by_name_with_a_note_that_stays_inside(world: World) -> None:
    case, giver = world.submitted(), world.officer("nueng")
    walk.take(giver, case.desk)
    page = giver.open(f"{case.desk}/hand-over")
    names = page.page.xpath("//input[@name='to']/ancestor::label/span[1]/text()")
    assert names == ["นายสาธิต ห้า"], "only who sees the case and could check it"
    (to,) = page.page.xpath("//input[@name='to']/@value")

    giver.press("ส่งเรื่องต่อ", {"note": "สั้น"})
    assert giver.status == 422
    giver.must_see("เลือกเพื่อนร่วมงานที่จะรับเรื่องต่อ")
    giver.press("ส่งเรื่องต่อ", {"to": to, "note": NOTE})

    giver.must_see("นายสาธิต ห้า").must_see("เพื่อนร่วมงานกำลังทำเรื่องนี้")
    giver.open("/officer?tab=colleagues").must_see(case.number)
    world.officer("ha").open("/officer?tab=mine").must_see(case.number)
    world.officer("ha").open(case.desk).must_see(NOTE)
    assert not case.told().sees(NOTE)
    assert kinds(world, case)[-1] == "hand_over"


def test_a_case_is_taken_over_from_a_colleague_only_when_it_lay_still(world: World) -> None:
    case = world.submitted()
    walk.take(world.officer("nueng"), case.desk)
    later(world, working_days=2)
    colleague = world.officer("ha").open(f"{case.desk}/take-over")
    assert colleague.status == 409
    colleague.must_see("3 วันทำการ")

    later(world, working_days=1)
    colleague = world.officer("ha").open(case.desk)
    colleague.follow("รับเรื่องแทนเพื่อนร่วมงาน").press("รับเรื่องแทน", {"note": "เพื่อนลาป่วย"})

    assert colleague.url.endswith("/check")
    assert kinds(world, case)[-2:] == ["take", "take_over"]
    world.officer("nueng").open("/officer?tab=colleagues").must_see(case.number)


def test_eight_officers_who_take_over_at_once_leave_the_case_with_one(world: World) -> None:
    case = world.submitted()
    walk.take(world.officer("nueng"), case.desk)
    later(world, working_days=3)
    desks = world.hired(8, Duty.CHECK)
    for desk in desks:
        desk.open(f"{case.desk}/take-over")

    at_once([partial(desk.press, "รับเรื่องแทน", {"note": "เพื่อนลาป่วย"}) for desk in desks])

    assert Counter(desk.status for desk in desks) == {200: 1, 409: 7}
    assert kinds(world, case).count("take_over") == 1


def test_eight_officers_who_ask_for_the_next_case_at_once_get_eight_cases(world: World) -> None:
    cases = [world.submitted(person) for person in ("mali", "tasi", "bunma")]
    desks = world.hired(8, Duty.CHECK)
    for desk in desks:
        desk.open("/officer?tab=new&service=food-premises-notification")

    at_once([partial(desk.press, "ทำเรื่องถัดไป") for desk in desks])

    got = [desk.url.partition("/applications/")[2][:36] for desk in desks if "/applications/" in desk.url]
    assert len(set(got)) == len(got) >= 3
    assert {str(case.id) for case in cases} <= set(got)
    rest = [desk for desk in desks if "/applications/" not in desk.url]
    assert [desk.sees("ไม่มีเรื่องถัดไปในกลุ่มนี้") for desk in rest] == [True] * len(rest)


def test_a_late_case_is_late_everywhere_wants_a_reason_and_the_applicant_is_told_every_seven_days(world: World) -> None:
    case = world.accepted()
    later(world, working_days=8)
    delay.tell_late(world.house)
    delay.tell_late(world.house)
    assert kinds(world, case).count("delay_unexplained") == 1, "told once, however often the job runs"

    signer = world.officer("song")
    signer.open("/officer?tab=late").must_see(case.number).must_see("เกิน 1 วันทำการ")
    signer.open(case.desk).must_see("เกินเวลาตามคู่มือแล้ว").press("แจ้งเหตุให้ผู้ยื่นทราบ", {"delay": WHY})
    assert signer.status == 422
    signer.must_see("ใส่วันที่คาดว่าจะพิจารณาเสร็จ").must_see(WHY).press("แจ้งเหตุให้ผู้ยื่นทราบ", in_days(world, 10))
    walk.sign_in(case.me, "mali")
    case.told().must_see(WHY).must_see("ยังไม่มีเหตุใหม่จากหน่วยงาน").must_see("คาดว่าจะเสร็จภายใน")

    later(world, days=6)
    delay.tell_late(world.house)
    assert kinds(world, case).count("delay") == 1
    later(world, days=1)
    delay.tell_late(world.house)
    assert kinds(world, case).count("delay") == 2
    world.when_idle()
    walk.sign_in(case.me, "mali")
    letters = case.told().links(r"/letters/[0-9a-f-]{36}/letter.pdf$")
    said = [bare(poppler_text(case.me.open(link).content, "-raw")) for link in letters]
    assert [bare(f"แจ้งเหตุเป็นครั้งที่ {n}") in text and bare(WHY) in text for n, text in enumerate(said, 1)] == [True] * 2
    later(world, days=7)
    delay.tell_late(world.house)
    assert kinds(world, case).count("delay_unexplained") == 2, "a reason holds until the day that came with it"
    walk.sign_in(case.me, "mali")
    assert case.told().links(r"/letters/") == letters, "and no seal stands under words that no officer said"

    walk.decide(world.officer("song"), case.desk, "approve", "ลงชื่ออนุญาต")
    later(world, days=8)
    delay.tell_late(world.house)
    assert kinds(world, case).count("delay") == 2, "whoever is waited for, it is not the agency now"
    assert not world.officer("song").open("/officer?tab=applicant").sees("ทำเรื่องถัดไป"), "nothing there is to be done"

    reporter = world.officer("rai").open("/officer/reports/delays").must_see(case.number).must_see("ไม่ได้บอกเหตุ")
    copies = csv.DictReader(io.StringIO(reporter.open("/officer/reports/delays.csv").content.decode("utf-8-sig")))
    assert [row["reason"] for row in copies if row["number"] == case.number] == ["", WHY, WHY, ""], (
        "each time, newest first"
    )
    assert "มะลิ" not in reporter.content.decode("utf-8-sig")
    newest = reporter.open("/officer/reports/delays").links(r"/delays/[0-9a-f-]{36}/letter.pdf$")[0]
    assert bare("ครั้งที่ 2") in bare(poppler_text(reporter.open(newest).content, "-raw"))
    walk.sign_in(case.me, "mali")
    case.me.open("/access").must_see("รับสำเนาหนังสือแจ้งเหตุล่าช้าตามกฎหมาย")


def test_nobody_decides_late_without_a_reason(world: World) -> None:
    case = world.accepted()
    later(world, working_days=8)
    signer = world.officer("song").open(f"{case.desk}/decide/approve")

    signer.press("ลงชื่ออนุญาต")

    assert signer.status == 422
    signer.must_see("บอกเหตุที่ล่าช้าให้ผู้ยื่นทราบ")
    walk.decide(signer, case.desk, "approve", "ลงชื่ออนุญาต", {"delay": WHY})
    (kept,) = world.rows(select(Application.decision).where(Application.id == case.id))
    assert kept.decision["delay"] == WHY
    told = select(func.count()).where(Event.stream == f"application:{case.id}", Event.kind == "application.approve")
    assert world.rows(told)[0][0] == 1
