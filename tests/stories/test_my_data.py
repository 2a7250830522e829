"""Everything held about me, in one copy that only I can take, for its days; and what I ask about it, answered."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pikepdf

from app.core import events
from app.core.clock import MovedClock
from app.demo import walk
from app.demo.browsing import Browser
from app.demo.people import CITIZENS
from app.pdf import checking
from app.privacy.copies import KEPT
from app.privacy.models import DataCopy
from app.stories import disposal, my_data
from tests.stories.world import Case, World

NOTE = "บันทึกภายในที่ผู้ยื่นไม่ควรเห็น"


def copied(me: Browser) -> dict[str, bytes]:
    """Ask for a copy, wait for it, take every file of it."""
    me.open("/my/privacy").press("ขอสำเนาข้อมูล")
    walk.wait_for(me, "/my/privacy", lambda b: b.sees("พร้อมแล้ว") or None)
    return {link.rpartition("/")[2]: me.open(link).content for link in me.open("/my/privacy").links(r"/copies/")}


def rows(files: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    """What the copy says of one table."""
    found: list[dict[str, Any]] = json.loads(files["data.json"])["data"][table]
    return found


def test_my_copy_holds_all_of_mine_and_nothing_of_anybody_else(world: World) -> None:
    other = world.submitted("bunma")
    case = world.submitted("tasi")
    world.officer("nueng").open(case.desk).press("บันทึกภายใน", {"note": NOTE})
    world.licensed(case)

    files = copied(case.me)

    assert {*files} == {"data.json", "data.pdf", "files.zip"}
    (person,) = rows(files, "people")
    assert person["citizen_id"] == next(c.citizen_id for c in CITIZENS if c.key == "tasi")
    assert [row["number"] for row in rows(files, "applications")] == [case.number]
    assert {row["key"] for row in rows(files, "answers")} >= {"shop_name", "applicant_given_name"}
    assert any(row["source"] for row in rows(files, "answers")), "what a registry said says so"
    assert any(row["agency_code"] == "muang-tuayang" for row in rows(files, "access_log")), "who looked"
    for table in ("accounts", "sessions", "uploads", "bills", "payments", "receipts", "licences", "consents"):
        assert rows(files, table), table
    assert rows(files, "acknowledgements")
    everything = files["data.json"].decode()
    for never in (NOTE, other.number, "บุญมา", str(other.id), "หนึ่ง"):
        assert never not in everything, never

    with zipfile.ZipFile(io.BytesIO(files["files.zip"])) as archive:
        stored = {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
        assert archive.testzip() is None
        assert any(name.startswith("licences/") for name in archive.namelist())
        assert any(name.startswith("receipts/") for name in archive.namelist())
    assert stored >= {row["digest"] for row in rows(files, "uploads") if row["state"] == "clean"}

    assert checking.check(files["data.pdf"]) == []
    with pikepdf.open(io.BytesIO(files["data.pdf"])) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "th-TH"


def test_only_its_owner_can_take_a_copy_and_only_for_its_days(world: World) -> None:
    me, stranger = world.citizen("bunma"), world.citizen("fa")
    copied(me)
    links = me.open("/my/privacy").links(r"/copies/")
    digests = [file["digest"] for file in _files_of(world, links[0])]
    for link in links:
        assert stranger.open(link).status == 404
        assert world.stranger().open(link).url.startswith(me.base + "/sign-in")
    assert all(world.house.files.exists(digest) for digest in digests)

    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    clock.move(KEPT + timedelta(minutes=1))
    me = walk.sign_in(me, "bunma")
    assert {me.open(link).status for link in links} == {404}, "its days are over, whenever the job comes"
    my_data.expire(world.house)
    clock.move(disposal.GRACE + timedelta(minutes=1))
    disposal.sweep(world.house)

    assert not any(world.house.files.exists(digest) for digest in digests)
    walk.sign_in(me, "bunma").open("/my/privacy").must_see("ลบแล้ว")
    with world.house.database.transaction() as db:
        assert events.verify(db)[1] == []


def test_i_can_remove_a_copy_at_once_and_what_others_need_stays(world: World) -> None:
    case = world.submitted("tasi")
    copied(case.me)
    mine = [row["digest"] for row in rows(copied_again(case), "uploads") if row["state"] == "clean"]
    links = case.me.open("/my/privacy").links(r"/copies/")

    case.me.press("ลบสำเนานี้เลย")

    assert {case.me.open(link).status for link in links} == {404}
    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    clock.move(disposal.GRACE + timedelta(minutes=1))
    disposal.sweep(world.house)
    assert mine
    assert all(world.house.files.exists(digest) for digest in mine), "the case still needs its documents"


def copied_again(case: Case) -> dict[str, bytes]:
    """Take the files of the copy that is there."""
    links = case.me.open("/my/privacy").links(r"/copies/")
    return {link.rpartition("/")[2]: case.me.open(link).content for link in links}


def _files_of(world: World, link: str) -> list[dict[str, Any]]:
    with world.house.database.transaction() as db:
        row = db.get(DataCopy, link.split("/")[-2])
        assert row is not None
        return list(row.files)


# — Requests ———————————————————————————————————————————————————————————————————————————————————————————————————————


def test_a_request_reaches_the_agency_is_answered_with_a_reason_and_its_clock_is_shown(world: World) -> None:
    me, manager = world.citizen("tasi"), world.officer("si")
    me.open("/my/privacy/requests/new").press("ส่งคำขอ", {"text": "ลบรูปถ่ายร้าน"})
    assert me.status == 422
    me.must_see("ลบรูปถ่ายร้าน").must_see("เลือกว่าคุณขออะไร")
    me.press("ส่งคำขอ", {"right": "erasure", "agency": "muang-tuayang"})
    me.must_see("รอหน่วยงานตอบ").must_see("เหลือ 30")

    (link,) = manager.open("/officer/data").links(r"/officer/data/")[:1]
    manager.open(link).must_see("ลบรูปถ่ายร้าน")
    manager.press("ส่งคำตอบ", {"granted": "no"})
    assert manager.status == 422, "an answer without a reason is none"
    manager.press("ส่งคำตอบ", {"granted": "no", "answer": "ระเบียบงานสารบรรณให้เก็บ 10 ปี"})

    me.open("/my/privacy").must_see("ไม่ทำตามคำขอ").must_see("ระเบียบงานสารบรรณให้เก็บ 10 ปี").must_see("มาตรา 73")
    assert "ตอบคำขอเรื่องข้อมูลของคุณ" in me.open("/access").words, "that it was read is in my log"
    assert world.officer("nueng").open("/officer/data").status == 403
