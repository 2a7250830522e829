"""Finding a service by what people call it: Thai words segmented, all digits alike, misspellings forgiven.

What a service is called counts most, what its manual says least. When words are misspelt they are compared by how they
sound and by their letters in a row, with every name and synonym. The index is made once for a catalogue.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Final, TypeVar

from app.catalogue import words
from app.catalogue.agencies import Agency, ToDepartment
from app.catalogue.schema import Bundle, Catalogue, Service
from app.catalogue.texts import Text
from app.core.thai import clean

T = TypeVar("T")

NAME, SYNONYM, ALSO, ABOUT, AGENCY, MANUAL = 5.0, 5.0, 4.0, 2.0, 1.0, 0.5
"""How much a word counts by where it stands; ALSO: a name said with other words of the same meaning."""

ENOUGH: Final = 0.5
"""The share of the query's weight that a service must cover to be an answer at all."""
SOME: Final = 0.2
"""The share from which it may at least be near."""
ALIKE, HOLDS = 0.55, 0.8
"""From where on two spellings are alike: the pieces they share of both (Dice), of a name that the query holds."""
SLIP: Final = 0.7
"""How much a word counts that is known only as a misspelling of another."""


def search(catalogue: Catalogue, query: str) -> list[str]:
    """Slugs that answer the query, best first; every service by name for an empty query; empty when nothing fits."""
    if not clean(query):
        return sorted(catalogue.services)
    asked = words.words(query)
    return _index(catalogue).answer(asked, words.spelling(query), ENOUGH) if asked else []


def nearest(catalogue: Catalogue, query: str) -> list[str]:
    """At most three services that share some word with a query that nothing answers; perhaps one of them is meant."""
    asked = words.words(query)
    return _index(catalogue).answer(asked, words.spelling(query), SOME)[:3] if asked else []


def bundles_for(catalogue: Catalogue, found: Sequence[str]) -> list[Bundle]:
    """The bundles that hold the best of the services that were found, those with the least besides first."""
    holding = [bundle for bundle in catalogue.bundles.values() if found and found[0] in bundle.services]
    return sorted(holding, key=lambda bundle: len(bundle.services))


def ready(catalogue: Catalogue) -> None:
    """Read the dictionaries and make the index now, so that nobody's search has to wait for it."""
    words.load()
    _index(catalogue)


@dataclass(frozen=True)
class _Phrase:
    """A name or synonym of a service as it is spelled, and how many pieces it has."""

    slug: str
    spelled: str
    size: int
    weight: float


