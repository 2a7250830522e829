"""What a form did not ask: its applicant says it, every officer of the form reads it, the service's owner learns."""

import json

from sqlalchemy import select

from app.applications.form_models import SingleForm
from app.applications.gaps import FormGap, Outcome
from app.applications.models import Application
from app.demo import papers, walk
from tests.stories.world import World

WORDS = "ทางเข้าร้านอยู่ด้านหลังตลาด เปิดเฉพาะวันหยุด"


def test_what_nobody_asked_reaches_the_officer_with_its_file_and_counts_as_a_gap_of_the_form(world: World) -> None:
    me = world.citizen()
    form = world.filled(me)
    me.open(form).follow("เรื่องที่แบบฟอร์มไม่ได้ถาม")
    me.press("อัปโหลด", file=papers.paper())
    walk.wait_for(me, f"{form}/unasked", lambda b: not b.sees("กำลังตรวจไฟล์") or None)
    me.press("บันทึกและไปตรวจคำตอบ", {"unasked": WORDS}).must_see(WORDS)
    walk.submit(me, form)
    case = world.sent(me, form)

    desk = world.officer("nueng").open(case.desk).must_see(WORDS)
    assert world.officer("nueng").open(desk.links(r"/files/unasked$")[0]).status == 200
    of_case = SingleForm.id == select(Application.single_form_id).where(Application.id == case.id).scalar_subquery()
    (sent,) = world.rows(select(SingleForm.snapshot).where(of_case))
    assert WORDS in sent.snapshot
    manager = world.officer("si").open("/officer/gaps").must_see(WORDS).must_see(case.number)
    manager.press("เพิ่มคำถาม")
    (gap,) = world.rows(select(FormGap.outcome).where(FormGap.application_id == case.id))
    assert gap.outcome is Outcome.ASK
    assert not manager.open("/officer/gaps").sees(WORDS), "it is settled, and counted"
    me.open("/access").must_see("ปรับปรุงแบบฟอร์ม")


def test_what_nobody_asked_is_kept_while_it_is_written_and_two_screens_overwrite_nothing(world: World) -> None:
    first = world.citizen()
    page = f"{walk.start_form(first)}/unasked"
    second = world.tab(first).open(page)
    first.open(page)

    told = json.loads(first.send(f"{page}/keep", {"was.unasked": "", "unasked": WORDS}).content)
    assert (told["seen"], told["clashes"]) == ({"was.unasked": WORDS}, [])
    second.press("บันทึกและกลับมาทำต่อ", {"unasked": "อีกจอหนึ่งเขียนอย่างอื่น"})
    assert second.status == 409
    second.must_see(WORDS).must_see("อีกจอหนึ่งเขียนอย่างอื่น").press("ใช้คำตอบที่เลือก")
    assert second.status == 422, "nobody chooses for the person"
    second.press("ใช้คำตอบที่เลือก", {"choose.unasked": "mine"})
    assert first.open(page).page.get_element_by_id("unasked-words").value.strip() == "อีกจอหนึ่งเขียนอย่างอื่น"


def test_a_form_that_asked_everything_leaves_no_task(world: World) -> None:
    case = world.submitted()

    assert not world.officer("nueng").open(case.desk).sees("เรื่องที่แบบฟอร์มไม่ได้ถาม")
    assert world.rows(select(FormGap).where(FormGap.application_id == case.id)) == []
