"""Papers that the portal prepares: printed with a code, signed by hand, sent back anywhere, found stale when they are."""

import io

import pypdfium2
import pytest
from PIL import Image

from app.core import events
from app.demo import walk
from app.demo.browsing import Browser, text_of
from app.demo.provider import agree
from tests.pdf.reading import pdfium_text
from tests.stories.world import World, picture

OWNER = {"premises_owner_name": "นายตาสี สมมติ"}
LENT = {**walk.SHOP, "location": {**walk.SHOP["location"], "premises_right": "consent"}, "premises_owner": OWNER}
"""The shop is in a house that its owner lends."""
CONSENT, PLAN, PHOTOS = "premises_consent", "premises_plan", "premises_photos"
STALE = "คำตอบที่กระดาษนี้อ้างถึงเปลี่ยนหลังพิมพ์หรือลงนาม: "


def lent(world: World, person: str = "mali") -> tuple[Browser, str]:
    me = world.citizen(person)
    form = walk.start_form(me, fetch=False)
    walk.answer(me, form, {**LENT, "applicant": {**LENT["applicant"], **WHO}})
    return me, form


WHO = {
    "applicant_title": "นางสาว",
    "applicant_given_name": "มะลิ",
    "applicant_family_name": "ตัวอย่าง",
    "applicant_birth_date.day": "14",
    "applicant_birth_date.month": "1",
    "applicant_birth_date.year": "2535",
    "applicant_address.house": "99/1",
    "applicant_address.subdistrict": "พระปฐมเจดีย์ เมืองนครปฐม นครปฐม",
}


def printed(me: Browser, form: str, key: str) -> bytes:
    me.open(f"{form}/papers/{key}").press("พิมพ์%(name)s (PDF)".partition("%")[0])
    assert (me.status, me.headers["content-type"]) == (200, "application/pdf")
    return me.content


def photographed(pdf: bytes, turned: float = 0.0, *, dpi: int = 110) -> tuple[str, bytes]:
    """The paper as a telephone sees it: a little askew, on a table, as JPEG."""
    sheet = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil().convert("RGB")
    out = io.BytesIO()
    sheet.rotate(turned, expand=True, fillcolor=(120, 96, 70)).save(out, "JPEG", quality=70)
    return "IMG_2201.jpg", out.getvalue()


def scanned(*pdfs: bytes) -> tuple[str, bytes]:
    """Several papers in one PDF, as an office machine sends them: pictures, no text."""
    sheets = [pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil().convert("L") for pdf in pdfs]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=150)
    return "scan.pdf", out.getvalue()


def looked_through(me: Browser, form: str) -> Browser:
    walk.wait_for(me, f"{form}/documents", lambda b: not b.sees("กำลังตรวจไฟล์") or None)
    return me


def about(me: Browser, key: str) -> str:
    """What the documents page says of one document."""
    return text_of(me.page.xpath(f"//li[.//*[@id='{key}'] or @id='done-{key}']")[0])


@pytest.mark.parametrize("turned", [4.0, 178.0])
def test_a_signed_paper_that_was_photographed_finds_its_place_wherever_it_is_sent(world: World, turned: float) -> None:
    me, form = lent(world)
    paper = printed(me, form, CONSENT)
    words = "".join(pdfium_text(paper).split())
    assert "นายตาสีสมมติ" in words
    assert "“ครัวมะลิ(ตัวอย่าง)”" in words
    assert "99/1ซอยดอกรัก2" in words

    me.send(f"{form}/documents/{PHOTOS}", {}, photographed(paper, turned))

    looked_through(me, form)
    assert "อ่านรหัสบนกระดาษแล้ว ข้อความตรงกับคำตอบของคุณ" in about(me, CONSENT)
    assert "IMG_2201.jpg" in about(me, CONSENT)
    assert "IMG_2201.jpg" not in about(me, PHOTOS), "it was sent there, but it is no photo of the shop"


def test_one_scan_of_several_papers_fills_several_places_and_the_record_says_so(world: World) -> None:
    me, form = lent(world)
    both = scanned(printed(me, form, PLAN), printed(me, form, CONSENT))

    me.send(f"{form}/documents/scan", {}, both)

    looked_through(me, form)
    for key in (CONSENT, PLAN):
        assert "อ่านรหัสบนกระดาษแล้ว" in about(me, key)
    with world.house.database.transaction() as db:
        kinds = [event.kind for event in events.history(db, f"form:{form.rpartition('/')[2]}")]
    assert kinds.count("form.paper_printed") == kinds.count("form.paper_filed") == 2


