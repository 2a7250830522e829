"""How people write: the words of a text, one spelling of every word, and how alike two spellings are. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pythainlp.corpus import thai_stopwords
from pythainlp.tokenize import word_tokenize

from app.core.thai import arabic, clean

_WORD: Final = re.compile(r"[0-9a-z\u0e01-\u0e5b]+")
_JOINED: Final = re.compile(r"(?<=[\u0e01-\u0e2e0-9a-z])[.\-](?=[\u0e01-\u0e2e0-9a-z])|\.")
_FALLEN: Final = re.compile("[\u0e01-\u0e2e]\u0e4c|[\u0e47-\u0e4e]")
"""What is not heard: a silenced consonant with its mark, tone marks and the short-vowel mark."""
_ONE_SOUND: Final = str.maketrans(
    {
        **dict.fromkeys("ศษซ", "ส"),
        **dict.fromkeys("ฐฑฒถธ", "ท"),
        **dict.fromkeys("ฃ", "ข"),
        **dict.fromkeys("ฅฆ", "ค"),
        "ฎ": "ด",
        "ฏ": "ต",
        "ณ": "น",
        "ญ": "ย",
        "ฬ": "ล",
        "ร": "ล",
        "ภ": "พ",
        "ใ": "ไ",
    }
)
"""Letters that sound alike, or are said alike: the commonest way to misspell Thai."""

_ASKING: Final = frozenset(
    _WORD.findall(
        "a an and at can do does for from get how i in is my need of on or the to want what where with "
        "ไหม มั้ย มั๊ย ยังไง ไง ไหน เท่าไหร่ เท่าไร กี่ บาท เล็ก ๆ ขอ จะ อยาก ต้อง บ้าง อะไร ที่ไหน ใคร ครับ ค่ะ คะ หน่อย ทำ "
        "ใหม่ การ เรื่อง คน แบบ ทาง ของ"
    )
)
"""Words of asking: they say nothing about what is looked for."""


def written(text: str) -> str:
    """The text in one spelling: small letters, Arabic digits, and no doubled strokes where one sign is meant."""
    return arabic(clean(text)).lower().replace("เเ", "แ").replace("\u0e4d\u0e32", "\u0e33")


def spelling(text: str) -> str:
    """The text without spaces, dots and dashes: how two spellings are compared."""
    return "".join(_WORD.findall(written(text)))


def heard(spelled: str) -> str:
    """A spelling as it sounds: what is not heard is gone, letters that sound alike are one."""
    return _FALLEN.sub("", spelled).translate(_ONE_SOUND)


def pieces(spelled: str) -> frozenset[str]:
    """Every two and three letters in a row of what is heard, with its beginning and its end."""
    sound = f"^{heard(spelled)}$"
    return frozenset(sound[i : i + n] for n in (2, 3) for i in range(len(sound) - n + 1))


def slipped(one: str, other: str) -> bool:
    """Whether two spellings are, as they are heard, one letter apart: wrong, missing, needless, exchanged."""
    a, b = sorted((heard(one), heard(other)), key=len)
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    rest, longer = a[start:], b[start:]
    if len(a) == len(b):
        return rest[1:] == longer[1:] or (rest[:2] == longer[:2][::-1] and rest[2:] == longer[2:])
    return rest == longer[1:]


def words(text: str) -> list[str]:
    """The words of a text that carry meaning, each once, in one spelling."""
    plain = _JOINED.sub("", written(text))
    tokens = (word for token in word_tokenize(plain, engine="newmm") for word in _WORD.findall(token))
    return list(dict.fromkeys(_singular(word) for word in tokens if word not in _unsaid()))


def said_also(text: str, same: Iterable[tuple[str, ...]]) -> list[str]:
    """The text again with each word that has others of the same meaning exchanged for them."""
    plain = written(text)
    return [
        plain.replace(word, other)
        for group in same
        for word in group
        if word in plain
        for other in group
        if other not in plain
    ]


def load() -> None:
    """Read the dictionaries (half a second), so that nobody's search has to."""
    words("พร้อม")


@lru_cache(maxsize=1)
def _unsaid() -> frozenset[str]:
    return frozenset(thai_stopwords()) | _ASKING


def _singular(word: str) -> str:
    return word[:-1] if word.isascii() and len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
