"""Signed in no longer, or never: what the person wanted waits behind the sign-in, and what they typed is not lost."""

from datetime import timedelta

import pytest

from app.core.clock import MovedClock
from app.demo import papers, walk
from app.demo.browsing import Browser
from app.demo.grants import Fault
from app.demo.provider import agree, refuse
from tests.stories.world import World, token_of

NEXT = "บันทึกและไปหน้าถัดไป"
AGAIN = "ส่งสิ่งที่กรอกไว้อีกครั้ง"


def idle(world: World) -> None:
    """Everybody does something else for half an hour."""
    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    clock.move(timedelta(minutes=31))


def signs_in_again(world: World, me: Browser, person: str = "mali", audience: str = "citizen") -> None:
    """In a second tab of the same browser."""
    walk.sign_in(world.tab(me), person, audience)


def test_a_page_opened_after_the_session_ended_comes_after_signing_in(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    idle(world)

    me.open(f"{form}/topics/shop?back=check")

    me.must_see("เข้าสู่ระบบ")
    me.follow("ThaID")
    me.open(agree(me.url, "mali"))
    assert me.url == f"{me.base}{form}/topics/shop?back=check"
    assert me.status == 200


def test_answers_sent_after_the_session_ended_wait_in_the_page_and_are_saved_after_signing_in(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me, fetch=False)}/topics/shop"
    me.open(page)
    idle(world)

    me.press(NEXT, walk.SHOP["shop"])

    assert me.status == 401
    me.must_see("หมดเวลาใช้งานก่อนที่คุณจะกดส่ง").must_see("สิ่งที่คุณเพิ่งกรอกยังอยู่ในหน้านี้")
    kept = {str(field.get("name")): field.get("value") for field in me.page.xpath("//main//input[@type='hidden']")}
    assert walk.SHOP["shop"].items() <= kept.items()
    assert "token" not in kept
    signs_in_again(world, me)
    me.press(AGAIN)
    assert me.status == 200
    assert me.open(page).page.get_element_by_id("shop_name").value == walk.SHOP["shop"]["shop_name"]


def test_wrong_answers_sent_again_after_signing_in_are_told_as_always(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me, fetch=False)}/topics/shop"
    me.open(page)
    idle(world)
    me.press(NEXT, {**walk.SHOP["shop"], "opening_date.day": "32"})
    signs_in_again(world, me)

    me.press(AGAIN)

    assert me.status == 422
    assert me.page.get_element_by_id("opening_date.day").value == "32"


def test_a_stranger_who_takes_over_the_browser_does_not_get_what_was_typed_into_their_own_form(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me, fetch=False)}/topics/shop"
    me.open(page)
    idle(world)
    me.press(NEXT, walk.SHOP["shop"])
    signs_in_again(world, me, "tasi")

    me.press(AGAIN)

    assert me.status == 404


def test_a_form_sent_after_the_session_ended_is_looked_at_again_before_it_goes(world: World) -> None:
    me = world.citizen()
    form = world.filled(me)
    me.open(f"{form}/check")
    idle(world)
    me.press("ยอมรับและส่งคำขอ")
    assert me.status == 401
    signs_in_again(world, me)

    me.press(AGAIN)
    assert me.status == 422
    me.must_see("ตรวจอีกครั้งแล้วกดส่ง")
    me.press("ยอมรับและส่งคำขอ")

    me.must_see("ส่งคำขอแล้ว")


def test_a_file_sent_after_the_session_ended_must_be_chosen_again_and_the_page_says_so(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, fetch=False)
    idle(world)

    me.send(f"{form}/documents/premises_plan", {"note": "x"}, papers.paper())

    assert me.status == 401
    me.must_see("เลือกไฟล์อีกครั้งหลังเข้าสู่ระบบ")


