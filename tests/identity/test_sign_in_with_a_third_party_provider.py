"""Citizens and officers sign in and out through a certified provider that is not ours: npm oidc-provider."""

import json
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest
import uvicorn
from sqlalchemy import func, select

from app.core.clock import MovedClock
from app.core.db import Database
from app.core.events import SYSTEM
from app.identity import officers
from app.identity.models import Duty, Person
from app.identity.officers import Post
from app.settings import OidcClient
from tests.identity.conftest import MakePortal

HERE = Path(__file__).parent
SECRET = "a secret only the two of us know"
MALI = {
    "pid": "1000000000122",
    "title": "นางสาว",
    "given_name": "มะลิ",
    "family_name": "ตัวอย่าง",
    "birthdate": "1995-06-15",
    "ial": "2.3",
}
MALI_AT_DGA = {
    "citizen_id": "1000000000122",
    "citizen_id_verified": True,
    "given_name": "มะลิ",
    "family_name": "ตัวอย่าง",
    "ial_level": 2.3,
}
UNVERIFIED = MALI_AT_DGA | {"citizen_id_verified": False}


def listening() -> socket.socket:
    """A socket that has its port already, so that the address is known before anything serves it."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock


@contextmanager
def provider(base_url: str, people: dict[str, dict[str, Any]], *, userinfo: bool) -> Iterator[str]:
    """The npm provider as a process; ends when its standard input closes."""
    assert (HERE.parents[1] / "node_modules" / "oidc-provider").exists(), "npm packages are missing: run `make setup`"
    clients = [
        {
            "client_id": audience,
            "client_secret": SECRET,
            "redirect_uris": [f"{base_url}/sign-in/{audience}/callback"],
            "post_logout_redirect_uris": [f"{base_url}/signed-out"],
        }
        for audience in ("citizen", "officer")
    ]
    about = json.dumps({"clients": clients, "people": people, "userinfo": userinfo})
    node = shutil.which("node")
    assert node is not None
    process = subprocess.Popen(
        [node, str(HERE / "third_party_provider.mjs"), about],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        issuer = next((line.strip() for line in process.stdout if line.startswith("http")), None)
        assert issuer, process.communicate(timeout=60)[1]
        yield issuer
    finally:
        process.communicate(timeout=60)


class Browser:
    """Plays a person's browser: keeps cookies (loopback counts as secure, as in Chromium) and follows redirects."""

    def __init__(self, base_url: str) -> None:
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.http = httpx2.Client(base_url=base_url, cookies=jar, follow_redirects=True, timeout=10)

    def sign_in(self, audience: str, login: str, **query: str) -> httpx2.Response:
        """From our link through the provider's own pages (name, then consent) and back."""
        page = self.http.get(f"/sign-in/{audience}", params=query)
        while action := re.search(r'<form[^>]*action="([^"]+)"', page.text):
            prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
            assert prompt, page.text
            fields = {"prompt": prompt[1], **({"login": login, "password": "any"} if prompt[1] == "login" else {})}
            page = self.http.post(urljoin(str(page.url), action[1]), data=fields)
        return page

    def json(self, path: str) -> dict[str, str]:
        """What one of our small pages says, and its status."""
        answer = self.http.get(path, follow_redirects=False)
        return {"status": str(answer.status_code), **(answer.json() if answer.status_code == 200 else {})}


class Scene:
    """A portal, a provider and who may sign in."""

    def __init__(self, base_url: str, issuer: str, database: Database) -> None:
        self.base_url, self.issuer, self.database = base_url, issuer, database
        self.browsers: list[Browser] = []

    def browser(self) -> Browser:
        """A new browser at our home page."""
        self.browsers.append(Browser(self.base_url))
        return self.browsers[-1]


@contextmanager
def scene(
    make_portal: MakePortal, database: Database, people: dict[str, dict[str, Any]], *, userinfo: bool
) -> Iterator[Scene]:
    """The portal on loopback under uvicorn, trusting the npm provider."""
    sock = listening()
    base_url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    scopes = " ".join(sorted({"openid", *(name for claims in people.values() for name in claims)}))
    with provider(base_url, people, userinfo=userinfo) as issuer:
        citizens = OidcClient(issuer, "citizen", SECRET, scopes)
        app = make_portal(database, base_url, citizens, OidcClient(issuer, "officer", SECRET, "openid"))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        made = Scene(base_url, issuer, database)
        try:
            yield made
        finally:
            for browser in made.browsers:
                browser.http.close()
            server.should_exit = True
            thread.join(timeout=10)
            sock.close()


