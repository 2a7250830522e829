"""Whose data was seen by whom, what was allowed in which words, and what an agency gets: the person can read it all."""

import csv
import hashlib
import io
import json
from collections import Counter

import pytest
from sqlalchemy import select

from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.demo import walk
from app.demo.browsing import Browser
from app.privacy import consents
from app.privacy.models import Consent, PrivacyText, Purpose
from tests.stories.world import Case, World

NEXT = "บันทึกและไปหน้าถัดไป"


def log(me: Browser) -> list[dict[str, str]]:
    """The whole of "who looked at my data", as the person downloads it."""
    rows = csv.reader(io.StringIO(me.open("/access.csv").content.decode("utf-8-sig")))
    heads = next(rows)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def looks_at(case: Case) -> list[dict[str, str]]:
    """The entries about one application, oldest first."""
    return [row for row in reversed(log(case.me)) if row["เลขคำขอ"] == case.number]


def test_every_look_of_an_officer_is_told_to_the_person_it_is_about_and_to_nobody_else(world: World) -> None:
    case = world.submitted("bunma")
    officer, other = world.officer("nueng"), world.citizen("tasi")
    assert looks_at(case) == []
    first = next(iter(world.rows(select(Application.documents).where(Application.id == case.id))[0][0]))["key"]
    opened = [
        ("", "ตรวจและพิจารณาคำขอ"),
        (f"/documents/{first}", "ตรวจเอกสารของคำขอ"),
        (f"/files/{first}", "ตรวจเอกสารของคำขอ"),
        ("/check", "ตรวจและพิจารณาคำขอ"),
    ]

    for count, (place, purpose) in enumerate(opened, 1):
        assert officer.open(f"{case.desk}{place}").status == 200
        seen = looks_at(case)
        assert len(seen) == count, place
        assert seen[-1]["เพื่ออะไร"] == purpose
        assert seen[-1]["หน่วยงาน"] == "เทศบาลเมืองตัวอย่าง"
        assert seen[-1]["ตำแหน่ง"] == "นักวิชาการสุขาภิบาลชำนาญการ"
        assert seen[-1]["ดูอะไร"]

    page = case.me.open("/access").must_see(case.number).must_see("นักวิชาการสุขาภิบาลชำนาญการ")
    assert not page.sees("หนึ่ง"), "the officer's name is not told"
    assert case.number not in other.open("/access").words
    assert case.number not in other.open("/access.csv").content.decode()


def test_a_page_that_shows_the_data_again_because_of_a_mistake_is_a_look_too(world: World) -> None:
    case = world.submitted("bunma")
    officer = world.officer("nueng")
    walk.take(officer, case.desk)
    officer.open(f"{case.desk}/check")
    before = len(looks_at(case))

    officer.press("บันทึกผลตรวจและไปพิจารณา")

    assert officer.status == 422
    assert len(looks_at(case)) == before + 1


def test_an_officer_who_may_not_see_the_case_leaves_no_look(world: World) -> None:
    case = world.submitted("bunma")

    assert world.officer("hok").open(case.desk).status == 404
    assert world.officer("sam").open(case.desk).status == 403

    assert looks_at(case) == []