def test_an_officers_words_wait_too(world: World) -> None:
    case = world.submitted()
    desk = world.officer("nueng")
    walk.take(desk, case.desk)
    desk.open(case.desk)
    idle(world)
    desk.press("บันทึกภายใน", {"note": "นัดตรวจร้านวันจันทร์"})
    assert desk.status == 401
    signs_in_again(world, desk, "nueng", "officer")

    desk.press(AGAIN)
    desk.press("บันทึกภายใน")

    desk.open(case.desk).must_see("นัดตรวจร้านวันจันทร์")


def test_signing_out_leaves_nothing_to_go_back_to(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    me.open(form).press("ออกจากระบบ")

    assert "/sign-in" in me.open(form).url
    assert "/sign-in" in me.open("/my").url


def test_a_session_of_a_citizen_opens_no_officers_page_and_the_other_way_round(world: World) -> None:
    me, desk = world.citizen(), world.officer("nueng")

    assert me.open("/officer").status == 403
    me.must_see("หน้านี้เป็นของเจ้าหน้าที่")
    assert desk.open("/my").status == 403
    desk.must_see("หน้านี้เป็นของประชาชน")


@pytest.mark.parametrize("audience", ["citizen", "officer"])
@pytest.mark.parametrize(
    "fault", [Fault.NONCE, Fault.EXPIRED, Fault.AUDIENCE, Fault.ISSUER, Fault.SIGNATURE, Fault.DOWN, Fault.GARBLED]
)
def test_a_provider_that_errs_or_lies_signs_nobody_in_and_the_page_says_what_to_do(
    world: World, audience: str, fault: Fault
) -> None:
    me = world.stranger()
    me.open(f"/sign-in/{audience}?next=/licences")

    me.open(agree(me.url, {"citizen": "mali", "officer": "nueng"}[audience], fault))

    assert me.status in {400, 502, 503}
    me.must_see("ยังเข้าสู่ระบบไม่สำเร็จ").must_see("คำตอบที่บันทึกไว้ยังอยู่ครบ")
    assert me.links(r"/sign-in\?.*next=%2Flicences")
    assert "/sign-in" in me.open("/my").url


def test_a_person_who_does_not_agree_at_the_provider_is_not_signed_in_and_may_try_again(world: World) -> None:
    me = world.stranger()
    me.open("/sign-in/citizen?next=/licences")

    me.open(refuse(me.url, "mali"))

    assert me.status == 403
    me.must_see("คุณยังไม่ได้เข้าสู่ระบบ")
    me.follow("เริ่มเข้าสู่ระบบใหม่").follow("ThaID")
    me.open(agree(me.url, "mali"))
    assert me.url == f"{me.base}/licences"


def test_a_person_whose_identity_is_weakly_proved_fills_the_form_and_is_told_at_sending_what_to_do(
    world: World,
) -> None:
    me = world.citizen("fa")
    form = world.filled(me)
    me.open(f"{form}/check")

    me.press("ยอมรับและส่งคำขอ")

    assert me.status in {403, 422}
    me.must_see("2.3").must_see("ThaID")
    assert me.open(f"{form}/topics/shop").page.get_element_by_id("shop_name").value == walk.SHOP["shop"]["shop_name"]
    assert "/track" not in me.open(form).url


def test_a_person_whose_identity_is_hardly_proved_is_not_let_in_and_told_why(world: World) -> None:
    me = world.stranger()
    me.open("/sign-in/citizen")

    me.open(agree(me.url, "dao"))

    assert me.status == 403
    me.must_see("1.1").must_see("ยืนยันตัวตน")


def test_an_official_without_any_duty_is_told_whom_to_ask(world: World) -> None:
    me = world.stranger()
    me.open("/sign-in/officer")

    me.open(agree(me.url, "chet"))

    assert me.status == 403
    me.must_see("ผู้ดูแลระบบของหน่วยงานคุณ")


def test_an_old_token_of_an_ended_session_binds_nothing(world: World) -> None:
    case = world.submitted()
    old = token_of(case.me.open(f"{case.mine}/withdraw"))
    idle(world)
    walk.sign_in(case.me, "mali")

    case.me.send(f"{case.mine}/withdraw", {"token": old})

    assert case.me.status == 409
    case.told().must_see("ตรวจความครบถ้วน")
