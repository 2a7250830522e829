"""Companies: a human being behind every account, the registry's word about who may file, an officer's about who signs."""

import json
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import select

from app.applications.standing import Standing
from app.core.clock import MovedClock
from app.core.events import Event
from app.demo import walk
from app.demo.browsing import Browser
from app.demo.provider import agree
from app.identity.models import Organisation
from app.stories import companies
from tests.stories.world import World, at_once

KHAO, RUAM = "บริษัท ข้าวตัวอย่าง จำกัด", "บริษัท ร่วมใจสมมติ จำกัด"
BY_HAND = {
    "juristic_name": "บริษัท ไม่พบตัวอย่าง จำกัด",
    "juristic_id": "0-9955-69000-05-6",
    "juristic_address.house": "1",
    "juristic_address.subdistrict": "พระปฐมเจดีย์ เมืองนครปฐม นครปฐม",
    "juristic_tsic": "56101",
    "juristic_directors": "นางสาวปรางค์ ทดลอง",
    "juristic_authority": "กรรมการหนึ่งคนลงลายมือชื่อ",
}
SEAL = "ดูหนังสือรับรองและตราประทับที่เคาน์เตอร์แล้ว"


def company(world: World, account: str, person: str = "") -> Browser:
    """Somebody signed in with a company's account, and with ThaID when the account does not say who they are."""
    me = walk.sign_in(world.stranger(), account, "company")
    if person:
        me.must_see("อีกขั้นเดียว คุณคือใคร").follow("ยืนยันตัวตนด้วย ThaID")
        me.open(agree(me.url, person))
    return me


def for_whom(me: Browser) -> str:
    """What the band under the header says."""
    found = me.page.xpath("//div[contains(@class,'for-whom')]//strong")
    return " ".join(found[0].text_content().split()) if found else ""


def change_to(me: Browser, words: str) -> Browser:
    """Act for somebody else from here on."""
    me.open("/acting").press(words)
    return me


def test_a_director_files_for_the_company_and_nothing_is_granted_before_an_officer_confirms_who_may_sign(
    world: World,
) -> None:
    me = company(world, "khao", "mali")
    assert (me.url, for_whom(me)) == (f"{world.here.url}/my", KHAO)
    form = world.filled(me)
    walk.submit(me, form)
    case = world.accepted(world.sent(me, form))
    director = world.officer("song")

    director.open(case.desk)
    director.must_see("ส่งด้วยบัญชีของ").must_see("กรรมการหนึ่งคนลงลายมือชื่อและประทับตราสำคัญของบริษัท")
    director.must_see("นางสาวมะลิ ตัวอย่าง").must_see("ยังอนุญาตไม่ได้จนกว่าจะยืนยันข้อนี้")
    assert director.open(f"{case.desk}/decide/approve").status == 409

    director.open(case.desk).press("ยืนยันว่าผู้ส่งมีอำนาจ", {"standing_note": SEAL})
    director.must_see("ยืนยันอำนาจแล้ว").must_see(SEAL)
    walk.decide(director, case.desk, "approve", "ลงชื่ออนุญาต")

    case.bill = walk.bill_path(me, form)
    walk.pay(me, case.bill)
    licence = walk.await_licence(me, form)
    assert json.loads(me.open(f"{licence}/licence.json").content)["holder"] == KHAO
    (standing,) = world.rows(select(Standing.basis, Standing.person_name).where(Standing.single_form_id == _id(form)))
    assert (standing.basis, standing.person_name) == ("name_matched", "นางสาวมะลิ ตัวอย่าง")


def _id(form: str) -> str:
    return form.rpartition("/")[2]


def test_an_officer_who_says_nothing_about_what_they_saw_confirms_nothing(world: World) -> None:
    me = company(world, "khao", "mali")
    form = world.filled(me)
    walk.submit(me, form)
    case = world.sent(me, form)
    officer = world.officer("nueng")
    walk.take(officer, case.desk)

    officer.open(case.desk).press("ยืนยันว่าผู้ส่งมีอำนาจ", {"standing_note": " "})

    assert officer.status == 422
    officer.must_see("บอกว่าดูอำนาจของผู้ส่งจากอะไร").must_see("ยังอนุญาตไม่ได้จนกว่าจะยืนยันข้อนี้")


def test_an_employee_whose_name_is_no_directors_claims_only(world: World) -> None:
    me = company(world, "khao", "chaem")
    form = world.filled(me)
    walk.submit(me, form)
    case = world.sent(me, form)
    world.officer("nueng").open(case.desk).must_see("ไม่พบชื่อในทะเบียน")
    (standing,) = world.rows(select(Standing.basis).where(Standing.single_form_id == _id(form)))
    assert standing.basis == "claimed"


def test_an_account_that_names_its_person_needs_no_second_sign_in(world: World) -> None:
    me = company(world, "ruam-tasi")
    assert (me.url, for_whom(me)) == (f"{world.here.url}/my", RUAM)


def test_who_is_signed_in_already_acts_for_the_company_in_the_same_browser(world: World) -> None:
    me = world.citizen("bunma")
    assert for_whom(me) == ""
    walk.sign_in(me, "ruam", "company")
    assert for_whom(me) == RUAM
    assert for_whom(change_to(me, "ทำเรื่องของตัวเอง")) == ""


