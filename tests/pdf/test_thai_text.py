import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.thai import clean
from app.pdf.blocks import Columns, Facts, Paragraph
from app.pdf.characters import BOLD, FONTS, missing, named, repertoire, spelled, tidy
from app.pdf.thai_text import Typesetter, typesetter
from app.pdf.typeface import MissingGlyph, Typeface
from app.pdf.words import Words, clusters, joints
from tests.catalogue.world import FOLDER
from tests.pdf.reading import bare, page_of, pdfium_text, poppler_text

HOSTILE = [
    "น้ำ ที่ ปั๊ม กุฏิ ญาณ",
    "ปั๊มน้ำมันปิ่นโต เพิ่มพันธุ์ข้าว กุฏิวัดญาณสังวร",
    "ฐูปฏิบัติธรรม ญุ ฐุ ญู ฐู ฎุ่ ฏู้",
    "ป้าปี่ ฝื้น ฟื้นฟู ฬุ่ ป่าไม้ ฟ้า ฝ้าย ปู่ ฟู่",
    "กิ๊ก ป๊ำ ฝ้ำ ฟ้ำ ปำ ฝำ ต้ำ ย่ำ ค่ำ",
    "ก็ เก็บ เล็บ ณ์ สิทธิ์ ศักดิ์ พันธุ์ จันทร์",
    "ฤๅษี ฦๅ ต่าง ๆ ฯลฯ ๑๒๓๔๕๖๗๘๙๐ ฿100",
    "ทำเนียบ กำหนด สำหรับ จำนวน น้ำเงิน",
    "พระปรมาภิไธย รัฏฐาธิปัตย์ อัฐิ วุฒิ โต๊ะ เจี๊ยบ",
    "Café Müller, İstanbul No. 5 (ก) 1,234.50 “คำพูด” – ต่อ 240 × 120 ซม.",
    "https://judiao.example.go.th/verify/01936f4e-8a70-7c3e-9d21-5b8f0a6c4d11",
    "กฺ กํ กำ่ กั้ เเกะ ั ้",
]

CONSONANTS = [chr(c) for c in range(0xE01, 0xE2F)]


@st.composite
def syllable(draw: st.DrawFn) -> str:
    """A Thai syllable as it may be written, likely or not."""
    leading = draw(st.sampled_from(["", "", "เ", "แ", "โ", "ใ", "ไ"]))
    vowel = draw(st.sampled_from(["", "ั", "ิ", "ี", "ึ", "ื", "ุ", "ู", "็"]))
    tone = draw(st.sampled_from(["", "่", "้", "๊", "๋", "์"]))
    after = draw(st.sampled_from(["", "า", "ะ"])) if vowel else draw(st.sampled_from(["", "า", "ะ", "ำ"]))
    last = draw(st.sampled_from(["", *CONSONANTS]))
    return leading + draw(st.sampled_from(CONSONANTS)) + vowel + tone + after + last


NAMES = st.builds(
    lambda title, first, last: f"{title}{''.join(first)} {''.join(last)}",
    st.sampled_from(["นาย", "นาง", "นางสาว", "ว่าที่ร้อยตรี"]),
    st.lists(syllable(), min_size=1, max_size=5),
    st.lists(syllable(), min_size=1, max_size=6),
)


@pytest.mark.parametrize("phrase", HOSTILE)
def test_other_programs_read_the_very_characters_that_were_set(phrase: str) -> None:
    pdf = page_of(Paragraph(phrase), Paragraph(phrase, bold=True))
    assert bare(poppler_text(pdf, "-raw")) == bare(phrase) * 2
    assert bare(poppler_text(pdf, "-layout")) == bare(phrase) * 2
    assert bare(pdfium_text(pdf)) == bare(phrase) * 2


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.lists(NAMES, min_size=20, max_size=20))
def test_any_thai_name_is_read_back_exactly(names: list[str]) -> None:
    pdf = page_of(*(Paragraph(name) for name in names))
    assert bare(poppler_text(pdf, "-raw")) == bare("".join(names))


