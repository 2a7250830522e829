"""Every way a provider can be wrong, late or lying ends in a clear page, nobody signed in, and a way to start again."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import uvicorn
from fastapi.testclient import TestClient

from app.core.clock import MovedClock
from app.core.db import Database
from app.settings import OidcClient
from tests.identity import dishonest_provider
from tests.identity.conftest import NO_DATABASE, MakePortal
from tests.identity.dishonest_provider import CLIENT_ID, SECRET, Provider

BASE = "https://testserver"

DENIED = "ไม่ได้อนุญาตให้ส่งข้อมูล"
EXPIRED = "หมดเวลาหรือใช้ไปแล้ว"
DOWN = "ยังไม่ตอบ"
BAD = "แล้วไม่ผ่าน"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    provider.issuer = f"http://127.0.0.1:{sock.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(provider.app, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    yield provider
    server.should_exit = True
    thread.join(timeout=10)
    sock.close()


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.reset()
    return running


@pytest.fixture
def portal(provider: Provider, make_portal: MakePortal) -> Callable[[Database], TestClient]:
    one = OidcClient(provider.issuer, CLIENT_ID, SECRET, "openid pid ial given_name family_name")
    return lambda database: TestClient(make_portal(database, BASE, one, one), base_url=BASE, follow_redirects=False)


@pytest.fixture
def client(portal: Callable[[Database], TestClient], database: Database) -> Iterator[TestClient]:
    with portal(database) as made:
        yield made


@pytest.fixture
def stranger(portal: Callable[[Database], TestClient]) -> Iterator[TestClient]:
    """Somebody whose sign-in must fail before anything is written: this portal's database does not answer."""
    with portal(Database(NO_DATABASE)) as made:
        yield made


def leave(client: TestClient, provider: Provider, audience: str = "citizen", **query: str) -> dict[str, str]:
    """Go to the provider, who notes the nonce; returns what the browser carries there."""
    left = client.get(f"/sign-in/{audience}", params=query)
    assert left.status_code == 302, left.text
    carried = {name: values[0] for name, values in parse_qs(urlsplit(left.headers["location"]).query).items()}
    provider.nonce = carried["nonce"]
    return carried


def come_back(client: TestClient, state: str, code: str = "good", **more: str) -> httpx2.Response:
    return client.get("/sign-in/citizen/callback", params={"code": code, "state": state, **more})


def refused(page: httpx2.Response, status: int, words: str) -> None:
    assert (page.status_code, "__Host-sid" in page.headers.get("set-cookie", "")) == (status, False)
    assert words in page.text
    assert 'href="/sign-in?' in page.text


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda said: {key: value for key, value in said.items() if key != name}


def with_(**changes: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda said: said | changes


def test_an_honest_answer_signs_in_so_the_lies_below_are_what_is_refused(
    client: TestClient, provider: Provider
) -> None:
    back = come_back(client, leave(client, provider)["state"])
    assert (back.status_code, back.headers["location"]) == (303, "/my")
    assert client.get("/whoami").json()["kind"] == "CitizenSession"


def test_the_session_cookie_is_bound_to_this_host_and_new_at_every_sign_in(
    client: TestClient, provider: Provider
) -> None:
    given = []
    for _ in range(2):
        back = come_back(client, leave(client, provider)["state"])
        [sid] = [header for header in back.headers.get_list("set-cookie") if header.startswith("__Host-sid=")]
        value, *attributes = [part.strip().lower() for part in sid.split(";")]
        assert set(attributes) == {"path=/", "secure", "httponly", "samesite=lax"}
        given.append(value)
    assert given[0] != given[1]
    assert min(len(value) for value in given) >= len("__host-sid=") + 43


def test_signing_in_again_ends_the_session_this_browser_had(client: TestClient, provider: Provider) -> None:
    come_back(client, leave(client, provider)["state"])
    before = client.cookies["__Host-sid"]
    come_back(client, leave(client, provider)["state"])
    client.cookies.clear()
    client.cookies.set("__Host-sid", before)
    assert client.get("/whoami").json()["kind"] == ""


def test_the_way_back_survives_the_provider(client: TestClient, provider: Provider) -> None:
    back = come_back(client, leave(client, provider, next="/services/food?area=200")["state"])
    assert back.headers["location"] == "/services/food?area=200"


def test_a_way_back_to_another_site_is_not_taken(client: TestClient, provider: Provider) -> None:
    back = come_back(client, leave(client, provider, next="//evil.example")["state"])
    assert back.headers["location"] == "/my"


def test_the_request_carries_everything_that_protects_it(stranger: TestClient, provider: Provider) -> None:
    carried = leave(stranger, provider)
    assert (carried["response_type"], carried["code_challenge_method"]) == ("code", "S256")
    assert carried["redirect_uri"] == "https://testserver/sign-in/citizen/callback"
    assert len(carried["code_challenge"]) == 43
    assert min(len(carried["state"]), len(carried["nonce"])) >= 20
    assert leave(stranger, provider)["state"] != carried["state"]


PAST = time.time() - 3600


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(with_(nonce="another"), id="another nonce"),
        pytest.param(without("nonce"), id="no nonce"),
        pytest.param(with_(aud="somebody-else"), id="for somebody else"),
        pytest.param(with_(aud="somebody-else", azp=CLIENT_ID), id="for somebody else naming us as party"),
        pytest.param(with_(aud=[CLIENT_ID, "other"], azp="other"), id="for us and another, presented by the other"),
        pytest.param(without("aud"), id="for nobody"),
        pytest.param(with_(iss="https://elsewhere.example"), id="from another issuer"),
        pytest.param(without("iss"), id="from nobody"),
        pytest.param(without("sub"), id="about nobody"),
        pytest.param(without("exp"), id="for ever"),
        pytest.param(with_(exp="tomorrow"), id="until something that is no time"),
        pytest.param(with_(iat=PAST + 7200), id="from the future"),
        pytest.param(with_(nbf=PAST + 7200), id="not yet"),
        pytest.param(with_(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), id="with another access token"),
    ],
)
def test_an_id_token_that_lies_is_refused(
    stranger: TestClient, provider: Provider, lie: dishonest_provider.Change
) -> None:
    provider.claims = lie
    refused(come_back(stranger, leave(stranger, provider)["state"]), 502, BAD)


