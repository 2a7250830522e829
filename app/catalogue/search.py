"""Finding a service by what people call it: Thai words segmented, all digits alike, names before agencies."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.catalogue.agencies import ToDepartment
from app.catalogue.schema import Bundle, Catalogue, Service
from app.core.thai import arabic, clean

NAME, SYNONYM, ABOUT, AGENCY = 5.0, 5.0, 2.0, 1.0
"""How much a word counts by where it stands."""

ENOUGH: Final = 0.5
"""The share of the query's weight that a service must cover to be an answer at all."""

_WORD: Final = re.compile(r"[0-9a-z\u0e01-\u0e5b]+")


def search(catalogue: Catalogue, query: str) -> list[str]:
    """Slugs that answer the query, best first; every service by name for an empty query; empty when nothing fits."""
    index = _index(catalogue)
    words = list(dict.fromkeys(_words(query)))
    if not words:
        return sorted(catalogue.services) if not clean(query) else []
    weights = {word: index.rarity(word) for word in words}
    total, whole = sum(weights.values()), _spelling(query)
    scored: list[tuple[float, str]] = []
    for slug, entry in index.entries.items():
        found = {word: entry.strength(word) for word in words}
        covered, like = sum(weights[word] for word in words if found[word]), entry.likeness(whole)
        if covered >= ENOUGH * total or like:
            scored.append((sum(found[word] * weights[word] for word in words) + like, slug))
    return [slug for _, slug in sorted(scored, key=lambda one: (-one[0], one[1]))]


def bundles_for(catalogue: Catalogue, found: Sequence[str]) -> list[Bundle]:
    """The bundles that hold the best of the services that were found."""
    return [bundle for bundle in catalogue.bundles.values() if found and found[0] in bundle.services]


@dataclass(frozen=True)
class _Entry:
    words: dict[str, float]
    phrases: tuple[str, ...]

    def likeness(self, whole: str) -> float:
        """What the whole query adds when a name or synonym contains it, or it contains one: all of NAME when it is one.

        "เปิดร้านก๋วยเตี๋ยว" asks for a noodle shop, however its words are cut.
        """
        fits = [len(whole) / len(phrase) for phrase in self.phrases if whole in phrase] if len(whole) > 2 else []
        fits += [len(phrase) / len(whole) for phrase in self.phrases if len(phrase) > 5 and phrase in whole]
        return NAME * max(fits, default=0.0)

    def strength(self, word: str) -> float:
        """How strongly the service speaks of `word`: the whole word, else half for the beginning of a longer one."""
        if word in self.words:
            return self.words[word]
        longer = [weight for known, weight in self.words.items() if len(word) > 2 and known.startswith(word)]
        return max(longer, default=0.0) / 2


@dataclass(frozen=True)
class _Index:
    entries: dict[str, _Entry]
    spread: Counter[str]

    def rarity(self, word: str) -> float:
        """A word on every service tells little; a word nobody uses tells that we may not have it."""
        return 1.0 + math.log((1 + len(self.entries)) / (1 + self.spread[word]))


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> _Index:
    entries = {slug: _entry(catalogue, service) for slug, service in catalogue.services.items()}
    return _Index(entries, Counter(word for entry in entries.values() for word in entry.words))


def _entry(catalogue: Catalogue, service: Service) -> _Entry:
    receiver = service.receiver
    agencies = (
        [catalogue.agencies[receiver.agency]]
        if isinstance(receiver, ToDepartment)
        else [agency for agency in catalogue.agencies.values() if agency.kind == "local_authority"]
    )
    names = [text for t in (service.name, service.short_name, service.result_name) for text in (t.th, t.en)]
    synonyms = [*service.synonyms.th, *service.synonyms.en]
    forms = [form.code for form in service.manual.forms]
    weighted: list[tuple[float, list[str]]] = [
        (AGENCY, [text for a in agencies for t in (a.name, a.short_name) for text in (t.th, t.en)]),
        (ABOUT, [service.summary.th, service.summary.en, *service.life_events, *forms]),
        (SYNONYM, synonyms),
        (NAME, names),
    ]
    words = {word: weight for weight, texts in weighted for text in texts for word in _words(text)}
    return _Entry(words, tuple(_spelling(text) for text in names + synonyms))


def _spelling(text: str) -> str:
    """The text without spaces, dots and capitals: how two spellings are compared."""
    return "".join(_WORD.findall(arabic(clean(text)).lower().replace(".", "")))


def _words(text: str) -> list[str]:
    """The words of a text that carry meaning, in one spelling."""
    from pythainlp.corpus import thai_stopwords  # noqa: PLC0415 - loads dictionaries (0.5 s): only when searching
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415

    plain = arabic(clean(text)).lower().replace(".", "")
    words = [word for token in word_tokenize(plain, engine="newmm") for word in _WORD.findall(token)]
    return [_singular(word) for word in words if word not in thai_stopwords() and word not in _ENGLISH_STOPWORDS]


def _singular(word: str) -> str:
    return word[:-1] if word.isascii() and len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


_ENGLISH_STOPWORDS: Final = frozenset(
    (
        "a",
        "an",
        "and",
        "at",
        "for",
        "from",
        "get",
        "how",
        "i",
        "in",
        "my",
        "of",
        "on",
        "or",
        "the",
        "to",
        "want",
        "with",
    )
)
