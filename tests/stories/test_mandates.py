"""Mandates: given, accepted, used in two names, ended; the one who gave it knows everything."""

from datetime import timedelta

from sqlalchemy import select

from app.core.clock import bangkok_date
from app.core.events import Event
from app.demo import walk
from app.demo.browsing import Browser
from tests.stories.test_companies import KHAO, change_to, company, for_whom
from tests.stories.world import World

CHAEM, FA = "1000000031753", "1000000008565"
OTHER = "liquor-retail"


def given(world: World, principal: Browser, citizen_id: str = CHAEM, *services: str, days: int = 30) -> str:
    """A mandate given on its page; its address."""
    until = bangkok_date(world.house.clock.now()) + timedelta(days=days)
    principal.open("/mandates/new").press(
        "มอบอำนาจ",
        {
            "agent_name": "นางสาวแจ่ม จำลอง",
            "agent_citizen_id": citizen_id,
            "until.day": str(until.day),
            "until.month": str(until.month),
            "until.year": str(until.year + 543),
            "scope": "some" if services else "all",
            "services": list(services),
        },
    )
    assert principal.status == 200, principal.words
    return principal.url.removeprefix(world.here.url)


def accepted(agent: Browser, mandate: str) -> Browser:
    """The agent takes it on and acts for the principal from here."""
    agent.open(mandate).press("รับมอบอำนาจ")
    return change_to(agent, "ทำแทนรายนี้")


def test_an_agent_files_in_two_names_and_the_principal_is_told_of_every_act(world: World) -> None:
    mali, chaem = world.citizen("mali"), world.citizen("chaem")
    mandate = given(world, mali)
    accepted(chaem, mandate)
    assert for_whom(chaem) == "นางสาวมะลิ ตัวอย่าง"
    form = world.filled(chaem)
    walk.submit(chaem, form)

    mali.open("/my").must_see("ข้อความใหม่")
    mali.open("/inbox").must_see("นางสาวแจ่ม จำลอง รับมอบอำนาจแล้ว").must_see("นางสาวแจ่ม จำลอง ส่งแบบฟอร์ม")
    mali.open(mandate).must_see("นางสาวแจ่ม จำลอง ทำแทน นางสาวมะลิ ตัวอย่าง").must_see("ส่งแบบฟอร์มเดียว")
    mali.open(f"{form}/track").must_see("นางสาวแจ่ม จำลอง ทำแทน นางสาวมะลิ ตัวอย่าง")
    case = world.sent(mali, form)
    officer = world.officer("nueng").open(case.desk)
    officer.must_see("นางสาวแจ่ม จำลอง ส่งในฐานะผู้รับมอบอำนาจจาก นางสาวมะลิ ตัวอย่าง")
    assert not officer.sees("ยังอนุญาตไม่ได้จนกว่าจะยืนยันข้อนี้")
    (event,) = world.rows(
        select(Event.actor_name, Event.applicant_id, Event.facts).where(
            Event.stream == f"application:{case.id}", Event.kind == "application.submit"
        )
    )
    assert event.facts["mandate"] == mandate.rpartition("/")[2]

    paid = world.awaiting_payment(case)
    walk.pay(chaem, paid.bill)
    walk.await_licence(chaem, form)
    mali.open("/inbox").must_see("ของเรื่องที่ นางสาวแจ่ม จำลอง ส่งแทนคุณแล้ว")
    assert mali.links(rf"^{paid.bill}$")


def test_a_mandate_taken_back_in_the_middle_of_a_form_ends_at_the_next_request_and_nothing_is_lost(
    world: World,
) -> None:
    tasi, chaem = world.citizen("tasi"), world.citizen("chaem")
    mandate = given(world, tasi)
    accepted(chaem, mandate)
    form = walk.start_form(chaem)
    walk.await_prefill(chaem, form)
    page = chaem.open(f"{form}/topics/shop")

    tasi.open(mandate).press("ยกเลิกอำนาจนี้ทันที")
    page.press("บันทึกและไปหน้าถัดไป", walk.SHOP["shop"])

    assert page.status == 403
    page.must_see("การมอบอำนาจของ")
    assert chaem.open(f"/start/notice?service={walk.SERVICE}&new=1").status == 403
    change_to(chaem, "ทำเรื่องของตัวเอง")
    assert chaem.open(form).status == 404
    chaem.open("/inbox").must_see("ยกเลิกอำนาจที่ให้คุณแล้ว")
    assert tasi.open(form).status == 200
    assert tasi.open(f"{form}/topics/shop").page.get_element_by_id("shop_name").value == ""