def test_every_character_of_the_face_is_read_back_exactly() -> None:
    face = typesetter().faces[BOLD]
    characters = [
        chr(c)
        for c in sorted(face.characters)
        if chr(c).isprintable() and chr(c) == tidy(chr(c)) and c not in range(0x300, 0x370)
    ]
    assert len(characters) > 600
    lines = [" ".join(characters[i : i + 20]) for i in range(0, len(characters), 20)]
    pdf = page_of(*(Paragraph(line, size=9, bold=True) for line in lines))
    assert bare(poppler_text(pdf, "-raw")) == bare("".join(lines))


@pytest.mark.parametrize("character", ["李", "😀", "\u0301\u0489", "\u0007", "ع"])
def test_a_character_the_fonts_lack_is_named_and_nothing_is_made(character: str) -> None:
    with pytest.raises(MissingGlyph) as refusal:
        page_of(Paragraph(f"นาย{character} ตัวอย่าง"))
    assert refusal.value.characters in character
    assert f"U+{ord(refusal.value.characters[0]):04X}" in str(refusal.value)


def test_what_could_not_be_drawn_is_known_before_a_document_is_made() -> None:
    assert missing("นายสมชาย 李 ใจดี😀 李\nCafé") == "李😀"
    assert missing(" ".join(HOSTILE)) == ""
    assert named(missing("นาย李 x\u0489 \uf8ff")) == "“李” U+0489 U+F8FF"
    assert named("一二三四五六").endswith("“五” …")


def test_where_a_text_cannot_be_refused_its_unknown_letters_stand_by_their_numbers() -> None:
    assert spelled("ร้าน李 😀.jpg") == "ร้าน[U+674E] [U+1F600].jpg"
    assert missing(spelled("李\nȨ\u0489\x07")) == ""
    assert spelled("น้ำ\n กุฏิ.pdf") == "น้ำ\n กุฏิ.pdf"


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.lists(st.text(st.sampled_from(sorted(repertoire())), min_size=1, max_size=12), min_size=12, max_size=12))
def test_whatever_is_not_called_missing_can_be_drawn_and_read_back(texts: list[str]) -> None:
    drawable = [tidy(text).strip() for text in texts if not missing(text)]
    pdf = page_of(*(Paragraph(text, bold=bool(n % 2)) for n, text in enumerate(drawable)))
    assert bare(poppler_text(pdf, "-raw")) == bare("".join(drawable))


def catalogue_texts() -> list[str]:
    """Every text of the catalogue in both languages, each once: services, agencies, questions, documents, wordings."""
    found: list[str] = []

    def gather(part: Any) -> None:
        if isinstance(part, str):
            found.extend(tidy(line).strip() for line in part.splitlines())
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            gather(inner)

    for path in sorted(FOLDER.rglob("*.yaml")):
        gather(yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader))  # noqa: S506 - texts, nothing else
    return [text for text in dict.fromkeys(found) if text]


def test_every_text_of_the_catalogue_is_read_back_exactly_by_two_other_programs() -> None:
    texts = catalogue_texts()
    assert len(texts) > 4_000
    pdf = page_of(*(Paragraph(text, size=9, bold=bool(n % 2)) for n, text in enumerate(texts)))
    assert bare(poppler_text(pdf, "-raw")) == bare("".join(texts))
    assert bare(pdfium_text(pdf)) == bare("".join(texts))


VARIANTS = [
    (unicodedata.normalize(form, text), text)
    for form in ("NFC", "NFD", "NFKC")
    for text in ("น้ำ", "กำ่", "Café Müller", "Åse Þórsdóttir", "Nguyễn Văn Đức", "ฤๅษี ฦๅ", "ก็ กํ กฺ")
] + [
    ("ส\u200bวั\u200dสดี", "สวัสดี"), ("ป\u2060ั๊ม\ufeff", "ปั๊ม"), ("soft\u00adhyphen", "softhyphen"), ("½ ห้อง ² ตร.ม.", "½ห้อง²ตร.ม."),
    ("เลข\u00a0๑๒๓\u2007๔", "เลข๑๒๓๔"),
]  # fmt: skip
"""What is typed or pasted, and the letters that it is."""


