"""Kinds of question: what people type is understood, what does not fit is answered with what to do, nothing is lost."""

from decimal import Decimal
from typing import Any

import geothai
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.catalogue import addresses, suggesting
from app.catalogue.asking import LONGEST_TYPED, Reading
from app.catalogue.kinds import Question
from app.core.thai import thai_digits, valid_citizen_id
from tests.catalogue.world import question, typed

FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in "0123456789-."}

LINE = question("text", max_length=40)
LINES = question("long_text")
COUNT = question("integer", min="0", max="500", unit={"th": "คน", "en": "people"})
AREA = question("decimal", min="1", max="100000", unit={"th": "ตร.ม.", "en": "m²"})
MONEY = question("money", max="1,000,000")
DAY = question("date", partial="yes")
CHOICE = question("choice", choices=[{"value": v, "label": {"th": v, "en": v}} for v in ("one", "two")])
YES = question("yes_no")
PHONE = question("phone")
EMAIL = question("email")
CITIZEN = question("citizen_id")
JURISTIC = question("juristic_id")
ADDRESS = question("address")
SEVERAL = question("multi_choice", choices=[{"value": v, "label": {"th": v, "en": v}} for v in ("one", "two")])
CLOCK = question("time", earliest="06:00", latest="22:00")
POINT = question("position")
ACCOUNT = question("bank_account")
BUSINESS = question("tsic")
EVERY_KIND = (
    *(LINE, LINES, COUNT, AREA, MONEY, DAY, CHOICE, YES, PHONE, EMAIL, CITIZEN, ADDRESS),
    *(SEVERAL, CLOCK, POINT, ACCOUNT, BUSINESS),
)


def read(asked: Question, text: str = "", **parts: str) -> Reading:
    return asked.read(typed(asked.key, text, **parts))


def value(asked: Question, text: str = "", **parts: str) -> Any:
    reading = read(asked, text, **parts)
    assert reading.problem is None, reading.problem
    return reading.value


# ---- laws for every kind --------------------------------------------------------------------------------------------

SUBDISTRICTS = [s.code for s in geothai.by_postal_code("73000")] + ["100203", "240801", "450109", "801906"]
PLAIN = st.text(alphabet="กขคงจ่้าิีabcXYZ019 ./-", min_size=1, max_size=30)


@st.composite
def understood(draw: st.DrawFn) -> tuple[Question, dict[str, list[str]]]:
    """A question and something typed that usually fits."""
    asked = draw(st.sampled_from(EVERY_KIND))
    digits = draw(st.integers(0, 10**9))
    text = {
        "text": draw(PLAIN),
        "long_text": draw(PLAIN) + "\r\n" + draw(PLAIN),
        "integer": str(digits % 501),
        "decimal": f"{digits % 100_000}.{digits % 100:02}",
        "money": f"{digits % 1_000_000}.{digits % 100:02}",
        "choice": draw(st.sampled_from(["one", "two", "three"])),
        "yes_no": draw(st.sampled_from(["yes", "no"])),
        "phone": f"08{digits % 10**8:08}",
        "email": f"a{digits}@Example.COM",
        "citizen_id": f"1{digits:011}{draw(st.integers(0, 9))}",
        "multi_choice": draw(st.sampled_from(["one", "two one", "three"])),
        "time": f"{digits % 24}.{digits % 60:02}",
        "position": f"{digits % 15 + 6}.{digits % 1000:03}, {digits % 8 + 97}.{digits % 7777:04}",
        "tsic": f"{digits % 100_000:05}",
    }
    if asked.kind == "bank_account":
        return asked, typed(
            "it", bank=draw(st.sampled_from(["006", "030", "xx"])), number=f"{digits:010}", holder="มะลิ"
        )
    if asked.kind == "date":
        day = draw(st.dates())
        return asked, typed("it", day=str(day.day), month=str(day.month), year=str(day.year + 543))
    if asked.kind == "address":
        where = addresses.subdistrict(draw(st.sampled_from(SUBDISTRICTS)))
        assert where is not None
        return asked, typed(
            "it",
            house=f"{digits % 99}/1",
            moo=str(digits % 9),
            road=draw(PLAIN),
            subdistrict=where.show(draw(st.sampled_from(["th", "en"]))),
        )
    written = text[asked.kind]
    return asked, typed("it", draw(st.sampled_from([written, thai_digits(written), f" \u200b{written}\u00a0"])))


