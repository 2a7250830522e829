"""An officer may ask for what is missing once, in one list; the person mends exactly that, and nothing else changes."""

import json

from sqlalchemy import select

from app.applications.models import Application
from app.core.events import Event
from app.demo import papers, walk
from app.demo.browsing import Browser
from app.pdf.issued import IssuedFile
from app.stories import authenticity
from tests.pdf.reading import bare, poppler_text
from tests.stories.world import Case, World, summary, token_of

SEND = "ส่งที่แก้แล้ว"
SHOP_NAME = {"answer-shop_name": "เขียนชื่อร้านให้ตรงกับป้าย"}
AREA = {"answer-premises_area": "วัดพื้นที่ใหม่ รวมห้องน้ำ"}
PHOTOS = {"premises_photos": "ถ่ายใหม่ให้เห็นหน้าร้าน ครัว และที่นั่ง"}


def stored(world: World, case: Case) -> tuple[dict[str, object], dict[str, str]]:
    """The answers of a case, and the digest of each of its documents."""
    (row,) = world.rows(select(Application.answers, Application.documents).where(Application.id == case.id))
    return {key: a["value"] for key, a in row.answers.items()}, {d["key"]: d["sha256"] for d in row.documents}


def acts(world: World, case: Case) -> list[str]:
    """What was done to a case, in order."""
    found = select(Event.kind).where(Event.stream == f"application:{case.id}").order_by(Event.seq)
    return [kind.removeprefix("application.") for (kind,) in world.rows(found)]


def paper(world: World, me: Browser, notice: str) -> str:
    """Where the notice lies as a file, once it is drawn."""
    world.when_idle()
    (link,) = me.open(notice).must_see("PDF").links(r"/letters/[0-9a-f-]{36}/letter.pdf$")
    return link


def upload_again(me: Browser, notice: str) -> None:
    """Send a new file for the first document that the notice lists."""
    me.open(notice)
    (form,) = [f for f in me.page.iter("form") if f.get("enctype") and not f.xpath("ancestor::details")]
    me.press("".join(form.xpath(".//button//text()")).strip(), file=papers.paper("mended"))
    walk.wait_for(me, notice, lambda b: not b.sees("กำลังตรวจไฟล์") or None)


def test_the_person_reads_everything_that_is_missing_in_one_list_and_mends_exactly_that(world: World) -> None:
    case = world.returned(missing=SHOP_NAME | AREA | PHOTOS)
    answers, documents = stored(world, case)
    case.told().must_see("แก้ 3 รายการ")
    notice = f"{case.mine}/deficiency"
    me = case.me.open(notice)
    for words in (SHOP_NAME | AREA | PHOTOS).values():
        me.must_see(words)
    assert {name.removeprefix("was.") for name in me.field_names()} == {
        "token",
        "seen",
        "file",
        "photo",
        "shop_name",
        "premises_area",
    }

    me.press(SEND, {"premises_area": "กว้างมาก", "shop_name": "ครัวมะลิ ตามป้าย"})
    assert me.status == 422
    assert {*summary(me)} == {"premises_area", "premises_photos"}
    me.must_see("เพิ่มไฟล์ภาพถ่ายร้าน")
    for page in (me, me.open(notice)):
        assert page.page.get_element_by_id("premises_area").value == "กว้างมาก"
        assert page.page.get_element_by_id("shop_name").value == "ครัวมะลิ ตามป้าย"

    upload_again(me, notice)
    me.open(notice).press(SEND, {"premises_area": "๑๕๐", "food_handlers": "99", "waste_system": "no"})

    me.must_see("กำลังตรวจความครบถ้วน")
    answers_after, documents_after = stored(world, case)
    assert answers_after == answers | {"shop_name": "ครัวมะลิ ตามป้าย", "premises_area": "150"}
    assert {key for key in documents if documents[key] != documents_after[key]} == {"premises_photos"}
    world.officer("nueng").open(case.desk).must_see("ครัวมะลิ ตามป้าย").must_see("150")
    (mended,) = world.rows(select(Event.facts).where(Event.subject_id == case.id, Event.kind == "application.mend"))
    assert {change["key"]: change["before"] for change in mended.facts["changes"]} == {
        "shop_name": answers["shop_name"],
        "premises_area": answers["premises_area"],
        "premises_photos": documents["premises_photos"],
    }
    assert me.open(f"{case.form}/topics/hygiene").url.endswith("/track")


