"""The licence as a person reads it and as a machine reads it: the same facts, and a QR that leads to its status."""

import io
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.thai import clean
from app.licences.document import JSON_NAME, XML_NAME, Content, Field, as_json, document, xml
from app.licences.schema import NAMESPACE
from app.pdf.checking import check
from app.pdf.documents import render
from tests.pdf.reading import bare, picture, poppler_text

LAWS = settings(deadline=None, derandomize=True, max_examples=80)
NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)

LICENCE = Content(
    id="01936f4e-8a70-7c3e-9d21-5b8f0a6c4d15",
    number="สอ 12/2569",
    code="7K3M-Q9ZC-41TWX",
    title="หนังสือรับรองการแจ้งจัดตั้งสถานที่จำหน่ายอาหาร",
    subtitle="ตามมาตรา 38 แห่งพระราชบัญญัติการสาธารณสุข พ.ศ. 2535",
    agency="เทศบาลเมืองตัวอย่าง",
    signer="นายกเทศมนตรีเมืองตัวอย่าง",
    fields=[
        Field("ชื่อผู้รับหนังสือรับรอง", "นางสาวน้ำทิพย์ ตัวอย่าง", "HolderName"),
        Field("ชื่อสถานประกอบกิจการ", "ครัวปิ่นโตคุณปู่ & ลูก <สาขาท่าน้ำ>", "PremisesName"),
        Field("พื้นที่", "๙๐ ตร.ม.", "Area"),
    ],
    statement=["เทศบาลเมืองตัวอย่างได้รับแจ้งการจัดตั้งสถานที่จำหน่ายอาหารตามรายละเอียดต่อไปนี้ไว้แล้ว"],
    conditions=["ต้องแสดงหนังสือรับรองนี้ไว้ในที่เปิดเผย ณ สถานที่จำหน่ายอาหาร", "ต้องชำระค่าธรรมเนียมรายปี"],
    xml_root="FoodPremisesNotificationCertificate",
    valid_from=date(2026, 11, 20),
    valid_until=date(2027, 11, 19),
    verify_url="http://127.0.0.1:8000/verify/7K3M-Q9ZC-41TWX",
    holder="นางสาวน้ำทิพย์ ตัวอย่าง",
    service="food-premises-notification",
    service_version=1,
)
FOR_EVER = replace(LICENCE, valid_until=None, conditions=[], subtitle="")


def told(content: Content) -> dict[str, str | None]:
    """What a machine reads: the text of every element by its name."""
    root = ET.fromstring(xml(content))  # noqa: S314 - our own bytes
    assert root.tag == f"{{{NAMESPACE}}}{content.xml_root}"
    return {element.tag.removeprefix(f"{{{NAMESPACE}}}"): element.text for element in root}


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(document(LICENCE), NOW)


# — for machines


def test_the_xml_holds_every_fact_with_dates_of_the_common_era_and_arabic_digits() -> None:
    assert told(LICENCE) == {
        "DocumentReferenceID": LICENCE.id,
        "LicenceNumber": "สอ 12/2569",
        "VerificationCode": "7K3M-Q9ZC-41TWX",
        "VerificationURL": LICENCE.verify_url,
        "Title": LICENCE.title,
        "IssuedBy": "เทศบาลเมืองตัวอย่าง",
        "Holder": "นางสาวน้ำทิพย์ ตัวอย่าง",
        "ServiceReference": "food-premises-notification",
        "ValidFrom": "2026-11-20",
        "ValidUntil": "2027-11-19",
        "HolderName": "นางสาวน้ำทิพย์ ตัวอย่าง",
        "PremisesName": "ครัวปิ่นโตคุณปู่ & ลูก <สาขาท่าน้ำ>",
        "Area": "๙๐ ตร.ม.",
    }


def test_a_licence_for_ever_names_no_last_day() -> None:
    assert "ValidUntil" not in told(FOR_EVER)


def test_labels_and_the_version_of_the_service_stand_beside_the_facts() -> None:
    root = ET.fromstring(xml(LICENCE))  # noqa: S314 - our own bytes
    assert root.find(f"{{{NAMESPACE}}}Area").attrib == {"label": "พื้นที่"}  # type: ignore[union-attr]
    assert root.find(f"{{{NAMESPACE}}}ServiceReference").attrib == {"version": "1"}  # type: ignore[union-attr]


@LAWS
@given(st.text(max_size=40), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_xml_can_be_read_whatever_was_answered(answered: str, unclean: str) -> None:
    answer = clean(answered)
    fields = [Field("ชื่อ", answer, "PremisesName"), Field("อื่น", unclean, "Other")]
    found = told(replace(LICENCE, fields=fields))
    assert (found["PremisesName"] or "") == answer.translate({0xFFFE: None, 0xFFFF: None})
    assert set(found) == set(told(FOR_EVER)) - {"HolderName", "Area"} | {"ValidUntil", "Other"}


# — for people


def test_the_document_passes_our_own_check_and_that_of_qpdf(pdf: bytes, tmp_path: Path) -> None:
    assert check(pdf) == []
    file = tmp_path / "licence.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize("content", [FOR_EVER, replace(LICENCE, fields=[*LICENCE.fields] * 12)], ids=["short", "long"])
def test_a_short_and_a_long_licence_pass_the_check_too(content: Content) -> None:
    assert check(render(document(content), NOW)) == []


def test_a_person_reads_every_fact_in_order_with_thai_digits_in_number_and_dates(pdf: bytes) -> None:
    page = bare(poppler_text(pdf, "-raw"))
    expected: Sequence[str] = [
        LICENCE.agency,
        LICENCE.title,
        "เลขที่ สอ ๑๒/๒๕๖๙",
        *LICENCE.statement,
        *(part for field in LICENCE.fields for part in (field.label, field.value)),
        "๒๐ พฤศจิกายน ๒๕๖๙",
        "๑๙ พฤศจิกายน ๒๕๗๐",
        *LICENCE.conditions,
        LICENCE.signer,
    ]
    places = {text: page.find(bare(text)) for text in expected}
    assert [text for text, place in places.items() if place < 0] == []
    assert list(places) == sorted(places, key=lambda text: places[text])


def test_a_licence_for_ever_says_so() -> None:
    assert "ไม่มีวันหมดอายุ" in bare(poppler_text(render(document(FOR_EVER), NOW), "-raw"))


def test_the_qr_code_leads_to_the_page_where_a_stranger_verifies(pdf: bytes, tmp_path: Path) -> None:
    (page,) = picture(pdf, tmp_path)
    run = subprocess.run(["zbarimg", "--quiet", "--raw", str(page)], capture_output=True, check=True)
    assert run.stdout.decode().strip() == LICENCE.verify_url


def test_the_xml_travels_inside_the_document_as_its_alternative(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert set(opened.attachments) == {XML_NAME, JSON_NAME}
        assert opened.attachments[JSON_NAME].get_file().read_bytes() == as_json(LICENCE)
        attached = opened.attachments[XML_NAME]
        assert attached.get_file().read_bytes() == xml(LICENCE)
        assert (attached.relationship, attached.get_file().mime_type) == (pikepdf.Name.Alternative, "text/xml")
        metadata = opened.open_metadata()
        assert metadata["{urn:etda:pdfa:ElectronicDocument:1p0:standard#}DocumentReferenceID"] == LICENCE.id
        assert str(metadata["dc:title"]) == f"{LICENCE.title} {LICENCE.number}"


def test_the_same_licence_drawn_again_after_a_crash_is_the_same_file(pdf: bytes) -> None:
    assert render(document(LICENCE), NOW) == pdf