@given(understood())
def test_an_answer_put_back_into_its_fields_reads_as_the_same_answer(
    given_: tuple[Question, dict[str, list[str]]],
) -> None:
    asked, fields = given_
    first = asked.read(fields)
    assume(first.value is not None)
    again = asked.read({name: [text] for name, text in asked.fill(first.value).items()})

    assert (again.value, again.problem) == (first.value, None)
    for lang in ("th", "en"):
        assert asked.show(again.value, lang) == asked.show(first.value, lang) != ""


@given(
    st.sampled_from(EVERY_KIND),
    st.dictionaries(
        st.sampled_from(
            ["it", "it.bank", "it.number", "it.day", "it.month", "it.year", "it.house", "it.subdistrict", "it.moo"]
        ),
        st.lists(st.text(max_size=60), max_size=2),
    ),
)
def test_reading_never_fails_whatever_is_sent(asked: Question, fields: dict[str, list[str]]) -> None:
    reading = asked.read(fields)

    assert (reading.value is None) or (reading.problem is None)
    assert reading.at in asked.fields
    assert set(reading.raw) <= set(asked.fields)
    for lang in ("th", "en"):
        assert isinstance(asked.show(reading.value, lang), str)


@pytest.mark.parametrize("asked", EVERY_KIND, ids=lambda q: q.kind)
def test_a_flood_of_characters_is_refused_without_reading_it(asked: Question) -> None:
    reading = asked.read({name: ["9" * 10_000_000] for name in asked.fields})

    assert reading.value is None
    assert reading.problem is not None
    assert "20,000" in reading.problem.th
    assert {len(text) for text in reading.raw.values()} == {LONGEST_TYPED}


@pytest.mark.parametrize("asked", EVERY_KIND, ids=lambda q: q.kind)
def test_a_required_question_left_empty_says_what_to_do_with_an_example(asked: Question) -> None:
    reading = asked.read({})

    assert reading.value is None
    assert reading.problem is not None
    assert reading.problem.th.startswith(("ใส่", "เลือก"))
    assert reading.problem.en.startswith(("Enter", "Choose"))
    if asked.kind not in {"text", "long_text", "yes_no"}:
        assert "เช่น" in reading.problem.th
        assert "for example" in reading.problem.en


@pytest.mark.parametrize("asked", EVERY_KIND, ids=lambda q: q.kind)
def test_an_optional_question_may_stay_empty(asked: Question) -> None:
    reading = asked.model_copy(update={"optional": True}).read({name: [" \u200b\u00a0"] for name in asked.fields})
    assert (reading.value, reading.problem) == (None, None)


@pytest.mark.parametrize("asked", EVERY_KIND, ids=lambda q: q.kind)
def test_no_answer_is_shown_as_nothing(asked: Question) -> None:
    assert asked.show(None, "th") == asked.show(None, "en") == ""
    assert asked.accept(None) is None


def test_what_was_typed_is_kept_exactly() -> None:
    messy = "\u200b ๔๕.๕\u00a0ตร.ม. \u3000"
    assert read(AREA, messy).raw == {"it": messy}
    assert read(AREA, "สี่สิบ").raw == {"it": "สี่สิบ"}


def test_only_what_no_database_can_keep_is_dropped_from_what_was_typed() -> None:
    assert read(LINE, "ก\x00ข\ud800ค").raw == {"it": "กขค"}


def test_fields_that_were_not_sent_are_not_in_what_was_typed() -> None:
    assert ADDRESS.read(typed(house="9")).raw == {"it.house": "9"}


# ---- words ----------------------------------------------------------------------------------------------------------


def test_a_line_is_cleaned_and_kept_in_any_script() -> None:
    assert value(LINE, "  ครัว\u200bมะลิ\u00a0 O’Neill-Ｎｏ.1  ") == "ครัวมะลิ O’Neill-No.1"


