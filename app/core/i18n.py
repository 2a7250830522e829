"""Two languages: Thai is the source and the authoritative text, English comes from `locale/en.po`.

The language of the moment lives in a context variable, so that a thread drawing a page and a job writing a letter
each have their own. What the messages are is known to `core.extraction`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from babel.messages.pofile import read_po

Lang = Literal["th", "en"]
LANGUAGES: tuple[Lang, ...] = ("th", "en")
PO = Path(__file__).parent / "locale" / "en.po"

_lang: ContextVar[Lang] = ContextVar("lang", default="th")


@runtime_checkable
class Bilingual(Protocol):
    """Words that are there in both languages (a catalogue text)."""

    def to(self, lang: str, /) -> str:
        """The words in `lang`."""
        ...


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
def english() -> dict[tuple[str, str], tuple[str, ...]]:
    """(Context or "", Thai msgid) → the English forms, from the .po file; fuzzy and empty entries do not count."""
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="en")
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalogue:
        thai = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if thai and forms and all(forms) and not message.fuzzy:
            found[message.context or "", thai] = forms
    return found


def gettext(message: str) -> str:
    """`message` (Thai) in the language of the moment; Thai itself when no translation exists."""
    return pgettext("", message)


def pgettext(context: str, message: str) -> str:
    """The same for a Thai word that is two words in English: `context` says which ("menu", "act", …)."""
    return message if _lang.get() == "th" else english().get((context, message), (message,))[0]


def ngettext(singular: str, plural: str, number: int) -> str:
    """Plural form: Thai has one, English two."""
    one = number == 1
    if _lang.get() == "th":
        return singular if one else plural
    forms = english().get(("", singular), (singular, plural))
    return forms[0] if one else forms[-1]


def filled(message: str, values: Mapping[str, object]) -> str:
    """`message` in the language of the moment with its %(name)s filled in; bilingual values in the same language."""
    said = {name: value.to(_lang.get()) if isinstance(value, Bilingual) else value for name, value in values.items()}
    return gettext(message) % said
