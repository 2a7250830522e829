"""Signing in over HTTP as a relying party does it, with everything that can go wrong on either side."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from authlib.integrations.httpx_client import OAuthError
from stdnum.th import pin

from app.demo.grants import Fault
from app.demo.provider import agree, refuse
from tests.demo.party import GOVID_SCOPES, THAID_SCOPES, VERIFIER, Party
from tests.demo.world import World


@pytest.fixture
def thaid(world: World) -> Party:
    return Party(world, "citizen", THAID_SCOPES)


@pytest.fixture
def govid(world: World) -> Party:
    return Party(world, "officer", GOVID_SCOPES)


def test_a_citizen_signs_in_with_code_pkce_and_a_signed_token(thaid: Party) -> None:
    claims = thaid.signed_in("mali")
    assert pin.is_valid(claims["pid"])
    assert (claims["title"], claims["given_name"], claims["family_name"]) == ("นางสาว", "มะลิ", "ตัวอย่าง")
    assert claims["birthdate"] == "1995-06-15"
    assert claims["address"] == {"formatted": "99/1 ซอยดอกรัก 2 ถนนดอกไม้ ต.พระปฐมเจดีย์ อ.เมืองนครปฐม จ.นครปฐม"}
    assert claims["ial"] == "2.3"


def test_an_officer_has_a_number_for_the_assurance_level_and_no_duties_in_the_token(govid: Party) -> None:
    claims = govid.signed_in("song")
    assert Decimal(str(claims["ial_level"])) == Decimal("2.3")
    assert claims["citizen_id_verified"] is True
    assert not {"duties", "roles", "agency"} & set(claims)


def test_the_subject_of_a_person_is_always_the_same_and_never_the_citizen_number(thaid: Party) -> None:
    first, second, other = thaid.signed_in("mali"), thaid.signed_in("mali"), thaid.signed_in("tasi")
    assert first["sub"] == second["sub"] != other["sub"]
    assert first["pid"] not in first["sub"]


def test_only_what_was_asked_for_is_told(thaid: Party) -> None:
    thaid.scopes = "openid given_name unheard_of"
    told = set(thaid.signed_in("mali"))
    assert told == {"iss", "sub", "aud", "iat", "exp", "auth_time", "acr", "nonce", "at_hash", "given_name"}


def test_a_browser_is_remembered_until_a_relying_party_wants_the_person_anew_and_strongly(govid: Party) -> None:
    first = govid.signed_in("song")
    again = govid.signed_in("song")
    assert (first["acr"], again["acr"]) == ("aal1", "aal1")
    assert again["auth_time"] == first["auth_time"], "nobody was asked for anything"
    for insisting in ({"prompt": "login"}, {"max_age": "0"}, {"acr_values": "aal2 aal3"}):
        anew = govid.checked(govid.tokens(govid.answer(agree(govid.request(**insisting), "song"))))
        assert anew["acr"] == "aal2"
    assert govid.answer(govid.request(max_age="soon"))["error"] == "invalid_request"
    assert govid.signed_in("nueng")["acr"] == "aal1", "somebody else proves it for themselves"


def test_a_demonstration_months_ahead_still_issues_tokens_that_are_good_now(world: World, thaid: Party) -> None:
    world.clock.move(timedelta(days=100))
    assert thaid.signed_in("mali")["given_name"] == "มะลิ"


def test_the_answer_carries_the_state_and_the_issuer(thaid: Party) -> None:
    answer = thaid.answer(agree(thaid.request(), "mali"))
    assert (answer["state"], answer["iss"]) == ("the-state", thaid.issuer)


def test_a_code_works_once_and_a_second_use_ends_the_access_token(thaid: Party) -> None:
    answer = thaid.answer(agree(thaid.request(), "mali"))
    bearer = {"Authorization": f"Bearer {thaid.tokens(answer)['access_token']}"}
    userinfo = thaid.about["userinfo_endpoint"]
    assert thaid.http.get(userinfo, headers=bearer).status_code == 200
    with pytest.raises(OAuthError, match="invalid_grant"):
        thaid.tokens(answer)
    assert thaid.http.get(userinfo, headers=bearer).status_code == 401


def test_a_code_without_the_right_verifier_is_worth_nothing(thaid: Party) -> None:
    answer = thaid.answer(agree(thaid.request(), "mali"))
    for wrong in (VERIFIER + "x", "short"):
        with pytest.raises(OAuthError, match="invalid_grant"):
            thaid.tokens(answer, wrong)


def test_a_code_older_than_a_minute_is_refused(world: World, thaid: Party) -> None:
    answer = thaid.answer(agree(thaid.request(), "mali"))
    world.clock.move(timedelta(seconds=61))
    with pytest.raises(OAuthError, match="invalid_grant"):
        thaid.tokens(answer)


def test_the_token_endpoint_wants_the_redirect_address_of_the_request(thaid: Party) -> None:
    answer = thaid.answer(agree(thaid.request(), "mali"))
    thaid.redirect_uri += "/elsewhere"
    with pytest.raises(OAuthError, match="invalid_grant"):
        thaid.tokens(answer)


def test_a_code_of_one_provider_is_unknown_to_the_other(thaid: Party, govid: Party) -> None:
    with pytest.raises(OAuthError, match="invalid_grant"):
        govid.tokens(thaid.answer(agree(thaid.request(), "mali")))


@pytest.mark.parametrize("ending", ["x", "/", "?next=1", "#", "%2e"])
def test_nobody_is_sent_to_an_address_that_was_not_registered(thaid: Party, ending: str) -> None:
    shown = thaid.http.get(agree(thaid.request(redirect_uri=thaid.redirect_uri + ending), "mali"))
    assert shown.status_code == 400
    assert "Location" not in shown.headers


def test_a_stranger_gets_a_page_and_no_redirect(thaid: Party) -> None:
    for changes in ({"client_id": "somebody-else"}, {"client_id": None}, {"redirect_uri": None}):
        shown = thaid.http.get(agree(thaid.request(**changes), "mali"))
        assert shown.status_code == 400
        assert "Location" not in shown.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "pid"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    ],
)
def test_a_request_that_breaks_a_rule_is_answered_with_the_standard_error(
    thaid: Party, changes: dict[str, str | None], error: str
) -> None:
    answer = thaid.answer(agree(thaid.request(**changes), "mali"))
    assert answer["error"] == error
    assert answer.get("state") == changes.get("state", "the-state")
    assert "code" not in answer


def test_a_parameter_given_twice_is_refused(thaid: Party) -> None:
    assert thaid.answer(thaid.request() + "&scope=openid")["error"] == "invalid_request"


def test_who_does_not_agree_goes_back_with_access_denied(thaid: Party) -> None:
    answer = thaid.answer(refuse(thaid.request(), "mali"))
    assert answer == {"error": "access_denied", "state": "the-state", "iss": thaid.issuer}


def test_the_client_may_send_its_secret_in_the_form_instead(thaid: Party) -> None:
    tokens = thaid.tokens(thaid.answer(agree(thaid.request(), "mali")), method="client_secret_post")
    assert thaid.checked(tokens)["given_name"] == "มะลิ"


def test_a_wrong_secret_is_refused_with_401_and_the_code_stays_good(thaid: Party) -> None:
    answer, secret = thaid.answer(agree(thaid.request(), "mali")), thaid.secret
    thaid.secret = "guessed"
    with pytest.raises(OAuthError, match="invalid_client"):
        thaid.tokens(answer)
    refused = thaid.http.post(thaid.about["token_endpoint"], data={"code": answer["code"]})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic ")
    thaid.secret = secret
    assert thaid.checked(thaid.tokens(answer))


def test_the_issued_secret_itself_is_refused_where_the_scheme_wants_it_hashed_seven_times(
    world: World, govid: Party
) -> None:
    answer = govid.answer(agree(govid.request(), "song"))
    govid.secret = world.environment["JUDIAO_OFFICER_CLIENT_SECRET"]
    with pytest.raises(OAuthError, match="invalid_client"):
        govid.tokens(answer)


def test_two_ways_of_client_authentication_at_once_are_refused(thaid: Party) -> None:
    form = {"grant_type": "authorization_code", "client_secret": thaid.secret, "client_id": thaid.client_id}
    refused = thaid.http.post(thaid.about["token_endpoint"], data=form, auth=(thaid.client_id, thaid.secret))
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


def test_userinfo_tells_the_same_person_and_nothing_without_a_token(thaid: Party) -> None:
    tokens = thaid.tokens(thaid.answer(agree(thaid.request(), "bunma")))
    userinfo = thaid.about["userinfo_endpoint"]
    told = thaid.http.get(userinfo, headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    claims = thaid.checked(tokens)
    assert told == {name: claims[name] for name in told}
    assert told["birthdate"] == "1961"
    assert thaid.http.get(userinfo).status_code == 401


@pytest.mark.parametrize("fault", [Fault.NONCE, Fault.EXPIRED, Fault.AUDIENCE, Fault.ISSUER, Fault.SIGNATURE])
def test_a_token_with_a_fault_ordered_on_the_page_does_not_pass(thaid: Party, fault: Fault) -> None:
    tokens = thaid.tokens(thaid.answer(agree(thaid.request(), "mali", fault)))
    with pytest.raises(Exception, match=r"(?i)nonce|exp|aud|iss|signature") as caught:
        thaid.checked(tokens)
    assert type(caught.value).__module__.startswith(("joserfc", "authlib"))


@pytest.mark.parametrize(
    ("fault", "seen"),
    [(Fault.DOWN, httpx2.HTTPStatusError), (Fault.GARBLED, ValueError), (Fault.SLOW, httpx2.TimeoutException)],
)
def test_a_provider_can_fail_garble_or_be_late_on_demand(thaid: Party, fault: Fault, seen: type[Exception]) -> None:
    answer = thaid.answer(agree(thaid.request(), "mali", fault))
    with pytest.raises(seen):
        thaid.tokens(answer)


def test_signing_out_leads_back_only_to_the_registered_address(world: World, govid: Party) -> None:
    hint, of_another = (
        govid.tokens(govid.answer(agree(govid.request(), "song", fault)))["id_token"]
        for fault in (None, Fault.AUDIENCE)
    )
    there, end = f"{world.portal_url}/signed-out", govid.about["end_session_endpoint"]
    for spelling in ("post_logout_redirect_uri", "post_logout_redirect_url"):
        went = govid.http.get(end, params={"id_token_hint": hint, spelling: there, "state": "s"})
        assert went.headers["Location"] == f"{there}?state=s"
    for params in (
        {"id_token_hint": hint, "post_logout_redirect_uri": "https://elsewhere.example/"},
        {"id_token_hint": of_another, "post_logout_redirect_uri": there},
        {"id_token_hint": "forged", "post_logout_redirect_uri": there},
        {"post_logout_redirect_uri": there},
    ):
        assert govid.http.get(end, params=params).status_code == 200


def links(html: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*)"', html)]


def test_a_person_chooses_reads_what_is_told_and_agrees_by_links_alone(thaid: Party) -> None:
    def follow(page: httpx2.Response, wanted: Callable[[dict[str, list[str]]], bool]) -> httpx2.Response:
        link = next(link for link in links(page.text) if wanted(parse_qs(link[1:])))
        return thaid.http.get(page.url.join(link))

    choice = thaid.http.get(thaid.request())
    assert "โหมดสาธิต" in choice.text
    assert "<form" not in choice.text
    reading = follow(choice, lambda asked: asked.get("person") == ["tasi"])
    assert "นายตาสี สมมติ" in reading.text
    assert "3000000002148" in reading.text
    back = follow(reading, lambda asked: asked.get("answer") == ["allow"])
    answer = dict(parse_qsl(urlsplit(back.headers["Location"]).query))
    assert thaid.checked(thaid.tokens(answer))["given_name"] == "ตาสี"
    denied = follow(reading, lambda asked: asked.get("answer") == ["deny"])
    assert "error=access_denied" in denied.headers["Location"]


def test_a_login_hint_goes_straight_to_the_persons_own_page(thaid: Party) -> None:
    reading = thaid.http.get(thaid.request(login_hint="mali"))
    assert "นางสาวมะลิ ตัวอย่าง" in reading.text
    assert "นายตาสี สมมติ" not in reading.text


def test_the_pages_speak_english_when_the_client_asks_for_it(thaid: Party) -> None:
    page = thaid.http.get(thaid.request(ui_locales="en")).text
    assert '<html lang="en">' in page
    assert "Sign in as Miss Mali Tuayang" in page
    assert all("ui_locales=en" in link for link in links(page) if "person=" in link)


def test_nothing_a_request_says_is_shown_as_markup(thaid: Party) -> None:
    attack = '"><script>alert(1)</script>'
    for page in (thaid.http.get(thaid.request(state=attack)), thaid.http.get(thaid.request(client_id=attack))):
        assert "<script" not in page.text
