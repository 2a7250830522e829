"""Hostile files are refused with what to do instead, images come out clean, sound documents pass, and we survive."""

import io
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Pdf
from PIL import Image

from app.applications import inspection
from app.applications.inspecting import pdfs
from app.applications.inspection import Allowed, Inspection, InspectorBroken, arrive, display_name, inspect
from app.core.cage import Limits
from app.core.files import TOO_BIG
from tests.applications.hostile_files import EXE, HOSTILE_NAMES, SCRIPT_PAGE, SVG, Sample
from tests.applications.hostile_images import CLEANED_IMAGES, HOSTILE_IMAGES, jpeg, picture, png
from tests.applications.hostile_pdfs import (
    CLEAN_PDFS,
    EVIL_ADDRESSES,
    HONEST_ADDRESSES,
    HOSTILE_PDFS,
    drawings_in_drawings,
    led_by_a_link,
    pdf,
)

ALL = [*HOSTILE_PDFS, *HOSTILE_IMAGES, *CLEAN_PDFS, *CLEANED_IMAGES]


@pytest.fixture(scope="module")
def looked_at() -> Iterator[dict[str, Future[Inspection]]]:
    """Every sample, looked at two at a time while the tests already read the first answers."""
    with ThreadPoolExecutor(2) as pool:
        yield {sample.name: pool.submit(lambda s: inspect(s.build(), s.media_type), sample) for sample in ALL}


