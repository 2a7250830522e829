"""One form for several services: chosen in the address, changed while it is open, nothing lost."""

from sqlalchemy import select

from app.applications.models import Application
from app.demo import journey, walk
from app.demo.browsing import fold
from tests.stories.world import World, picture, summary

NOTIFICATION, LICENCE = walk.SERVICE, "food-premises-licence"
SHOP = walk.SHOP["shop"]


def test_a_stranger_sees_what_the_choice_takes_before_signing_in(world: World) -> None:
    somebody = world.stranger().open(f"/start?service={NOTIFICATION}")

    assert somebody.status == 200
    somebody.must_see("เลือกแล้ว 1 เรื่อง").must_see("50 ถึง 1,000 บาท").must_see("7 วันทำการ")
    somebody.must_see("แผนที่ตั้งและแผนผังภายในร้าน").must_see("ถ้าสิทธิในสถานที่คือ “เช่า”")
    somebody.must_see("ถ้าพื้นที่เกิน 200 ตร.ม. เราเปลี่ยนเป็นใบอนุญาตร้านอาหารขนาดใหญ่ให้เอง")
    somebody.must_see("เราดึงให้").must_see("สำเนาบัตรประจำตัวประชาชน")


def test_the_choice_is_carried_through_the_search_and_the_manuals(world: World) -> None:
    somebody = world.stranger().open("/services?q=ร้านอาหาร")
    somebody.follow("เลือกเรื่องนี้")
    assert somebody.url.endswith(f"/start?service={NOTIFICATION}")

    somebody.follow("งานบริการทั้งหมด").must_see("เลือกแล้ว 1 เรื่อง")
    somebody.press("ค้นหา", {"q": "ร้านอาหาร"}).must_see("เลือกแล้ว 1 เรื่อง")
    somebody.open(somebody.links(f"/services/{LICENCE}")[0]).must_see("เลือกแล้ว 1 เรื่อง")

    assert somebody.links(r"/start\?service=.*&service=")


def test_an_alternative_of_what_is_chosen_is_not_a_second_choice_and_the_unknown_is_left_out(world: World) -> None:
    somebody = world.stranger().open(f"/start?service={NOTIFICATION}&service={LICENCE}&service=dragon-riding")

    somebody.must_see("เลือกแล้ว 1 เรื่อง")
    somebody.follow("เอาออก").must_see("เลือกเรื่องที่จะยื่นในแบบฟอร์มเดียว")
    assert not somebody.sees("เริ่มกรอกแบบฟอร์มเดียว")


def test_a_form_cannot_begin_for_nothing_or_for_what_nobody_offers(world: World) -> None:
    me = world.citizen()

    assert me.open("/start/notice").status == 404
    assert me.open("/start/notice?service=dragon-riding").status == 404


def test_the_same_choice_again_leads_back_to_the_draft(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)

    assert me.open(f"/start/notice?service={NOTIFICATION}").url.endswith(form)


def test_a_form_keeps_at_least_one_service(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)

    me.open(f"{form}/services").press("ใช้เรื่องที่เลือกนี้", {"service": []})

    assert me.status == 422
    assert [*summary(me)] == ["service"]


# — The form changes while it is open —————————————————————————————————————————————————————————————————————————————————


def test_a_service_added_later_asks_for_the_notice_and_then_only_for_what_was_not_answered(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, NOTIFICATION)
    walk.await_prefill(me, form)
    walk.answer(me, form)

    me.open(f"{form}/services").press("ใช้เรื่องที่เลือกนี้", {"service": [NOTIFICATION, "liquor-retail"]})

    assert me.url.endswith(f"{form}/notice")
    me.must_see("ใบอนุญาตขายสุรา")
    me.press("รับทราบและเริ่มกรอก", {"consent": ["registries_prefill"]})
    walk.await_prefill(me, form)
    world.when_idle()
    assert any(link.endswith("/excise") for link in me.open(form).links(r"/topics/"))
    assert me.open(f"{form}/topics/shop").page.get_element_by_id("shop_name").value == SHOP["shop_name"]
    rows = me.open(f"{form}/check").page.xpath("//dl//div[dd]")
    said = {str(a.get("href")).partition("#")[2]: row.text_content() for row in rows for a in row.iter("a")}
    assert "จาก" in said["vat_registered"], "the register has said it"
    assert "จาก" not in said["liquor_service"], "which nobody has answered yet"


