"""The parties together: what the portal is told, what every page promises, and that a restart forgets nothing."""

import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from app.demo.people import agencies
from app.demo.stand_ins import build, environment
from app.settings import Settings
from tests.demo.world import World, door, served

PORTAL = {"DATABASE_URL": "postgresql://x", "JUDIAO_KEYS": "k", "JUDIAO_INDEX_KEY": "i", "JUDIAO_COOKIE_SECRET": "c"}
PAGES = [
    "/",
    "/bank/pay",
    "/thaid/api/v2/oauth2/auth/",
    "/govid/connect/endsession",
    "/stand_ins.css",
    "/gdx/log",
    "/nowhere",
]


def test_the_portal_accepts_what_it_is_told(world: World) -> None:
    settings = Settings.from_env({**PORTAL, **world.environment})
    assert settings.citizens.issuer == f"{world.stand_ins.browser_url}/thaid"
    assert (settings.citizens.secret_rounds, settings.officers.secret_rounds) == (0, 7)
    assert settings.bank.pay_page.startswith("http://localhost:")
    assert settings.gateway.url.startswith("http://127.0.0.1:")
    assert settings.signing.trust_roots.read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_secrets_differ_are_kept_in_the_data_folder_and_are_for_their_owner_only(world: World) -> None:
    folder = world.stand_ins.folder / "secrets"
    words = [file.read_text() for file in folder.iterdir()]
    assert len(words) == len(set(words)) == 6
    assert all(len(word) >= 43 for word in words)
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_has_the_strict_policy_and_is_not_kept(world: World, page: str) -> None:
    headers = world.http.get(page).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"], "nothing may run"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers.get_list("Cache-Control") == ["no-store"]


@pytest.mark.parametrize("page", ["/", "/bank/pay", "/govid/connect/endsession"])
def test_every_page_says_it_is_a_demonstration_and_needs_no_script_or_style_of_its_own(world: World, page: str) -> None:
    html = world.http.get(page).text
    assert "โหมดสาธิต" in html
    assert "Demonstration" in world.http.get(page, params={"ui_locales": "en"}).text
    for forbidden in ("<script", "<style", " style=", "javascript:", "onclick"):
        assert forbidden not in html


def test_the_front_page_names_every_party_and_person(world: World) -> None:
    html = world.http.get("/").text
    for name in ("ThaID", "Digital ID", "GDX", "ธนาคาร", "นางสาวมะลิ ตัวอย่าง", "นายสาธิต สอง", "เทศบาลเมืองตัวอย่าง"):
        assert name in html
    assert world.http.get("/root.pem").text.startswith("-----BEGIN CERTIFICATE-----")


@contextmanager
def restarted(world: World) -> Iterator[httpx2.Client]:
    """The same parties with the same data folder, started once more."""
    again = build(world.stand_ins.port, world.portal_url, world.stand_ins.folder.parent, clock=world.clock)
    with served(again, door()) as url, httpx2.Client(base_url=url, trust_env=False) as http:
        yield http


def order(**how: object) -> dict[str, object]:
    return {"billerId": agencies()[0].biller_id, "reference1": "KEPT", "amount": "1.00", **how}


def test_a_restart_keeps_secrets_root_and_payments(world: World) -> None:
    root = world.http.get("/root.pem").content
    paid = world.http.post("/bank/v1/payments", json=order(callback="withhold")).json()
    with restarted(world) as http:
        assert http.get(f"/bank/v1/payments/{paid['transactionId']}").json() == paid
        assert http.get("/root.pem").content == root
    assert environment(world.stand_ins.port, world.stand_ins.folder.parent) == world.environment


def test_stopping_gives_up_open_confirmations_at_once(world: World) -> None:
    with restarted(world) as http:
        assert http.post("/bank/v1/payments", json=order(delaySeconds=60, wait=False)).status_code == 200
        before = time.monotonic()
    assert time.monotonic() - before < 10
    assert world.portal.knocks == []