def test_a_paper_whose_answers_changed_names_them_and_serves_again_when_they_are_as_they_were(world: World) -> None:
    me, form = lent(world)
    me.send(f"{form}/documents/scan", {}, photographed(printed(me, form, CONSENT)))
    looked_through(me, form)

    walk.answer(me, form, {"shop": {"shop_name": "ครัวมะลิสาขาสอง"}})

    me.open(f"{form}/documents")
    assert f"{STALE}ชื่อร้านพิมพ์หรือขอลายมือชื่อใหม่" in about(me, CONSENT)
    me.open(f"{form}/check").must_see("ทำหนังสือยินยอมให้ใช้สถานที่ใหม่ เพราะคำตอบเปลี่ยน")
    walk.answer(me, form, {"shop": {"shop_name": LENT["shop"]["shop_name"]}})
    me.open(f"{form}/documents")
    assert "อ่านรหัสบนกระดาษแล้ว ข้อความตรงกับคำตอบของคุณ" in about(me, CONSENT)


def test_what_stands_on_a_paper_is_no_secret_but_another_persons_paper_goes_nowhere(world: World) -> None:
    me, form = lent(world)
    other, theirs = lent(world, "tasi")
    paper = printed(me, form, CONSENT)
    code = me.url.rpartition("/")[2].removesuffix(".pdf")

    other.send(f"{theirs}/documents/scan", {}, photographed(paper))
    looked_through(other, theirs).must_see("อ่านรหัสบนกระดาษไม่ได้")
    other.press("วางกระดาษตามรหัส", {"code": code})
    other.must_see("ไม่มีกระดาษรหัสนี้ในแบบฟอร์มของคุณ")
    other.open(f"/P/{code.replace('-', '')}")
    assert other.status == 404

    me.open(f"/P/{code.replace('-', '')}")
    assert form in me.url


def test_a_code_that_no_picture_tells_is_typed_in_and_a_paper_waits_for_the_answers_it_quotes(world: World) -> None:
    me, form = lent(world)
    paper = printed(me, form, CONSENT)
    code = me.url.rpartition("/")[2].removesuffix(".pdf").lower().replace("-", " ")
    blurred = Image.open(io.BytesIO(photographed(paper)[1])).resize((160, 220)).resize((800, 1100))
    out = io.BytesIO()
    blurred.save(out, "JPEG")
    me.send(f"{form}/documents/scan", {}, ("blurred.jpg", out.getvalue()))
    looked_through(me, form).must_see("อ่านรหัสบนกระดาษไม่ได้")

    me.press("วางกระดาษตามรหัส", {"code": code})

    assert "blurred.jpg" in about(me, CONSENT)
    fresh = walk.start_form(me, fetch=False)
    walk.answer(me, fresh, {"location": LENT["location"]})
    me.open(f"{fresh}/papers/{CONSENT}").must_see("ตอบก่อน แล้วจึงพิมพ์หรือขอลายมือชื่อได้").must_see("ชื่อเจ้าของสถานที่")
    me.send(f"{fresh}/papers/{CONSENT}/print", {})
    assert me.status == 422


def test_every_service_has_a_blank_form_for_the_counter_with_its_version_on_each_page(world: World) -> None:
    me = world.stranger()
    for slug, service in world.house.catalogue.services.items():
        me.open(f"/services/{slug}/form.pdf")
        pages = pypdfium2.PdfDocument(me.content)
        texts = ["".join(page.get_textpage().get_text_range().split()) for page in pages]
        assert all(f"คู่มือรุ่น{service.version}ทบทวนเมื่อ" in text for text in texts), slug
        said = "".join(texts)
        asked = [q.label.th for q in service.questions if q.kind != "computed"] + [
            d.document.name.th for d in service.documents
        ]
        assert [name for name in asked if "".join(name.split())[:10] not in said] == [], slug
    me.open(f"/services/{walk.SERVICE}").must_see("แบบคำขอเปล่าสำหรับกรอกด้วยมือ (PDF)")


# — Several people sign online ——————————————————————————————————————————————————————————————————————————————————————


def links_for(me: Browser, form: str, key: str) -> list[str]:
    """The links that the applicant hands over, in the order in which people were asked."""
    me.open(f"{form}/papers/{key}")
    return [str(link).removeprefix(me.base) for link in me.page.xpath("//input[@readonly]/@value")]


def link_for(me: Browser, form: str, key: str = CONSENT) -> str:
    """The link of whoever was asked last."""
    return links_for(me, form, key)[-1]