def test_the_registry_that_was_asked_is_in_the_log_too(world: World) -> None:
    me = world.citizen("bunma")
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    reference = me.open(form).page.xpath("//span[@class='ref']")[0].text_content()

    (row,) = [row for row in log(me) if row["เลขคำขอ"] == reference]

    assert row["หน่วยงาน"] == "กรมการปกครอง"
    assert "ชื่อ" in row["ดูอะไร"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_consent_is_kept_in_the_words_that_were_read_and_taken_back_as_easily(world: World, language: str) -> None:
    me = world.citizen("tasi", language)
    me.open(walk.start_address())
    labels = {str(box.get("value")): box for box in me.page.xpath("//input[@name='consent']")}
    assert {*labels} == {purpose.value for purpose in consents.OFFERED}
    words = str(
        me.page.xpath("//label[input[@value='reuse']] | //label[@for=//input[@value='reuse']/@id]")[0].text_content()
    )
    me.press("รับทราบและเริ่มกรอก", {"consent": ["reuse"]})

    me.open("/consents").press("ถอนความยินยอมนี้")

    me.open("/consents").must_see("คุณถอนแล้ว")
    history = world.rows(
        select(Consent.purpose, Consent.given, PrivacyText.text, PrivacyText.language, PrivacyText.digest)
        .join(PrivacyText, PrivacyText.digest == Consent.text_digest)
        .where(Consent.purpose == Purpose.REUSE, PrivacyText.language == language)
        .order_by(Consent.at, Consent.id)
    )[-2:]
    assert [row.given for row in history] == [True, False]
    for row in history:
        assert " ".join(row.text.split()) in " ".join(words.split())
    refused = world.rows(
        select(Consent.given).where(Consent.purpose == Purpose.REGISTRIES_PREFILL).order_by(Consent.at.desc())
    )[0]
    assert refused.given is False


def test_taking_a_consent_back_does_not_touch_what_was_filed(world: World) -> None:
    case = world.submitted("tasi")
    case.me.open("/consents").press("ถอนความยินยอมนี้")

    case.told().must_see("กำลังตรวจความครบถ้วน")
    world.accepted(case)


def test_the_notice_that_was_read_can_be_read_again_word_for_word_by_its_reader_only(world: World) -> None:
    me = world.citizen("tasi")
    me.open(walk.start_address())
    said = me.page.xpath("//main//form/preceding-sibling::p[not(@class)] | //main//details//li")
    paragraphs = [" ".join(p.text_content().split()) for p in said]
    me.press("รับทราบและเริ่มกรอก")
    link = me.open("/consents").links("^/notices/")[0]

    again = " ".join(me.open(link).content.decode().split())

    assert me.headers["content-type"].startswith("text/plain")
    assert len(paragraphs) > 5
    for paragraph in paragraphs:
        assert paragraph in again
    digest = link.rpartition("/")[2]
    (kept,) = world.rows(select(PrivacyText.text).where(PrivacyText.digest == digest))
    assert hashlib.sha256(kept.text.encode()).hexdigest() == digest
    assert world.citizen("fa").open(link).status == 404, "fa has never been shown it"


def test_an_agency_gets_only_what_its_service_asks_and_nothing_the_person_took_back(world: World) -> None:
    me = world.citizen("tasi")
    form = world.filled(me)
    me.open(f"{form}/topics/location").press(NEXT, walk.SHOP["location"] | {"premises_right": "rent"})
    me.open(f"{form}/topics/premises_owner").press(NEXT, {"premises_owner_name": "นายเจ้าของ ความลับ"})
    me.open(f"{form}/topics/location").press(NEXT, {"premises_right": "own"})
    walk.submit(me, form)
    case = world.sent(me, form)

    (row,) = world.rows(select(Application.answers, Application.service_slug).where(Application.id == case.id))
    asked = {question.key for question in world.house.catalogue.services[row.service_slug].questions}
    assert {*row.answers} <= asked - {"premises_owner_name"}
    for place in ("", "/check", "/documents"):
        assert not world.officer("nueng").open(f"{case.desk}{place}").sees("ความลับ")
    (sent,) = world.rows(select(SingleForm.snapshot).where(SingleForm.id == form[-36:]))
    assert "ความลับ" not in sent.snapshot


def test_the_public_pages_about_a_case_and_a_licence_name_nobody(world: World) -> None:
    case = world.licensed(world.submitted("bunma"))
    held = json.loads(case.me.open(f"{case.licence}/licence.json").content)
    stranger = world.stranger()

    tracked = stranger.open(f"/track/{case.number.replace(' ', '-')}").words
    verified = stranger.open(f"/verify/{held['code']}").words

    for words in (tracked, verified):
        assert "จำลอง" not in words
        assert "บุญมา" not in words
        assert "3000000003217" not in words
    assert "ของจริง" in verified
    seen = Counter(row["หน่วยงาน"] for row in looks_at(case))
    assert {*seen} == {"เทศบาลเมืองตัวอย่าง"}
