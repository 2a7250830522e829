"""Two languages: every Thai message has its English, both say the same, and English pages hold no Thai by accident.

The Thai is found by `app.core.extraction`; `make messages` brings `locale/en.po` in step with it.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Any, Self

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from lxml.html import HtmlElement

from app.core import extraction, i18n
from app.core.extraction import NOT_MESSAGES, ROOT, THAI, Untranslatable
from app.core.thai import mask_name
from app.demo import people, walk
from app.demo.browsing import Browser
from app.demo.running import Running

NUMBERED = re.compile(r"[ก-ฮ]{1,3}[ .]\d[\d/-]*")
"""An official number or the code of an official form: อห 2569-00012, สอ.1. It is the same in every language."""
BLANK = re.compile(r"%\((\w+)\)s")
MARKUP = re.compile(r"</?\w[^>]*>|&\w+;")


def entries(po: bytes | None = None) -> list[Message]:
    """Every message of a .po file, by default of the portal's."""
    return [message for message in read_po(BytesIO(po or i18n.PO.read_bytes()), locale="en") if message.id]


def thai_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def english_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def both() -> Iterator[tuple[str, str]]:
    """Every message with each of its English forms."""
    for message in entries():
        for form in english_of(message):
            yield thai_of(message), form


# — The catalogue and what pages say ———————————————————————————————————————————————————————————————————————————————————


def test_the_catalogue_is_in_step_with_what_the_portal_says() -> None:
    held = i18n.PO.read_bytes()

    assert extraction.updated(held) == held, "run: make messages"
    assert read_po(BytesIO(held), locale="en").obsolete == {}


def test_every_message_has_its_english_and_none_is_a_guess() -> None:
    assert [thai_of(m) for m in entries() if not english_of(m) or not all(english_of(m)) or m.fuzzy] == []


def test_what_counts_has_a_form_for_one_and_a_form_for_many() -> None:
    counted = [m for m in entries() if not isinstance(m.id, str)]

    assert len(counted) > 20
    assert [m.id for m in counted if len(set(m.id)) != 1 or "%(num)s" not in m.id[0]] == []
    assert [m.id[0] for m in counted if len(english_of(m)) != 2] == []


def test_both_languages_have_the_same_blanks_tags_and_entities() -> None:
    def bones(text: str) -> tuple[list[str], list[str]]:
        tags = [tag for tag in MARKUP.findall(text) if tag != "&nbsp;"]
        return sorted(BLANK.findall(text)), sorted(tags)

    assert [thai for thai, english in both() if bones(thai) != bones(english)] == []


def test_a_message_holds_no_sign_that_would_break_a_page_or_a_format() -> None:
    for text in (text for pair in both() for text in pair):
        bare = MARKUP.sub("", BLANK.sub("", text))
        assert not re.search(r'[<>&"]', bare), text
        assert not re.search(r"%(?!%)", bare.replace("%%", "")), text


def test_the_english_is_english() -> None:
    assert [english for _, english in both() if THAI.search(NUMBERED.sub("", english))] == []


def test_a_new_message_comes_untranslated_a_dead_one_goes_and_what_was_translated_stays() -> None:
    held = i18n.PO.read_bytes().decode()
    alive = next(m for m in entries() if isinstance(m.id, str) and "%" not in m.id)
    forgotten = held.replace(f'msgstr "{alive.string}"', 'msgstr ""', 1)
    dead = 'msgid "ไม่มีหน้าไหนพูดแล้ว"\nmsgstr "nobody says it"\n'

    now = extraction.updated(f"{forgotten}\n{dead}".encode())

    assert now == forgotten.encode()
    assert [thai_of(m) for m in entries(now) if not all(english_of(m))] == [alive.id]


# — What is a message ——————————————————————————————————————————————————————————————————————————————————————————————————


def found(source: str, where: str = "app/stories/tell.py") -> list[tuple[str, str]]:
    return [(said.context, said.message) for said in extraction.of_program(where, source)]