def test_a_line_that_is_too_long_says_how_long_it_may_be() -> None:
    problem = read(LINE, "ก" * 41).problem
    assert problem is not None
    assert problem.th == "ย่อสิ่งนี้ให้ไม่เกิน 40 ตัวอักษร ตอนนี้ยาว 41 ตัวอักษร"
    assert problem.en == "Shorten the thing to at most 40 characters; it is 41 now"


def test_a_long_text_keeps_its_lines() -> None:
    assert value(LINES, "ข้อหนึ่ง  \r\n\r\n\r\n\r\nข้อสอง") == "ข้อหนึ่ง\n\nข้อสอง"


def test_a_choice_that_is_not_offered_is_refused() -> None:
    assert value(CHOICE, "two") == "two"
    assert read(CHOICE, "three").problem is not None
    assert read(YES, "maybe").problem is not None


@pytest.mark.parametrize(
    ("text", "stored", "shown"),
    [
        ("081 234 5678", "0812345678", "08\u00a01234\u00a05678"),
        ("๐๘๑-๒๓๔-๕๖๗๘", "0812345678", "08\u00a01234\u00a05678"),
        ("+66 81 234 5678", "0812345678", "08\u00a01234\u00a05678"),
        ("+66 (0)81 234 5678", "0812345678", "08\u00a01234\u00a05678"),
        ("０２－１２３－４５６７", "021234567", "0\u00a02123\u00a04567"),
        ("(02) 123 4567", "021234567", "0\u00a02123\u00a04567"),
        ("+81 90 1234 5678", "+819012345678", "+819012345678"),
    ],
)
def test_a_telephone_number_is_understood_however_it_is_written(text: str, stored: str, shown: str) -> None:
    assert value(PHONE, text) == stored
    assert PHONE.show(stored, "th") == shown


@pytest.mark.parametrize("text", ["081234567", "08123456789", "1234", "โทร 0812345678", "+6681", "0112345678"])
def test_a_telephone_number_with_the_wrong_digits_is_refused(text: str) -> None:
    problem = read(PHONE, text).problem
    assert problem is not None
    assert "08\u00a01234\u00a05678" in problem.th


@pytest.mark.parametrize(
    ("text", "stored"),
    [(" Mali@EXAMPLE.com ", "Mali@example.com"), ("ครัว@ตัวอย่าง.ไทย", "ครัว@ตัวอย่าง.ไทย"), ("a+b@x.co.th", "a+b@x.co.th")],
)
def test_an_email_address_is_understood(text: str, stored: str) -> None:
    assert value(EMAIL, text) == stored


@pytest.mark.parametrize(
    "text",
    ["mali", "mali@", "@example.com", "mali@example", "a b@example.com", "a@b@example.com", "a@x..com", "a@x.com1"],
)
def test_what_is_not_an_email_address_is_refused(text: str) -> None:
    assert read(EMAIL, text).problem is not None


def test_a_citizen_id_is_read_with_or_without_hyphens_and_shown_with_them() -> None:
    number = "1000000001072"
    assert valid_citizen_id(number)
    assert value(CITIZEN, "1-0000-00001-07-2") == value(CITIZEN, thai_digits("1 0000 00001 07 2")) == number
    assert CITIZEN.show(number, "th") == "1-0000-00001-07-2"


@pytest.mark.parametrize("typed_id", ["0995569000013", "0-9955-69000-01-3", "๐๙๙๕๕๖๙๐๐๐๐๑๓", " 0 9955 69000 01 3 "])
def test_a_juristic_id_is_read_with_or_without_hyphens_and_shown_with_them(typed_id: str) -> None:
    reading = JURISTIC.read(typed(text=typed_id))

    assert reading.value == "0995569000013"
    assert JURISTIC.show(reading.value, "th") == "0-9955-69000-01-3"


@pytest.mark.parametrize(
    ("typed_id", "told"),
    [("0995569000014", "ตรวจ"), ("1101700230708", "ขึ้นต้นด้วย 0"), ("099556900001", "13 หลัก"), ("บริษัท", "13 หลัก")],
)
def test_a_number_that_is_no_companys_is_refused_and_says_what_to_do(typed_id: str, told: str) -> None:
    reading = JURISTIC.read(typed(text=typed_id))

    assert reading.value is None
    assert reading.problem is not None
    assert told in reading.problem.th


