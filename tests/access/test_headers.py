"""Every answer of the portal is dressed for the street: pages, files, redirects, refusals, failures, static files."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from app.core.templates import static
from app.demo.running import Running
from app.main import build
from tests.access import dress
from tests.access.cast import Cast, Who
from tests.access.walking import Walked

SOMEWHERE = "https://judiao.example"


def test_every_cell_of_the_table_is_dressed(walked: Walked) -> None:
    films = {cell.name for cell in walked.granted() if cell.row.path.startswith("/services/{slug}/guide/")}
    wrong = {c.name: faults for c in walked.cells if (faults := dress.faults(c.headers, guide=c.name in films))}
    assert wrong == {}


def test_every_file_is_inert_and_downloads_are_named(walked: Walked) -> None:
    files = [c for c in walked.granted() if c.headers.get("content-type", "").startswith(("application/pdf", "image/"))]
    assert len({cell.row.path for cell in files}) >= 8
    assert [c.name for c in files if c.headers["content-security-policy"] != dress.FILE_POLICY] == []
    shown = {cell.row.path for cell in files if cell.headers["content-disposition"].startswith("inline")}
    assert all(path.endswith("/pages/{number}") for path in shown)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing-here", 404),
        ("GET", "/forms/not-an-id", 404),
        ("GET", "/verify/%00", 404),
        ("DELETE", "/my", 405),
        ("TRACE", "/my", 405),
        ("HEAD", "/help", 405),
        ("POST", "/help", 405),
        ("GET", "/help/", 303),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/static/../app/main.py", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/docs", 404),
    ],
)
def test_what_is_not_there_is_said_on_a_dressed_page(cast: Cast, method: str, path: str, status: int) -> None:
    answer = cast[Who.OWNER].ask(method, path)

    assert answer.status_code == status
    assert dress.faults(answer.headers) == []


def test_an_address_with_a_slash_too_many_leads_to_ours_and_to_no_other_site(cast: Cast) -> None:
    for path, onward in {"/help/": "/help", "/services/?q=x": "/services?q=x", "//evil.example/": "/"}.items():
        answer = cast[Who.STRANGER].ask("GET", cast.here.url + path, headers={"Host": "evil.example"})
        assert (answer.status_code, answer.headers["location"]) == (303, onward)


def test_a_static_file_is_kept_for_ever_and_its_absence_is_not(cast: Cast) -> None:
    stranger = cast[Who.STRANGER]
    found = stranger.ask("GET", static("css/app.css") + "?lang=en")
    same = stranger.ask("GET", static("css/app.css"), headers={"If-None-Match": found.headers["etag"]})
    gone = stranger.ask("GET", static("css/old.css"))

    assert (found.status_code, dress.faults(found.headers, for_ever=True)) == (200, [])
    assert (same.status_code, dress.faults(same.headers, for_ever=True)) == (304, [])
    assert (gone.status_code, dress.faults(gone.headers)) == (404, [])


@pytest.fixture(scope="module")
def behind_tls(here: Running) -> Iterator[TestClient]:
    """The same portal, as it is when its address is https."""
    house = here.portal.house
    portal = build(replace(house.settings, base_url=SOMEWHERE), house.clock)
    with TestClient(portal.web, base_url=SOMEWHERE, follow_redirects=False) as client:
        yield client
    portal.close()


@pytest.mark.parametrize("path", ["/", "/nothing", static("css/app.css"), "/livez"])
def test_a_browser_that_came_by_https_never_comes_by_http_again(behind_tls: TestClient, path: str) -> None:
    promised = behind_tls.get(path).headers["strict-transport-security"]

    assert promised == "max-age=63072000; includeSubDomains"


def test_by_http_nothing_is_promised_about_https(cast: Cast) -> None:
    assert "strict-transport-security" not in cast[Who.STRANGER].ask("GET", "/").headers


def test_preferences_travel_by_https_alone_when_the_portal_does(behind_tls: TestClient) -> None:
    assert behind_tls.get("/prefs?theme=dark").headers["set-cookie"].endswith("; Secure")