def test_the_notice_is_a_sealed_record_that_both_sides_sign_and_anybody_can_verify(world: World) -> None:
    case = world.returned(missing=SHOP_NAME)
    notice = f"{case.mine}/deficiency"
    link = paper(world, case.me, notice)
    first = case.me.open(link).content
    says = bare(poppler_text(first, "-raw"))
    assert bare("เขียนชื่อร้านให้ตรงกับป้าย") in says
    assert bare("ยังไม่ได้ลงชื่อ") in says

    case.me.open(notice).press("ลงชื่อรับทราบบันทึกนี้ก่อน", {"shop_name": "ครัวมะลิ ตามป้าย"})
    case.me.must_see("ลงชื่อรับทราบแล้ว")
    assert case.me.page.get_element_by_id("shop_name").value == "ครัวมะลิ ตามป้าย", "what was typed is kept"
    world.when_idle()
    both = case.me.open(paper(world, case.me, notice)).content
    assert bare("ลงชื่อรับทราบเมื่อ") in bare(poppler_text(both, "-raw"))
    for file in (first, both):
        verdict = authenticity.of_file(world.house, file)
        assert (verdict.genuine, verdict.words) == (True, "ของจริง เป็นบันทึกข้อบกพร่อง")
        assert not authenticity.of_file(world.house, file.replace(b"%PDF-1.7", b"%PDF-1.6")).genuine
    kept = world.rows(select(IssuedFile.checked).where(IssuedFile.of == f"application:{case.id}"))
    assert [(row.checked["findings"], row.checked["signature"]["profile"]) for row in kept] == [([], "PAdES B-T")] * 2
    (officers,) = world.officer("nueng").open(case.desk).links(r"/letters/[0-9a-f-]{36}/letter.pdf$")
    assert world.officer("nueng").open(officers).content == both
    assert world.citizen("tasi").open(link).status == 404


def test_answers_are_kept_as_they_are_mended_and_two_screens_overwrite_nothing(world: World) -> None:
    case = world.returned(missing=SHOP_NAME)
    notice, first, second = f"{case.mine}/deficiency", case.me, world.tab(case.me)
    was = first.open(notice).page.get_element_by_id("shop_name").value
    second.open(notice)

    told = json.loads(first.send(f"{notice}/keep", {"was.shop_name": was, "shop_name": "ชื่อจากจอแรก"}).content)
    assert (told["seen"], told["clashes"]) == ({"was.shop_name": "ชื่อจากจอแรก"}, [])
    late = json.loads(second.send(f"{notice}/keep", {"was.shop_name": was, "shop_name": "ชื่อจากจอสอง"}).content)
    assert (late["seen"], late["clashes"]) == ({}, ["shop_name"])

    second.open(notice)
    first.send(f"{notice}/keep", {"was.shop_name": "ชื่อจากจอแรก", "shop_name": "ชื่อที่สาม"})
    second.press(SEND, {"shop_name": "ชื่อจากจอสอง"})
    assert second.status == 409
    second.must_see("ชื่อที่สาม").must_see("ชื่อจากจอสอง").press("ใช้คำตอบที่เลือก", {"choose.shop_name": "mine"})
    assert second.url.endswith("/deficiency"), "nothing is sent back before the person sees the whole again"
    assert second.page.get_element_by_id("shop_name").value == "ชื่อจากจอสอง"


