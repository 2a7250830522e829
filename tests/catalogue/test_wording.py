"""The licence in words: drawn from the service's data and the visible answers, in either language."""

from typing import Any

import pytest

from app.catalogue.manual import ISSUING_WORDS
from app.catalogue.wording import licence_wording, shown_answers
from tests.catalogue.world import GOOD_ANSWERS, notification

ISSUING = dict.fromkeys(ISSUING_WORDS, "") | {"holder": "นางสาวมะลิ ตัวอย่าง", "agency": "เทศบาลเมืองตัวอย่าง"}


def rows(answers: dict[str, Any], lang: str = "th") -> dict[str, str]:
    return {row.xml: row.value for row in licence_wording(notification(), answers, ISSUING, lang).rows}


def test_the_statement_names_holder_shop_and_agency() -> None:
    said = licence_wording(notification(), GOOD_ANSWERS, ISSUING, "th")

    assert "ให้ไว้แก่ นางสาวมะลิ ตัวอย่าง เพื่อ" in said.statement[0]
    assert "“ครัวมะลิ (ตัวอย่าง)” ต่อเจ้าพนักงานท้องถิ่นของเทศบาลเมืองตัวอย่างแล้ว" in said.statement[0]
    assert said.title == "หนังสือรับรองการแจ้ง"
    assert len(said.conditions) == 3


def test_rows_show_the_answers_as_people_read_them() -> None:
    assert rows(GOOD_ANSWERS)["PremisesArea"] == "45.5\u00a0ตร.ม."
    assert rows(GOOD_ANSWERS, "en")["PremisesArea"] == "45.5\u00a0m²"
    assert rows(GOOD_ANSWERS)["OpeningDate"] == "1\u00a0ธันวาคม 2569"


def test_a_row_without_an_answer_is_left_out() -> None:
    assert "PremisesBuilding" not in rows(GOOD_ANSWERS)
    assert rows({**GOOD_ANSWERS, "premises_building": "ชั้น 1"})["PremisesBuilding"] == "ชั้น 1"


def test_braces_in_an_answer_are_only_words() -> None:
    assert rows({**GOOD_ANSWERS, "shop_name": "{holder} {x"})["PremisesName"] == "{holder} {x"


def test_a_missing_issuing_word_stops_the_licence() -> None:
    with pytest.raises(KeyError):
        licence_wording(notification(), GOOD_ANSWERS, {}, "th")


def test_a_service_that_ends_in_a_receipt_has_no_licence_to_word() -> None:
    service = notification().model_copy(update={"licence": None, "result": "receipt_only"})
    with pytest.raises(ValueError, match="receipt_only"):
        licence_wording(service, GOOD_ANSWERS, ISSUING, "th")


def test_hidden_answers_are_not_among_the_words() -> None:
    said = {**GOOD_ANSWERS, "premises_owner_name": "นายเจ้าของ ตัวอย่าง"}
    assert "premises_owner_name" not in shown_answers(notification(), said, "th")
    assert "premises_owner_name" in shown_answers(notification(), {**said, "premises_right": "rent"}, "th")