def test_a_service_taken_out_and_put_back_finds_its_answers_and_its_files_again(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, *journey.BAR)
    walk.await_prefill(me, form)
    walk.answer_all(me, form, journey.RESTAURANT)
    walk.attach(me, form, picture)

    me.open(f"{form}/services").press("ใช้เรื่องที่เลือกนี้", {"service": ["tobacco-retail"]})
    assert not me.open(f"{form}/documents").sees("แผนที่ตั้งและแผนผังภายในร้าน")
    assert not me.open(f"{form}/check").sees("พื้นที่ 120")
    me.open(f"{form}/services").press("ใช้เรื่องที่เลือกนี้", {"service": [*journey.BAR]})
    me.press("รับทราบและเริ่มกรอก", {"consent": ["registries_prefill"]})
    walk.await_prefill(me, form)

    walk.submit(me, form)
    assert len(me.page.xpath("//td[contains(@class,'ref')]")) == 4


def test_a_service_that_needs_another_says_so_before_the_start_and_after_sending(world: World) -> None:
    somebody = world.stranger().open("/start?service=liquor-retail&service=commercial-registration")
    somebody.must_see("เจ้าหน้าที่ดูทะเบียนพาณิชย์ว่าร้านเป็นของคุณ").must_see("(เลือกไว้แล้ว)")


# — Who gets what —————————————————————————————————————————————————————————————————————————————————————————————————————


def test_four_applications_leave_for_three_agencies_and_each_gets_only_what_its_service_asks(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, *journey.BAR)
    walk.await_prefill(me, form)
    walk.answer_all(me, form, journey.RESTAURANT)
    walk.attach(me, form, picture)
    me.open(f"{form}/check").must_see("หน่วยงานใดได้รับอะไร").must_see("เทศบาลนครสมมุติ").must_see("กรมสรรพสามิต")
    walk.submit(me, form)

    query = select(Application).where(Application.single_form_id == form.rpartition("/")[2])
    sent = {row[0].service_slug: row[0] for row in world.rows(query)}

    assert set(sent) == set(journey.BAR)
    assert {slug: one.agency_code for slug, one in sent.items()} == {
        NOTIFICATION: "muang-tuayang",
        "commercial-registration": "nakhon-sommut",
        "liquor-retail": "excise",
        "tobacco-retail": "excise",
    }
    for slug, one in sent.items():
        service = world.house.catalogue.services[slug]
        asked = {question.key for question in service.questions}
        assert set(one.answers) <= asked, slug
        assert {document["key"] for document in one.documents} <= {use.key for use in service.documents}, slug
        others = {key for other in sent.values() if other is not one for key in other.answers} - asked
        assert others, f"{slug} sees everything"
        assert not any(question.key in one.answers for question in service.questions if question.key in others)
    assert sent["tobacco-retail"].documents == []
    assert "trade_capital" not in sent["liquor-retail"].answers
    assert "premises_area" not in sent["commercial-registration"].answers


def test_the_officer_of_one_agency_finds_neither_the_case_nor_the_answers_of_another(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, "liquor-retail", "commercial-registration")
    walk.await_prefill(me, form)
    walk.answer_all(me, form, journey.RESTAURANT)
    walk.attach(me, form, picture)
    walk.submit(me, form)
    numbers = [row.text_content() for row in me.page.xpath("//td[contains(@class,'ref')]")]
    registry = next(number for number in numbers if "ทพ" in number)

    excise = world.officer("sipet").open("/officer?tab=new&q=" + registry.replace("\u00a0", "+").replace(" ", "+"))

    assert registry not in excise.words
    mine = next(number for number in numbers if "สร" in number)
    excise.open(walk.find_case(excise, fold(mine)))
    assert not excise.sees("200,000.00"), "the capital is asked by the commercial register alone"
