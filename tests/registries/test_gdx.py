"""The portal's client against the gateway over HTTP, and against one that does not keep to its protocol."""

import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from app.core.clock import MovedClock
from app.core.errors import Unavailable
from app.demo.gdx import Consumer, Gateway
from app.registries.gdx import Gdx
from app.settings import Gateway as Settings
from tests.demo.world import SLOW, door, served

KEY, SECRET = "the-consumer-key", "the-consumer-secret"
MALI, BUNMA, PRANG, CHALO, SAMAN, WAEO, RIAN = (
    "1000000001072", "3000000003217", "1000000004284", "3000000005350", "5000000006425", "3000000007492",
    "1000000015057",
)  # fmt: skip
NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    app = FastAPI(openapi_url=None)
    app.include_router(Gateway(Consumer(KEY, SECRET), MovedClock(), SLOW).router(), prefix="/gdx")
    with served(app, door()) as url:
        yield f"{url}/gdx"


@pytest.fixture
def registry(gateway: str) -> Iterator[Gdx]:
    client = Gdx.from_settings(Settings(gateway, KEY, SECRET, "judiao", timeout=SLOW / 3))
    yield client
    client.close()


def log_of(gateway: str) -> list[dict[str, object]]:
    return list(httpx2.get(f"{gateway}/log", trust_env=False).json())


def forget_tokens(gateway: str) -> None:
    httpx2.delete(f"{gateway}/tokens", trust_env=False)


def test_a_person_comes_with_names_birth_date_address_source_and_time(registry: Gdx) -> None:
    found = registry.person(MALI, NOW)
    assert found is not None
    assert found.values == {
        "title": "นางสาว",
        "given_name": "มะลิ",
        "family_name": "ตัวอย่าง",
        "birth_date": "1995-06-15",
        "registered_address": {
            "house": "99/1",
            "soi": "ดอกรัก 2",
            "road": "ดอกไม้",
            "subdistrict": "730101",
            "postcode": "73000",
        },
    }
    assert (found.source, found.at) == ("กรมการปกครอง", NOW)


def test_an_unknown_day_of_birth_stays_unknown(registry: Gdx) -> None:
    found = registry.person(BUNMA, NOW)
    assert found is not None
    assert found.values["birth_date"] == "1961"


def test_a_person_the_registry_does_not_know_is_none(registry: Gdx) -> None:
    assert registry.person(PRANG, NOW) is None


@pytest.mark.parametrize("citizen_id", [CHALO, SAMAN, WAEO, RIAN], ids=["late", "500", "garbage", "another shape"])
def test_a_registry_in_trouble_is_unavailable_and_the_next_person_is_not_harmed(registry: Gdx, citizen_id: str) -> None:
    with pytest.raises(Unavailable) as caught:
        registry.person(citizen_id, NOW)
    assert citizen_id not in repr(caught.value) + str(caught.value.values)
    assert registry.person(MALI, NOW) is not None


def test_one_token_serves_many_calls(gateway: str, registry: Gdx) -> None:
    registry.person(MALI, NOW)
    before = len(log_of(gateway))
    registry.person(MALI, NOW)
    assert [call["path"] for call in log_of(gateway)[before:]] == ["/ws/dopa/linkage/v1/link"] * 2


def test_a_token_that_ended_is_renewed_once_and_the_call_repeated(gateway: str, registry: Gdx) -> None:
    registry.person(MALI, NOW)
    forget_tokens(gateway)
    before = len(log_of(gateway))
    assert registry.person(MALI, NOW) is not None
    assert [(call["path"], call["status"]) for call in log_of(gateway)[before:]] == [
        ("/ws/dopa/linkage/v1/link", 401),
        ("/ws/auth/validate", 200),
        ("/ws/dopa/linkage/v1/link", 200),
        ("/ws/dopa/linkage/v1/link", 200),
    ]


