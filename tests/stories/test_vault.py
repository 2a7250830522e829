"""What was verified once is used again: one tap, while it is fresh, and everybody reads where it came from."""

import json
from datetime import timedelta

from sqlalchemy import select

from app.applications.form_models import Upload
from app.applications.models import Application
from app.core.clock import MovedClock
from app.demo import walk
from tests.stories.world import World

USE = "ใช้ไฟล์ที่ตรวจแล้ว"
PLAN = "premises_plan"


def test_a_verified_document_and_earlier_answers_are_used_again_and_the_officer_reads_from_where(world: World) -> None:
    first = world.accepted()
    me = first.me
    me.open("/my/vault").must_see("ใช้ซ้ำได้ถึง").must_see(first.number)
    me.open(me.links(r"/start/notice\?.*from=")[0]).press("รับทราบและเริ่มกรอก")
    form = me.url.removeprefix(me.base)
    assert me.open(f"{form}/topics/shop").page.get_element_by_id("shop_name").value == walk.SHOP["shop"]["shop_name"]
    me.open(f"{form}/documents").must_see(first.number)

    while me.open(f"{form}/documents").sees(USE):
        me.press(USE)

    walk.answer(me, form)
    walk.attach(me, form)
    walk.submit(me, form)
    second = world.sent(me, form)
    (mine,) = world.rows(select(Application.documents, Application.answers).where(Application.id == second.id))
    plan = next(document for document in mine.documents if document["key"] == PLAN)
    (file,) = world.rows(select(Upload.digest, Upload.reused_from).where(Upload.id == plan["upload"]))
    assert plan["reused_from"] == file.reused_from != ""
    assert mine.answers["shop_name"]["reused_from"] == file.reused_from
    world.officer("nueng").open(second.desk).must_see("ใช้คำตอบเดิมจาก")
    assert json.dumps(mine.answers, ensure_ascii=False).count(file.reused_from) > 3


def test_what_no_officer_has_checked_what_is_old_and_what_is_somebody_elses_is_never_offered(world: World) -> None:
    case, other = world.submitted("tasi"), world.citizen("mali")
    assert not case.me.open("/my/vault").sees(case.number), "it was sent, and nobody has looked at it"
    world.accepted(case)
    case.me.open("/my/vault").must_see(case.number)
    (upload,) = world.rows(
        select(Upload.id).where(Upload.document_key == PLAN, Upload.single_form_id == _form(world, case.id))
    )
    theirs = walk.start_form(other, fetch=False)
    assert other.send(f"{theirs}/documents/{PLAN}/reuse", {"upload": str(upload.id)}).status == 404
    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    clock.move(timedelta(days=181))

    walk.sign_in(case.me, "tasi")

    assert not case.me.open("/my/vault").sees(case.number), "it is half a year old"


def _form(world: World, application_id: object) -> object:
    (row,) = world.rows(select(Application.single_form_id).where(Application.id == application_id))
    return row.single_form_id