def test_a_citizen_id_with_a_wrong_check_digit_is_refused_and_told_to_compare_with_the_card() -> None:
    problem = read(CITIZEN, "1-0000-00001-07-3").problem
    assert problem is not None
    assert "บัตร" in problem.th
    assert "card" in problem.en


# ---- measures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["120.5", "๑๒๐.๕", "120.50", "120.5 ตร.ม.", "120.5m²", "\u00a01２0.5\u200b", "+120.5", "0,120.5"[2:]]
)
def test_an_area_is_understood_with_thai_digits_full_width_and_its_unit(text: str) -> None:
    assert value(AREA, text) == "120.5"
    assert AREA.show("120.5", "th") == "120.5\u00a0ตร.ม."


def test_thousands_are_understood_and_a_misplaced_comma_is_not() -> None:
    assert value(AREA, "1,200") == "1200"
    assert read(AREA, "120,5").problem is not None
    assert read(AREA, "12,00").problem is not None


@pytest.mark.parametrize(
    ("text", "thai"),
    [
        ("สองร้อย", "ใส่สิ่งนี้เป็นตัวเลข หน่วย ตร.ม. เช่น 1"),
        ("0.5", "ใส่สิ่งนี้ตั้งแต่ 1\u00a0ตร.ม. ถึง 100,000\u00a0ตร.ม."),
        ("100000.01", "ใส่สิ่งนี้ตั้งแต่ 1\u00a0ตร.ม. ถึง 100,000\u00a0ตร.ม."),
        ("12.345", "ใส่สิ่งนี้โดยมีทศนิยมไม่เกิน 2 ตำแหน่ง เช่น 1"),
        ("nan", "ใส่สิ่งนี้เป็นตัวเลข หน่วย ตร.ม. เช่น 1"),
        ("1e3", "ใส่สิ่งนี้เป็นตัวเลข หน่วย ตร.ม. เช่น 1"),
    ],
)
def test_an_area_that_does_not_fit_says_what_does(text: str, thai: str) -> None:
    problem = read(AREA, text).problem
    assert problem is not None
    assert problem.th == thai


@given(st.decimals(min_value=1, max_value=100_000, places=2))
def test_an_area_is_stored_without_losing_a_digit(amount: Decimal) -> None:
    stored = value(AREA, f"{amount:f}")
    assert Decimal(stored) == amount
    assert "E" not in stored
    assert value(AREA, stored) == stored


def test_a_count_is_whole() -> None:
    assert value(COUNT, "๓ คน") == 3
    assert value(COUNT, "3.0") == 3
    problem = read(COUNT, "2.5").problem
    assert problem is not None
    assert "จำนวนเต็ม" in problem.th


@given(st.integers(0, 100_000_000))
def test_money_is_exact_to_the_satang(satang: int) -> None:
    shown = MONEY.show(satang, "th").removesuffix("\u00a0บาท")
    assert value(MONEY, shown) == satang
    assert value(MONEY, f"฿{shown} บาท") == satang


def test_money_beyond_its_limit_or_finer_than_a_satang_is_refused() -> None:
    assert "1,000,000 บาท" in str(read(MONEY, "1000000.01").problem)
    assert read(MONEY, "1.005").problem is not None
    assert read(MONEY, "-1").problem is not None


# ---- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["2569", "๒๕๖๙", "2026", "２５６９"])
@pytest.mark.parametrize("month", ["11", "พฤศจิกายน", "พ.ย.", "November"])
def test_a_date_is_understood_in_both_eras_and_with_month_names(month: str, year: str) -> None:
    assert value(DAY, day=" ๒ ", month=month, year=year) == "2026-11-02"


def test_a_date_is_shown_in_the_era_of_the_language() -> None:
    assert DAY.show("2026-11-02", "th") == "2\u00a0พฤศจิกายน 2569"
    assert DAY.show("2026-11-02", "en") == "2\u00a0November 2026"