def test_threads_refused_together_share_one_new_token(gateway: str, registry: Gdx) -> None:
    registry.person(MALI, NOW)
    forget_tokens(gateway)
    before = len(log_of(gateway))
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: registry.person(MALI, NOW), range(4)))
    assert None not in found
    assert [call["path"] for call in log_of(gateway)[before:]].count("/ws/auth/validate") == 1


def test_wrong_credentials_are_unavailable_after_one_try(gateway: str) -> None:
    stranger = Gdx(gateway, KEY, "guessed", "judiao")
    before = len(log_of(gateway))
    with pytest.raises(Unavailable):
        stranger.person(MALI, NOW)
    assert [call["path"] for call in log_of(gateway)[before:] if call["status"] == 401] == ["/ws/auth/validate"]
    stranger.close()


def test_neither_citizen_number_nor_secret_is_ever_logged(
    registry: Gdx, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    registry.person(MALI, NOW)
    with pytest.raises(Unavailable):
        registry.person(SAMAN, NOW)
    printed = capsys.readouterr()
    said = "".join(record.getMessage() for record in caplog.records) + printed.out + printed.err
    assert "the registry gateway is of no use now" in said
    for secret in (MALI, SAMAN, SECRET, KEY):
        assert secret not in said


def odd_gateway(answer: Callable[[Request], Response]) -> FastAPI:
    """A gateway that gives a token and then answers every call as told."""
    app = FastAPI(openapi_url=None)

    async def validate() -> Response:
        return JSONResponse({"Result": "token"})

    async def link(request: Request) -> Response:
        return answer(request)

    app.add_api_route("/ws/auth/validate", validate)
    app.add_api_route("/ws/dopa/linkage/v1/link", link)
    return app


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"x"', b"{", b'{"firstName": "\xff"}', b"[" * 100_000, b'{"a": "' + b"x" * 300_000 + b'"}'],
    ids=["empty", "null", "list", "text", "cut", "no utf-8", "deep", "long"],
)
def test_any_200_that_is_no_record_is_unavailable(body: bytes) -> None:
    with served(odd_gateway(lambda _: Response(body, media_type="application/json")), door()) as url:
        client = Gdx(url, KEY, SECRET, "judiao")
        with pytest.raises(Unavailable):
            client.person(MALI, NOW)
        client.close()


@pytest.mark.parametrize("status", [301, 400, 401, 403, 429, 502])
def test_any_other_status_is_unavailable_and_401_is_not_repeated_for_ever(status: int) -> None:
    calls: list[str] = []

    def answer(request: Request) -> Response:
        calls.append(request.url.path)
        return Response(status_code=status, headers={"Location": "/ws/auth/validate"})

    with served(odd_gateway(answer), door()) as url:
        client = Gdx(url, KEY, SECRET, "judiao")
        with pytest.raises(Unavailable):
            client.person(MALI, NOW)
        client.close()
    assert len(calls) == (2 if status == 401 else 1)


def test_a_person_whose_house_is_not_on_record_comes_without_address() -> None:
    record = {"titleDesc": "นาย", "firstName": "ตาสี", "lastName": "สมมติ", "dateOfBirth": 24980203}

    def answer(request: Request) -> Response:
        if request.query_params["ServiceID"] == "001":
            return Response(json.dumps(record), media_type="application/json")
        return Response(status_code=404)

    with served(odd_gateway(answer), door()) as url:
        client = Gdx(url, KEY, SECRET, "judiao")
        found = client.person(MALI, NOW)
        client.close()
    assert found is not None
    assert found.values == {"title": "นาย", "given_name": "ตาสี", "family_name": "สมมติ", "birth_date": "1955-02-03"}


def test_a_gateway_nobody_answers_at_is_unavailable() -> None:
    with door() as closed:
        port = closed.getsockname()[1]
    client = Gdx(f"http://127.0.0.1:{port}", KEY, SECRET, "judiao")
    with pytest.raises(Unavailable):
        client.person(MALI, NOW)
    client.close()
