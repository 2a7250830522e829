"""Files as attackers, careless programs and broken connections send them, through the page where people upload theirs."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.applications.inspection import FOUND_INSIDE
from app.demo import walk
from app.demo.browsing import Browser, fold, text_of
from tests.applications.hostile_files import EXE, JPEG, PDF, PNG, SVG, Sample
from tests.applications.hostile_images import HOSTILE_IMAGES, jpeg, png, with_place_and_camera
from tests.applications.hostile_pdfs import HOSTILE_PDFS, pdf
from tests.stories.world import World

ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
DOCUMENTS = ["id_card", "house_registration", "premises_plan", "premises_photos", "building_use", "health_certificates"]
SOUND = "food_training"
"""The document whose file is sound from the start: whatever happens to the others, it stays."""

CHECKING = "กำลังตรวจไฟล์"


def one_of_each() -> Iterator[Sample]:
    """One hostile sample for each thing that can be found inside a file."""
    found: set[str] = set()
    for sample in (*reversed(HOSTILE_PDFS), *HOSTILE_IMAGES):
        if sample.outcome not in found:
            found.add(sample.outcome)
            yield sample


@dataclass
class Draft:
    """A form with its documents page."""

    me: Browser
    form: str

    def send(self, key: str, name: str, data: bytes) -> Browser:
        """Upload a file for a document."""
        return self.me.send(f"{self.form}/documents/{key}", {"both": "yes"}, (name, data))

    def checked(self) -> Browser:
        """The documents page when every file has been looked through."""
        page = f"{self.form}/documents"
        return walk.wait_for(self.me, page, lambda b: None if b.sees(CHECKING) else b)

    def said(self, key: str) -> str:
        """What the page now says about one document."""
        place = self.me.page.xpath(f"//*[@id='done-{key}' or @id='document-{key}']")
        return text_of(place[0])

    def keeps_the_sound_one(self) -> bool:
        """Whether the file that was sound is still there."""
        return "sound.pdf" in self.said(SOUND)


@pytest.fixture(scope="module")
def draft(shared: World) -> Draft:
    """A form that fetched nothing, so that every document is asked for; one of them has a sound file."""
    me = shared.citizen()
    made = Draft(me, walk.start_form(me, fetch=False))
    made.send(SOUND, "sound.pdf", pdf())
    made.checked()
    return made


def test_each_thing_that_can_be_wrong_inside_a_file_is_told_with_what_to_do_and_the_other_files_stay(
    draft: Draft,
) -> None:
    samples = list(one_of_each())
    assert {sample.outcome for sample in samples} == {*FOUND_INSIDE}
    while samples:
        now, samples = samples[: len(DOCUMENTS)], samples[len(DOCUMENTS) :]
        for key, sample in zip(DOCUMENTS, now, strict=False):
            draft.send(key, f"ไฟล์ของฉัน.{ENDINGS[sample.media_type]}", sample.build())
            assert draft.me.status == 200, sample.name

        draft.checked()

        for key, sample in zip(DOCUMENTS, now, strict=False):
            first_words = fold(FOUND_INSIDE[sample.outcome].partition("%(")[0])
            assert first_words in draft.said(key), sample.name
        assert draft.keeps_the_sound_one()
    draft.me.open(f"{draft.form}/check").must_see("จึงยังส่งไม่ได้")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.pdf", b"", "ไฟล์นี้ว่างเปล่า"),
        ("program.exe", EXE, "เลือกไฟล์ชนิด PDF, JPG, PNG"),
        ("lease.pdf.exe", pdf(), "เลือกไฟล์ชนิด PDF, JPG, PNG"),
        ("no-ending", pdf(), "เลือกไฟล์ชนิด PDF, JPG, PNG"),
        ("program.pdf", EXE, "ข้างในไม่ใช่ PDF"),
        ("picture.png", SVG, "ข้างในไม่ใช่ PNG"),
        ("photo.png", jpeg(), "ข้างในเป็น JPG"),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>", "ข้างในไม่ใช่ PDF"),
        ("big.pdf", pdf() + b"\n" * (10 * 1024 * 1024), "ไม่เกิน 10"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_can_be_judged_at_once_is_refused_at_once_beside_its_document(
    draft: Draft, name: str, data: bytes, words: str
) -> None:
    draft.send("premises_plan", name, data)

    assert draft.me.status == 422
    assert words in draft.said("premises_plan"), draft.said("premises_plan")
    assert draft.me.page.xpath("//*[contains(@class,'errors')]//a[@href='#premises_plan']")
    assert draft.keeps_the_sound_one()


def test_pressing_upload_without_a_file_asks_for_one(draft: Draft) -> None:
    draft.me.send(f"{draft.form}/documents/premises_plan", {"file": ""})

    assert draft.me.status == 422
    draft.me.must_see("เลือกไฟล์ที่จะแนบก่อน")


def test_a_file_larger_than_any_request_may_be_is_turned_away_in_words(draft: Draft) -> None:
    draft.send("premises_plan", "huge.pdf", b"%PDF-1.7\n" + bytes(12 * 1024 * 1024))

    assert draft.me.status == 413
    draft.me.must_see("10 MB").must_see("ไฟล์อื่นที่บันทึกไว้ยังอยู่ครบ")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\fakepath\\สัญญาเช่า.pdf", "สัญญาเช่า.pdf"),
        ("photo\u202efdp.pdf", "photofdp.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "img src=x onerror=alert(1).pdf"),
        ("ก" * 400 + ".pdf", "ก" * 58 + ".pdf"),
    ],
)
def test_a_hostile_file_name_is_shown_as_what_it_is_and_offered_under_that_name(
    draft: Draft, sent: str, shown: str
) -> None:
    draft.send("building_use", sent, pdf())
    draft.checked()

    assert f"{shown} ·" in draft.said("building_use")
    assert not draft.me.page.xpath("//img[@onerror]")
    (link,) = draft.me.page.xpath("//*[@id='done-building_use']//div[@class='do']/a/@href")
    draft.me.open(link)
    assert draft.me.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in draft.me.headers["content-security-policy"]


def test_a_photo_is_kept_without_the_place_where_it_was_taken(draft: Draft) -> None:
    taken = jpeg(exif=with_place_and_camera())
    assert b"SecretCamera" in taken
    draft.send("premises_photos", "IMG_0001.jpg", taken)
    draft.checked()

    (link,) = draft.me.page.xpath("//*[@id='done-premises_photos']//div[@class='do']/a/@href")
    draft.me.open(link)

    assert draft.me.status == 200
    assert b"SecretCamera" not in draft.me.content


def test_a_refused_file_is_replaced_by_a_sound_one_and_a_file_can_be_taken_out_again(draft: Draft) -> None:
    draft.send("premises_plan", "bad.pdf", b"%PDF-1.7\n%%EOF\n")
    assert "ไม่สมบูรณ์" in (draft.checked(), draft.said("premises_plan"))[1]

    draft.send("premises_plan", "good.png", png())
    assert "good.png" in (draft.checked(), draft.said("premises_plan"))[1]

    draft.me.send(f"{draft.form}/documents/premises_plan/remove", {})
    assert "good.png" not in draft.said("premises_plan")
    assert draft.keeps_the_sound_one()


def test_a_file_for_a_document_that_nobody_asks_for_is_not_taken(draft: Draft) -> None:
    assert draft.send("passport", "passport.pdf", pdf()).status == 404
    assert draft.me.send(f"{draft.form}/documents/premises_lease/remove", {}).status == 404