@pytest.fixture
def thaid(make_portal: MakePortal, database: Database) -> Iterator[Scene]:
    with scene(make_portal, database, {"mali": MALI, "sathit": {}, "stranger": {}}, userinfo=False) as made:
        yield made


@pytest.fixture
def digital_id(make_portal: MakePortal, database: Database) -> Iterator[Scene]:
    with scene(make_portal, database, {"mali": MALI_AT_DGA, "unproven": UNVERIFIED}, userinfo=True) as made:
        yield made


def test_a_citizen_signs_in_lands_where_they_wanted_and_signs_out_everywhere(thaid: Scene) -> None:
    browser = thaid.browser()
    page = browser.sign_in("citizen", "mali", next="/my?lang=th")
    assert (page.status_code, page.url.raw_path) == (200, b"/my?lang=th"), page.text
    mine = browser.json("/my")
    assert (mine["name"], mine["ial"]) == ("นางสาวมะลิ ตัวอย่าง", "2.3")

    again = browser.sign_in("citizen", "mali")
    assert again.json()["person"] == mine["person"]
    with thaid.database.transaction() as db:
        assert db.execute(select(func.count()).select_from(Person)).scalar_one() == 1

    left = browser.http.post("/sign-out")
    assert left.url.path == "/signed-out"
    assert (browser.json("/my")["status"], browser.json("/whoami")["kind"]) == ("303", "")
    leads_on = left.headers["refresh"].partition("url=")[2]
    asked = parse_qs(urlsplit(leads_on).query)
    assert leads_on.startswith(thaid.issuer)
    assert asked["id_token_hint"][0].count(".") == 2
    assert (asked["client_id"], asked["post_logout_redirect_uri"]) == (["citizen"], [f"{thaid.base_url}/signed-out"])

    page = browser.http.get(leads_on)
    xsrf = re.search(r'name="xsrf" value="(\w+)"', page.text)
    assert xsrf, page.text
    back = browser.http.post(f"{thaid.issuer}/session/end/confirm", data={"xsrf": xsrf[1], "logout": "yes"})
    assert (back.status_code, back.url.path) == (200, "/signed-out")
    assert "refresh" not in back.headers


def test_a_citizen_whose_claims_stand_in_userinfo_signs_in(digital_id: Scene) -> None:
    browser = digital_id.browser()
    assert browser.sign_in("citizen", "mali").status_code == 200
    assert browser.json("/my")["name"] == "มะลิ ตัวอย่าง"


def test_an_account_without_a_verified_citizen_id_is_told_what_to_do(digital_id: Scene) -> None:
    browser = digital_id.browser()
    page = browser.sign_in("citizen", "unproven", next="/my")
    assert page.status_code == 422
    assert "ยืนยันตัวตนกับผู้ให้บริการก่อน" in page.text
    assert browser.json("/whoami")["kind"] == ""


def test_an_officer_signs_in_with_the_duties_of_our_database(thaid: Scene, clock: MovedClock) -> None:
    post = Post("example_town", None, frozenset({Duty.APPROVE}), "ผู้อำนวยการกอง", "Director")
    with thaid.database.transaction() as db:
        officers.register(db, thaid.issuer, "sathit", "สาธิต สอง", "Sathit Song", post, SYSTEM, clock.now())
    browser = thaid.browser()
    page = browser.sign_in("officer", "sathit")
    assert (page.status_code, page.url.path) == (200, "/officer"), page.text
    assert browser.json("/officer")["agency"] == "example_town"
    assert browser.json("/officer/approve")["status"] == "200"
    assert browser.json("/my")["status"] == "403"


def test_an_account_nobody_registered_as_officer_is_told_whom_to_ask(thaid: Scene) -> None:
    browser = thaid.browser()
    page = browser.sign_in("officer", "stranger")
    assert page.status_code == 403
    assert "ผู้ดูแลระบบของหน่วยงานคุณ" in page.text
    assert browser.json("/whoami")["kind"] == ""


def test_a_citizen_who_cancels_at_the_provider_gets_a_page_and_can_start_again(thaid: Scene) -> None:
    browser = thaid.browser()
    page = browser.http.get("/sign-in/citizen", params={"next": "/my"})
    cancel = re.search(r'href="([^"]+/abort)"', page.text)
    assert cancel, page.text
    denied = browser.http.get(urljoin(str(page.url), cancel[1]))
    assert denied.status_code == 403
    assert "คุณยังไม่ได้เข้าสู่ระบบ" in denied.text
    assert "next=%2Fmy" in denied.text
    assert browser.sign_in("citizen", "mali").url.path == "/my"
