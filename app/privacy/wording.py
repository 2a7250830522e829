"""Words in both languages, as other rooms hand them over: their own types fit without being imported here."""

from dataclasses import dataclass
from typing import Protocol


class Bilingual(Protocol):
    """Anything that has its words in Thai and in English (a catalogue text does)."""

    @property
    def th(self) -> str:
        """In Thai."""
        ...

    @property
    def en(self) -> str:
        """In English."""
        ...


@dataclass(frozen=True)
class Words:
    """The same words in both languages."""

    th: str
    en: str

    def to(self, language: str) -> str:
        """The words in `language`; anything but "en" means Thai."""
        return in_language(self, language)


def in_language(words: Bilingual, language: str) -> str:
    """One language of anything bilingual."""
    return words.en if language == "en" else words.th


def stored(words: Bilingual) -> dict[str, str]:
    """As a database column keeps them."""
    return {"th": words.th, "en": words.en}


def read(column: dict[str, str]) -> Words:
    """Back from the database."""
    return Words(column["th"], column["en"])
