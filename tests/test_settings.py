"""What an operator sets: an empty or mistyped value opens nothing, and a production instance starts only guarded."""

import pytest

from app.settings import Settings, SettingsError

NEEDED = (
    *("DATABASE_URL", "JUDIAO_KEYS", "JUDIAO_INDEX_KEY", "JUDIAO_COOKIE_SECRET"),
    *(f"JUDIAO_{who}_{what}" for who in ("CITIZEN", "OFFICER") for what in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")),
    *("JUDIAO_GDX_URL", "JUDIAO_GDX_CONSUMER_KEY", "JUDIAO_GDX_CONSUMER_SECRET", "JUDIAO_GDX_AGENT_ID"),
    *("JUDIAO_BANK_URL", "JUDIAO_BANK_CALLBACK_SECRET"),
    *("JUDIAO_SIGNERS", "JUDIAO_SIGNERS_PASSPHRASE_FILE", "JUDIAO_TRUST_ROOTS", "JUDIAO_TSA_URL"),
)
SET = dict.fromkeys(NEEDED, "long enough to be a secret of nobody")
GUARDED = {**SET, "JUDIAO_ENV": "production", "JUDIAO_BASE_URL": "https://portal.example"}


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_setting_is_as_if_it_were_not_set(empty: str) -> None:
    names = ("JUDIAO_OFFICER_STRONG", "JUDIAO_CITIZEN_SCOPES", "JUDIAO_OFFICER_SCOPES", "JUDIAO_BASE_URL", "PORT")
    assert Settings.from_env(SET | dict.fromkeys(names, empty)) == Settings.from_env(SET)
    assert Settings.from_env(SET).officers.strong == ("aal2", "aal3"), "strong is never anything at all"


@pytest.mark.parametrize("name", NEEDED)
def test_a_needed_setting_that_is_blank_is_named_as_missing(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**SET, name: " "})


@pytest.mark.parametrize("wrong", ["prod", "Production", "live"])
def test_a_mistyped_kind_of_instance_does_not_start_unguarded(wrong: str) -> None:
    with pytest.raises(SettingsError, match="production"):
        Settings.from_env({**GUARDED, "JUDIAO_ENV": wrong})


def test_a_production_instance_starts_only_with_https_and_a_secret_nobody_guesses() -> None:
    assert Settings.from_env(GUARDED).production
    for name, weak in (("JUDIAO_BASE_URL", "http://portal.example"), ("JUDIAO_COOKIE_SECRET", "secret")):
        with pytest.raises(SettingsError, match=name):
            Settings.from_env({**GUARDED, name: weak})
