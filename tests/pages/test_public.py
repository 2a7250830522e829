"""The pages for everybody, over HTTP. The database behind them does not answer: they need only the catalogue."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import cycle
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.catalogue import fee_checks, loader
from app.catalogue.amounts import NoFee
from app.core.clock import MovedClock
from app.core.db import Database
from app.core.door import PREFS_COOKIE, Door
from app.pages import failures, public, public_search
from app.settings import Settings

SERVICE = "food-premises-notification"
PAGES = [
    "/",
    "/services",
    f"/services/{SERVICE}",
    "/privacy",
    "/accessibility",
    "/cookies",
    "/help",
]
CATALOGUE = Path(__file__).parents[2] / "services_catalog"
SERVICES = sorted(file.stem for file in (CATALOGUE / "services").glob("*.yaml"))
ELSEWHERE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]


class Unset(dict[str, str]):
    """An environment in which every setting without a default has some value."""

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        return default or ("" if key == "JUDIAO_ENV" else key.lower())


def page_words(answer: Response) -> str:
    """The page without its tags."""
    return unescape(re.sub(r"<[^>]+>", " ", answer.text))


def plain(text: str) -> str:
    """Without any kind of space: where lines may break is the page's business."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def portal() -> FastAPI:
    """The public pages with the real catalogue, behind the real door."""
    web = FastAPI()
    web.include_router(public.router)
    web.include_router(public_search.router)
    web.state.settings = Settings.from_env(Unset())
    web.state.catalogue = loader.load(CATALOGUE)
    web.state.database = Database("postgresql://nobody@127.0.0.1:9/nothing")
    web.state.clock = MovedClock()
    web.state.turns = asyncio.Semaphore(2)
    failures.install(web)
    web.add_middleware(
        Door,
        https=False,
        exempt=frozenset(),
        refuse=failures.cross_site_refused,
        limit=lambda _: 64 * 1024,
        too_big=failures.too_big,
    )
    return web


@pytest.fixture
def stranger(portal: FastAPI) -> Iterator[TestClient]:
    """Somebody who is not signed in, in a fresh browser."""
    with TestClient(portal, follow_redirects=False) as browser:
        yield browser


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/services",
        f"/services/{SERVICE}",
        "/privacy",
        "/accessibility",
        "/cookies",
        "/help",
    ],
)
@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_stranger_reads_every_public_page_in_both_languages(stranger: TestClient, path: str, lang: str) -> None:
    answer = stranger.get(path, params={"lang": lang})

    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(("slug", "lang"), list(zip(SERVICES, cycle(["th", "en"]), strict=False)))
def test_the_manual_shows_the_numbers_of_the_record_the_engine_runs_on(
    portal: FastAPI, stranger: TestClient, slug: str, lang: str
) -> None:
    service = portal.state.catalogue.services[slug]

    answer = stranger.get(f"/services/{slug}", params={"lang": lang})
    fees = fee_checks.parts(service.fee) or (service.fee,)
    said = [service.duration.words, service.renewal, service.appeal.text, *(later.name for later in service.later_fees)]
    said += [text for fee in fees for text in ((fee.note,) if isinstance(fee, NoFee) else (fee.source,)) if text]
    said += [step.name for step in service.steps] + [use.document.name for use in service.documents]
    said += [law.name for law in service.laws] + [*service.manual.who, *service.manual.criteria]

    assert [text.en for text in said if plain(text.to(lang)) not in plain(page_words(answer))] == []
    assert f'href="/start?service={slug}"' in answer.text


def test_a_fee_that_depends_on_an_answer_is_told_for_every_answer(stranger: TestClient) -> None:
    liquor = " ".join(page_words(stranger.get("/services/liquor-retail")).split())
    hazard = " ".join(page_words(stranger.get("/services/health-hazard-business")).split())

    assert "จดแล้ว 2,200 ยังไม่ได้จด 330" in liquor
    assert "การบริการ 500 อาหาร เครื่องดื่ม และน้ำดื่ม · การเกษตร · สิ่งทอ คิดตามกำลังเครื่องจักรรวม" in hazard
    assert "เทศบาลนครสมมุติ" in hazard


def test_a_manual_names_the_other_licences_it_rests_on_and_when(stranger: TestClient) -> None:
    page = stranger.get("/services/liquor-retail", params={"lang": "en"}).text

    assert 'href="/services/commercial-registration"' in page
    assert 'href="/services/food-premises-licence"' in page
    assert "before the officers decide" in page
    assert "When the applicant is “A person”" in page


