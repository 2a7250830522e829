"""The privacy notice says exactly what the services collect, and the same facts always give the same text and hash."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from app.privacy.notice import Contact, Datum, Kept, Notice, Use, compose
from app.privacy.wording import Words


@dataclass(frozen=True)
class CatalogueText:
    """The shape of another room's texts: nothing is shared but `th` and `en`."""

    th: str
    en: str


DOPA = Words("กรมการปกครอง", "Department of Provincial Administration")
TOWN = Words("เทศบาลเมืองตัวอย่าง", "Example Town Municipality")
EXCISE = Words("กรมสรรพสามิต", "Excise Department")
NAME = Datum("person_name", Words("ชื่อและนามสกุล", "Full name"), DOPA)
SHOP = Datum("shop_name", Words("ชื่อร้าน", "Shop name"))
PHONE = Datum("phone", Words("เบอร์โทร", "Phone"), required=False)
MAP = Datum("map", CatalogueText("แผนที่ตั้งร้าน", "Map of the premises"), document=True)
ANSWERS = Kept(Words("คำตอบ", "Answers"), 10, Words("ระเบียบสารบรรณ", "Records rules"))

FOOD = Use(
    service=CatalogueText("แจ้งจัดตั้งสถานที่จำหน่ายอาหาร", "Notify food premises"),
    agency=TOWN,
    data_protection=Contact(Words("งานคุ้มครองข้อมูล", "Data protection desk"), "0 0000 0000", "dpo@town.example"),
    purpose=Words("พิจารณาคำแจ้ง", "to consider the notification"),
    basis=Words("พ.ร.บ.การสาธารณสุข มาตรา 38", "Public Health Act s.38"),
    if_not_given=Words("หน่วยงานพิจารณาคำแจ้งไม่ได้", "the agency cannot consider it"),
    recipients=(),
    data=(NAME, SHOP, PHONE, MAP),
    kept=(ANSWERS,),
)
LIQUOR = replace(
    FOOD,
    service=Words("ใบอนุญาตขายสุรา", "Liquor licence"),
    agency=EXCISE,
    data_protection=Contact(Words("สำนักกฎหมาย", "Legal office")),
    recipients=(Words("กรมการปกครอง", "Department of Provincial Administration"),),
    data=(SHOP, replace(PHONE, required=True)),
)


def thai(message: str) -> str:
    return message


def notice(uses: Sequence[Use] = (FOOD,), language: str = "th") -> Notice:
    return compose(uses, language, thai)


def section(made: Notice, key: str) -> str:
    return "\n".join(next(s for s in made.sections if s.key == key).paragraphs)


def test_every_datum_is_named_with_where_it_comes_from() -> None:
    data = section(notice(), "data")
    assert "จากกรมการปกครอง: ชื่อและนามสกุล" in data
    assert "คุณกรอกเอง: ชื่อร้าน" in data
    assert "คุณกรอกเองถ้าต้องการ: เบอร์โทร" in data
    assert "เอกสารที่คุณแนบ: แผนที่ตั้งร้าน" in data


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        ("controllers", "เทศบาลเมืองตัวอย่าง เป็นผู้ควบคุมข้อมูล"),
        ("controllers", "งานคุ้มครองข้อมูล 0 0000 0000 dpo@town.example"),
        ("purposes", "พิจารณาคำแจ้ง (พ.ร.บ.การสาธารณสุข มาตรา 38)"),
        ("purposes", "มาตรา 24 (4) และ (6)"),
        ("refusal", "หน่วยงานพิจารณาคำแจ้งไม่ได้"),
        ("recipients", "ส่งให้เทศบาลเมืองตัวอย่าง"),
        ("retention", "คำตอบ: 10 ปีหลังเรื่องเสร็จ (ระเบียบสารบรรณ)"),
        ("rights", "มาตรา 30"),
        ("rights", "มาตรา 35 และ 36"),
        ("rights", "มาตรา 73"),
    ],
)
def test_the_notice_holds_everything_section_23_asks_for(duty: str, words: str) -> None:
    assert words in section(notice(), duty)


def test_a_datum_two_services_ask_for_is_named_once_and_is_required_when_one_requires_it() -> None:
    data = section(notice([FOOD, LIQUOR]), "data")
    assert data.count("ชื่อร้าน") == 1
    assert "คุณกรอกเอง: ชื่อร้าน, เบอร์โทร" in data
    assert "ถ้าต้องการ" not in data


def test_each_agency_answers_for_its_own_services_and_names_its_own_contact() -> None:
    controllers = section(notice([FOOD, LIQUOR]), "controllers")
    assert "เทศบาลเมืองตัวอย่าง เป็นผู้ควบคุมข้อมูลของเรื่อง แจ้งจัดตั้งสถานที่จำหน่ายอาหาร\n" in controllers
    assert "กรมสรรพสามิต เป็นผู้ควบคุมข้อมูลของเรื่อง ใบอนุญาตขายสุรา\nติดต่อเจ้าหน้าที่คุ้มครองข้อมูล: สำนักกฎหมาย" in controllers
    assert "ใบอนุญาตขายสุรา: ส่งให้กรมสรรพสามิต และส่งต่อให้ กรมการปกครอง" in section(notice([FOOD, LIQUOR]), "recipients")


def test_registries_are_mentioned_only_when_something_is_fetched() -> None:
    assert "เมื่อคุณอนุญาตเท่านั้น" in section(notice(), "data")
    assert "เมื่อคุณอนุญาตเท่านั้น" not in section(notice([LIQUOR]), "data")


def test_the_data_of_the_catalogue_appears_in_the_language_of_the_reader() -> None:
    english = compose([FOOD], "en", lambda message: message)
    assert "Department of Provincial Administration" in section(english, "data")
    assert "Map of the premises" in section(english, "data")
    assert "เทศบาล" not in english.text


def test_our_own_sentences_go_through_the_translator() -> None:
    english = compose([FOOD], "en", lambda message: "Your rights" if message == "สิทธิของคุณ" else message)
    assert english.sections[-1].heading == "Your rights"


def test_the_same_facts_give_the_same_hash_and_other_facts_another() -> None:
    assert notice().digest == notice().digest
    others = [
        notice([LIQUOR]),
        notice([FOOD, LIQUOR]),
        notice(language="en"),
        notice([replace(FOOD, data=(*FOOD.data, Datum("email", Words("อีเมล", "E-mail"))))]),
        notice([replace(FOOD, kept=(replace(ANSWERS, years=5),))]),
    ]
    assert len({notice().digest, *(other.digest for other in others)}) == 6


def test_what_is_shown_is_what_is_hashed() -> None:
    made = notice([FOOD, LIQUOR])
    shown = [made.title, *(line for s in made.sections for line in (s.heading, *s.paragraphs))]
    assert [line for line in made.text.splitlines() if line] == shown