def test_however_a_name_was_encoded_its_very_letters_are_set() -> None:
    pdf = page_of(*(Paragraph(f"{clean(typed)} ({n})") for n, (typed, _) in enumerate(VARIANTS)))
    said = [bare(line) for line in poppler_text(pdf, "-raw").splitlines() if line.strip("\f")]
    assert said == [f"{bare(clean(meant))}({n})" for n, (_, meant) in enumerate(VARIANTS)]


def test_a_word_without_any_place_to_break_loses_no_letter_however_narrow_its_column() -> None:
    words = ["ก" * 90, "น้ำปั๊มกุฏิญาณ" * 8, "ฐุญูฎุ่" * 16, "Donaudampfschifffahrt" * 4, "๑๒๓๔๕๖๗๘๙๐" * 9]
    narrow = Columns([[Paragraph(word, size=8)] for word in words], [1] * len(words))
    pdf = page_of(narrow, Facts([(word, word) for word in words]))
    assert bare(poppler_text(pdf, "-raw")) == "".join(words) + "".join(2 * word for word in words)


def test_fonts_that_are_not_there_are_asked_for_by_name(tmp_path: Path) -> None:
    for open_them in (Typesetter, repertoire):
        with pytest.raises(FileNotFoundError, match=r"Sarabun_400Regular\.ttf.*make setup"):
            open_them(tmp_path)


def test_two_processes_would_number_glyphs_alike() -> None:
    path = FONTS / "Sarabun_400Regular.ttf"
    one, other = Typeface(path, "Sarabun-Regular"), Typeface(path, "Sarabun-Regular")
    for phrase in HOSTILE[:5]:
        one.shape(phrase)
    for phrase in reversed(HOSTILE[:9]):
        other.shape(phrase)
    assert one.shape("น้ำป๊ำ") == other.shape("น้ำป๊ำ")
    assert one.program(one.shape("น้ำ").codes) == other.program(other.shape("น้ำ").codes)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(st.one_of(NAMES, st.sampled_from(HOSTILE)), min_size=1, max_size=6), st.floats(40, 400))
def test_breaking_lines_loses_nothing_and_keeps_the_width(parts: list[str], width: float) -> None:
    type_ = typesetter()
    text = tidy(" ".join(parts))
    lines = type_.wrap(text, 12, width)
    assert "".join(lines) == text
    for line in lines:
        fits = type_.width(line.rstrip(" "), 12) <= width + 0.01
        assert fits or len(clusters(line.strip())) == 1


@pytest.mark.parametrize(
    ("text", "unbroken"),
    [
        ("ภายในวันที่ 20\u00a0พฤศจิกายน\u00a02569", "20\u00a0พฤศจิกายน\u00a02569"),
        ("เอกสารต่าง ๆ ที่ยื่น", "ต่าง ๆ "),
        ("ตามมาตรา 7 (1)(ข)", "(1)(ข)"),
        ("เป็นเงิน 1,234.50 บาท", "1,234.50 "),
        ("ค่าปรับ 20% ต่อเดือน", "20% "),
        ("อยู่ในกรุงเทพฯ แล้ว", "กรุงเทพฯ "),
    ],
)
def test_what_belongs_together_is_never_broken(text: str, unbroken: str) -> None:
    assert unbroken in typesetter().words.pieces(text)


def test_a_place_name_given_as_a_word_is_not_broken() -> None:
    assert "สีคิ้ว" not in typesetter().words.pieces("ตำบลสีคิ้ว")
    assert "สีคิ้ว" in Words(["สีคิ้ว"]).pieces("ตำบลสีคิ้ว")


def test_a_long_address_of_a_page_is_broken_after_its_joints() -> None:
    assert joints("https://a.go.th/verify/0193-6f4e") == ["https://", "a.", "go.", "th/", "verify/", "0193-", "6f4e"]


def test_a_title_over_two_lines_comes_out_balanced() -> None:
    type_ = typesetter()
    first, second = type_.balanced("หนังสือรับรองการแจ้งจัดตั้งสถานที่จำหน่ายอาหารและสถานที่สะสมอาหาร", 22, 460, BOLD)
    assert min(type_.width(first, 22, BOLD), type_.width(second, 22, BOLD)) > 250


def test_invisible_characters_are_not_set() -> None:
    assert tidy("ส\u200bวั\ufeffส\u00adดี  \t ครับ\u2060") == "สวัสดี ครับ"