@dataclass(frozen=True)
class _Index:
    said: Mapping[str, Mapping[str, float]]
    """Word to slug to how strongly the service says it."""
    in_order: Sequence[str]
    """The words, sorted, so that those which begin with a word are found at once."""
    phrases: Sequence[_Phrase]
    held: Mapping[str, Sequence[int]]
    """Piece to the places of the phrases that have it."""
    near: Mapping[str, Sequence[str]]
    """Piece to the words that have it."""
    services: int

    def answer(self, asked: Sequence[str], whole: str, enough: float) -> list[str]:
        weights = {word: self._rarity(word) for word in asked}
        points: dict[str, float] = defaultdict(float)
        covered: dict[str, float] = defaultdict(float)
        for word, weight in weights.items():
            for slug, strength in self._strengths(word).items():
                points[slug] += weight * strength
                covered[slug] += weight * (1.0 if strength >= AGENCY else 0.5)
        likeness, share = self._likeness(whole), enough * sum(weights.values())
        found = {slug for slug, weight in covered.items() if weight >= share} | likeness.keys()
        ranks = {slug: points[slug] + likeness.get(slug, 0.0) for slug in found}
        return sorted(ranks, key=lambda slug: (-ranks[slug], slug))

    def _rarity(self, word: str) -> float:
        """A word on every service tells little; a word nobody uses, as much as one of a single service."""
        return 1.0 + math.log((1 + self.services) / (1 + len(self.said.get(word, "?"))))

    def _strengths(self, word: str) -> Mapping[str, float]:
        """How strongly each service speaks of `word`: the whole word, else half for the beginning of a longer one."""
        strengths = dict(self.said.get(word, {}))
        if len(word) > 2:
            start = bisect_left(self.in_order, word)
            for longer in takewhile(lambda known: known.startswith(word), self.in_order[start:]):
                for slug, weight in self.said[longer].items():
                    strengths[slug] = max(strengths.get(slug, 0.0), weight / 2)
        meant = None if strengths or len(word) < 4 else self._meant(word)
        return {slug: SLIP * weight for slug, weight in self.said[meant].items()} if meant else strengths

    def _meant(self, word: str) -> str | None:
        """The known word that this one is a slip of the pen for: one wrong, missing, needless or exchanged letter."""
        shared = Counter(known for piece in words.pieces(word) for known in self.near.get(piece, ()))
        close = (known for known, _ in shared.most_common(12) if words.slipped(word, known))
        return next(close, None)

    def _likeness(self, whole: str) -> dict[str, float]:
        """What the whole query adds where a name contains it, or it contains one, or both are spelled alike.

        All of NAME when it is one. "เปิดร้านก๋วยเตี๋ยว" asks for a noodle shop, however its words are cut.
        """
        best: dict[str, float] = defaultdict(float)
        for phrase, fit in self._fits(whole):
            best[phrase.slug] = max(best[phrase.slug], fit * phrase.weight)
        return best

    def _fits(self, whole: str) -> Iterator[tuple[_Phrase, float]]:
        short, long = len(whole) > 2, len(whole)
        for phrase in self.phrases:
            if short and whole in phrase.spelled:
                yield phrase, long / len(phrase.spelled)
            elif len(phrase.spelled) > 3 and phrase.spelled in whole:
                yield phrase, len(phrase.spelled) / long
        mine = words.pieces(whole)
        shared = Counter(place for piece in mine for place in self.held.get(piece, ()))
        for place, both in shared.items():
            phrase = self.phrases[place]
            alike, held = 2 * both / (len(mine) + phrase.size), both / phrase.size
            if alike >= ALIKE:
                yield phrase, alike * alike
            elif held >= HOLDS and phrase.size > 9:
                yield phrase, held * phrase.size / len(mine)


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> _Index:
    said: dict[str, dict[str, float]] = defaultdict(dict)
    called: dict[tuple[str, str], float] = {}
    told = ((slug, weight, text) for slug, one in catalogue.services.items() for weight, text in _told(catalogue, one))
    for slug, weight, text in told:
        for word in words.words(text):
            said[word][slug] = max(weight, said[word].get(slug, 0.0))
        if weight >= ALSO and (spelled := words.spelling(text)):
            called[slug, spelled] = max(weight, called.get((slug, spelled), 0.0))
    phrases = [_Phrase(slug, spelled, len(words.pieces(spelled)), weight) for (slug, spelled), weight in called.items()]
    held = _by_piece((phrase.spelled, place) for place, phrase in enumerate(phrases))
    near = _by_piece((word, word) for word in said if len(word) > 3)
    return _Index(dict(said), sorted(said), phrases, held, near, len(catalogue.services))


def _by_piece(spelled: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    """Piece to everything whose spelling has it."""
    found: dict[str, list[T]] = defaultdict(list)
    for spelling, thing in spelled:
        for piece in words.pieces(spelling):
            found[piece].append(thing)
    return dict(found)


def _told(catalogue: Catalogue, service: Service) -> Iterator[tuple[float, str]]:
    """Every text of a service with what it counts."""
    finding, manual = catalogue.finding, service.manual
    names = _both(service.name, service.short_name, service.result_name)
    synonyms = [*service.synonyms.th, *service.synonyms.en]
    also = [other for text in (*names, *synonyms) for other in words.said_also(text, finding.same_words)]
    events = [finding.life_events[key] for key in service.life_events if key in finding.life_events]
    about = [*_both(service.summary, *events), *(form.code for form in manual.forms)]
    agencies = [name for agency in _agencies(catalogue, service) for name in (agency.name, agency.short_name)]
    options = (option.label for question in service.questions for option in getattr(question, "choices", ()))
    said = _both(*manual.who, *manual.criteria, *(use.document.name for use in service.documents), *options)
    weighed = ((NAME, names), (SYNONYM, synonyms), (ALSO, also), (ABOUT, about), (AGENCY, _both(*agencies)))
    yield from ((weight, text) for weight, texts in (*weighed, (MANUAL, said)) for text in texts)


def _agencies(catalogue: Catalogue, service: Service) -> list[Agency]:
    if isinstance(service.receiver, ToDepartment):
        return [catalogue.agencies[service.receiver.agency]]
    return [agency for agency in catalogue.agencies.values() if agency.kind == "local_authority"]


def _both(*texts: Text) -> list[str]:
    return [text for both in texts for text in (both.th, both.en)]