def test_thai_in_a_program_is_a_message_wherever_it_stands() -> None:
    assert found('WORDS = {"a": "ส่งแล้ว"}') == [("", "ส่งแล้ว")]
    assert found('raise Conflict("ดูสถานะล่าสุดก่อน")') == [("", "ดูสถานะล่าสุดก่อน")]
    assert found('x = _("%(a)s: %(b)s")') == [("", "%(a)s: %(b)s")]
    assert found('x = pgettext("menu", "คำขอ")') == [("menu", "คำขอ")]


def test_documentation_and_words_in_both_languages_are_no_messages() -> None:
    assert found('"""ภาษาไทย"""\nX = Text(th="ไทย", en="Thai")\n"""อธิบาย"""\n# หมายเหตุ') == []


def test_thai_that_is_put_together_from_pieces_is_refused() -> None:
    with pytest.raises(Untranslatable, match="เลขที่"):
        found('x = f"เลขที่ {number}"')


def test_a_place_without_messages_is_exactly_what_the_list_names() -> None:
    letter = 'def _decision():\n    return f"เรียน {name}"\n\ndef page():\n    return "หน้า"\n'

    assert found(letter, "app/pages/officer_preview.py") == [("", "หน้า")]
    assert found('X = "หมู่ที่"', "app/core/thai.py") == []
    assert found('X = "คนสมมติ"', "app/demo/people.py") == []


@pytest.mark.parametrize("place", NOT_MESSAGES)
def test_every_place_without_messages_still_holds_thai(place: str) -> None:
    path, _, name = place.partition(":")
    files = [ROOT / path] if path.endswith(".py") else sorted((ROOT / path).glob("*.py"))
    trees = [ast.parse(file.read_text()) for file in files]
    named = [node for tree in trees for node in tree.body if not name or getattr(node, "name", "") == name]
    constants = [node.value for top in named for node in ast.walk(top) if isinstance(node, ast.Constant)]

    assert any(THAI.search(str(text)) for text in constants)


# — Speaking ———————————————————————————————————————————————————————————————————————————————————————————————————————————


class Town:
    """A name in both languages, as messages are filled with."""

    def to(self, lang: str, /) -> str:
        return "Muang Tuayang" if lang == "en" else "เมืองตัวอย่าง"


def test_thai_is_said_as_it_is_and_english_from_the_catalogue() -> None:
    assert i18n.gettext("เข้าสู่ระบบ") == "เข้าสู่ระบบ"
    with i18n.speaking("en"):
        assert i18n.gettext("เข้าสู่ระบบ") == "Sign in"
        assert i18n.gettext("ไม่มีหน้าไหนพูด") == "ไม่มีหน้าไหนพูด"
    assert i18n.lang() == "th"


def test_a_thai_word_that_is_two_words_in_english_is_told_apart() -> None:
    assert i18n.pgettext("menu", "คำขอ") == "คำขอ"
    with i18n.speaking("en"):
        assert (i18n.pgettext("menu", "คำขอ"), i18n.gettext("คำขอ")) == ("Applications", "Application")


@pytest.mark.parametrize(("number", "english"), [(0, "days"), (1, "day"), (2, "days"), (11, "days")])
def test_english_counts_one_and_many_and_thai_does_not(number: int, english: str) -> None:
    days = "%(num)s&nbsp;วัน"
    assert i18n.ngettext(days, days, number) == days
    with i18n.speaking("en"):
        assert i18n.ngettext(days, days, number) == f"%(num)s&nbsp;{english}"


def test_a_message_is_filled_with_names_in_its_own_language() -> None:
    message = "ยังไม่มีหน่วยงานที่รับเรื่องนี้ทางออนไลน์ใน%(area)s ยื่นที่สำนักงานท้องถิ่นของพื้นที่ได้"
    assert "ในเมืองตัวอย่าง ยื่น" in i18n.filled(message, {"area": Town()})
    with i18n.speaking("en"):
        assert "in Muang Tuayang." in i18n.filled(message, {"area": Town()})
        assert i18n.filled("", {}) == ""


