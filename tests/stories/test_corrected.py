"""What was sent is corrected: as a whole until an officer takes it, one answer at a time afterwards."""

import json
from functools import partial

from sqlalchemy import ColumnElement, select

from app.applications.models import Application, SingleForm
from app.applications.refiling import Filing
from app.demo import walk
from tests.stories.world import Case, World, at_once

NEXT = "บันทึกและไปหน้าถัดไป"
SEND = "ยอมรับและส่งคำขอ"


def correction(case: Case) -> str:
    """The draft in which the person corrects what they sent."""
    case.told().follow("แก้คำตอบแล้วส่งใหม่").press("เริ่มแก้")
    return case.me.url.removeprefix(case.me.base)


def renamed(case: Case, name: str) -> str:
    """The same with another name of the shop in it, not sent yet."""
    draft = correction(case)
    case.me.open(f"{draft}/topics/shop").press(NEXT, {"shop_name": name})
    return draft


def test_until_an_officer_takes_it_everything_can_be_corrected_and_sent_again_under_the_same_number(
    world: World,
) -> None:
    case = world.submitted()
    (before,) = world.rows(select(SingleForm.snapshot, SingleForm.snapshot_sha256).where(_of(case)))

    draft = renamed(case, "ชื่อที่แก้แล้ว")
    case.me.open(f"{draft}/check").must_see("ฉบับเดิมยังมีผลจนกว่าคุณจะส่งฉบับนี้")
    case.me.press(SEND).must_see("ส่งคำขอแล้ว").must_see(case.number)

    case.told().must_see("แก้แล้วส่งใหม่").must_see(case.number)
    world.officer("nueng").open(case.desk).must_see("ชื่อที่แก้แล้ว")
    (kept,) = world.rows(select(Filing.number, Filing.snapshot, Filing.snapshot_sha256))
    assert (kept.number, kept.snapshot, kept.snapshot_sha256) == (1, before.snapshot, before.snapshot_sha256)
    (now,) = world.rows(select(SingleForm.snapshot, SingleForm.snapshot_sha256).where(_of(case)))
    assert now.snapshot_sha256 != before.snapshot_sha256
    said = {one["key"]: one["value"] for one in json.loads(now.snapshot)["answers"]}
    assert said["shop_name"] == "ชื่อที่แก้แล้ว"
    (mine,) = world.rows(select(Application.answers, Application.documents).where(Application.id == case.id))
    assert mine.answers["shop_name"]["value"] == "ชื่อที่แก้แล้ว"
    assert len(mine.documents) == len(json.loads(before.snapshot)["documents"]), "the files go with it"
    walk.take(world.officer("nueng"), case.desk)
    key = mine.documents[0]["key"]
    assert world.officer("nueng").open(f"{case.desk}/files/{key}").status == 200


def test_what_was_sent_stands_while_it_is_being_corrected_and_an_officer_who_was_faster_keeps_it(
    world: World,
) -> None:
    case = world.submitted()
    draft = renamed(case, "ชื่อที่มาช้า")
    case.me.open(f"{draft}/check")
    walk.take(world.officer("nueng"), case.desk)

    case.me.press(SEND)

    assert case.me.status == 409
    case.me.must_see("เจ้าหน้าที่รับเรื่องไปตรวจแล้ว")
    assert not world.officer("nueng").open(case.desk).sees("ชื่อที่มาช้า")
    assert "แก้คำตอบแล้วส่งใหม่" not in case.told().words
    assert case.me.open(f"{case.form}/correct").url.endswith("/track")


def test_pressing_twice_sends_one_correction_and_a_second_one_may_follow(world: World) -> None:
    case = world.submitted()
    draft = renamed(case, "แก้ครั้งแรก")
    tabs = [world.tab(case.me).open(f"{draft}/check") for _ in range(3)]

    at_once([partial(tab.press, SEND) for tab in tabs])

    for tab in tabs:
        tab.must_see("ส่งคำขอแล้ว")
    case.me.open(f"{renamed(case, 'แก้ครั้งที่สอง')}/check").press(SEND).must_see("ส่งคำขอแล้ว")
    filings = world.rows(
        select(Filing.number).join(SingleForm, SingleForm.id == Filing.single_form_id).where(_of(case))
    )
    assert sorted(row.number for row in filings) == [1, 2]
    world.officer("nueng").open(case.desk).must_see("แก้ครั้งที่สอง")


def _of(case: Case) -> ColumnElement[bool]:
    return SingleForm.id == select(Application.single_form_id).where(Application.id == case.id).scalar_subquery()