@pytest.mark.parametrize(
    ("parts", "stored", "thai", "english"),
    [
        ({"day": "", "month": "1", "year": "2535"}, "1992-01", "มกราคม 2535", "January 1992"),
        ({"day": "", "month": "", "year": "2504"}, "1961", "พ.ศ.\u00a02504", "1961"),
    ],
)
def test_an_unknown_day_or_month_may_stay_empty_where_the_register_allows_it(
    parts: dict[str, str], stored: str, thai: str, english: str
) -> None:
    assert value(DAY, **parts) == stored
    assert (DAY.show(stored, "th"), DAY.show(stored, "en")) == (thai, english)
    whole = question("date")
    assert read(whole, **parts).at == ("it.month" if not parts["month"] else "it.day")


@pytest.mark.parametrize(
    ("parts", "at", "thai"),
    [
        ({"day": "31", "month": "11", "year": "2569"}, "it.day", "สิ่งนี้ต้องเป็นวันที่มีจริง เดือนพฤศจิกายนมี 30 วัน เช่น 30"),
        ({"day": "29", "month": "2", "year": "2569"}, "it.day", "สิ่งนี้ต้องเป็นวันที่มีจริง เดือนกุมภาพันธ์มี 28 วัน เช่น 28"),
        (
            {"day": "1", "month": "13", "year": "2569"},
            "it.month",
            "ใส่เดือนของสิ่งนี้เป็นตัวเลข 1 ถึง 12 หรือชื่อเดือน เช่น 11 หรือ พฤศจิกายน",
        ),
        ({"day": "1", "month": "1", "year": "69"}, "it.year", "ใส่ปีของสิ่งนี้เป็นตัวเลข 4 หลัก เช่น 2569 หรือ 2026"),
        ({"day": "1", "month": "", "year": "2569"}, "it.month", "ใส่เดือนของสิ่งนี้ เช่น 2 11 2569"),
        ({"day": "1", "month": "1", "year": ""}, "it.year", "ใส่ปีของสิ่งนี้ เช่น 2 11 2569"),
    ],
)
def test_only_the_part_of_a_date_that_is_wrong_is_blamed(parts: dict[str, str], at: str, thai: str) -> None:
    reading = read(DAY, **parts)
    assert reading.at == at
    assert reading.problem is not None
    assert reading.problem.th == thai


def test_a_date_outside_its_limits_is_refused_with_the_limit() -> None:
    late = question("date", earliest="2026-01-01", latest="2026-12-31")
    early, beyond = (
        read(late, day="31", month="12", year="2568").problem,
        read(late, day="1", month="1", year="2570").problem,
    )
    assert early is not None
    assert early.th == "ใส่สิ่งนี้ตั้งแต่วันที่ 1\u00a0มกราคม 2569 เป็นต้นไป"
    assert beyond is not None
    assert beyond.th == "ใส่สิ่งนี้ไม่เกินวันที่ 31\u00a0ธันวาคม 2569"


# ---- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        "730101",
        "๗๓๐๑๐๑",
        "พระปฐมเจดีย์ เมืองนครปฐม นครปฐม",
        "พระปฐมเจดีย์ นครปฐม",
        "ต.พระปฐมเจดีย์ อ.เมือง จ.นครปฐม 73000",
        "ตำบลพระปฐมเจดีย์อำเภอเมืองนครปฐมจังหวัดนครปฐม",
        "Phra Pathom Chedi, Mueang Nakhon Pathom, Nakhon Pathom",
        "phra pathom chedi,nakhon pathom",
    ],
)
def test_a_subdistrict_is_found_however_it_is_written(where: str) -> None:
    stored = value(ADDRESS, house="เลขที่ 99/9", moo="หมู่ที่ 1", soi="", road="ถนนตัวอย่าง", subdistrict=where)
    assert stored == {
        "house": "99/9",
        "moo": "1",
        "road": "ตัวอย่าง",
        "subdistrict": "730101",
        "postcode": "73000",
    }
    assert ADDRESS.show(stored, "th") == ("99/9 หมู่\u00a01 ถนนตัวอย่าง ตำบลพระปฐมเจดีย์ อำเภอเมืองนครปฐม จังหวัดนครปฐม 73000")
    assert ADDRESS.show(stored, "en") == (
        "99/9, Moo\u00a01, ตัวอย่าง Road, Phra Pathom Chedi, Mueang Nakhon Pathom, Nakhon Pathom 73000"
    )