def test_whoever_sends_back_what_was_asked_for_has_signed_the_notice(world: World) -> None:
    case = world.returned(missing=SHOP_NAME)
    case.me.open(f"{case.mine}/deficiency").press(SEND, {"shop_name": "ครัวมะลิ ตามป้าย"})
    world.when_idle()

    told = case.told().must_see("ลงชื่อรับทราบบันทึกข้อบกพร่อง").must_see("บันทึกข้อบกพร่อง นส")
    (link,) = told.links(r"/letters/[0-9a-f-]{36}/letter.pdf$")
    assert bare("ลงชื่อรับทราบเมื่อ") in bare(poppler_text(told.open(link).content, "-raw"))


def test_nobody_is_asked_twice_what_is_still_incomplete_is_handed_back_with_the_reason_and_how_to_appeal(
    world: World,
) -> None:
    case = world.returned(missing=PHOTOS)
    walk.mend(case.me, case.form, papers.photo)
    checker = world.officer("nueng")
    assert checker.open(f"{case.desk}/check").sees("ขอให้แก้ไปแล้ว 1 ครั้ง")
    walk.check(checker, case.desk, PHOTOS)
    assert not checker.links("/decide/return$")
    assert checker.open(f"{case.desk}/decide/return").status == 409
    forged = {"token": token_of(checker.open(case.desk)), "revision": "3", "step": "sign"}
    assert checker.send(f"{case.desk}/decide/return", forged).status == 409
    assert acts(world, case).count("return") == 1

    checker.open(f"{case.desk}/decide/close_incomplete").press("ลงชื่อและคืนคำขอ", {"message": "สั้นไป"})
    assert checker.status == 422
    checker.must_see("อธิบายว่าอะไรยังขาดอยู่")
    checker.press("ลงชื่อและคืนคำขอ", {"message": "ภาพที่ส่งใหม่ยังไม่เห็นครัวและที่นั่ง"})

    assert checker.status == 200
    case.told().must_see("ภาพที่ส่งใหม่ยังไม่เห็นครัวและที่นั่ง").must_see("อุทธรณ์").must_see("ยื่นใหม่ได้")
    assert case.me.open(f"{case.mine}/deficiency").url.endswith("/track")


def test_a_decision_drawn_before_the_mending_is_refused_as_stale(world: World) -> None:
    case = world.submitted()
    checker = world.officer("nueng")
    walk.take(checker, case.desk)
    walk.check(checker, case.desk)
    old = world.another_browser_of("nueng").open(f"{case.desk}/decide/accept")
    world.returned(case, SHOP_NAME)
    case.me.open(f"{case.mine}/deficiency").press(SEND, {"shop_name": "ครัวมะลิ ตามป้าย"})
    walk.check(checker, case.desk)

    old.press("ลงชื่อและรับไว้พิจารณา")

    assert old.status == 409
    old.must_see("มีการเปลี่ยนแปลงในเรื่องนี้หลังจากที่คุณเปิดหน้าจอ")


def test_a_case_goes_from_hand_to_hand_and_only_whoever_holds_it_may_act(world: World) -> None:
    case = world.submitted()
    first, second, approver = (world.officer(name) for name in ("nueng", "ha", "song"))
    walk.take(first, case.desk)
    walk.check(first, case.desk)
    waiting = world.another_browser_of("nueng").open(f"{case.desk}/decide/accept")
    first.open(case.desk).press("คืนเรื่องเข้าคิว")
    walk.take(second, case.desk)
    assert waiting.press("ลงชื่อและรับไว้พิจารณา").status == 409
    second.open(case.desk).press("คืนเรื่องเข้าคิว")
    walk.take(first, case.desk)
    walk.check(first, case.desk)
    walk.decide(first, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")

    case.told().must_see("เอกสารครบ เริ่มนับเวลาตามกฎหมาย")
    assert case.number not in first.open("/officer?tab=mine").words
    assert first.open(f"{case.desk}/decide/approve").status == 403
    assert approver.open(f"{case.desk}/decide/approve").status == 409
    walk.take(approver, case.desk)
    assert approver.open(f"{case.desk}/decide/approve").status == 200
    assert acts(world, case) == ["submit", "take", "release", "take", "release", "take", "accept", "take"]