def test_an_expired_id_token_is_called_expired(stranger: TestClient, provider: Provider) -> None:
    provider.claims = with_(exp=int(PAST))
    refused(come_back(stranger, leave(stranger, provider)["state"]), 400, EXPIRED)


@pytest.mark.parametrize(("late", "status"), [(30, 303), (90, 400)])
def test_clocks_may_differ_by_a_minute(client: TestClient, provider: Provider, late: int, status: int) -> None:
    provider.claims = with_(exp=int(time.time()) - late)
    assert come_back(client, leave(client, provider)["state"]).status_code == status


@pytest.mark.parametrize(
    "way",
    [
        "signed_by_a_stranger",
        "signed_with_the_shared_secret",
        "signed_with_the_public_key_as_secret",
        "unsigned",
    ],
)
def test_a_signature_that_proves_nothing_is_refused(stranger: TestClient, provider: Provider, way: str) -> None:
    provider.sign = getattr(provider, way)
    refused(come_back(stranger, leave(stranger, provider)["state"]), 502, BAD)


def test_a_provider_may_change_its_key_between_two_sign_ins(client: TestClient, provider: Provider) -> None:
    assert come_back(client, leave(client, provider)["state"]).status_code == 303
    provider.rotate()
    assert come_back(client, leave(client, provider)["state"]).status_code == 303


@pytest.mark.parametrize(
    ("instead", "status", "words"),
    [
        (dishonest_provider.gone, 503, DOWN),
        (dishonest_provider.not_json, 502, BAD),
        (dishonest_provider.a_list, 502, BAD),
    ],
)
def test_a_provider_that_answers_nonsense_gets_a_page_of_its_own(
    stranger: TestClient, provider: Provider, instead: Callable[[], Any], status: int, words: str
) -> None:
    provider.instead = instead
    refused(come_back(stranger, leave(stranger, provider)["state"]), status, words)


@pytest.mark.parametrize(
    "change", [without("id_token"), with_(id_token="abc"), with_(id_token=None), with_(id_token={"sub": "mali"})]
)
def test_an_answer_without_a_proper_id_token_is_refused(
    stranger: TestClient, provider: Provider, change: dishonest_provider.Change
) -> None:
    provider.answer = change
    refused(come_back(stranger, leave(stranger, provider)["state"]), 502, BAD)


def test_userinfo_about_somebody_else_is_refused(stranger: TestClient, provider: Provider) -> None:
    provider.claims = without("pid")
    provider.userinfo = with_(sub="somebody-else")
    refused(come_back(stranger, leave(stranger, provider)["state"]), 502, BAD)


def test_an_answer_that_names_another_issuer_is_refused(stranger: TestClient, provider: Provider) -> None:
    page = come_back(stranger, leave(stranger, provider)["state"], iss="https://elsewhere.example")
    refused(page, 502, BAD)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 403, DENIED),
        ("temporarily_unavailable", 503, DOWN),
        ("server_error", 503, DOWN),
        ("<script>alert(1)</script>", 502, BAD),
    ],
)
def test_an_error_of_the_provider_is_put_in_our_words(
    stranger: TestClient, provider: Provider, error: str, status: int, words: str
) -> None:
    state = leave(stranger, provider)["state"]
    page = stranger.get(
        "/sign-in/citizen/callback", params={"error": error, "error_description": error, "state": state}
    )
    refused(page, status, words)
    assert "<script>alert" not in page.text