def named(samples: list[Sample]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sample", samples, ids=lambda sample: sample.name)


# ---- inside ---------------------------------------------------------------------------------------------------------


@named([*HOSTILE_PDFS, *HOSTILE_IMAGES])
def test_a_hostile_file_is_refused_with_its_own_message(
    sample: Sample, looked_at: dict[str, Future[Inspection]]
) -> None:
    found = looked_at[sample.name].result()
    assert not found.ok
    assert found.problem
    assert found.problem.message == inspection.FOUND_INSIDE[sample.outcome], found.detail
    assert found.problem.message % found.problem.values
    assert (found.clean, found.previews) == (None, ())


@named(CLEAN_PDFS)
def test_a_sound_pdf_is_taken_as_it_is_and_shown_in_pictures(
    sample: Sample, looked_at: dict[str, Future[Inspection]]
) -> None:
    found = looked_at[sample.name].result()
    assert found.ok, found
    assert found.clean is None
    assert found.pages == (21 if "21" in sample.name else 1)
    assert len(found.previews) == min(found.pages, 20)
    shown = Image.open(io.BytesIO(found.previews[0]))
    assert (shown.format, shown.size) == ("PNG", (910, 1287))
    assert dark(shown, (72, 100, 300, 300)), "the page's text is not in its picture"


@named(CLEANED_IMAGES)
def test_an_image_is_written_anew_without_anything_but_its_pixels(
    sample: Sample, looked_at: dict[str, Future[Inspection]]
) -> None:
    found = looked_at[sample.name].result()
    assert found.ok, found
    assert found.clean
    stored = Image.open(io.BytesIO(found.clean))
    stored.load()
    assert Image.MIME[stored.format or ""] == sample.media_type
    assert not dict(stored.getexif())
    assert set(stored.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "transparency"}
    for secret in (b"Secret", b"<script", b"Exif", b"http", b"ICC_PROFILE", "มะลิ".encode()):
        assert secret not in found.clean
    assert (found.pages, len(found.previews)) == (1, 1)


def dark(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    darkest, _ = image.convert("L").crop(box).getextrema()
    return isinstance(darkest, int | float) and darkest < 100


def test_a_photo_lying_on_its_side_is_turned_upright(looked_at: dict[str, Future[Inspection]]) -> None:
    found = looked_at["jpeg-place-and-camera"].result()
    stored = Image.open(io.BytesIO(found.clean or b""))
    # Orientation 6: the first column of what was stored is the top row, so the bar moves to the right.
    assert stored.size == (1200, 900)
    assert dark(stored, (1060, 20, 1190, 400))
    assert not dark(stored, (0, 0, 1000, 899))


def test_only_a_png_keeps_what_can_be_seen_through(looked_at: dict[str, Future[Inspection]]) -> None:
    for name in ("png-see-through", "png-palette-see-through"):
        found = looked_at[name].result()
        assert Image.open(io.BytesIO(found.clean or b"")).mode == "RGBA"
        assert Image.open(io.BytesIO(found.previews[0])).mode == "RGB"


def test_what_a_form_field_holds_is_in_the_picture(looked_at: dict[str, Future[Inspection]]) -> None:
    shown = Image.open(io.BytesIO(looked_at["pdf-form-and-web-links"].result().previews[0]))
    assert dark(shown, (110, 340, 300, 372))


def test_a_page_that_claims_to_be_a_wall_is_still_shown_small() -> None:
    def paper(document: Pdf) -> None:
        document.pages[0].obj.MediaBox = Array([0, 0, 14_400, 14_400])

    found = inspect(pdf(paper), inspection.PDF)
    assert max(Image.open(io.BytesIO(found.previews[0])).size) == 2000


def test_a_stream_is_looked_at_like_bytes() -> None:
    assert inspect(io.BytesIO(png()), inspection.PNG).ok


def codes(data: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(data), conversion_mode="explicit") as document:
        return set(pdfs.dangers(document))


@pytest.mark.parametrize("address", EVIL_ADDRESSES)
def test_a_link_to_anything_but_the_web_is_found(address: bytes) -> None:
    assert codes(led_by_a_link(address)) == {"reaches_out"}


@pytest.mark.parametrize("address", HONEST_ADDRESSES)
def test_a_link_to_the_web_a_mailbox_or_a_telephone_is_allowed(address: bytes) -> None:
    assert codes(led_by_a_link(address)) == set()


# ---- the cage -------------------------------------------------------------------------------------------------------


def test_a_look_that_takes_too_much_memory_ends_as_a_file_that_cannot_be_opened() -> None:
    found = inspect(png(picture((7000, 7000))), inspection.PNG, Limits(memory_bytes=200 * 1024 * 1024))
    assert found.problem
    assert found.problem.message == inspection.UNREADABLE
    assert "MemoryError" in found.detail


def test_a_look_that_takes_too_long_ends_as_a_file_that_cannot_be_opened() -> None:
    found = inspect(pdf(), inspection.PDF, Limits(wall_seconds=0.01))
    assert (found.problem and found.problem.message, found.detail) == (inspection.UNREADABLE, "took too long")


def test_a_look_that_uses_up_its_processor_time_ends_as_a_file_that_cannot_be_opened() -> None:
    found = inspect(pdf(drawings_in_drawings), inspection.PDF, Limits(cpu_seconds=1))
    assert found.problem
    assert found.problem.message == inspection.UNREADABLE
    assert "ended with -" in found.detail


def test_a_look_that_never_begins_is_our_fault_and_not_the_files() -> None:
    with pytest.raises(InspectorBroken, match="KeyError"):
        inspect(b"x", "text/html")


CAGED = """
import socket, sys
from app.core.caged import bound, close_doors
bound(5, 1 << 30)
close_doors()
for forbidden in (lambda: open("/etc/hostname"), socket.socket):
    try:
        forbidden()
    except OSError as error:
        print(error.errno)
"""


def test_the_caged_process_can_open_neither_file_nor_connection_once_its_doors_are_shut() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CAGED], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True
    )
    assert ended.stdout.split() == ["24", "24"], "EMFILE: no descriptor left"


# ---- on arrival -----------------------------------------------------------------------------------------------------


def said(filename: str, data: bytes, size: int | None = None, allowed: Allowed = inspection.ANY_DOCUMENT) -> str:
    """What a person reads when `data` arrives under `filename`; nothing when it may come in."""
    problem = arrive(filename, data[: inspection.HEAD_BYTES], len(data) if size is None else size, allowed)
    return problem.message % problem.values if problem else ""


@pytest.mark.parametrize("sample", [*CLEAN_PDFS, *CLEANED_IMAGES], ids=lambda sample: sample.name)
def test_a_sound_file_with_the_right_name_comes_in(sample: Sample) -> None:
    endings = {inspection.PDF: ["pdf", "PDF"], inspection.JPEG: ["jpg", "JPEG"], inspection.PNG: ["png"]}
    for ending in endings[sample.media_type]:
        filename = f"สัญญาเช่า ร้านมะลิ.{ending}"
        assert said(filename, sample.build()) == ""
        assert inspection.media_type(filename) == sample.media_type


