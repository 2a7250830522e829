"""Thai text, dates and national numbers: how people type them, and how we write them.

Pure. `lang` is "th" or "en" ("en" is English, anything else Thai). Digits shown are Arabic; Thai digits are accepted as
input. A no-break space (U+00A0) joins day and month, number and unit, so that a line never ends between them.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime
from functools import lru_cache

from stdnum.th import moa, pin

from app.core.clock import BANGKOK

NBSP = "\u00a0"
BUDDHIST_ERA = 543
"""Years between the Buddhist and the Common Era, as the State counts since 2484 (1 January is New Year)."""

MONTHS = (
    ("มกราคม", "ม.ค.", "January", "Jan"),
    ("กุมภาพันธ์", "ก.พ.", "February", "Feb"),
    ("มีนาคม", "มี.ค.", "March", "Mar"),
    ("เมษายน", "เม.ย.", "April", "Apr"),
    ("พฤษภาคม", "พ.ค.", "May", "May"),
    ("มิถุนายน", "มิ.ย.", "June", "Jun"),
    ("กรกฎาคม", "ก.ค.", "July", "Jul"),
    ("สิงหาคม", "ส.ค.", "August", "Aug"),
    ("กันยายน", "ก.ย.", "September", "Sep"),
    ("ตุลาคม", "ต.ค.", "October", "Oct"),
    ("พฤศจิกายน", "พ.ย.", "November", "Nov"),
    ("ธันวาคม", "ธ.ค.", "December", "Dec"),
)
"""Each month in Thai, Thai short, English, English short."""

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_THAI_DIGITS = {0x0E50 + n: 0x30 + n for n in range(10)}
_ARABIC_DIGITS = {0x30 + n: 0x0E50 + n for n in range(10)}
_MARKS = re.compile("[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]+\u0e32?")
_AA, _AM, _NIKHAHIT = "\u0e32", "\u0e33", "\u0e4d"
_TONES = "\u0e48\u0e49\u0e4a\u0e4b"
_SIGNS = "\u0e4c\u0e4d\u0e4e"
_LEADING_VOWELS = "เแโใไ"


# ---- text -----------------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """One line as the person meant it: the form in which an answer is stored, searched and compared.

    NFC; invisible, bidirectional and control characters removed; every kind of space made one plain space; full-width
    letters and digits made ASCII; Thai marks put in the standard order (vowel, tone, sign), doubled marks made one,
    "เเ" made "แ" and nikhahit + aa made sara am. Thai digits stay: see `arabic`.
    """
    text = _INVISIBLE.sub("", text.translate(_FULL_WIDTH))
    if not text.isprintable():
        text = "".join(
            " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs"}
        )
    text = unicodedata.normalize("NFC", text).replace("เเ", "แ").replace(_NIKHAHIT + _AA, _AM)
    text = unicodedata.normalize("NFC", _MARKS.sub(_in_order, text))
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    """Several lines, each cleaned by `clean`; at most one empty line between two others, none at the ends."""
    lines = "\n".join(clean(line) for line in text.splitlines())
    return re.sub("\n{3,}", "\n\n", lines).strip("\n")


def _in_order(run: re.Match[str]) -> str:
    marks, tail = run[0], ""
    if marks.endswith(_AA):
        marks, tail = marks[:-1], _AA
        if _NIKHAHIT in marks and _AM not in marks:
            marks, tail = marks.replace(_NIKHAHIT, ""), _AM
    if _AM in marks:
        marks, tail = marks.replace(_AM, ""), _AM + tail
    return "".join(sorted(dict.fromkeys(marks), key=_place)) + tail


def _place(mark: str) -> tuple[int, int, str]:
    kind = 1 if mark in _TONES else 2 if mark in _SIGNS else 0
    return kind, unicodedata.combining(mark), mark


def arabic(text: str) -> str:
    """The same text with Thai digits written as Arabic ones."""
    return text.translate(_THAI_DIGITS)


def thai_digits(text: str) -> str:
    """The same text with Arabic digits written as Thai ones (printed licences)."""
    return text.translate(_ARABIC_DIGITS)


_COUNTED = "|".join(
    (
        *(r"ตร\.ม\.", r"น\.", "บาท", "วัน", "ปี", "เดือน", "คน", "ชั่วโมง", "นาที", "ฉบับ", "ข้อ"),
        *("MB", "dpi", "m²", "baht", "working", "days?", "years?", "people", "persons?", "minutes?", "hours?"),
    )
)
_PARTED = re.compile(rf"(?<=\d) (?=\d|(?:{_COUNTED}))|(?<=พ\.ศ\.) (?=\d)|(?<=B\.E\.) (?=\d)|(?<=มาตรา) (?=\d)")


@lru_cache(maxsize=4096)
def held_together(text: str) -> str:
    """A text whose numbers stay on one line with what they count and with each other ("200 ตร.ม.", "08 1234 5678")."""
    return _PARTED.sub(NBSP, text)


def quantity(number: int, unit: str) -> str:
    """A whole number and its unit that stay on one line: "1,200 ตารางเมตร"."""
    return f"{number:,}{NBSP}{unit}"


def file_size(size: int) -> str:
    """A size in bytes as people read it, in both languages: "820 KB", "1.2 MB" (1 MB = 1,048,576 bytes)."""
    if size < 1024:
        return f"{size}{NBSP}B"
    if size < 1024 * 1024:
        return f"{min(round(size / 1024), 1023)}{NBSP}KB"
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + f"{NBSP}MB"


# ---- dates ----------------------------------------------------------------------------------------------------------


def be_year(day: date) -> int:
    """The Buddhist-era year of a day."""
    return _day(day).year + BUDDHIST_ERA


def date_long(day: date, lang: str = "th") -> str:
    """A day as in a sentence: "20 พฤศจิกายน 2569" or "20 November 2026". A moment is first brought to Bangkok."""
    return _written(day, lang, 0)


def date_short(day: date, lang: str = "th") -> str:
    """A day as in a table: "20 พ.ย. 2569" or "20 Nov 2026"."""
    return _written(day, lang, 1)


def time_short(moment: datetime, lang: str = "th") -> str:
    """The time of day in Bangkok: "09:42 น." or "09:42"."""
    local = _in_bangkok(moment)
    clock = f"{local.hour:02}:{local.minute:02}"
    return clock if lang == "en" else f"{clock}{NBSP}น."


def moment_long(moment: datetime, lang: str = "th") -> str:
    """A moment in Bangkok: "2 พฤศจิกายน 2569 เวลา 09:42 น." or "2 November 2026, 09:42"."""
    return date_long(moment, lang) + (", " if lang == "en" else f" เวลา{NBSP}") + time_short(moment, lang)


def moment_short(moment: datetime, lang: str = "th") -> str:
    """A moment in Bangkok, for tables: "2 พ.ย. 2569 เวลา 09:42 น." or "2 Nov 2026, 09:42"."""
    return date_short(moment, lang) + (", " if lang == "en" else f" เวลา{NBSP}") + time_short(moment, lang)


def parse_date(day: str, month: str, year: str) -> date:
    """The day a person typed in three boxes; Thai digits, month names and both eras are understood.

    A year from 2400 to 2643 is Buddhist, from 1900 to 2100 Common Era. The calendar day is made in the Common Era, so
    29 February is judged by the right year. Raises ValueError; what to tell the person depends on the question.
    """
    day, month, year = (arabic(clean(part)) for part in (day, month, year))
    if not (day and month and year):
        raise ValueError("a part of the date is missing")
    day_number, month_number, ce = _whole(day), _month(month), _common_era(_whole(year))
    if not 1 <= day_number <= 31:
        raise ValueError("no such day of a month")
    if not 1 <= month_number <= 12:
        raise ValueError("no such month")
    if not ce:
        raise ValueError("no year of either era")
    if day_number > monthrange(ce, month_number)[1]:
        raise ValueError("no such day in the calendar")
    return date(ce, month_number, day_number)


def _written(day: date, lang: str, form: int) -> str:
    day = _day(day)
    names = MONTHS[day.month - 1]
    if lang == "en":
        return f"{day.day}{NBSP}{names[2 + form]} {day.year}"
    return f"{day.day}{NBSP}{names[form]} {be_year(day)}"


def _day(day: date) -> date:
    return _in_bangkok(day).date() if isinstance(day, datetime) else day


def _in_bangkok(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment must know its time zone")
    return moment.astimezone(BANGKOK)


def _whole(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else -1


def _month(text: str) -> int:
    return _MONTHS.get(_plainly(text)) or _whole(text)


def _plainly(name: str) -> str:
    return name.lower().replace(".", "")


_MONTHS = {_plainly(name): number for number, names in enumerate(MONTHS, start=1) for name in names}


def _common_era(year: int) -> int:
    if 2400 <= year <= 2100 + BUDDHIST_ERA:
        return year - BUDDHIST_ERA
    return year if 1900 <= year <= 2100 else 0


# ---- national numbers and names -------------------------------------------------------------------------------------

_TITLES = ("นางสาว", "นาง", "นาย", "น.ส.", "เด็กชาย", "เด็กหญิง", "ด.ช.", "ด.ญ.", "ว่าที่ร้อยตรี", "ว่าที่ ร.ต.")
_TITLES_EN = ("Mrs.", "Miss", "Mr.", "Ms.", "Mrs", "Mr", "Ms")


def compact_id(text: str) -> str:
    """A national number as stored: digits only when nothing but digits, spaces and hyphens was typed."""
    return pin.compact(arabic(clean(text)))


def valid_citizen_id(text: str) -> bool:
    """Thirteen digits of a person (first 1-8) with the right check digit (Central Civil Registration)."""
    return pin.is_valid(compact_id(text))


def valid_juristic_id(text: str) -> bool:
    """Thirteen digits of a juristic person or State body (first 0) with the right check digit (DBD, Revenue)."""
    return moa.is_valid(compact_id(text))


def format_citizen_id(text: str) -> str:
    """A number in its printed groups: "1-2345-67890-12-3" (juristic numbers too)."""
    digits = compact_id(text)
    return f"{digits[:1]}-{digits[1:5]}-{digits[5:10]}-{digits[10:12]}-{digits[12:]}"


def mask_citizen_id(text: str) -> str:
    """Only the last three digits: "x-xxxx-xxxxx-12-1"."""
    return "x-xxxx-xxxxx" + format_citizen_id(text)[12:]


def mask_name(name: str) -> str:
    """A person's name for strangers: title and first letters, "นางสาวม… ต…"."""
    name = clean(name)
    title = _title(name)
    gap = " " if title and title.isascii() else ""
    return title + gap + " ".join(f"{_initial(word)}…" for word in name[len(title) :].split())


def untitled(name: str) -> str:
    """A person's name without the title before it, if that is one we know: "นางบุญมา จำลอง" is "บุญมา จำลอง"."""
    name = clean(name)
    return name.removeprefix(_title(name)).strip()


def _title(name: str) -> str:
    return next((t for t in _TITLES + _TITLES_EN if name.startswith(t) and _ends_title(t, name[len(t) :])), "")


def _ends_title(title: str, rest: str) -> bool:
    """Whether a name may begin after `title`: "นายิกา" is a name, not a title and "ิกา"."""
    if not rest or rest[0] == " " or title.endswith("."):
        return bool(rest)
    return not title.isascii() and ("ก" <= rest[0] <= "ฮ" or rest[0] in _LEADING_VOWELS)


def _initial(word: str) -> str:
    return word[:2] if word[0] in _LEADING_VOWELS else word[:1]
