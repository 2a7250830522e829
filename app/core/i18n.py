"""Two languages: Thai is the source and the authoritative text, English comes from `locale/en.po`.

The language of the moment lives in a context variable, so that a thread drawing a page and a job writing a letter
each have their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Lang = Literal["th", "en"]
LANGUAGES: tuple[Lang, ...] = ("th", "en")
PO = Path(__file__).parent / "locale" / "en.po"

_lang: ContextVar[Lang] = ContextVar("lang", default="th")


def lang() -> Lang:
    """The language of this request or job."""
    return _lang.get()


def speak(language: str) -> None:
    """Set the language of this context; anything unknown means Thai."""
    _lang.set("en" if language == "en" else "th")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block only."""
    token = _lang.set("en" if language == "en" else "th")
    try:
        yield
    finally:
        _lang.reset(token)


@cache
def english() -> dict[str, str | tuple[str, ...]]:
    """Thai msgid → English, from the .po file; fuzzy entries do not count."""
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="en")
    found: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if message.id and message.string and not message.fuzzy:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = message.string if isinstance(message.string, str) else tuple(message.string)
    return found


def gettext(message: str) -> str:
    """`message` (Thai) in the language of the moment; Thai itself when no translation exists."""
    if _lang.get() == "th":
        return message
    found = english().get(message, message)
    return found if isinstance(found, str) else found[0]


def ngettext(singular: str, plural: str, number: int) -> str:
    """Plural form: Thai has one, English two."""
    if _lang.get() == "th":
        return plural if number != 1 else singular
    found = english().get(singular)
    if found is None:
        return singular if number == 1 else plural
    if isinstance(found, str):
        return found
    return found[0] if number == 1 else found[-1]