def test_a_used_or_invented_code_is_called_expired(stranger: TestClient, provider: Provider) -> None:
    refused(come_back(stranger, leave(stranger, provider)["state"], code="used"), 400, EXPIRED)


@pytest.mark.parametrize("query", [{}, {"code": "good"}, {"code": "good", "state": "invented"}, {"state": "x"}])
def test_an_answer_nobody_asked_for_signs_nobody_in(
    stranger: TestClient, provider: Provider, query: dict[str, str]
) -> None:
    leave(stranger, provider)
    refused(stranger.get("/sign-in/citizen/callback", params=query), 400, EXPIRED)


def test_the_answer_to_one_browser_is_worth_nothing_in_another(stranger: TestClient, provider: Provider) -> None:
    state = leave(stranger, provider)["state"]
    stranger.cookies.clear()
    refused(come_back(stranger, state), 400, EXPIRED)


def test_the_same_answer_does_not_sign_in_twice(client: TestClient, provider: Provider) -> None:
    state = leave(client, provider)["state"]
    assert come_back(client, state).status_code == 303
    refused(come_back(client, state), 400, EXPIRED)


def test_an_answer_for_citizens_is_no_answer_for_officers(stranger: TestClient, provider: Provider) -> None:
    state = leave(stranger, provider)["state"]
    page = stranger.get("/sign-in/officer/callback", params={"code": "good", "state": state})
    refused(page, 400, EXPIRED)


def test_a_provider_that_is_down_is_said_to_be(make_portal: MakePortal) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        nobody = OidcClient(f"http://127.0.0.1:{sock.getsockname()[1]}", CLIENT_ID, SECRET, "openid")
        app = make_portal(Database(NO_DATABASE), BASE, nobody, nobody)
        with TestClient(app, base_url=BASE, follow_redirects=False) as client:
            refused(client.get("/sign-in/citizen"), 503, DOWN)


def test_a_provider_that_was_down_at_first_works_as_soon_as_it_is_up(client: TestClient, provider: Provider) -> None:
    provider.metadata = without("token_endpoint")
    refused(client.get("/sign-in/citizen"), 502, BAD)
    provider.metadata = dishonest_provider.honest
    assert come_back(client, leave(client, provider)["state"]).status_code == 303


def test_discovery_that_names_another_issuer_is_not_trusted(stranger: TestClient, provider: Provider) -> None:
    provider.metadata = with_(issuer="https://elsewhere.example")
    refused(stranger.get("/sign-in/citizen"), 502, BAD)


def test_discovery_cannot_change_how_we_connect(client: TestClient, provider: Provider) -> None:
    provider.metadata = with_(verify=False, timeout=3600, scope="everything", proxy="http://127.0.0.1:1")
    carried = leave(client, provider)
    assert carried["scope"] == "openid pid ial given_name family_name"
    assert come_back(client, carried["state"]).status_code == 303


def test_a_silent_provider_is_not_waited_for_long_and_the_portal_goes_on_meanwhile(
    provider: Provider, make_portal: MakePortal
) -> None:
    one = OidcClient(provider.issuer, CLIENT_ID, SECRET, "openid")
    app = make_portal(Database(NO_DATABASE), BASE, one, one, patience=1)
    with ThreadPoolExecutor() as pool, TestClient(app, base_url=BASE, follow_redirects=False) as stranger:
        state = leave(stranger, provider)["state"]
        provider.speaks.clear()
        started = time.monotonic()
        late = pool.submit(come_back, stranger, state)
        assert stranger.get("/whoami").json()["kind"] == ""
        assert not late.done()
        refused(late.result(), 503, DOWN)
        assert time.monotonic() - started >= 1
        provider.speaks.set()


def test_the_failure_page_speaks_english_too(stranger: TestClient) -> None:
    page = stranger.get("/sign-in/citizen/callback", params={"error": "access_denied", "lang": "en"})
    assert page.status_code == 403
    assert '<html lang="en"' in page.text


def test_a_sign_in_that_fails_does_not_end_the_session_one_has(client: TestClient, provider: Provider) -> None:
    assert come_back(client, leave(client, provider)["state"]).status_code == 303
    provider.claims = with_(nonce="another")
    refused(come_back(client, leave(client, provider)["state"]), 502, BAD)
    assert client.get("/whoami").json()["kind"] == "CitizenSession"


def test_a_clock_moved_past_the_idle_limit_asks_to_sign_in_again(
    client: TestClient, provider: Provider, clock: MovedClock
) -> None:
    come_back(client, leave(client, provider)["state"])
    clock.move(timedelta(minutes=31))
    assert client.get("/my").headers["location"].startswith("/sign-in?next=")
