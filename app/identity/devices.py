"""A browser's own description as a person recognises it: "Chrome, Android". Pure; nothing finer is kept."""

_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Line/": "LINE",
    "CriOS": "Chrome",
    "FxiOS": "Firefox",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def name(user_agent: str) -> str:
    """Browser and system, whichever of the two are known; "" when neither is.

    The order matters: every browser also claims to be the ones it descends from.
    """
    browser = next((word for mark, word in _BROWSERS.items() if mark in user_agent), "")
    system = next((word for mark, word in _SYSTEMS.items() if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system)))