@pytest.mark.parametrize(
    ("filename", "data", "words"),
    [
        ("", b"", "เลือกไฟล์ที่จะแนบก่อน"),
        ("lease.pdf", b"", "ไฟล์นี้ว่างเปล่า (0 ไบต์) เปิดดูไฟล์ในเครื่องของคุณ แล้วเลือกไฟล์ที่มีเนื้อหา"),
        ("lease.docx", b"PK\x03\x04", "เลือกไฟล์ชนิด PDF, JPG, PNG ไฟล์ที่เลือกลงท้ายด้วย .docx"),
        ("lease", pdf(), "เลือกไฟล์ชนิด PDF, JPG, PNG ชื่อไฟล์ที่เลือกไม่บอกชนิด"),
        ("lease.pdf.exe", EXE, "เลือกไฟล์ชนิด PDF, JPG, PNG ไฟล์ที่เลือกลงท้ายด้วย .exe"),
        ("photo\u202egpj.exe", EXE, "เลือกไฟล์ชนิด PDF, JPG, PNG ไฟล์ที่เลือกลงท้ายด้วย .exe"),
        ("lease.exe\x00.pdf", EXE, "ชื่อไฟล์ลงท้ายด้วย .pdf แต่ข้างในไม่ใช่ PDF บันทึกไฟล์เดิมเป็น PDF, JPG, PNG แล้วเลือกอีกครั้ง"),
        ("plan.png", SVG, "ชื่อไฟล์ลงท้ายด้วย .png แต่ข้างในไม่ใช่ PNG บันทึกไฟล์เดิมเป็น PDF, JPG, PNG แล้วเลือกอีกครั้ง"),
        ("lease.pdf", SCRIPT_PAGE, "ชื่อไฟล์ลงท้ายด้วย .pdf แต่ข้างในไม่ใช่ PDF บันทึกไฟล์เดิมเป็น PDF, JPG, PNG แล้วเลือกอีกครั้ง"),
        (
            "lease.pdf",
            SCRIPT_PAGE + pdf(),
            "ชื่อไฟล์ลงท้ายด้วย .pdf แต่ข้างในไม่ใช่ PDF บันทึกไฟล์เดิมเป็น PDF, JPG, PNG แล้วเลือกอีกครั้ง",
        ),
        (
            "lease.pdf",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "ชื่อไฟล์ลงท้ายด้วย .pdf แต่ข้างในไม่ใช่ PDF บันทึกไฟล์เดิมเป็น PDF, JPG, PNG แล้วเลือกอีกครั้ง",
        ),
        ("shop.png", jpeg(), "ชื่อไฟล์ลงท้ายด้วย .png แต่ข้างในเป็น JPG เปลี่ยนท้ายชื่อเป็น .jpg แล้วเลือกอีกครั้ง"),
        ("lease.jpg", pdf(), "ชื่อไฟล์ลงท้ายด้วย .jpg แต่ข้างในเป็น PDF เปลี่ยนท้ายชื่อเป็น .pdf แล้วเลือกอีกครั้ง"),
    ],
    ids=range(13),
)
def test_a_file_that_cannot_come_in_is_answered_with_what_to_do(filename: str, data: bytes, words: str) -> None:
    assert said(filename, data) == words


def test_a_file_over_the_limit_is_told_the_limit() -> None:
    limit = 2 * 1024 * 1024
    assert said("lease.pdf", pdf(), limit + 1, Allowed(limit=limit)) == TOO_BIG.replace("%(limit)s", "2\u00a0MB")
    assert said("lease.pdf", pdf(), limit, Allowed(limit=limit)) == ""


def test_a_document_that_must_be_a_photo_refuses_a_pdf_and_never_advises_to_rename_one() -> None:
    photos = Allowed(types=(inspection.JPEG, inspection.PNG))
    assert said("lease.pdf", pdf(), allowed=photos) == "เลือกไฟล์ชนิด JPG, PNG ไฟล์ที่เลือกลงท้ายด้วย .pdf"
    assert said("lease.jpg", pdf(), allowed=photos) == (
        "ชื่อไฟล์ลงท้ายด้วย .jpg แต่ข้างในไม่ใช่ JPG บันทึกไฟล์เดิมเป็น JPG, PNG แล้วเลือกอีกครั้ง"
    )


@pytest.mark.parametrize(("sent", "shown"), HOSTILE_NAMES.items(), ids=range(len(HOSTILE_NAMES)))
def test_a_hostile_file_name_is_shown_as_what_it_is(sent: str, shown: str) -> None:
    assert display_name(sent) == shown
    assert display_name(shown) == shown
    assert len(shown.encode()) <= 180
