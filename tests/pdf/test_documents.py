import io
import re
import subprocess
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from app.pdf import blocks
from app.pdf.blocks import Column, Columns, Facts, Heading, Items, Panel, Paragraph, Spacer, Stretch, Table
from app.pdf.checking import check
from app.pdf.documents import render
from app.pdf.objects import each, inside
from app.pdf.whole import Attachment, Document, Relationship
from tests.pdf import samples
from tests.pdf.reading import bare, page_of, pdfium_text, picture, poppler_text

SAMPLES = [samples.licence(), samples.receipt(), samples.long_table(), samples.everything()]


def kinds(value: object) -> set[type]:
    """The kinds of block found anywhere inside a document."""
    found: set[type] = set()
    if is_dataclass(value) and not isinstance(value, type):
        found |= {type(value)}.union(*(kinds(getattr(value, f.name)) for f in fields(value)))
    elif isinstance(value, list | tuple):
        found |= set().union(*(kinds(item) for item in value))
    return found


def test_the_sample_of_everything_holds_every_kind_of_block() -> None:
    assert kinds(samples.everything()) >= set(get_args(blocks.Block))


@pytest.mark.parametrize("document", SAMPLES, ids=["licence", "receipt", "long table", "everything"])
def test_a_document_passes_our_own_check_and_qpdf(document: Document, tmp_path: Path) -> None:
    pdf = render(document, samples.NOW)
    assert check(pdf) == []
    file = tmp_path / "document.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False)
    assert (run.returncode, b"No syntax or stream encoding errors" in run.stdout) == (0, True)


@pytest.mark.parametrize("document", SAMPLES, ids=["licence", "receipt", "long table", "everything"])
def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    assert render(document, samples.NOW) == render(document, samples.NOW)


def test_a_whole_licence_is_read_in_the_order_it_was_written() -> None:
    text = bare(pdfium_text(render(samples.licence(), samples.NOW)))
    words = ["เลขที่", "เทศบาลตำบลตัวอย่าง", "หนังสือรับรองการแจ้ง", "นางสาวมะลิ", "ปั๊มน้ำมันปิ่นโต", "ลงลายมือชื่อดิจิทัลแล้ว"]
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_the_qr_code_leads_to_the_page_it_was_made_of(tmp_path: Path) -> None:
    (page,) = picture(render(samples.licence(), samples.NOW), tmp_path)
    run = subprocess.run(["zbarimg", "--quiet", "--raw", str(page)], capture_output=True, check=True)
    assert run.stdout.decode().strip() == samples.VERIFY


def test_attached_files_come_out_as_they_went_in_with_what_they_are() -> None:
    with pikepdf.open(io.BytesIO(render(samples.everything(), samples.NOW))) as pdf:
        found = {str(f.UF): f for f in each(pdf.Root, "/AF")}
        xml, answers = found["ContentInformation.xml"], found["answers.json"]
        assert (str(xml.AFRelationship), str(answers.AFRelationship)) == ("/Alternative", "/Source")
        assert (str(xml.EF.F.Subtype), str(answers.EF.F.Subtype)) == ("/text/xml", "/application/json")
        assert answers.EF.F.read_bytes() == b'{"a": 1}'
        number = ET.fromstring(xml.EF.F.read_bytes()).findtext("{urn:judiao:licence:1}number")  # noqa: S314 - our own
        assert number == "สอ.0042/2569"
        assert str(xml.Desc) == "ข้อมูลใบอนุญาต"