def test_a_manual_says_when_a_registry_replaces_a_paper(stranger: TestClient) -> None:
    page = page_words(stranger.get(f"/services/{SERVICE}"))
    assert "เมื่อที่ตั้งร้านตรงกับที่อยู่ตามทะเบียนบ้าน ถ้าไม่ใช่ คุณอัปโหลด" in page


def test_a_service_nobody_offers_is_not_found(stranger: TestClient) -> None:
    answer = stranger.get("/services/dragon-riding")

    assert answer.status_code == 404
    assert "ไม่พบหน้านี้" in answer.text


def test_a_search_keeps_the_question_and_finds_the_service(stranger: TestClient) -> None:
    page = stranger.get("/services", params={"q": "เปิดร้านอาหาร"}).text

    assert 'value="เปิดร้านอาหาร"' in page
    assert f'href="/services/{SERVICE}"' in page
    assert 'role="status"' in page


def test_a_search_for_markup_shows_it_as_text(stranger: TestClient) -> None:
    page = stranger.get("/services", params={"q": '"><b hx-get="/my" hx-trigger="load">'}).text

    assert "<b hx-get" not in page
    assert "&lt;b hx-get" in page


def test_a_search_without_results_says_what_to_do_next(stranger: TestClient) -> None:
    page = stranger.get("/services", params={"q": "ขี่มังกรข้ามมหาสมุทร"}).text

    assert 'href="/services"' in page
    assert 'href="/help"' in page
    assert "<h3" not in page


def test_a_choice_of_looks_is_kept_and_leads_back(stranger: TestClient) -> None:
    answer = stranger.get("/prefs", params={"theme": "dark", "next": "/services?q=ร้าน"})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/services?q=")
    stranger.get("/prefs", params={"text": "xl"})
    assert '<html lang="th" data-theme="dark" data-text="xl"' in stranger.get("/").text
    stranger.get("/prefs", params={"theme": "auto"})
    assert '<html lang="th" data-text="xl"' in stranger.get("/").text


def test_choosing_a_language_is_not_undone_by_the_address_it_leads_back_to(stranger: TestClient) -> None:
    answer = stranger.get("/prefs", params={"lang": "en", "next": "/services?lang=th&q=food"})

    assert answer.headers["location"] == "/services?q=food"
    assert stranger.cookies[PREFS_COOKIE].startswith("en.")
    assert '<html lang="en"' in stranger.get("/").text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_a_choice_of_looks_leads_to_no_other_site(stranger: TestClient, target: str) -> None:
    assert stranger.get("/prefs", params={"theme": "dark", "next": target}).headers["location"] == "/"


def test_the_security_contact_holds_for_less_than_a_year(portal: FastAPI, stranger: TestClient) -> None:
    text = stranger.get("/.well-known/security.txt").text

    facts = dict(line.split(": ", 1) for line in text.splitlines())
    expires = datetime.strptime(facts["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=90) < expires - portal.state.clock.now() < timedelta(days=365)
    assert facts["Contact"] == f"{portal.state.settings.base_url}/help#security"
    assert 'id="security"' in stranger.get("/help").text


def test_search_engines_are_kept_out_of_what_belongs_to_a_person(stranger: TestClient) -> None:
    rules = stranger.get("/robots.txt").text.splitlines()

    assert {"Disallow: /my", "Disallow: /forms/", "Disallow: /verify/", "Disallow: /officer"} <= set(rules)
    assert not any(line in {"Disallow: /", "Disallow: /services"} for line in rules)


def test_a_list_is_narrowed_down_by_its_address_and_each_choice_can_be_taken_back(stranger: TestClient) -> None:
    page = stranger.get("/services?q=ร้าน&fee=low&agency=excise&service=vat-registration").text

    assert "/services/tobacco-retail?" in page
    assert "/services/massage-shop" not in page
    assert 'name="fee" value="low" checked' in page
    assert 'href="/services?q=%E0%B8%A3%E0%B9%89%E0%B8%B2%E0%B8%99&amp;service=vat-registration&amp;fee=low"' in page


def test_a_query_without_an_answer_leads_on(stranger: TestClient) -> None:
    page = stranger.get("/services?q=ขอเลขผู้เสียภาษี vat").text
    assert "ยังไม่พบงานบริการที่ตรงกับคำนี้" in page
    assert "/services/vat-registration" in page
    assert 'href="/help"' in page

    page = stranger.get("/services?fee=free&agency=excise").text
    assert "ไม่มีงานบริการที่ตรงกับตัวกรองทั้งหมดนี้" in page
