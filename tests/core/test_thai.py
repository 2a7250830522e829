"""Thai text, dates, money and numbers: what people type is understood, what we write is right in both languages."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythainlp.util import bahttext, thaiword_to_num
from pythainlp.util.normalize import reorder_vowels

from app.core import money, thai

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

NBSP = "\u00a0"
THAI_LETTERS = st.text(alphabet=[chr(c) for c in range(0x0E01, 0x0E3B)] + [chr(c) for c in range(0x0E40, 0x0E5C)])
DAYS = st.dates(min_value=date(1857, 1, 1), max_value=date(2100, 12, 31))


# ---- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  มะลิ   ตัวอย่าง \t", "มะลิ ตัวอย่าง"),
        ("มะลิ\u00a0ตัวอย่าง\u200b", "มะลิ ตัวอย่าง"),
        ("\ufeffร้าน\u200dค้า\u2060", "ร้านค้า"),
        ("\u202eexe.tod\u202c", "exe.tod"),
        ("๑๒\uff13\uff14 \uff21\uff0f\uff0d", "๑๒34 A/-"),
        ("nul\x00l\x1b[31m", "null[31m"),
        ("บรรทัด\r\nใหม่", "บรรทัด ใหม่"),
        ("น\u0e33\u0e49ดื่ม", "น้ำดื่ม"),
        ("น\u0e4d\u0e49\u0e32ดื่ม", "น้ำดื่ม"),
        ("น\u0e49\u0e4d\u0e32ดื่ม", "น้ำดื่ม"),
        ("ท\u0e48\u0e35นี่", "ที่นี่"),
        ("สิทธ\u0e4c\u0e34", "สิทธิ์"),
        ("พันธ\u0e4c\u0e38", "พันธุ์"),
        ("ที\u0e48\u0e48", "ที่"),
        ("เเมว", "แมว"),
        ("จำากัด", "จำากัด"),
        ("cafe\u0301", "café"),
        ("", ""),
        ("ก\u0e4d\u0e32\u0e48", "ก\u0e48\u0e33"),
    ],
)
def test_text_is_stored_as_the_person_meant_it(typed: str, meant: str) -> None:
    assert thai.clean(typed) == meant


@given(st.one_of(st.text(), THAI_LETTERS, st.text(alphabet="กเแ่้ํำาิฺุู์ \u200b")))
def test_cleaning_again_changes_nothing_and_leaves_nothing_invisible(text: str) -> None:
    once = thai.clean(text)
    assert thai.clean(once) == once
    assert once == unicodedata.normalize("NFC", once)
    assert not [c for c in once if unicodedata.category(c) == "Cc" or (c.isspace() and c != " ")]


@given(st.lists(st.sampled_from(["กิ่ง", "น้ำ", "ผู้", "เมื่อ", "ที่", "สิทธิ์", "ป้าย", "ร้าน", "ๆ", "123", "A"]), min_size=1))
def test_text_that_is_right_already_stays_as_it_is(words: list[str]) -> None:
    text = " ".join(words)
    assert thai.clean(text) == text


@given(
    st.sampled_from("กนปสท"),
    st.sampled_from("\u0e48\u0e49\u0e4a\u0e4b"),
    st.sampled_from("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39"),
)
def test_marks_typed_in_the_wrong_order_are_ordered_as_pythainlp_does(letter: str, tone: str, vowel: str) -> None:
    assert (
        thai.clean(letter + tone + vowel) == thai.clean(reorder_vowels(letter + tone + vowel)) == letter + vowel + tone
    )


def test_a_text_of_a_hundred_thousand_marks_is_cleaned_at_once() -> None:
    assert thai.clean("ก" + "\u0e48\u0e34" * 50_000) == "ก\u0e34\u0e48"


def test_lines_keep_their_breaks_and_lose_empty_ends() -> None:
    assert thai.clean_lines("\n\n บรรทัดหนึ่ง \r\n\n\n\nบรรทัดสอง\u200b\n ") == "บรรทัดหนึ่ง\n\nบรรทัดสอง"


@given(st.integers(min_value=0, max_value=10**15))
def test_thai_and_arabic_digits_turn_into_each_other(number: int) -> None:
    written = thai.thai_digits(f"เลขที่ {number}/2569")
    assert not any(c.isascii() and c.isdigit() for c in written)
    assert thai.arabic(written) == f"เลขที่ {number}/2569"


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    assert thai.quantity(1200, "ตารางเมตร") == f"1,200{NBSP}ตารางเมตร"


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (840_000, "820 KB"),
        (1_048_575, "1023 KB"),
        (1_048_576, "1 MB"),
        (1_258_291, "1.2 MB"),
        (10 * 1_048_576, "10 MB"),
    ],
)
def test_a_file_size_is_written_as_people_read_it(size: int, written: str) -> None:
    assert thai.file_size(size) == written.replace(" ", NBSP)


# ---- dates ----------------------------------------------------------------------------------------------------------


def test_a_day_is_written_in_the_era_and_words_of_its_language() -> None:
    day = date(2026, 11, 20)
    assert thai.date_long(day) == f"20{NBSP}พฤศจิกายน 2569"
    assert thai.date_long(day, "en") == f"20{NBSP}November 2026"
    assert thai.date_short(day) == f"20{NBSP}พ.ย. 2569"
    assert thai.date_short(day, "en") == f"20{NBSP}Nov 2026"
    assert thai.be_year(day) == 2569


def test_a_moment_is_told_in_bangkok_time() -> None:
    moment = datetime(2026, 11, 2, 2, 42, tzinfo=UTC)
    assert thai.time_short(moment) == f"09:42{NBSP}น."
    assert thai.time_short(moment, "en") == "09:42"
    assert thai.moment_short(moment) == f"2{NBSP}พ.ย. 2569 เวลา{NBSP}09:42{NBSP}น."
    assert thai.moment_short(moment, "en") == f"2{NBSP}Nov 2026, 09:42"
    assert thai.moment_long(moment) == f"2{NBSP}พฤศจิกายน 2569 เวลา{NBSP}09:42{NBSP}น."
    assert thai.moment_long(moment, "en") == f"2{NBSP}November 2026, 09:42"


def test_the_last_seven_hours_of_a_utc_year_belong_to_the_next_year_in_thailand() -> None:
    eve = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert thai.date_long(eve) == f"1{NBSP}มกราคม 2570"
    assert thai.be_year(eve) == 2570
    assert thai.be_year(eve - timedelta(seconds=1)) == 2569


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        thai.time_short(datetime(2026, 11, 2, 9, 42))  # noqa: DTZ001 - the mistake under test


@given(DAYS)
def test_a_day_written_in_either_era_is_read_back(day: date) -> None:
    assert thai.parse_date(str(day.day), str(day.month), str(thai.be_year(day))) == day
    if day.year >= 1900:
        assert thai.parse_date(str(day.day), str(day.month), str(day.year)) == day


@given(DAYS)
def test_every_written_form_is_read_back(day: date) -> None:
    for written in (thai.date_long(day), thai.date_short(day), thai.thai_digits(thai.date_long(day))):
        assert thai.parse_date(*written.replace(NBSP, " ").split(" ")) == day
    if day.year >= 1900:
        assert thai.parse_date(*thai.date_long(day, "en").replace(NBSP, " ").split(" ")) == day


@given(st.integers(min_value=1900, max_value=2100))
def test_29_february_exists_exactly_in_common_era_leap_years(year: int) -> None:
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    for typed in (str(year), str(year + 543)):
        if leap:
            assert thai.parse_date("29", "2", typed) == date(year, 2, 29)
            assert thai.date_long(date(year, 2, 29)) == f"29{NBSP}กุมภาพันธ์ {year + 543}"
        else:
            with pytest.raises(ValueError, match="no such day in the calendar"):
                thai.parse_date("29", "2", typed)


@pytest.mark.parametrize(
    ("day", "month", "year", "message"),
    [
        ("", "11", "2569", "a part of the date is missing"),
        ("2", " ", "2569", "a part of the date is missing"),
        ("2", "11", "\u200b", "a part of the date is missing"),
        ("0", "11", "2569", "no such day of a month"),
        ("32", "11", "2569", "no such day of a month"),
        ("สอง", "11", "2569", "no such day of a month"),
        ("-2", "11", "2569", "no such day of a month"),
        ("²", "11", "2569", "no such day of a month"),
        ("2", "13", "2569", "no such month"),
        ("2", "0", "2569", "no such month"),
        ("2", "พฤศจิ", "2569", "no such month"),
        ("2", "11", "69", "no year of either era"),
        ("2", "11", "2399", "no year of either era"),
        ("2", "11", "1899", "no year of either era"),
        ("2", "11", "2101", "no year of either era"),
        ("2", "11", "2644", "no year of either era"),
        ("2", "11", "20269", "no year of either era"),
        ("31", "11", "2569", "no such day in the calendar"),
        ("29", "2", "2569", "no such day in the calendar"),
        ("29", "2", "2443", "no such day in the calendar"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_the_reason(day: str, month: str, year: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        thai.parse_date(day, month, year)


@pytest.mark.parametrize("month", ["11", "๑๑", " 11 ", "พฤศจิกายน", "พ.ย.", "พย", "พ.ย", "november", "NOV", "Nov."])
def test_a_month_may_be_typed_as_a_number_or_a_name(month: str) -> None:
    assert thai.parse_date("๒", month, "๒๕๖๙") == date(2026, 11, 2)


# ---- money ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("satang", "written", "short"),
    [
        (0, "0.00", "0"),
        (5, "0.05", "0.05"),
        (123450, "1,234.50", "1,234.50"),
        (123400, "1,234.00", "1,234"),
        (-123450, "-1,234.50", "-1,234.50"),
        (-5, "-0.05", "-0.05"),
        (10**15, "10,000,000,000,000.00", "10,000,000,000,000"),
    ],
)
def test_an_amount_is_written_in_baht(satang: int, written: str, short: str) -> None:
    assert money.baht(satang) == written
    assert money.baht_short(satang) == short


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_written_amount_is_read_back_to_the_satang(satang: int) -> None:
    assert int(money.baht(satang).replace(",", "").replace(".", "")) == satang


@pytest.mark.parametrize(
    ("satang", "words"),
    [
        (0, "ศูนย์บาทถ้วน"),
        (1, "หนึ่งสตางค์"),
        (11, "สิบเอ็ดสตางค์"),
        (21, "ยี่สิบเอ็ดสตางค์"),
        (25, "ยี่สิบห้าสตางค์"),
        (50, "ห้าสิบสตางค์"),
        (100, "หนึ่งบาทถ้วน"),
        (101, "หนึ่งบาทหนึ่งสตางค์"),
        (1000, "สิบบาทถ้วน"),
        (1100, "สิบเอ็ดบาทถ้วน"),
        (2000, "ยี่สิบบาทถ้วน"),
        (2100, "ยี่สิบเอ็ดบาทถ้วน"),
        (3100, "สามสิบเอ็ดบาทถ้วน"),
        (10100, "หนึ่งร้อยเอ็ดบาทถ้วน"),
        (11100, "หนึ่งร้อยสิบเอ็ดบาทถ้วน"),
        (100100, "หนึ่งพันเอ็ดบาทถ้วน"),
        (364922, "สามพันหกร้อยสี่สิบเก้าบาทยี่สิบสองสตางค์"),
        (100_000_000, "หนึ่งล้านบาทถ้วน"),
        (100_000_100, "หนึ่งล้านเอ็ดบาทถ้วน"),
        (1_100_000_000, "สิบเอ็ดล้านบาทถ้วน"),
        (2_150_000_075, "ยี่สิบเอ็ดล้านห้าแสนบาทเจ็ดสิบห้าสตางค์"),
        (10**14, "หนึ่งล้านล้านบาทถ้วน"),
        (10**15, "สิบล้านล้านบาทถ้วน"),
        (100_000_100_000_000, "หนึ่งล้านเอ็ดล้านบาทถ้วน"),
        (
            999_999_999_999_999,
            "เก้าล้านเก้าแสนเก้าหมื่นเก้าพันเก้าร้อยเก้าสิบเก้าล้านเก้าแสนเก้าหมื่นเก้าพันเก้าร้อยเก้าสิบเก้าบาทเก้าสิบเก้าสตางค์",
        ),
        (-50, "ลบห้าสิบสตางค์"),
    ],
)
def test_an_amount_is_told_in_words(satang: int, words: str) -> None:
    assert money.baht_words(satang) == words


@given(st.integers(min_value=100, max_value=10**12))
def test_words_are_those_of_pythainlp_where_its_floats_are_exact(satang: int) -> None:
    # From one baht to ten thousand million; below one baht it says "ศูนย์บาท…", which no bill does.
    assert money.baht_words(satang) == bahttext(satang / 100)


@given(st.integers(min_value=1, max_value=10**13))
def test_words_are_read_back_as_the_same_amount(baht: int) -> None:
    assert thaiword_to_num(money.baht_words(baht * 100).removesuffix("บาทถ้วน")) == baht


@given(st.integers(min_value=0, max_value=10**15), st.integers(min_value=0, max_value=10**15))
def test_different_amounts_never_read_the_same(one: int, other: int) -> None:
    assert (money.baht_words(one) == money.baht_words(other)) == (one == other)


# ---- national numbers and names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["3100600445635", "1101700230708", "1-1017-00230-70-8", "๑ ๑๐๑๗ ๐๐๒๓๐ ๗๐ ๘", "1101700230708\u200b"]
)
def test_a_citizen_id_is_recognised_however_it_is_typed(number: str) -> None:
    assert thai.valid_citizen_id(number)
    assert thai.compact_id(number) in {"3100600445635", "1101700230708"}


@pytest.mark.parametrize(
    "number", ["", "1101700230705", "110170023070", "11017002307080", "0105536112014", "9101700230708", "110170023070x"]
)
def test_a_citizen_id_with_a_wrong_check_digit_or_shape_is_refused(number: str) -> None:
    assert not thai.valid_citizen_id(number)


@pytest.mark.parametrize("number", ["0105536112014", "0994000617721", "0 9940 00165 50 1"])
def test_a_juristic_id_is_recognised(number: str) -> None:
    assert thai.valid_juristic_id(number)
    assert not thai.valid_citizen_id(number)


@pytest.mark.parametrize("number", ["0105558095080", "3100600445635", "", "๐๑๐๕๕๓๖๑๑๒๐๑"])
def test_a_juristic_id_with_a_wrong_check_digit_or_shape_is_refused(number: str) -> None:
    assert not thai.valid_juristic_id(number)


@given(st.integers(min_value=0, max_value=10**13 - 1))
def test_thirteen_digits_are_valid_exactly_when_the_last_follows_from_the_others(number: int) -> None:
    typed = f"{number:013}"
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(typed[:12]))
    follows = int(typed[12]) == (11 - total % 11) % 10
    assert thai.valid_citizen_id(typed) == (follows and typed[0] not in "09")
    assert thai.valid_juristic_id(typed) == (follows and typed[0] == "0")


def test_a_citizen_id_is_shown_in_groups_and_masked_but_for_its_end() -> None:
    assert thai.format_citizen_id("๑๑๐๑๗๐๐๒๓๐๗๐๘") == "1-1017-00230-70-8"
    assert thai.mask_citizen_id("1234567890121") == "x-xxxx-xxxxx-12-1"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("นางสาวมะลิ ตัวอย่าง", "นางสาวม… ต…"),
        ("นาง สาวิตรี ตัวอย่าง", "นางส… ต…"),
        ("นาย เอก ตัวอย่าง", "นายเอ… ต…"),
        ("น.ส.มะลิ ตัวอย่าง", "น.ส.ม… ต…"),
        ("ว่าที่ ร.ต. ชาติ ใจดี", "ว่าที่ ร.ต.ช… ใจ…"),
        ("นายิกา ตัวอย่าง", "น… ต…"),
        ("มะลิ", "ม…"),
        ("Ms. Mali Example", "Ms. M… E…"),
        ("Missy Example", "M… E…"),
        ("  ", ""),
    ],
)
def test_a_stranger_reads_a_title_and_first_letters_only(name: str, masked: str) -> None:
    assert thai.mask_name(name) == masked
