"""A stranger who does not know what to ask for: questions one at a time, back and forth, a result, and a form begun."""

import pytest

from app.demo import walk
from tests.catalogue.test_quiz import OPENING
from tests.stories.world import World

NEXT = "ไปคำถามถัดไป"
SAID = {key: values[0] for key, values in OPENING.items()}
RESULT = "/quiz/result?" + "&".join(f"{key}={value}" for key, value in SAID.items())


def test_the_quiz_leads_from_a_question_to_a_form_that_does_not_ask_again(world: World) -> None:
    me = world.citizen("mali")
    me.open("/").must_see("ต้องขออะไรบ้าง")
    me.open("/quiz").must_see("คุณจะทำอะไร")
    for _ in range(len(SAID)):
        (key,) = me.page.xpath('//input[@name="asked"]/@value')
        me.press(NEXT, {key: SAID[key]})

    me.must_see("คุณต้องทำ 4 เรื่อง").must_see("พื้นที่: 240 ตร.ม.").must_see("พ.ร.บ.การสาธารณสุข พ.ศ. 2535 มาตรา 38")
    me.must_see("ยังไม่แน่ ขึ้นอยู่กับคำตอบ").must_see("คาราโอเกะ")
    me.must_see("ใบอนุญาตขายสุรา ต้องมี “จดทะเบียนพาณิชย์” ก่อนเจ้าหน้าที่พิจารณา")
    me.must_see("330 บาท")
    (begin,) = me.links(r"/start/notice\?")
    me.open(begin)
    me.press("รับทราบและเริ่มกรอก", {"consent": []})
    form = me.url.removeprefix(me.base)
    me.open(f"{form}/check").must_see("240 ตร.ม.").must_see("ดื่มที่ร้าน")
    me.must_see("ยังไม่ได้จด")


def test_going_back_changes_one_answer_and_keeps_every_other(world: World) -> None:
    stranger = world.stranger()
    stranger.open(RESULT.replace("/quiz/result", "/quiz") + "&ask=premises_area").must_see("พื้นที่ร้านทั้งหมดกว้างเท่าไร")
    stranger.press(NEXT, {"premises_area": "45"})

    stranger.must_see("คุณต้องทำ 4 เรื่อง").must_see("แจ้งเปิดร้านอาหาร").must_see("พื้นที่: 45 ตร.ม.")


@pytest.mark.parametrize("typed", ["", "กว้างมาก", "-5"])
def test_an_answer_that_does_not_fit_is_asked_again_with_what_to_do(world: World, typed: str) -> None:
    stranger = world.stranger()
    stranger.open("/quiz?does=food&applicant_kind=person").must_see("พื้นที่ร้านทั้งหมดกว้างเท่าไร")
    stranger.press(NEXT, {"premises_area": typed})

    assert stranger.status == 422
    stranger.must_see("มีปัญหา 1 ข้อ").must_see("ใส่พื้นที่")
    stranger.press(NEXT, {"premises_area": "unsure"}).must_see("จะขายเหล้า เบียร์ หรือไวน์หรือไม่")


def test_what_the_quiz_does_not_ask_never_gets_into_an_address(world: World) -> None:
    stranger = world.stranger()
    stranger.open("/quiz/result?does=food&applicant_phone=0812345678&name=mali&premises_area=%3Cscript%3E")

    assert "0812345678" not in stranger.words
    assert not any("0812345678" in link or "script" in link for link in stranger.links(r"/(quiz|start)\b"))


def test_the_reasons_read_well_in_english_too(world: World) -> None:
    stranger = world.stranger()
    stranger.open("/quiz/result?lang=en&does=food&premises_area=45")

    assert "Because Business: Sell food or drinks from a shop" in stranger.words


def test_what_is_chosen_says_what_it_costs_and_when_it_is_answered_as_far_as_is_known(world: World) -> None:
    stranger = world.stranger()
    stranger.open(walk.start_address("liquor-retail").replace("/start/notice", "/start")).must_see("330 ถึง 2,200 บาท")
    stranger.open("/start?service=liquor-retail&vat_registered=yes").must_see("รวม ทำพร้อมกัน").must_see("2,200 บาท")
    assert any("vat_registered=yes" in link for link in stranger.links(r"/start/notice\?"))
