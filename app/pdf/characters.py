"""Which characters documents can show: those that both weights of the typeface have, and no others.

Asked when somebody types, long before anything is drawn or signed: reading the fonts' own tables takes a millisecond,
opening them for setting text a second.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

import uharfbuzz as hb

FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "fonts"
"""Where `make setup` puts the Sarabun files; a caller of the typesetter may name another folder."""

REGULAR, BOLD = "Regular", "Bold"
FILES = {REGULAR: "Sarabun_400Regular.ttf", BOLD: "Sarabun_700Bold.ttf"}

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_SPACE = re.compile(r"[ \t\r\n]+")
_NAMED = 5
"""So many characters are named in one message."""


def tidy(text: str) -> str:
    """Text as it is set: composed (NFC), without invisible characters, any run of plain blanks as one space.

    No-break spaces stay: they hold a number to its unit and a day to its month.
    """
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).translate(_INVISIBLE))


@cache
def repertoire(fonts: Path = FONTS) -> frozenset[str]:
    """Every character that can be shown. Raises FileNotFoundError with what to do where the fonts are missing.

    Control characters and private-use ones stay out, though a font may hold them: nobody could read them back.
    """
    held = [frozenset(hb.Face(font_file(fonts, weight).read_bytes()).unicodes) for weight in FILES]
    both = (chr(code) for code in frozenset.intersection(*held))
    return frozenset(c for c in both if not unicodedata.category(c).startswith("C"))


def font_file(fonts: Path, weight: str) -> Path:
    """The file of one weight."""
    path = fonts / FILES[weight]
    if not path.is_file():
        raise FileNotFoundError(f"font {path.name} is missing in {path.parent}: run `make setup`")
    return path


def missing(text: str, fonts: Path = FONTS) -> str:
    """The characters of `text` that cannot be shown, each once, in the order in which they stand."""
    known = repertoire(fonts)
    if known.issuperset(text):
        return ""
    return "".join(dict.fromkeys(c for c in tidy(text) if c not in known))


def named(characters: str) -> str:
    """Characters as a message shows them: between quotation marks, or by number where there is nothing to see."""
    shown = [f"“{c}”" if unicodedata.category(c)[0] in "LNPS" else f"U+{ord(c):04X}" for c in characters[:_NAMED]]
    return " ".join([*shown, "…"] if len(characters) > _NAMED else shown)


def spelled(text: str, fonts: Path = FONTS) -> str:
    """`text` for a place where it cannot be refused (the name of a file, an old message): nothing is left out.

    What cannot be shown stands by its number, "[U+674E]".
    """
    lacking = missing(text, fonts)
    composed = unicodedata.normalize("NFC", text) if lacking else text
    return composed.translate({ord(c): f"[U+{ord(c):04X}]" for c in lacking})
