"""Search: by what people call things, in both languages and both kinds of digits; nothing is better than anything."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.search import nearest, ready, search
from tests.catalogue.world import LICENCE, NOTIFICATION, real


@pytest.mark.parametrize(
    "query",
    [
        "ร้านกาแฟ",
        "เปิดร้านอาหาร",
        "ก๋วยเตี๋ยว",
        "สอ.1",
        "สอ.๑",
        "แจ้งเปิดร้าน",
        "restaurant",
        "Coffee  SHOPS",
        "cloud kitchen",
        "food premises notification",
        "ร้าน\u200bกาแฟ",
    ],
)
def test_a_small_shop_finds_the_notification_first(query: str) -> None:
    assert search(real(), query)[0] == NOTIFICATION


@pytest.mark.parametrize(
    "query", ["ภัตตาคาร", "สวนอาหาร", "ใบอนุญาตร้านอาหาร", "buffet", "large restaurant", "FOOD court"]
)
def test_a_large_restaurant_finds_the_licence_first(query: str) -> None:
    assert search(real(), query)[0] == LICENCE


def test_an_agency_finds_what_it_offers() -> None:
    local = {slug for slug, s in real().services.items() if s.receiver.kind == "local_authority"}

    assert set(search(real(), "เทศบาลเมืองตัวอย่าง")) == local
    assert set(search(real(), "กรมสรรพสามิต")) >= {"liquor-retail", "tobacco-retail"}


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("ขายเหล้า", "liquor-retail"),
        ("อยากขายเบียร์ในร้าน", "liquor-retail"),
        ("alcohol", "liquor-retail"),
        ("ขายบุหรี่", "tobacco-retail"),
        ("cigarettes", "tobacco-retail"),
        ("ทะเบียนการค้า", "commercial-registration"),
        ("คัดสำเนาทะเบียนพาณิชย์", "commercial-register-copy"),
        ("certified copy", "commercial-register-copy"),
        ("ขายของออนไลน์", "commercial-registration"),
        ("sell online", "commercial-registration"),
        ("คั่วกาแฟ", "health-hazard-business"),
        ("ร้านซักรีด", "health-hazard-business"),
        ("car wash", "health-hazard-business"),
        ("อภ.๑", "health-hazard-business"),
    ],
)
def test_what_a_shop_owner_calls_it_finds_it_first(query: str, slug: str) -> None:
    assert search(real(), query)[0] == slug


@pytest.mark.parametrize("query", ["หนังสือเดินทาง", "ต่อภาษีรถยนต์", "passport", "อาวุธปืน", "zzz", "???", "การ"])
def test_what_we_do_not_have_finds_nothing(query: str) -> None:
    assert search(real(), query) == []


@pytest.mark.parametrize("query", ["", "   ", "\u200b"])
def test_an_empty_query_lists_everything(query: str) -> None:
    assert search(real(), query) == sorted(real().services)


def test_every_service_is_found_by_its_own_names_and_synonyms() -> None:
    for service in real().services.values():
        for words in (service.name, service.short_name):
            assert search(real(), words.th)[0] == service.slug
            assert search(real(), words.en)[0] == service.slug
        for synonym in (*service.synonyms.th, *service.synonyms.en):
            assert search(real(), synonym)[0] == service.slug, synonym


def asked_by_people() -> Iterator[tuple[str, set[str]]]:
    """Each query of the file, with the services of which one must be among the first three."""
    for line in (Path(__file__).with_name("queries.tsv")).read_text(encoding="utf-8").splitlines():
        query, tab, wanted = line.partition("\t")
        if tab:
            assert set(wanted.split("|")) <= real().services.keys(), line
            yield query, set(wanted.split("|"))


def test_nine_in_ten_of_what_people_type_is_answered_among_the_first_three() -> None:
    queries = list(asked_by_people())
    missed = [query for query, wanted in queries if wanted.isdisjoint(search(real(), query)[:3])]

    assert len(queries) >= 200
    assert len(missed) <= len(queries) / 10, missed


def test_a_search_takes_less_than_three_thousandths_of_a_second() -> None:
    ready(real())
    queries = [query for query, _ in asked_by_people()]
    began = time.process_time()
    for query in queries:
        search(real(), query)

    assert (time.process_time() - began) / len(queries) < 0.003


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("ขอเลขผู้เสียภาษี vat", "vat-registration"),
        ("ป้าย led", "sign-board-tax"),
    ],
)
def test_where_nothing_answers_what_shares_a_word_is_offered_as_near(query: str, slug: str) -> None:
    assert search(real(), query) == []
    assert slug in nearest(real(), query)


@pytest.mark.parametrize("query", ["passport", "zzz", "วีซ่า", "???"])
def test_what_shares_nothing_is_not_even_near(query: str) -> None:
    assert nearest(real(), query) == []
