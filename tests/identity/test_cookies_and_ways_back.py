"""What the browser is given, where it is sent, and who may enter which page."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from http.cookies import SimpleCookie

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.core.clock import MovedClock
from app.core.db import Database
from app.core.events import SYSTEM
from app.core.secrets import Keyring
from app.identity import officers, people, sessions
from app.identity.claims import Claims
from app.identity.models import Duty
from app.identity.officers import Post
from app.settings import OidcClient
from tests.identity.conftest import NO_DATABASE, MakePortal

BASE = "https://testserver"
NOWHERE = OidcClient("http://127.0.0.1:9", "judiao", "not used", "openid")
KEYRING = Keyring.fresh()
MALI = Claims("https://thaid.example", "mali", "1000000000122", "", "มะลิ", "ตัวอย่าง", "Mali", None, Decimal("2.3"))


@pytest.fixture
def client(make_portal: MakePortal, database: Database) -> Iterator[TestClient]:
    with TestClient(make_portal(database, BASE, NOWHERE, NOWHERE), base_url=BASE, follow_redirects=False) as made:
        yield made


@pytest.fixture
def stranger(make_portal: MakePortal) -> Iterator[TestClient]:
    """Somebody for whom the portal never has to look anything up."""
    app = make_portal(Database(NO_DATABASE), BASE, NOWHERE, NOWHERE)
    with TestClient(app, base_url=BASE, follow_redirects=False) as made:
        yield made


@pytest.fixture
def citizen(database: Database, client: TestClient, clock: MovedClock) -> str:
    """A citizen is signed in; the token in the cookie."""
    with database.transaction() as db:
        who = people.recognise(db, KEYRING, MALI, clock.now())
        token = sessions.open_for_citizen(db, KEYRING, who, MALI.ial, clock.now(), id_token="a.b.c")
    client.cookies.set("__Host-sid", token)
    return token


def sign_in_officer(database: Database, client: TestClient, now: datetime, *duties: Duty) -> None:
    post = Post("example_town", None, frozenset(duties), "ผู้ตรวจ", "Checker")
    with database.transaction() as db:
        officer_id = officers.register(db, "https://gov.example", "s", "สาธิต", "Sathit", post, SYSTEM, now)
        client.cookies.set("__Host-sid", sessions.open_for_officer(db, KEYRING, officer_id, now))


def cookies(answer: httpx2.Response) -> dict[str, SimpleCookie]:
    found = {}
    for header in answer.headers.get_list("set-cookie"):
        cookie: SimpleCookie = SimpleCookie(header)
        found[next(iter(cookie))] = cookie
    return found


@pytest.mark.usefixtures("citizen")
def test_signing_out_takes_the_cookie_and_what_the_browser_stored_but_not_preferences(client: TestClient) -> None:
    client.cookies.set("prefs", "th.dark..")
    left = client.post("/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/signed-out")
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    taken = cookies(left)["__Host-sid"]["__Host-sid"]
    assert (taken.value, taken["max-age"], taken["path"], taken["domain"]) == ("", "0", "/", "")
    assert (bool(taken["secure"]), bool(taken["httponly"]), taken["samesite"]) == (True, True, "lax")
    assert "prefs" not in cookies(left)


def test_an_old_cookie_is_worth_nothing_after_signing_out(client: TestClient, citizen: str) -> None:
    client.post("/sign-out")
    client.cookies.set("__Host-sid", citizen)
    assert client.get("/whoami").json()["kind"] == ""


def test_signing_out_twice_or_as_a_stranger_is_harmless(client: TestClient) -> None:
    assert client.post("/sign-out").headers["location"] == "/signed-out"
    page = client.get("/signed-out")
    assert page.status_code == 200
    assert "refresh" not in page.headers


@pytest.mark.usefixtures("citizen")
def test_signing_out_works_while_the_provider_does_not_answer(client: TestClient) -> None:
    client.post("/sign-out")
    page = client.get("/signed-out")
    assert page.status_code == 200
    assert "refresh" not in page.headers
    assert client.get("/whoami").json()["kind"] == ""


@pytest.mark.usefixtures("citizen")
def test_another_site_cannot_sign_somebody_out(client: TestClient) -> None:
    refused = client.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert client.get("/whoami").json()["kind"] == "CitizenSession"


@pytest.mark.usefixtures("citizen")
def test_one_press_keeps_the_session_and_says_until_when(client: TestClient, clock: MovedClock) -> None:
    clock.move(timedelta(minutes=26))
    kept = client.post("/session/keep").json()
    assert datetime.fromisoformat(kept["ends_at"]) - clock.now() > timedelta(minutes=29)
    assert datetime.fromisoformat(kept["ends_at"]) - datetime.fromisoformat(kept["warns_at"]) == timedelta(minutes=5)
    clock.move(timedelta(minutes=20))
    assert client.get("/whoami").json()["kind"] == "CitizenSession"


def test_a_session_that_is_over_cannot_be_kept(stranger: TestClient) -> None:
    assert stranger.post("/session/keep").status_code == 401


@pytest.mark.usefixtures("citizen")
def test_a_person_signs_a_lost_phone_out_from_another_browser(
    client: TestClient, database: Database, clock: MovedClock
) -> None:
    with database.transaction() as db:
        who = people.recognise(db, KEYRING, MALI, clock.now())
        phone = sessions.open_for_citizen(db, KEYRING, who, MALI.ial, clock.now(), device="Safari, iPhone")
    page = client.get("/my/sessions")
    assert "Safari, iPhone" in page.text
    [action] = re.findall(r'action="(/my/sessions/[^"]+)"', page.text)
    assert client.post(action).headers["location"] == "/my/sessions"
    assert "Safari, iPhone" not in client.get("/my/sessions").text
    assert client.post(action).status_code == 404
    client.cookies.set("__Host-sid", phone)
    assert client.get("/whoami").json()["kind"] == ""


def test_nobody_ends_the_session_of_another(client: TestClient, database: Database, clock: MovedClock) -> None:
    tasi = replace(MALI, subject="tasi", citizen_id="1000000000211")
    tokens = []
    for claims in (MALI, tasi):
        with database.transaction() as db:
            who = people.recognise(db, KEYRING, claims, clock.now())
            tokens.append(sessions.open_for_citizen(db, KEYRING, who, claims.ial, clock.now()))
    client.cookies.set("__Host-sid", tokens[0])
    mine = client.get("/whoami").json()["id"]
    client.cookies.set("__Host-sid", tokens[1])
    assert client.post(f"/my/sessions/{mine}/end").status_code == 404
    client.cookies.set("__Host-sid", tokens[0])
    assert client.get("/whoami").json()["id"] == mine


def test_a_stranger_is_led_to_sign_in_and_back(stranger: TestClient) -> None:
    assert stranger.get("/my").headers["location"].startswith("/sign-in?next=")
    assert "officer" in stranger.get("/officer").headers["location"]


@pytest.mark.usefixtures("citizen")
def test_a_citizen_has_no_business_in_the_officers_area(client: TestClient) -> None:
    assert client.get("/my").status_code == 200
    assert client.get("/officer").status_code == 403
    assert client.get("/officer/approve").status_code == 403


def test_an_officer_enters_only_where_their_duties_reach(
    client: TestClient, database: Database, clock: MovedClock
) -> None:
    sign_in_officer(database, client, clock.now(), Duty.CHECK)
    assert client.get("/officer").status_code == 200
    assert client.get("/officer/approve").status_code == 403
    assert client.get("/my").status_code == 403


@pytest.mark.parametrize("one_of_them", [Duty.APPROVE, Duty.MANAGE])
def test_any_one_of_the_duties_a_page_names_opens_it(
    client: TestClient, database: Database, clock: MovedClock, one_of_them: Duty
) -> None:
    sign_in_officer(database, client, clock.now(), Duty.CHECK, one_of_them)
    assert client.get("/officer/approve").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "a" * 5000, '"; Path=/'])
def test_an_invented_cookie_is_nobodys(client: TestClient, token: str) -> None:
    assert client.get("/whoami", headers={"cookie": f"__Host-sid={token}"}).json()["kind"] == ""


ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/path\r\nSet-Cookie: x=y",
    "/\x00/evil.example",
    "",
]


def ways_back(page: httpx2.Response) -> list[str | None]:
    """Where each link to sign in would lead back to (the frame around the page left out)."""
    links = re.findall(r'href="(/sign-in[^"]*)"', page.text.partition("<main")[2])
    return [httpx2.URL(BASE + html.unescape(link)).params.get("next") for link in links]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_site_after_signing_in(stranger: TestClient, target: str) -> None:
    chosen = stranger.get("/sign-in", params={"next": target})
    assert ways_back(chosen) == [None, None]
    failed = stranger.get("/sign-in/citizen", params={"next": target})
    assert ways_back(failed) == ["/my"]


@pytest.mark.parametrize(
    "target", ["/my", "/services/food?area=200#fee", "/search?q=%E0%B8%A3%E0%B9%89%E0%B8%B2%E0%B8%99", "/a//b"]
)
def test_a_page_of_ours_is_remembered_as_the_way_back(stranger: TestClient, target: str) -> None:
    assert ways_back(stranger.get("/sign-in", params={"next": target})) == [target, target]
    assert ways_back(stranger.get("/sign-in/officer", params={"next": target})) == [target]


def test_the_choice_page_offers_officers_their_own_way(stranger: TestClient) -> None:
    assert "/sign-in/officer" in stranger.get("/sign-in").text
    assert "เข้าสู่ระบบเจ้าหน้าที่" in stranger.get("/sign-in", params={"as": "officer"}).text


@pytest.mark.parametrize("path", ["/sign-in/admin", "/sign-in/admin/callback", "/sign-in/citizen/other"])
def test_there_are_only_two_ways_in(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 404