# — Wording (design language §6) ———————————————————————————————————————————————————————————————————————————————————————

SORRY = ("กรุณา", "โปรด", "ขออภัย", "ระบบขัดข้อง", "ข้อมูลไม่ถูกต้อง", "Error 500")
ALONE = ("ตกลง", "ยืนยัน", "ดำเนินการ", "ไม่ถูกต้อง", "โปรดรอ")
SORRY_IN_ENGLISH = (
    r"please|sorry|apolog\w+|kindly|invalid|oops|error \d+|click here|successfully|mandatory|e\.g\.|etc\."
)
ALONE_IN_ENGLISH = ("ok", "okay", "confirm", "proceed", "submit", "wrong", "incorrect")


def test_thai_says_what_to_do_instead_of_begging_or_blaming() -> None:
    said = [thai_of(m) for m in entries()]

    assert [text for text in said if any(word in text for word in SORRY) or text.strip() in ALONE] == []


def test_english_says_what_to_do_instead_of_begging_or_blaming() -> None:
    said = [english for _, english in both()]

    assert [text for text in said if re.search(rf"\b(?:{SORRY_IN_ENGLISH})(?:\b|$)", text, re.IGNORECASE)] == []
    assert [text for text in said if text.lower().strip(" .") in ALONE_IN_ENGLISH] == []


def test_english_is_british_and_its_sentences_are_short() -> None:
    american = r"licens(?:e|es) (?!d)|\bcenter\b|\bcolors?\b|\borganiz|\bauthoriz|\bfulfill\b|\bcanceled\b|'"
    said = [unescape(BLANK.sub("x", english)) for _, english in both()]

    assert [text for text in said if re.search(american, MARKUP.sub("", text))] == []
    sentences = [sentence for text in said for sentence in re.split(r"(?<=[.?!:])\s", MARKUP.sub("", text))]
    assert [sentence for sentence in sentences if len(sentence.split()) > 30] == []


# — Pages in English ———————————————————————————————————————————————————————————————————————————————————————————————————

PUBLIC = [
    "/",
    "/services",
    "/services?q=dragon",
    "/services/food-premises-notification",
    "/services/food-premises-licence",
    "/track",
    "/track?ref=",
    "/track/ZZ-9999",
    "/verify",
    "/verify?code=",
    "/verify/7K2M-9QXR-4TVBD",
    "/privacy",
    "/accessibility",
    "/cookies",
    "/help",
    "/sign-in",
    "/sign-in?as=officer",
    "/sign-in/citizen/callback?error=access_denied",
    "/nothing-here",
]


def names(thing: object) -> Iterator[str]:
    """Thai that belongs to somebody: in the register of invented people, and in what the walk types."""
    if isinstance(thing, str):
        yield from [thing] if THAI.search(thing) else []
    elif isinstance(thing, dict):
        for inner in thing.values():
            yield from names(inner)
    elif isinstance(thing, (list, tuple)):
        for inner in thing:
            yield from names(inner)
    elif hasattr(thing, "__dataclass_fields__"):
        yield from names([getattr(thing, name) for name in thing.__dataclass_fields__])


MASKED = [mask_name(f"{p.title.th}{p.given.th} {p.family.th}") for p in people.CITIZENS]
KNOWN = sorted({*MASKED, *names([people.CITIZENS, people.OFFICERS, walk.SHOP])}, key=len, reverse=True)
READ = "//text()[not(ancestor::*[@lang='th'])] | //@aria-label | //@alt | //@placeholder | //@title | //@data-th"


def stray(page: HtmlElement) -> list[str]:
    """Thai that an English reader meets, less names, what people typed, official numbers and what is marked as Thai."""
    left = []
    for text in map(str, page.xpath(READ)):
        rest = text.replace("\u00a0", " ")
        for name in KNOWN:
            rest = rest.replace(name, "")
        if THAI.search(NUMBERED.sub("", rest)):
            left.append(" ".join(text.split()))
    return left