def test_a_company_that_waits_longer_than_ten_minutes_for_its_person_signs_in_anew(world: World) -> None:
    me = walk.sign_in(world.stranger(), "khao", "company")
    later = timedelta(minutes=11)
    assert isinstance(world.house.clock, MovedClock)
    world.house.clock.move(later)
    try:
        me.open("/sign-in/person").must_see("เข้าสู่ระบบนิติบุคคล")
    finally:
        world.house.clock.move(-later)


def test_an_account_the_provider_does_not_vouch_for_opens_nothing(world: World) -> None:
    me = walk.sign_in(world.stranger(), "plom", "company")
    assert me.status == 422
    me.must_see("ผู้ให้บริการยังไม่ได้ยืนยันเลขทะเบียนนิติบุคคลของบัญชีนี้")
    assert me.open("/my").url.startswith(f"{world.here.url}/sign-in")
    assert world.rows(select(Organisation.id).where(Organisation.juristic_id == "0995569000064")) == []


def test_a_forged_companion_cookie_is_worth_nothing(world: World) -> None:
    host = urlsplit(world.here.url).netloc
    forged = {(host, "__Host-oidc"): "eyJjb21wYW55Ijp7Imp1cmlzdGljX2lkIjoiMDk5NTU2OTAwMDAxMyJ9fQ==.aaaa.bbbb"}
    with Browser(world.here.url, _cookies=forged) as me:
        me.open("/sign-in/person").must_see("เข้าสู่ระบบนิติบุคคล")
        walk.sign_in(me, "tasi")
        assert for_whom(me) == ""


def test_a_dissolved_company_cannot_begin_and_is_told_what_to_do(world: World) -> None:
    me = company(world, "koei-saman")
    world.when_idle()
    me.open(walk.start_address()).press("รับทราบและเริ่มกรอก")
    assert me.status == 403
    me.must_see("มีสถานะ “เลิก” จึงยื่นคำขอไม่ได้").must_see("1570")


def registry_says(world: World, number: str, status: str) -> None:
    """The registrar writes another status, and the portal hears of it."""
    address = f"{world.here.outside}/gdx/companies/{number}"
    httpx2.put(address, params={"status": status}, trust_env=False).raise_for_status()
    (row,) = world.rows(select(Organisation.id).where(Organisation.juristic_id == number))
    companies.described(world.house, row.id)


def test_a_company_dissolved_while_it_fills_in_the_form_cannot_send_it(world: World) -> None:
    me = company(world, "ruam-tasi")
    form = world.filled(me)
    me.open(f"{form}/check")
    registry_says(world, "0995569000030", "ล้มละลาย")
    try:
        me.press("ยอมรับและส่งคำขอ %(num)s&nbsp;เรื่อง")
        assert me.status == 403
        me.must_see("มีสถานะ “ล้มละลาย” จึงยื่นคำขอไม่ได้")
    finally:
        registry_says(world, "0995569000030", "ยังดำเนินกิจการอยู่")
    walk.submit(me, form)


def test_a_company_the_registry_does_not_know_files_by_hand_and_the_officer_sees_it(world: World) -> None:
    me = company(world, "hai", "mali")
    form = world.filled(me, {"party": BY_HAND, **walk.SHOP})
    walk.submit(me, form)
    case = world.sent(me, form)
    world.officer("nueng").open(case.desk).must_see("ทะเบียนยังไม่ตอบ ตรวจเองก่อนยืนยัน")


def test_another_company_finds_nothing_of_ours(world: World) -> None:
    form = walk.start_form(company(world, "khao", "mali"))
    stranger = company(world, "ruam-tasi")
    assert stranger.open(form).status == 404
    assert form not in stranger.open("/my").links("/forms/")


def test_two_hats_never_mix(world: World) -> None:
    me = company(world, "khao", "mali")
    ours = walk.start_form(me)
    change_to(me, "ทำเรื่องของตัวเอง")
    assert me.open(ours).status == 404
    own = walk.start_form(me)
    old = me.open(walk.start_address())
    tab = world.tab(me)
    change_to(tab, "ทำแทนรายนี้")

    old.press("รับทราบและเริ่มกรอก")

    assert old.status == 422
    assert for_whom(old) == KHAO
    assert tab.open(own).status == 404
    assert tab.open(ours).status == 200


def test_two_people_of_one_company_work_on_one_form_and_send_it_once(world: World) -> None:
    mali, chaem = company(world, "khao", "mali"), company(world, "khao", "chaem")
    form = walk.start_form(mali)
    walk.await_prefill(mali, form)
    walk.answer(chaem, form)
    walk.attach(chaem, form)
    for one in (mali, chaem):
        one.open(f"{form}/check")

    sent = at_once([partial(one.press, "ยอมรับและส่งคำขอ %(num)s&nbsp;เรื่อง") for one in (mali, chaem)])

    assert 200 in [one.status for one in sent]
    names = world.rows(select(Event.actor_name).where(Event.stream == f"form:{_id(form)}", Event.kind == "form.submit"))
    assert len(names) == 1
    assert names[0].actor_name.endswith(f"ทำแทน {KHAO}")


def test_the_registry_fills_in_what_it_knows_of_the_company(world: World) -> None:
    me = company(world, "khao", "mali")
    world.when_idle()
    (known,) = world.rows(
        select(Organisation.status, Organisation.profile).where(Organisation.juristic_id == "0995569000013")
    )
    assert known.status == "ยังดำเนินกิจการอยู่"
    assert known.profile["address"]["subdistrict"] == "730101"
    assert me.status == 200