def test_the_owner_signs_by_a_link_of_their_own_and_the_paper_goes_into_its_place(world: World) -> None:
    me, form = lent(world)
    me.open(f"{form}/papers/{CONSENT}").press("ออกลิงก์ให้นายตาสี สมมติ")
    link = link_for(me, form)
    assert "รอ นายตาสี สมมติ ลงนาม" in about(me.open(f"{form}/documents"), CONSENT)
    world.stranger().open(link).must_see("ThaID")
    assert world.citizen("mali").open(link).status == 403, "a link is for one person"
    guessed = link[:-1] + ("0" if link[-1] != "0" else "1")
    assert world.citizen("mali").open(guessed).status == 404

    owner = walk.sign_in(world.stranger(), "tasi", to=link)
    assert link in owner.url
    owner.must_see("ครัวมะลิ (ตัวอย่าง)")
    assert not owner.sees("08 1234 5678"), "nothing of the form but what the paper quotes"
    owner.press("ลงนามใน%(name)s".partition("%")[0])

    owner.must_see("ลงนามแล้ว")
    assert owner.open(form).status == 404, "the form itself stays shut"
    looked_through(me, form)
    assert "หนังสือยินยอมให้ใช้สถานที่.pdf" in about(me, CONSENT)
    with world.house.database.transaction() as db:
        signed = [e for e in events.history(db, f"form:{form.rpartition('/')[2]}") if e.kind == "form.signed"]
    assert [(e.actor_name, e.facts["method"], e.facts["ial"]) for e in signed] == [("นายตาสี สมมติ", "ThaID", "2.3")]

    walk.answer(me, form, {"shop": {"shop_name": "ครัวมะลิสาขาสอง"}})

    assert "รอ นายตาสี สมมติ ลงนาม" in about(me.open(f"{form}/documents"), CONSENT)
    me.open("/inbox").must_see("ลายมือชื่อของ นายตาสี สมมติ จึงใช้ไม่ได้")
    owner.open("/inbox").must_see("เอกสารที่คุณลงนามถูกแก้")
    owner.open(link).must_see("คุณเคยลงนามแล้ว").must_see("ครัวมะลิสาขาสอง")


def test_sending_waits_for_the_signature_and_officer_and_receipt_say_who_signed(world: World) -> None:
    me, form = lent(world)
    walk.attach(me, form, picture)
    me.send(f"{form}/documents/{CONSENT}/remove", {})
    me.open(f"{form}/papers/{CONSENT}").press("ออกลิงก์ให้นายตาสี สมมติ")
    me.open(f"{form}/check").must_see("รอนายตาสี สมมติลงนามในหนังสือยินยอมให้ใช้สถานที่")
    owner = walk.sign_in(world.stranger(), "tasi", to=link_for(me, form))
    owner.press("ลงนามใน%(name)s".partition("%")[0])
    looked_through(me, form)

    walk.submit(me, form)

    case = world.sent(me, form)
    world.officer("nueng").open(f"{case.desk}/documents").must_see("ลงนามออนไลน์: นายตาสี สมมติ (เจ้าของสถานที่) ThaID")
    walk.wait_for(me, f"{form}/receipt.pdf", lambda b: b.status == 200 or None)
    assert "ลงนามออนไลน์โดยนายตาสีสมมติ(เจ้าของสถานที่)" in "".join(pdfium_text(me.content).split())


def test_a_signer_refuses_with_a_reason_a_link_is_renewed_and_taken_back_and_old_words_are_not_signed(
    world: World,
) -> None:
    me, form = lent(world)
    me.open(f"{form}/papers/{CONSENT}").press("ออกลิงก์ให้นายตาสี สมมติ")
    first = link_for(me, form)
    owner = walk.sign_in(world.stranger(), "tasi", to=first)
    walk.answer(me, form, {"shop": {"shop_name": "ครัวมะลิสาขาสอง"}})
    owner.press("ลงนามใน%(name)s".partition("%")[0])
    assert owner.status == 409
    owner.must_see("ข้อความเปลี่ยนไป")

    owner.open(first).press("แจ้งว่าไม่ลงนาม", {"why": ""})
    assert owner.status == 422
    owner.open(first).press("แจ้งว่าไม่ลงนาม", {"why": "ชื่อร้านไม่ตรงที่ตกลง"})

    me.open(f"{form}/papers/{CONSENT}").must_see("ชื่อร้านไม่ตรงที่ตกลง").press("ออกลิงก์ใหม่")
    assert owner.open(first).status == 404, "the old link has ended"
    second = link_for(me, form)
    assert owner.open(second).status == 200
    me.open(f"{form}/papers/{CONSENT}").press("ไม่ขอแล้ว")
    assert owner.open(second).status == 404


BY_DIRECTORS = {
    **walk.SHOP,
    "signing": {"juristic_signs": "attorney"},
}
POWER = "power_of_attorney"


def test_who_is_asked_no_more_does_not_keep_the_paper_from_those_who_signed(world: World) -> None:
    me = walk.sign_in(world.stranger(), "khao", "company")
    me.follow("ยืนยันตัวตนด้วย ThaID").open(agree(me.url, "mali"))
    form = world.filled(me, BY_DIRECTORS)
    walk.answer(me, form, {"signing": {"attorney_name": "นายจำนง จำลอง"}})
    for name in ("นายตาสี สมมติ", "นายไม่มา จำลอง"):
        me.send(f"{form}/papers/{POWER}/signers", {"role": "director", "name": name})
    owner = walk.sign_in(world.stranger(), "tasi", to=links_for(me, form, POWER)[0])
    owner.press("ลงนามใน%(name)s".partition("%")[0])
    looked_through(me, form)
    assert "หนังสือมอบอำนาจ.pdf" not in about(me, POWER), "somebody else was asked and has not signed"

    me.open(f"{form}/papers/{POWER}").press("ไม่ขอแล้ว")

    looked_through(me, form)
    assert "หนังสือมอบอำนาจ.pdf" in about(me, POWER)
