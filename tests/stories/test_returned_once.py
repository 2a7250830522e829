"""An officer may ask for what is missing once, in one list; the person mends exactly that, and nothing else changes."""

from sqlalchemy import select

from app.applications.models import Application
from app.core.events import Event
from app.demo import walk
from app.demo.browsing import Browser
from tests.stories.world import Case, World, summary, token_of

SEND = "ส่งที่แก้แล้ว"
SHOP_NAME = {"answer-shop_name": "เขียนชื่อร้านให้ตรงกับป้าย"}
PHOTOS = {"premises_photos": "ถ่ายใหม่ให้เห็นหน้าร้าน ครัว และที่นั่ง"}


def stored(world: World, case: Case) -> tuple[dict[str, object], dict[str, str]]:
    """The answers of a case, and the digest of each of its documents."""
    (row,) = world.rows(select(Application.answers, Application.documents).where(Application.id == case.id))
    return {key: a["value"] for key, a in row.answers.items()}, {d["key"]: d["sha256"] for d in row.documents}


def upload_again(me: Browser, notice: str) -> None:
    """Send a new file for the first document that the notice lists."""
    me.open(notice)
    (form,) = [f for f in me.page.iter("form") if f.get("enctype") and not f.xpath("ancestor::details")]
    me.press("".join(form.xpath(".//button//text()")).strip(), file=walk.paper("mended"))
    walk.wait_for(me, notice, lambda b: not b.sees("กำลังตรวจไฟล์") or None)


def test_the_person_reads_everything_that_is_missing_in_one_list_and_mends_exactly_that(world: World) -> None:
    case = world.returned(missing=SHOP_NAME | PHOTOS)
    answers, documents = stored(world, case)
    case.told().must_see("แก้ 2 รายการ")
    notice = f"{case.mine}/deficiency"
    me = case.me.open(notice)
    me.must_see(SHOP_NAME["answer-shop_name"]).must_see(PHOTOS["premises_photos"])
    assert {n for n in me.field_names() if not n.startswith("revision")} == {"token", "file", "shop_name"}

    upload_again(me, notice)
    me.open(notice).press(SEND, {"shop_name": "ครัวมะลิ ตามป้าย"})

    me.must_see("กำลังตรวจความครบถ้วน")
    answers_after, documents_after = stored(world, case)
    assert answers_after == answers | {"shop_name": "ครัวมะลิ ตามป้าย"}
    assert {key for key in documents if documents[key] != documents_after[key]} == {"premises_photos"}
    world.officer("nueng").open(case.desk).must_see("ครัวมะลิ ตามป้าย")
    (mended,) = world.rows(select(Event.facts).where(Event.subject_id == case.id, Event.kind == "application.mend"))
    before = {change["key"]: change["before"] for change in mended.facts["changes"]}
    assert before == {"shop_name": answers["shop_name"], "premises_photos": documents["premises_photos"]}


def test_what_is_not_yet_mended_is_not_sent_and_what_was_typed_stays(world: World) -> None:
    case = world.returned(missing={"answer-premises_area": "วัดพื้นที่ใหม่"} | PHOTOS)
    me = case.me.open(f"{case.mine}/deficiency")

    me.press(SEND, {"premises_area": "กว้างมาก"})

    assert me.status == 422
    assert me.page.get_element_by_id("premises_area").value == "กว้างมาก"
    assert {"premises_area", "premises_photos"} <= {*summary(me)}
    me.must_see("เพิ่มไฟล์ภาพถ่ายร้าน")
    assert me.open(f"{case.mine}/deficiency").page.get_element_by_id("premises_area").value == "กว้างมาก"


def test_only_what_the_list_asks_for_can_be_mended(world: World) -> None:
    case = world.returned(missing=SHOP_NAME)
    answers, documents = stored(world, case)
    me = case.me.open(f"{case.mine}/deficiency")

    me.press(SEND, {"shop_name": "ชื่อใหม่", "premises_area": "1", "food_handlers": "99"})

    assert me.status == 200
    assert stored(world, case) == (answers | {"shop_name": "ชื่อใหม่"}, documents)
    assert me.open(f"{case.form}/topics/hygiene").url.endswith("/track")


def test_nobody_is_asked_a_second_time(world: World) -> None:
    case = world.returned(missing=SHOP_NAME)
    checker = world.officer("nueng")
    case.me.open(f"{case.mine}/deficiency").press(SEND, {"shop_name": "ครัวมะลิ ตามป้าย"})
    assert checker.open(f"{case.desk}/check").sees("ขอให้แก้ไปแล้ว 1 ครั้ง")

    walk.check(checker, case.desk, PHOTOS)

    assert not checker.links("/decide/return$")
    assert checker.open(f"{case.desk}/decide/return").status == 409
    forged = {"token": token_of(checker.open(case.desk)), "revision": "3", "step": "sign"}
    assert checker.send(f"{case.desk}/decide/return", forged).status == 409
    assert (
        len(world.rows(select(Event.seq).where(Event.subject_id == case.id, Event.kind == "application.return"))) == 1
    )


def test_a_case_that_is_still_incomplete_after_mending_is_handed_back_with_the_reason_and_how_to_appeal(
    world: World,
) -> None:
    case = world.returned(missing=PHOTOS)
    walk.mend(case.me, case.form, walk.photo)
    checker = world.officer("nueng")
    walk.check(checker, case.desk, PHOTOS)

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
    walk.check(checker, case.desk, SHOP_NAME)
    walk.decide(checker, case.desk, "return", "ลงชื่อและส่งถึงผู้ยื่น")
    case.me.open(f"{case.mine}/deficiency").press(SEND, {"shop_name": "ครัวมะลิ ตามป้าย"})
    walk.check(checker, case.desk)

    old.press("ลงชื่อและรับไว้พิจารณา")

    assert old.status == 409
    old.must_see("มีการเปลี่ยนแปลงในเรื่องนี้หลังจากที่คุณเปิดหน้าจอ")


def test_a_case_put_back_is_taken_by_a_colleague_and_the_first_can_no_longer_decide(world: World) -> None:
    case = world.submitted()
    first, second = world.officer("nueng"), world.officer("ha")
    walk.take(first, case.desk)
    walk.check(first, case.desk)
    waiting = world.another_browser_of("nueng").open(f"{case.desk}/decide/accept")

    first.open(case.desk).press("คืนเรื่องเข้าคิว")
    walk.take(second, case.desk)

    waiting.press("ลงชื่อและรับไว้พิจารณา")
    assert waiting.status == 409
    walk.check(second, case.desk)
    walk.decide(second, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")
    case.told().must_see("เอกสารครบ เริ่มนับเวลาตามกฎหมาย")
    told = [
        kind
        for (kind,) in world.rows(
            select(Event.kind).where(Event.stream == f"application:{case.id}").order_by(Event.seq)
        )
    ]
    assert told[1:] == ["application.take", "application.release", "application.take", "application.accept"]


def test_a_complete_case_passes_from_the_one_who_checks_to_the_one_who_decides(world: World) -> None:
    case = world.submitted()
    checker, approver = world.officer("nueng"), world.officer("song")
    walk.take(checker, case.desk)
    walk.check(checker, case.desk)
    walk.decide(checker, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")

    assert case.number not in checker.open("/officer?tab=mine").words
    assert checker.open(f"{case.desk}/decide/approve").status == 403
    assert approver.open(f"{case.desk}/decide/approve").status == 409
    assert case.number in approver.open(f"/officer?tab=new&q={case.number.replace(' ', '+')}").words
    walk.take(approver, case.desk)
    assert approver.open(f"{case.desk}/decide/approve").status == 200