def test_every_subdistrict_of_the_country_is_found_by_the_words_we_write_it_in() -> None:
    districts = [district.code for province in geothai.provinces() for district in geothai.districts(province.code)]
    codes = [listed.code for district in districts for listed in geothai.subdistricts(district)]
    assert len(codes) > 7_000
    for code in codes:
        where = addresses.subdistrict(code)
        assert where is not None
        for lang in ("th", "en"):
            assert [one.code for one in addresses.find(where.show(lang))] == [code], where.show(lang)


def test_a_name_that_many_places_share_asks_for_district_and_province() -> None:
    reading = read(ADDRESS, house="1", subdistrict="วังทอง")
    assert reading.at == "it.subdistrict"
    assert reading.problem is not None
    assert "มีตำบลที่ตรงกัน 9 แห่ง" in reading.problem.th
    assert len(addresses.find("วังทอง")) == 9


def test_a_postal_code_that_is_shared_follows_what_was_typed() -> None:
    assert value(ADDRESS, house="1", subdistrict="ท่าแร้ง บางเขน กรุงเทพ 10230")["postcode"] == "10230"
    assert "postcode" not in value(ADDRESS, house="1", subdistrict="ท่าแร้ง บางเขน กรุงเทพ")


@pytest.mark.parametrize(
    ("parts", "at"),
    [
        ({"house": "", "subdistrict": "730101"}, "it.house"),
        ({"house": "บ้านใหญ่", "subdistrict": "730101"}, "it.house"),
        ({"house": "1", "subdistrict": ""}, "it.subdistrict"),
        ({"house": "1", "subdistrict": "ตำบลไม่มีจริง"}, "it.subdistrict"),
        ({"house": "1", "subdistrict": "730199"}, "it.subdistrict"),
        ({"house": "1", "soi": "ก" * 81, "subdistrict": "730101"}, "it.soi"),
    ],
)
def test_only_the_part_of_an_address_that_is_wrong_is_blamed(parts: dict[str, str], at: str) -> None:
    assert read(ADDRESS, **parts).at == at


def test_bangkok_has_its_own_words_for_district_and_subdistrict() -> None:
    where = addresses.subdistrict("100101")
    assert where is not None
    assert where.show("th") == "แขวงพระบรมมหาราชวัง เขตพระนคร กรุงเทพมหานคร 10200"


def test_places_are_suggested_while_typing() -> None:
    assert [p.code for p in addresses.suggest("พระปฐมเจ")] == ["730101"]
    assert {p.code[:4] for p in addresses.suggest("เกาะพะงัน")} == {"8405"}
    assert len(addresses.suggest("73000", limit=5)) == 5
    assert addresses.suggest("") == []


# ---- values from a registry -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "fetched", "stored"),
    [
        (LINE, " มะลิ ", "มะลิ"),
        (DAY, "1961", "1961"),
        (DAY, "1995-06-15", "1995-06-15"),
        (DAY, "25380615", None),
        (DAY, 19950615, None),
        (
            ADDRESS,
            {"house": "99/1", "moo": None, "soi": "ดอกรัก 2", "road": "", "subdistrict": "730101"},
            {"house": "99/1", "soi": "ดอกรัก 2", "subdistrict": "730101", "postcode": "73000"},
        ),
        (ADDRESS, {"house": "99/1", "subdistrict": "999999"}, None),
        (ADDRESS, "99/1 หมู่ 1", None),
        (COUNT, "many", None),
        (CHOICE, ["one"], None),
    ],
)
def test_a_fetched_value_is_taken_only_when_it_fits_the_question(asked: Question, fetched: Any, stored: Any) -> None:
    assert asked.accept(fetched) == stored


# ---- time, place, account, line of business --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["9:30", "09.30", "๐๙.๓๐ น.", "9:30 น", "09:30:00"])
def test_a_time_is_understood_as_people_write_it(text: str) -> None:
    assert value(CLOCK, text) == "09:30"
    assert CLOCK.show("09:30", "th") == "09:30\u00a0น."


