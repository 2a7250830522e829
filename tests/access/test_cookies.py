"""What the browser keeps for us: a session that is new at every sign-in and dead after signing out, and no more."""

from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from app.core.door import PREFS_COOKIE
from app.demo.provider import agree
from app.demo.running import Running
from app.pages.who import COOKIE
from tests.access.cast import NUMBERS, Cast, Who

PERSON = "bunma"
ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "/path\r\nSet-Cookie: x=y",
    "/\x00/evil.example",
    "/\x7f/evil.example",
    "//127.0.0.1.evil.example/my",
    "//user@evil.example",
    "",
)


class Jar:
    """A browser that shows its cookies."""

    def __init__(self, here: Running) -> None:
        self.here = here
        self.client = httpx2.Client(timeout=120, trust_env=False)
        self.kept: dict[str, Morsel[str]] = {}

    def open(self, url: str, method: str = "GET") -> httpx2.Response:
        """One request; what is set is kept, whatever the scheme."""
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.kept.items())
        ours = urlsplit(url).netloc == urlsplit(self.here.url).netloc
        headers = {"Sec-Fetch-Site": "same-origin"} | ({"Cookie": cookies} if ours and cookies else {})
        answer = self.client.request(method, url, headers=headers)
        if ours:
            for line in answer.headers.get_list("set-cookie"):
                self.kept |= SimpleCookie(line)
        return answer

    def sign_in(self, to: str = "/my", person: str = PERSON) -> httpx2.Response:
        """Through the provider and back; the answer that opens the session."""
        start = httpx2.URL(f"{self.here.url}/sign-in/citizen", params={"next": to})
        provider = self.open(str(start)).headers["location"]
        back = self.client.get(agree(provider, person)).headers["location"]
        return self.open(back)

    @property
    def session(self) -> Morsel[str]:
        """The cookie of the session."""
        return self.kept[COOKIE]


@pytest.fixture
def jar(here: Running) -> Iterator[Jar]:
    browser = Jar(here)
    yield browser
    browser.client.close()


def who_is(jar: Jar) -> int:
    """200 for somebody signed in, 303 for nobody."""
    return jar.open(f"{jar.here.url}/my").status_code


def test_the_session_cookie_is_for_this_host_alone_and_for_no_script(jar: Jar) -> None:
    answer = jar.sign_in()

    assert (answer.status_code, answer.headers["location"]) == (303, "/my")
    cookie = jar.session
    assert (bool(cookie["secure"]), bool(cookie["httponly"])) == (True, True)
    assert (cookie["samesite"], cookie["path"]) == ("lax", "/")
    assert (cookie["domain"], cookie["max-age"], cookie["expires"]) == ("", "", "")
    assert len(cookie.value) >= 43
    assert who_is(jar) == 200


def test_every_cookie_of_ours_is_out_of_reach_of_scripts_and_of_other_hosts(jar: Jar) -> None:
    jar.open(f"{jar.here.url}/prefs?theme=dark&text=l&contrast=more&lang=en")
    jar.sign_in()

    assert set(jar.kept) == {COOKIE, "__Host-oidc", PREFS_COOKIE}
    assert {
        (name, bool(c["httponly"]), c["samesite"].lower(), c["path"], c["domain"]) for name, c in jar.kept.items()
    } == {(name, True, "lax", "/", "") for name in jar.kept}


def test_signing_in_makes_a_new_session_and_ends_the_one_before(jar: Jar) -> None:
    jar.sign_in()
    before = jar.session
    jar.sign_in()
    now = jar.session

    assert now.value != before.value
    jar.kept[COOKIE] = before
    assert who_is(jar) == 303


def test_a_session_that_somebody_else_planted_is_not_taken_over(jar: Jar, cast: Cast) -> None:
    planted = cast.visitor(Who.OTHER)
    jar.kept |= SimpleCookie(f"{COOKIE}={planted.token}")
    jar.sign_in()

    assert jar.session.value != planted.token
    assert planted.ask("GET", "/my").status_code == 303
    planted.client.close()


def test_after_signing_out_the_old_cookie_is_nobodys(jar: Jar) -> None:
    jar.sign_in()
    kept = SimpleCookie(f"{COOKIE}={jar.session.value}")
    left = jar.open(f"{jar.here.url}/sign-out", "POST")

    assert (jar.session.value, jar.session["max-age"]) == ("", "0")
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    jar.kept |= kept
    assert who_is(jar) == 303


def test_a_cookie_is_never_an_address_a_name_or_a_number(jar: Jar) -> None:
    jar.open(f"{jar.here.url}/prefs?theme=dark&text=xl&contrast=more&lang=en")
    jar.sign_in()

    assert jar.kept[PREFS_COOKIE].value == "en.dark.xl.more."
    jar.kept |= SimpleCookie(f'{PREFS_COOKIE}="<b>.{NUMBERS[Who.OWNER]}.x.y.z"')
    jar.open(f"{jar.here.url}/prefs?theme=light")
    assert jar.kept[PREFS_COOKIE].value == "th.light..."


# — Ways back ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_the_addresses_that_lead_back_somewhere_are_known(here: Running) -> None:
    routes = [context.original_route for context in iter_route_contexts(here.portal.web.routes)]
    leading = {
        route.path
        for route in routes
        if isinstance(route, APIRoute) and "next" in {param.alias for param in route.dependant.query_params}
    }

    assert leading == {"/prefs", "/sign-in", "/sign-in/{audience}"}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_site(jar: Jar, target: str) -> None:
    chosen = jar.open(str(httpx2.URL(f"{jar.here.url}/prefs", params={"theme": "dark", "next": target})))
    page = jar.open(str(httpx2.URL(f"{jar.here.url}/sign-in", params={"next": target})))

    assert host_after(jar, chosen.headers["location"]) == urlsplit(jar.here.url).netloc
    assert "evil" not in page.text.partition("<main")[2]


@pytest.mark.parametrize("target", [ELSEWHERE[1], ELSEWHERE[3], ELSEWHERE[5], ELSEWHERE[17]])
def test_nobody_is_led_to_another_site_after_signing_in(jar: Jar, target: str) -> None:
    assert jar.sign_in(target).headers["location"] == "/my"


def host_after(jar: Jar, location: str) -> str:
    """Where a browser goes: it drops tabs and line breaks, and takes a backslash for a slash."""
    seen = "".join(c for c in location if c not in "\t\r\n").replace("\\", "/")
    return urlsplit(urljoin(f"{jar.here.url}/prefs", seen)).netloc
