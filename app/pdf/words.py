"""Where Thai text may be broken: Thai writes no spaces between words, so a dictionary (newmm) finds them."""

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from pythainlp.corpus import thai_words
from pythainlp.tokenize import word_tokenize
from pythainlp.util import dict_trie

_BETWEEN = re.compile("[^ ]+| +")
_NEVER_FIRST = "ๆฯ,.;:!?%)]}”’»…"
_OPENING = "([{“‘«"
_AFTER_THIS = ")]}”’»,;"
_URL_JOINTS = "/-._?&=@"
_CLUSTER = re.compile(r"[เแโใไ]?.[ัิ-ฺ็-๎̀-ͯ]*[ะาำๅ]?", re.DOTALL)


def clusters(text: str) -> list[str]:
    """The pieces of text a line may never cut: a consonant with its marks, leading and following vowels."""
    return _CLUSTER.findall(text)


class Words:
    """A word splitter with its dictionary. Making one costs 0.6 s (a trie of 62 000 words); keep it."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        """`extra` words (place names, terms) that a line must not break."""
        extra = frozenset(extra)
        self._trie = dict_trie(thai_words() | extra) if extra else None
        self.split = lru_cache(4096)(self._split)
        self._found = lru_cache(16384)(self._find)
        self.broken = lru_cache(4096)(self._broken)

    def _split(self, text: str) -> tuple[str, ...]:
        """The words of `text`, its spaces among them. Joined they are `text` again.

        Looked for between spaces: what stands between two of them comes again in other texts, whole texts seldom.
        """
        return tuple(itertools.chain.from_iterable(map(self._found, _BETWEEN.findall(text))))

    def _find(self, part: str) -> tuple[str, ...]:
        return tuple(word_tokenize(part, custom_dict=self._trie, engine="newmm-safe", join_broken_num=False))

    def _broken(self, text: str) -> tuple[tuple[str, ...], ...]:
        """The words of `text` in pieces between which a line may be broken; a piece keeps the space that ends it."""
        pieces: list[list[str]] = []
        for word in self.split(text):
            if pieces and not _may_break(pieces[-1][-1], word):
                pieces[-1].append(word)
            else:
                pieces.append([word])
        return tuple(map(tuple, pieces))

    def pieces(self, text: str) -> tuple[str, ...]:
        """The same, each piece in one."""
        return tuple(map("".join, self.broken(text)))


def _may_break(before: str, after: str) -> bool:
    last, first = before[-1], after[0]
    if first == " " or first in _NEVER_FIRST:
        return False
    if last == " ":
        return True
    if last in _OPENING:
        return False
    return _is_thai(first) and (_is_thai(last) or last in _AFTER_THIS)


def _is_thai(character: str) -> bool:
    """A Thai letter, vowel or mark; digits stick to what they count."""
    return "\u0e01" <= character <= "\u0e4e" and character != "฿"


def mostly_thai(text: str) -> bool:
    """Whether most of what can be pronounced in a text is Thai."""
    thai = sum(_is_thai(c) for c in text)
    return thai > sum(c.isalpha() for c in text if not _is_thai(c))


def joints(text: str) -> list[str]:
    """The pieces of one overlong word: a page's address after its joints, any other word between its clusters."""
    if not any(c in _URL_JOINTS for c in text):
        return clusters(text)
    pieces: list[str] = []
    for cluster in clusters(text):
        if pieces and (cluster[0] in _URL_JOINTS or pieces[-1][-1] not in _URL_JOINTS):
            pieces[-1] += cluster
        else:
            pieces.append(cluster)
    return pieces