@pytest.mark.parametrize(
    ("text", "thai"),
    [("25:00", "ใส่สิ่งนี้เป็นชั่วโมงและนาที"), ("05:59", "ตั้งแต่ 06:00 น."), ("22.01", "ไม่เกิน 22:00 น."), ("เช้า", "เช่น 09:30")],
)
def test_a_time_that_does_not_fit_says_what_does(text: str, thai: str) -> None:
    problem = read(CLOCK, text).problem
    assert problem is not None
    assert thai in problem.th


@pytest.mark.parametrize(
    "text",
    ["13.819, 100.062", "13.819 100.062", "100.062,13.819", "๑๓.๘๑๙, ๑๐๐.๐๖๒", "13°49'8.4\"N 100°03'43.2\"E"],
)
def test_a_point_is_understood_as_maps_write_it(text: str) -> None:
    assert value(POINT, text) == {"lat": "13.819000", "lon": "100.062000"}


@pytest.mark.parametrize(
    ("text", "thai"), [("51.5, -0.1", "ใส่สิ่งนี้เป็นละติจูด"), ("48.85, 2.35", "ไม่ได้อยู่ในประเทศไทย"), ("13.8", "เช่น 13.819000")]
)
def test_a_point_elsewhere_is_refused(text: str, thai: str) -> None:
    problem = read(POINT, text).problem
    assert problem is not None
    assert thai in problem.th


@pytest.mark.parametrize(
    ("parts", "at"),
    [
        ({"number": "1234567890", "holder": "มะลิ"}, "it.bank"),
        ({"bank": "006", "number": "12345", "holder": "มะลิ"}, "it.number"),
        ({"bank": "006", "number": "123-4-56789-0"}, "it.holder"),
    ],
)
def test_only_the_part_of_an_account_that_is_wrong_is_blamed(parts: dict[str, str], at: str) -> None:
    assert read(ACCOUNT, **parts).at == at


def test_an_account_is_shown_as_in_the_bank_book() -> None:
    kept = value(ACCOUNT, bank="006", number="๑๒๓-๔-๕๖๗๘๙-๐", holder="มะลิ")
    assert ACCOUNT.show(kept, "th") == "ธนาคารกรุงไทย 123-4-56789-0 · มะลิ"


def test_a_line_of_business_is_shown_with_its_section_and_must_have_one() -> None:
    assert BUSINESS.show(value(BUSINESS, "56101"), "th") == "56101 (ที่พักแรมและบริการด้านอาหาร)"
    assert read(BUSINESS, "34101").problem is not None


@pytest.mark.parametrize(
    ("typed_so_far", "first"),
    [
        ("พระปฐ", "730101"),
        ("ต.พระปฐม อ.เมือง", "730101"),
        ("สีลม บางรัก", "100402"),
        ("phra pathom", "730101"),
        ("๗๓๐๐๐", "730101"),
    ],
)
def test_a_place_is_offered_from_the_beginnings_of_its_names(typed_so_far: str, first: str) -> None:
    assert [place.code for place in suggesting.beginning(typed_so_far)][:1] == [first]


@given(st.text(max_size=30))
def test_whatever_is_typed_few_places_are_offered_and_each_is_understood_as_written(text: str) -> None:
    offered = suggesting.beginning(text)
    assert len(offered) <= 8
    for place in offered:
        assert place in addresses.find(place.show("th"))


# ---- characters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "long_text", "email"])
def test_a_character_that_documents_cannot_show_is_named_in_both_languages_and_what_was_typed_is_kept(
    kind: str,
) -> None:
    reading = question(kind).read(typed(text="mali李@example.com"))
    assert reading.value is None
    assert reading.problem is not None
    assert "พิมพ์ “李” ไม่ได้" in reading.problem.th
    assert "cannot show “李”" in reading.problem.en
    assert (reading.raw, reading.at) == ({"it": "mali李@example.com"}, "it")


def test_the_part_of_an_address_with_such_a_character_is_the_one_the_message_leads_to() -> None:
    parts = {"house": "99/9", "soi": "𠮷", "subdistrict": "สนามจันทร์ เมืองนครปฐม นครปฐม"}
    reading = question("address").read(typed(**parts))
    assert (reading.value, reading.at) == (None, "it.soi")