def test_a_mandate_for_one_service_shows_nothing_of_the_others(world: World) -> None:
    bunma, chaem = world.citizen("bunma"), world.citizen("chaem")
    hers = walk.start_form(bunma)
    accepted(chaem, given(world, bunma, CHAEM, OTHER))

    assert chaem.open(hers).status == 404
    assert hers not in chaem.open("/my").links("/forms/")
    chaem.open(walk.start_address()).press("รับทราบและเริ่มกรอก")
    assert chaem.status == 403
    chaem.must_see("ไม่ได้มอบอำนาจให้คุณทำเรื่องนี้")


def test_a_company_lets_an_agent_act_whom_it_invites_by_code(world: World) -> None:
    mali, chaem = company(world, "khao", "mali"), world.citizen("chaem")
    mandate = given(world, mali, "")
    code = mali.page.xpath("//section//strong[@class='ref']")[0].text_content().strip()
    assert chaem.open(mandate).status == 404

    chaem.open("/mandates").press("รับมอบอำนาจด้วยรหัสนี้", {"code": "ZZZZ-ZZZZ-ZZZZ"})
    assert chaem.status == 422
    chaem.press("รับมอบอำนาจด้วยรหัสนี้", {"code": code.lower().replace("-", " ")})
    chaem.must_see("ใช้ได้")
    assert for_whom(change_to(chaem, "ทำแทนรายนี้")) == KHAO

    form = world.filled(chaem)
    walk.submit(chaem, form)
    case = world.sent(chaem, form)
    officer = world.officer("nueng")
    officer.open(case.desk).must_see("ส่งในฐานะผู้รับมอบอำนาจจาก").must_see("นางสาวมะลิ ตัวอย่าง")
    officer.must_see("ยังอนุญาตไม่ได้จนกว่าจะยืนยันข้อนี้")
    mali.open("/inbox").must_see("นางสาวแจ่ม จำลอง ส่งแบบฟอร์ม")
    tasi = world.citizen("tasi")
    tasi.open("/mandates").press("รับมอบอำนาจด้วยรหัสนี้", {"code": code})
    assert tasi.status == 422


def test_an_agent_passes_nothing_on_and_reads_no_messages(world: World) -> None:
    mali, chaem = world.citizen("mali"), world.citizen("chaem")
    accepted(chaem, given(world, mali))
    assert chaem.open("/mandates/new").status == 403
    assert chaem.open("/inbox").status == 403


def test_only_the_one_it_was_offered_to_can_accept_and_either_side_can_end_it(world: World) -> None:
    mali, chaem, tasi = world.citizen("mali"), world.citizen("chaem"), world.citizen("tasi")
    mandate = given(world, mali)
    token = mali.open(mandate).page.xpath("//input[@name='token']/@value")[0]
    assert mali.send(f"{mandate}/accept", {"token": token}).status == 404
    assert tasi.open(mandate).status == 404
    chaem.open(mandate).press("ไม่รับมอบอำนาจ")
    chaem.must_see("ยกเลิกแล้ว")
    mali.open("/inbox").must_see("คืนอำนาจที่คุณมอบให้")


def test_a_page_of_a_new_mandate_keeps_what_was_typed_and_says_what_is_wrong(world: World) -> None:
    mali = world.citizen("mali")
    mali.open("/mandates/new").press("มอบอำนาจ", {"agent_name": "นางสาวแจ่ม จำลอง", "agent_citizen_id": "123"})
    assert mali.status == 422
    mali.must_see("เลขประจำตัวประชาชน").must_see("เลือกงานบริการอย่างน้อย 1 เรื่อง")
    assert mali.page.get_element_by_id("agent_name").value == "นางสาวแจ่ม จำลอง"


def test_nobody_weakly_identified_gives_a_mandate(world: World) -> None:
    fa = world.citizen("fa")
    assert fa.open("/mandates/new").status == 403
    fa.must_see("ต้องยืนยันตัวตนระดับ 2.3")
