"""No other site acts for a person: the browser says where a form comes from, and acts that bind ask for a token."""

import html
from collections.abc import Mapping

import pytest

from tests.access import dress
from tests.access.cast import Cast, Who
from tests.access.table import ROWS
from tests.access.walking import Tokenless

UNSAFE = sorted({row.path for row in ROWS if row.method != "GET"})
PROVE_THEMSELVES = {"/callbacks/bank", "/csp-report"}
"""Paths that do not act for whoever is signed in."""

ELSEWHERE: Mapping[str, dict[str, str]] = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour under the same domain": {"Sec-Fetch-Site": "same-site"},
    "another site that claims our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "{ours}"},
    "an old browser at another site": {"Origin": "https://evil.example"},
    "an old browser at another port": {"Origin": "http://127.0.0.1:1"},
    "a sandboxed frame": {"Origin": "null"},
    "an origin that only begins like ours": {"Origin": "{ours}.evil.example"},
    "an empty origin": {"Origin": ""},
}
OURS: Mapping[str, dict[str, str]] = {
    "our own page": {"Sec-Fetch-Site": "same-origin"},
    "our own page with its origin": {"Sec-Fetch-Site": "same-origin", "Origin": "{ours}"},
    "the person's own hand": {"Sec-Fetch-Site": "none"},
    "an old browser at our page": {"Origin": "{ours}"},
    "a program that is no browser": {},
}


def ask(cast: Cast, who: Who, method: str, path: str, sent: Mapping[str, str]) -> int:
    headers = {name: value.format(ours=cast.here.url) for name, value in sent.items()}
    visitor = cast[who]
    answer = visitor.client.request(method, path, headers=headers | {"Cookie": f"__Host-sid={visitor.token}"})
    assert dress.faults(answer.headers) == []
    return answer.status_code


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_form_from_elsewhere_is_refused_at_every_address_that_acts(cast: Cast, origin: str) -> None:
    answers = {path: ask(cast, Who.OWNER, "POST", path, ELSEWHERE[origin]) for path in UNSAFE}

    assert {path for path, status in answers.items() if status != 403} == PROVE_THEMSELVES


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "MERGE"])
def test_no_method_but_reading_passes_from_another_site(cast: Cast, method: str) -> None:
    assert ask(cast, Who.OWNER, method, "/my", ELSEWHERE["another site"]) == 403


@pytest.mark.parametrize("origin", OURS)
def test_our_own_pages_and_programs_are_not_taken_for_another_site(cast: Cast, origin: str) -> None:
    assert ask(cast, Who.OWNER, "POST", "/session/keep", OURS[origin]) == 200


def test_a_link_from_another_site_may_be_followed(cast: Cast) -> None:
    assert ask(cast, Who.OWNER, "GET", "/my", ELSEWHERE["another site"]) == 200


def test_the_refusal_says_in_words_what_to_do(cast: Cast) -> None:
    page = cast[Who.OWNER].ask("POST", "/sign-out", headers=ELSEWHERE["another site"])

    assert "คำสั่งนี้ส่งมาจากเว็บไซต์อื่น" in page.text
    assert cast[Who.OWNER].ask("GET", "/my").status_code == 200


# — Form tokens ————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_every_act_that_binds_asks_for_a_token_drawn_for_this_session_and_act(tokenless: list[Tokenless]) -> None:
    assert {one.row.path.rpartition("}/")[2] for one in tokenless} == {
        *("/start/notice", "notice", "submit", "deficiency", "withdraw", "/consents/{purpose}"),
        *("/acting", "/inbox", "/mandates/new", "/mandates/code", "accept", "end", "remove"),
        *("/my/privacy/copies", "/my/privacy/requests", "/officer/data/{request_id}", "/officer/holds", "lift"),
        *("take", "release", "notes", "check", "decide/{action}", "hand-over", "standing", "supports", "/officer/next"),
        *("ask", "combine", "assign", "refund", "returned", "changes", "refuse", "ask/{page}", "deficiency/ask"),
        *("/officer/questions/{question_id}", "/officer/signing", "leave-out"),
        *("shares", "substitute", "surrender", "{step}", "change/{key}"),
    }
    assert [one.name for one in tokenless if one.status not in {409, 422} or one.acted] == []


def test_a_page_drawn_again_for_want_of_a_token_says_why_and_keeps_every_word(tokenless: list[Tokenless]) -> None:
    assert [one.name for one in tokenless if "เปิดหน้านี้นานเกินไป" not in one.text] == []
    typed = [one for one in tokenless if one.row.keeps]
    assert len({one.row.path for one in typed}) >= 6
    assert [one.name for one in typed if one.status != 422 or not _keeps(one)] == []


def _keeps(one: Tokenless) -> bool:
    words = one.row.keeps
    return (
        words in html.unescape(one.text)
        if words not in one.row.send.get("consent", "")
        else f'value="{words}" checked' in one.text
    )
