"""What a consent does, and that it stops when it is taken back: seen in the forms, not only in the record."""

from sqlalchemy import select

from app.applications.form_models import Answer, Prefill, SingleForm
from app.demo import walk
from app.demo.browsing import text_of
from tests.stories.world import World

NEXT = "บันทึกและไปหน้าถัดไป"
START = walk.start_address()


def begun(world: World, person: str, *allowed: str) -> str:
    """The address of a new form of a person who ticked these."""
    me = world.citizen(person)
    me.open(START).press("รับทราบและเริ่มกรอก", {"consent": list(allowed)})
    return me.url.removeprefix(me.base)


def test_a_new_form_begins_with_my_earlier_answers_only_if_i_allow_it_and_says_where_from(world: World) -> None:
    me = world.citizen("tasi")
    former = world.filled(me)
    walk.submit(me, former)
    ((reference,),) = world.rows(select(SingleForm.reference).where(SingleForm.id == former[-36:]))

    empty = begun(world, "tasi", "registries_prefill")
    assert world.rows(select(Answer.key).where(Answer.single_form_id == empty[-36:], Answer.reused_from != "")) == []

    mine = begun(world, "tasi", "reuse")
    me.open(mine).must_see(reference)
    shop = me.open(f"{mine}/topics/shop").must_see(reference)
    assert shop.page.xpath("//input[@name='shop_name']/@value") == [walk.SHOP["shop"]["shop_name"]]

    me.press(NEXT, {"shop_name": "ร้านที่สอง (ตัวอย่าง)"})
    stood = world.rows(select(Answer.key, Answer.reused_from).where(Answer.single_form_id == mine[-36:]))
    assert {row.key for row in stood if not row.reused_from} == {"applicant_kind", "shop_name"}, (
        "what I change is no longer the old answer, and the portal says itself for whom the form is"
    )
    fetched = {"applicant_given_name", "applicant_family_name", "applicant_address"}
    assert not fetched & {row.key for row in stood}, "what a registry said is asked of the registry, not of my past"

    me.open("/consents").press("ถอนความยินยอมนี้").must_see("ถอนแล้ว แบบฟอร์มใหม่เริ่มจากว่าง")
    me.open(START)
    assert not me.page.xpath("//input[@name='consent'][@value='reuse'][@checked]")


def test_nobody_elses_answers_are_ever_reused(world: World) -> None:
    other = world.citizen("bunma")
    walk.submit(other, world.filled(other))

    mine = begun(world, "fa", "reuse")

    held = world.rows(select(Answer.key).where(Answer.single_form_id == mine[-36:]))
    assert [row.key for row in held] == ["applicant_kind"]


def test_withdrawing_the_registries_stops_a_fetch_that_is_under_way(world: World) -> None:
    """The registry takes long over this person; meanwhile they change their mind."""
    me = world.citizen("chalo")
    form = walk.start_form(me)
    me.open("/consents").must_see("รอดึงอยู่ 1")

    me.press("ถอนความยินยอมนี้").must_see("การดึงที่รออยู่ถูกยกเลิก")

    world.when_idle()
    (row,) = world.rows(select(SingleForm.prefill).where(SingleForm.id == form[-36:]))
    assert row.prefill is Prefill.DECLINED, "what the registry said afterwards was not taken"
    assert not me.open(form).sees("กำลังดึงข้อมูล")


def test_the_history_shows_every_answer_with_the_words_of_its_day(world: World) -> None:
    me = world.citizen("fa")
    me.open("/consents")
    (_, words) = (text_of(p) for p in me.page.xpath("//section[@aria-labelledby='consent-reuse']/p")[:2][::-1])

    me.press("อนุญาตเรื่องนี้").press("ถอนความยินยอมนี้")

    history = me.open("/consents/history").must_see(words)
    assert next(text_of(p) for p in history.page.xpath("//section/p[1]")).startswith("คุณไม่อนุญาตหรือถอน")
