"""A person recognises their own phone in the list of sessions."""

import pytest

from app.identity import devices

MOZILLA = "Mozilla/5.0 "


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("(Linux; Android 14; K) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("(iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Safari/604.1", "Safari, iPhone"),
        ("(iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 CriOS/131.0 Safari/604.1", "Chrome, iPhone"),
        ("(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        ("(X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox, Linux"),
        ("(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/18.1 Safari/605.1.15", "Safari, macOS"),
    ],
)
def test_browser_and_system_are_named_in_a_few_words(agent: str, name: str) -> None:
    assert devices.name(MOZILLA + agent) == name


def test_an_unknown_browser_has_no_name() -> None:
    assert devices.name("curl/8.5") == ""
