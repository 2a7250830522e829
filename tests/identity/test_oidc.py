"""Our side of OpenID Connect that needs no network: the DGA secret, and which provider and answer we trust."""

import pytest

from app.core.errors import Forbidden
from app.identity import oidc
from app.identity.oidc import Reason, SignInFailed
from app.settings import OidcClient

CLIENT = OidcClient("https://id.example", "judiao", "example-secret", "openid pid")
METADATA = {
    "issuer": "https://id.example",
    "authorization_endpoint": "https://id.example/auth",
    "token_endpoint": "https://id.example/token",
    "jwks_uri": "https://id.example/jwks",
    "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
}


def test_the_secret_is_sent_as_issued_unless_the_provider_wants_rounds() -> None:
    assert oidc.secret(CLIENT) == "example-secret"


def test_seven_rounds_give_what_dga_digital_id_expects() -> None:
    dga = OidcClient("https://connect.example", "judiao", "example-secret", "openid", secret_rounds=7)
    assert oidc.secret(dga) == "6d76fe3db1dce635ca717b2cf92a882b"


def test_discovery_is_found_under_the_issuer_with_or_without_a_final_slash() -> None:
    slash = OidcClient("https://id.example/", "judiao", "s", "openid")
    assert (
        oidc.discovery_url(CLIENT) == oidc.discovery_url(slash) == "https://id.example/.well-known/openid-configuration"
    )


def test_only_signatures_we_accept_remain_of_what_a_provider_offers() -> None:
    assert oidc.check_provider(CLIENT, METADATA) == ["RS256"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"token_endpoint": 5},
        {"jwks_uri": None},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"id_token_signing_alg_values_supported": "RS256"},
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_not_trusted(wrong: dict[str, object]) -> None:
    with pytest.raises(SignInFailed) as failed:
        oidc.check_provider(CLIENT, METADATA | wrong)
    assert failed.value.reason is Reason.BAD_ANSWER


def test_an_answer_that_names_another_issuer_is_refused() -> None:
    with pytest.raises(SignInFailed, match="ไม่ผ่าน"):
        oidc.check_answer(CLIENT, {"code": "c", "iss": "https://elsewhere.example"}, METADATA)


def test_a_provider_that_promises_to_name_itself_must_do_so() -> None:
    oidc.check_answer(CLIENT, {"code": "c"}, METADATA)
    with pytest.raises(SignInFailed):
        oidc.check_answer(CLIENT, {"code": "c"}, METADATA | {"authorization_response_iss_parameter_supported": True})


def test_userinfo_about_somebody_else_is_refused() -> None:
    assert oidc.same_person({"sub": "a", "x": 1}, {"sub": "a", "x": 2, "pid": "3"}) == {"sub": "a", "x": 1, "pid": "3"}
    with pytest.raises(SignInFailed):
        oidc.same_person({"sub": "a"}, {"sub": "b", "pid": "3"})


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.REFUSED])
def test_every_failure_has_words_and_a_status_of_refusal(reason: Reason) -> None:
    failed = SignInFailed(reason, "for the log")
    assert failed.message
    assert failed.status >= 400
    assert "for the log" not in failed.message


def test_a_refusal_of_ours_keeps_its_own_words_and_status() -> None:
    failed = SignInFailed.refused(Forbidden("ระดับ %(ial)s", ial="1.1"))
    assert (failed.reason, failed.status, failed.message % failed.values) == (Reason.REFUSED, 403, "ระดับ 1.1")