@pytest.mark.parametrize("path", PUBLIC)
def test_a_stranger_reads_every_page_in_english(portal: Running, path: str) -> None:
    with Browser(portal.url, "en") as stranger:
        page = stranger.open(path).page

    assert page.get("lang") == "en"
    assert stray(page) == []


@dataclass
class Reader(Browser):
    """An English reader who remembers every page and the Thai met on it."""

    met: dict[str, list[str]] = field(default_factory=dict)

    def _go(self, method: str, url: str, **body: Any) -> Self:
        super()._go(method, url, **body)
        if self.url.startswith(self.base) and "html" in self.headers.get("content-type", ""):
            self.met.setdefault(re.sub("[0-9a-f-]{36}", "…", self.url), []).extend(stray(self.page))
        return self


@pytest.fixture
def readers(portal: Running) -> Iterator[tuple[Reader, Reader, Reader]]:
    """A citizen and two officers who read English."""
    with Reader(portal.url, "en") as me, Reader(portal.url, "en") as checker, Reader(portal.url, "en") as approver:
        yield me, checker, approver


def test_a_case_is_filed_decided_paid_and_issued_in_english(readers: tuple[Reader, Reader, Reader]) -> None:
    me, checker, approver = readers
    walk.sign_in(me, "mali")
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    mistakes(me, form)
    walk.answer(me, form)
    me.open(f"{form}/check")
    walk.attach(me, form)
    me.open(form)
    walk.submit(me, form)
    number = walk.application_number(me, form)
    walk.sign_in(checker, "nueng", "officer")
    case = walk.find_case(checker, number)
    walk.take(checker, case)
    asked = returned(checker, case)
    for path in ("/my", f"/track/{number.replace(' ', '-')}"):
        me.open(path)
    walk.mend(me, form)
    walk.check(checker, case)
    checker.open(f"{case}/decide/close_incomplete")
    walk.decide(checker, case, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.sign_in(approver, "song", "officer")
    walk.take(approver, case)
    approver.open(f"{case}/decide/reject").press("ลงชื่อไม่อนุญาต")
    walk.decide(approver, case, "approve", "ลงชื่ออนุญาต")
    bill = walk.bill_path(me, form)
    walk.pay(me, bill)
    licence = walk.await_licence(me, form)
    for path in (bill, licence, "/licences", "/my", "/access", "/consents", "/my/sessions", "/officer"):
        me.open(path)
    for path in (case, f"{case}/documents/{asked}", f"/officer?tab=done&q={number.replace(' ', '+')}", "/my"):
        checker.open(path)

    pages = [(url, thai) for reader in readers for url, thai in reader.met.items()]
    assert len(pages) > 40
    assert {url: thai for url, thai in pages if thai} == {}


def mistakes(me: Browser, form: str) -> None:
    """Send every page empty or wrong, so that it says what to mend."""
    wrong = {"opening_date.day": "31", "opening_date.month": "2", "opening_date.year": "2569", "premises_area": "many"}
    for topic in walk.SHOP:
        me.open(f"{form}/topics/{topic}")
        asked = me.field_names()
        me.press("บันทึกและไปหน้าถัดไป", {name: value for name, value in wrong.items() if name in asked})


def returned(checker: Browser, case: str) -> str:
    """Look at a document, forget the findings, then ask for a better picture of it; the key of the document."""
    checker.open(f"{case}/check").press("บันทึกผลตรวจและไปพิจารณา")
    verdicts = sorted(name for name in checker.field_names() if re.fullmatch(r"document-.*\.verdict", name))
    key = verdicts[0].removeprefix("document-").removesuffix(".verdict")
    checker.open(f"{case}/documents/{key}")
    walk.check(checker, case, {key: "Photograph it again so that the whole page can be read"})
    checker.open(f"{case}/decide/return")
    walk.decide(checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น")
    return key