def test_metadata_carries_what_the_caller_declared() -> None:
    with pikepdf.open(io.BytesIO(render(samples.licence(), samples.NOW))) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        with pdf.open_metadata() as view:
            assert view["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
            assert view["xmpMM:DocumentID"] == "uuid:01936f4e-8a70-7c3e-9d21-5b8f0a6c4d11"
            assert view["xmp:CreateDate"] == "2026-11-20T04:30:00+00:00"
    assert "<ed:DocumentReferenceID>สอ.0042/2569</ed:DocumentReferenceID>" in metadata


def test_titles_with_markup_do_not_break_the_metadata() -> None:
    document = replace(samples.long_table(2), title="ร้าน <b> & 'ลูก' \"หลาน\" ]]>", author="<x>", subject="&amp;")
    pdf = render(document, samples.NOW)
    assert check(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as view:
        assert view["dc:title"] == document.title
        assert view["dc:creator"] == ["<x>"]


def test_a_long_table_repeats_its_header_on_every_page_but_is_read_once() -> None:
    pdf = render(samples.long_table(55), samples.NOW)
    pages = poppler_text(pdf, "-layout").split("\f")[:-1]
    assert len(pages) == 3
    assert all("ผู้ยื่นคำขอ" in page for page in pages)
    assert [f"หน้า {n} จาก 3" in page for n, page in enumerate(pages, 1)] == [True] * 3
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (table,) = [kid for kid in opened.Root.StructTreeRoot.K.K if kid.S == "/Table"]
        rows = [[str(cell.S) for cell in row.K] for row in table.K]
        assert rows[0] == ["/TH"] * 5
        assert rows[1:-1] == [["/TD"] * 5] * 55
        assert rows[-1] == ["/TH", "/TD"]
        assert int(table.K[-1].K[0].A.ColSpan) == 4


def test_every_row_of_a_long_table_is_shown_exactly_once() -> None:
    text = poppler_text(render(samples.long_table(150), samples.NOW), "-layout")
    assert sorted(re.findall(r"69-\d{6}", text)) == [f"69-{i:06d}" for i in range(1, 151)]


def test_a_cell_longer_than_a_page_goes_on_over_the_next() -> None:
    words = [f"ข้อที่{i}" for i in range(900)]
    pdf = page_of(Table([Column("ก"), Column("ข")], [("เดียว", " ".join(words))]))
    assert check(pdf) == []
    assert bare(poppler_text(pdf, "-raw")).count("ข้อที่899") == 1
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) > 1


def test_amounts_are_not_broken_however_narrow_their_column_was_meant() -> None:
    pdf = page_of(Table([Column("รายการ", 20), Column("เงิน", 1)], [("ค่าธรรมเนียม " * 9, "1,234,567.89")]))
    assert "1,234,567.89" in poppler_text(pdf, "-layout")


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    for height in range(560, 700, 10):
        pdf = page_of(Heading("หนึ่ง"), Spacer(height), Heading("สอง", level=2), Paragraph("ตาม " * 90))
        pages = [bare(page) for page in poppler_text(pdf, "-raw").split("\f")]
        (holding,) = [page for page in pages if "สอง" in page]
        assert "สองตามตาม" in holding


def test_what_follows_a_stretch_stands_at_the_foot_of_the_page() -> None:
    def baseline(*parts: blocks.Block) -> float:
        text = poppler_text(page_of(*parts), "-bbox")
        (word,) = re.findall(r'yMax="([\d.]+)">จบ<', text)
        return float(word)

    assert baseline(Paragraph("ต้น"), Paragraph("จบ")) < 150
    assert baseline(Paragraph("ต้น"), Stretch(), Paragraph("จบ")) > 750
    assert baseline(Stretch(), Paragraph("ต้น"), Stretch(), Paragraph("จบ")) > 750


def test_figures_say_where_they_stand() -> None:
    with pikepdf.open(io.BytesIO(render(samples.licence(), samples.NOW))) as pdf:
        elements = list(pdf.Root.StructTreeRoot.K.K)
        figures = [e for e in elements if e.S == "/Figure"]
        boxes = [[float(edge) for edge in figure.A.BBox] for figure in figures]
        assert [round(box[2] - box[0]) for box in boxes] == [92, 100]
        assert all(0 < box[0] < box[2] < 596 and 0 < box[1] < box[3] < 842 for box in boxes)
        assert all(str(figure.Alt) for figure in figures)


def test_a_passage_in_another_language_says_so() -> None:
    with pikepdf.open(io.BytesIO(render(samples.licence(), samples.NOW))) as pdf:
        languages = [str(inside(e, "/Lang")) for e in pdf.Root.StructTreeRoot.K.K if inside(e, "/Lang") is not None]
    assert languages == ["en"]


def test_thai_in_an_english_document_is_read_aloud_as_thai() -> None:
    parts: list[blocks.Block] = [
        Heading("Your data"),
        Facts([("Name", "นางสาวมะลิ ตัวอย่าง"), ("Shop", "Mali ครัว Kitchen and Bar")]),
    ]
    pdf = render(replace(samples.long_table(), language="en-GB", blocks=parts, footer=None), samples.NOW)
    assert check(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (table,) = [kid for kid in opened.Root.StructTreeRoot.K.K if kid.S == "/Table"]
        assert [[str(cell.get("/Lang", "")) for cell in row.K] for row in table.K] == [["", "th"], ["", ""]]


def test_only_everyday_glyphs_and_those_used_are_embedded() -> None:
    latin = "".join(chr(c) for c in range(0x41, 0x7B) if chr(c).isalpha())
    small, large = page_of(Paragraph("ก")), page_of(Paragraph("ฎฏฐฑฒฬฮ" + latin))
    with pikepdf.open(io.BytesIO(small)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        assert list(fonts.keys()) == ["/Regular"]
        assert re.fullmatch(r"/[A-Z]{6}\+Sarabun-Regular", str(fonts["/Regular"].BaseFont))
    assert len(small) + 2000 < len(large) < 25_000


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Document("1", " ", "th", []), "title"),
        (lambda: Document("1", "ก", "", []), "language"),
        (lambda: Document("1", "ก", "ภาษาไทย", []), "language"),
        (lambda: Attachment("a", b"", "xml", Relationship.DATA, "ก"), "media type"),
        (lambda: Document("1", "ก", "th", [Heading("ก", level=2)]), "level 2 follows one of level 0"),
        (lambda: Document("1", "ก", "th", [Panel([Heading("ก")]), Heading("ข", level=3)]), "level 3"),
        (lambda: Table([Column("ก"), Column("ข")], [("1",)]), "row 1 has 1 cells"),
        (lambda: Table([], []), "columns"),
        (lambda: Table([Column("ก")], [], totals=[("ก", "1")]), "totals"),
        (lambda: Items(["ก"], []), "labels"),
        (lambda: Columns([[], []], [1]), "shares"),
        (lambda: Document("1", "ก", "th", [], attachments=[_file("a"), _file("a")]), "named alike"),
        (lambda: page_of(Panel([Paragraph("ก\n" * 60)])), "cannot stand on a page"),
    ],
)
def test_a_document_that_could_not_be_right_is_refused(make: object, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        make()  # type: ignore[operator]


def _file(name: str) -> Attachment:
    return Attachment(name, b"", "text/plain", Relationship.DATA, "ว่าง")


def test_an_empty_document_is_one_empty_page() -> None:
    document = Document("1", "ว่าง", "th", [], signature=samples.SIGNATURE)
    assert check(render(document, samples.NOW)) == []


def test_values_may_hold_newlines_and_be_empty() -> None:
    pdf = page_of(Facts([("ที่อยู่", "บรรทัดหนึ่ง\nบรรทัดสอง"), ("ว่าง", "")]), Paragraph(""))
    assert check(pdf) == []
    assert "บรรทัดหนึ่ง\n" in poppler_text(pdf, "-raw")
