"""A document is fetched instead of uploaded: with leave, on record, and never in the way of whoever has the paper."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from app.applications.form_models import Upload
from app.applications.links import LinkedRecord
from app.applications.models import Application
from app.core.clock import bangkok_date
from app.core.thai import date_long
from app.demo import journey, walk
from app.demo.acts import Filer
from app.demo.desks import Desk
from app.demo.people import CITIZENS
from tests.stories.world import Case, World, picture

BUILDING, TRAINING = "building_use", "food_training"
CERTIFICATE = "vendor_health_certificate"
PLACE = {"premises_address.house": "12", "premises_address.subdistrict": "พระปฐมเจดีย์ เมืองนครปฐม นครปฐม"}
FETCHED = "ทะเบียนอาคารของท้องถิ่น"
STAFF = {"employees_pay": "36,000", "employees_pay_day": "28", "employees_work": "ปรุงอาหาร", "employees_since.day": "1"}
STAFF |= {"employees_since.month": "12", "employees_since.year": "2569", "employees_count": "3"}


def linked_of(world: World, case: Case) -> dict[str, dict[str, object]]:
    """The evidence that the agency got, by document."""
    (row,) = world.rows(select(Application.linked).where(Application.id == case.id))
    return {one["key"]: one for one in row.linked}


def test_what_registers_know_is_fetched_shown_kept_and_on_record(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    me.open(f"{form}/notice").must_see("ทะเบียนอาคารของท้องถิ่น (ถ้าคุณอนุญาต)")
    walk.await_prefill(me, form)
    walk.answer(me, form, walk.SHOP)
    world.when_idle()

    me.open(f"{form}/documents").must_see("อ.6-120/2566").must_see("สอ.อบรม-1207/2569").must_see("พาณิชย์ (ร้านอาหาร)")
    assert walk.attach(me, form) == 3
    me.open(f"{form}/check").must_see("อ.6-120/2566")
    walk.submit(me, form)

    case = world.sent(me, form)
    evidence = linked_of(world, case)
    assert set(evidence) == {"id_card", "house_registration", BUILDING, TRAINING}
    assert (evidence[BUILDING]["reference"], evidence[BUILDING]["issued_on"]) == ("อ.6-120/2566", "2023-03-15")
    desk = world.officer("nueng")
    desk.open(f"{case.desk}/documents/{BUILDING}").must_see("อ.6-120/2566").must_see("พื้นที่ใช้สอย")
    desk.open(f"{case.desk}/check").must_see(FETCHED)
    me.open("/access").must_see(FETCHED).must_see("ดูใบรับรองอาคารแทนสำเนาที่คุณต้องแนบ")


def test_a_register_without_the_house_is_told_and_the_paper_is_uploaded(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    walk.answer(me, form, elsewhere("88/8"))
    world.when_idle()

    me.open(f"{form}/documents").must_see(f"{FETCHED}ไม่พบข้อมูลที่ตรงกับคำตอบของคุณ")
    walk.attach(me, form)
    walk.submit(me, form)
    assert BUILDING not in linked_of(world, world.sent(me, form))


def test_a_register_that_is_down_or_has_revoked_stops_nobody_and_can_be_asked_again(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    walk.answer(me, form, elsewhere("500"))
    world.when_idle()
    me.open(f"{form}/documents").must_see(f"{FETCHED}ยังไม่ตอบ")

    walk.answer(me, form, {"location": elsewhere("3")["location"]})
    world.when_idle()
    me.open(f"{form}/documents").must_see("อ.6-60/2566 ใช้ไม่ได้แล้ว")
    me.press("ขอจากทะเบียนอีกครั้ง")
    world.when_idle()
    of_form = (LinkedRecord.single_form_id == form[-36:], LinkedRecord.key == "building_control")
    assert [row.state for row in world.rows(select(LinkedRecord.state).where(*of_form))] == ["ended"]


def test_who_says_the_record_is_wrong_uploads_and_may_think_again(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    walk.answer(me, form, walk.SHOP)
    world.when_idle()

    me.send(f"{form}/documents/{BUILDING}/dispute", {})
    me.open(f"{form}/documents").must_see(f"คุณแจ้งว่าข้อมูลของ{FETCHED}ไม่ถูกต้อง")
    assert walk.attach(me, form) == 4
    walk.submit(me, form)
    case = world.sent(me, form)
    assert BUILDING not in linked_of(world, case)
    (sent,) = world.rows(select(Application.documents).where(Application.id == case.id))
    assert BUILDING in {one["key"] for one in sent.documents}


def test_another_house_lets_go_of_what_was_said_of_the_first(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    walk.answer(me, form, {topic: walk.SHOP[topic] for topic in ("applicant", "shop", "location")})
    world.when_idle()
    me.open(f"{form}/topics/hygiene").must_see(f"ใส่ให้จาก{FETCHED}")
    assert me.page.get_element_by_id("premises_area").value == "120"

    walk.answer(me, form, {"location": elsewhere("88/8")["location"]})
    world.when_idle()
    area = me.open(f"{form}/topics/hygiene").page.get_element_by_id("premises_area").value
    assert (area or "", me.sees(f"ใส่ให้จาก{FETCHED}")) == ("", False)


def test_who_allows_nothing_is_asked_about_nowhere_and_may_ask_for_one_record(world: World) -> None:
    me = world.citizen("bunma")
    form = walk.start_form(me, fetch=False)
    walk.answer(me, form, {"location": walk.SHOP["location"]})
    world.when_idle()
    assert world.rows(select(LinkedRecord.key).where(LinkedRecord.single_form_id == form[-36:])) == []

    me.open(f"{form}/documents").must_see(f"ให้เราขอจาก{FETCHED}")
    me.send(f"{form}/documents/{BUILDING}/fetch", {})
    world.when_idle()
    me.open(f"{form}/documents").must_see("อ.6-120/2566")


def test_what_one_service_of_the_form_issues_is_not_asked_for_by_another(world: World) -> None:
    both = ("commercial-registration", "employer-registration")
    me = world.citizen()
    me.open("/start?" + "&".join(f"service={slug}" for slug in both)).must_see("ได้จากจดทะเบียนพาณิชย์")
    form = walk.start_form(me, *both)
    walk.await_prefill(me, form)
    walk.answer_all(me, form, journey.RESTAURANT | STAFF)
    me.open(f"{form}/documents").must_see("ออกให้ในแบบฟอร์มนี้เอง").must_see("สำเนาใบทะเบียนพาณิชย์ (พค.0403)")
    walk.attach(me, form, picture)
    me.open(f"{form}/check").must_see("ได้จากจดทะเบียนพาณิชย์ ที่ยื่นในแบบฟอร์มเดียวกัน")
    walk.submit(me, form)

    of_form = (Application.single_form_id == form[-36:], Application.service_slug == both[1])
    (sent,) = world.rows(select(Application.linked, Application.documents).where(*of_form))
    assert {one["key"]: one["registry"] for one in sent.linked}["commercial_certificate"] == f"service:{both[0]}"
    assert "commercial_certificate" not in {one["key"] for one in sent.documents}


def test_answers_that_follow_from_others_stand_in_their_boxes_and_are_the_persons_once_sent(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, "food-premises-notification", "employer-registration")
    walk.await_prefill(me, form)
    walk.answer(me, form)

    page = me.open(f"{form}/topics/employer").must_see("ใส่ให้ตามคำตอบข้อ จำนวนผู้สัมผัสอาหาร").page
    assert page.get_element_by_id("employees_count").value == "2"
    assert page.get_element_by_id("employees_since.year").value == "2569"
    me.press("บันทึกและไปหน้าถัดไป", STAFF | {"employees_count": "4"})
    me.open(f"{form}/topics/employer")
    assert (me.page.get_element_by_id("employees_count").value, me.sees("ใส่ให้ตามคำตอบข้อ")) == ("4", False)


def elsewhere(house: str) -> dict[str, dict[str, str]]:
    """The shop in another house of the street."""
    return {**walk.SHOP, "location": {**walk.SHOP["location"], "premises_address.house": house}}


def test_a_document_that_is_too_old_is_told_so_and_its_day_of_issue_is_kept_with_the_file(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, "street-vending")
    papers, box = f"{form}/documents/vendor_health_certificate", "said-vendor_health_certificate"

    def hand_in(day: str, month: str, year: str) -> None:
        me.send(papers, {f"{box}.day": day, f"{box}.month": month, f"{box}.year": year}, picture())

    hand_in("", "", "")
    assert me.status == 422
    me.must_see("ใส่วันที่ออกเอกสารเป็นวัน เดือน ปี พ.ศ.")
    hand_in("3", "2", "2569")
    assert me.status == 422
    me.must_see("เอกสารนี้ออกเมื่อ 3 กุมภาพันธ์ 2569 เกิน 6 เดือน แล้ว")
    assert me.page.xpath(f"//input[@name='{box}.year']/@value") == ["2569"], "what was typed is kept"
    hand_in("1", "11", "2600")
    me.must_see("ยังมาไม่ถึง")
    hand_in("๑", "พฤศจิกายน", "2569")
    me.open(f"{form}/documents").must_see("ออกเมื่อ 1 พฤศจิกายน 2569")


def test_any_one_of_several_documents_is_one_requirement_and_the_person_says_which(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, "building-permit", fetch=False)
    me.open(f"{form}/documents").must_see("อย่างใดอย่างหนึ่ง").must_see("โฉนดที่ดิน (น.ส.4)")

    me.send(f"{form}/documents/land_title", {}, picture())
    me.must_see("เลือกว่าใช้เอกสารใด")
    me.send(f"{form}/documents/land_title", {"said-land_title.variant": "utilisation"}, picture())
    (upload,) = world.rows(select(Upload.variant).where(Upload.single_form_id == form[-36:]))
    assert upload.variant == "utilisation"


def test_officers_read_which_document_it_is_and_its_day_and_a_file_refused_while_mending_loses_nothing_typed(
    world: World,
) -> None:
    mali = Filer(world.house, next(one for one in CITIZENS if one.key == "mali"))
    form = mali.begin(["building-permit", "street-vending"])
    world.when_idle()
    mali.answer(form, PLACE | {"applicant_phone": "08 1234 5678"}, Random(1))
    mali.attach(form)
    world.when_idle()
    sent = mali.send(form)
    mine = select(Application.service_slug, Application.id).where(Application.id.in_(sent))
    of = {row.service_slug: row.id for row in world.rows(mine)}
    seen = {}
    for slug, application in of.items():
        officer = world.officer(Desk(world.house, application).checker.who.key)
        seen[slug] = officer.open(f"/officer/applications/{application}/documents").words
    assert "น.ส.4" in seen["building-permit"], "which of several it is"
    month_ago = bangkok_date(world.house.clock.now()) - timedelta(days=30)
    assert f"ออกเมื่อ {date_long(month_ago)}".replace("\u00a0", " ") in seen["street-vending"]

    vending, me = of["street-vending"], world.citizen()
    desk = f"/officer/applications/{vending}"
    walk.take(officer := world.officer(Desk(world.house, vending).checker.who.key), desk)
    walk.check(officer, desk, {CERTIFICATE: "ถ่ายใหม่ให้เห็นวันที่"})
    walk.decide(officer, desk, "return", "ลงชื่อและส่งถึงผู้ยื่น")
    box = f"said-{CERTIFICATE}"
    to = f"/applications/{vending}/deficiency/documents/{CERTIFICATE}"
    me.send(to, {f"{box}.day": "3", f"{box}.month": "2", f"{box}.year": "2569"}, picture())
    assert me.status == 422
    me.must_see("เอกสารนี้ออกเมื่อ 3 กุมภาพันธ์ 2569 เกิน 6 เดือน แล้ว")
    assert me.page.xpath(f"//input[@name='{box}.year']/@value") == ["2569"], "what was typed is kept"
    me.send(to, {f"{box}.day": "1", f"{box}.month": "11", f"{box}.year": "2569"}, picture())
    me.must_see("ออกเมื่อ 1 พฤศจิกายน 2569")
