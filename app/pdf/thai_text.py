"""Sets Thai and Latin text: measures it, breaks it into lines, writes the PDF operators that show it.

ReportLab's own Thai shaping maps glyphs to private-use characters and breaks inside words, so text cannot be searched
or read aloud; here every word with stacked marks also carries its characters as ActualText (ISO 32000-1, 14.9.4).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from app.pdf.characters import FILES, FONTS, REGULAR, font_file, tidy
from app.pdf.typeface import Typeface
from app.pdf.words import Words, clusters, joints

_MARKS = frozenset(chr(c) for c in (0xE31, *range(0xE33, 0xE3B), *range(0xE47, 0xE4F)))


class Typesetter:
    """Two weights of one family and a dictionary, opened once per process and then only read (safe across threads)."""

    def __init__(self, fonts: Path = FONTS, words: Iterable[str] = ()) -> None:
        """`fonts`: the folder of the two TTF files; `words`: terms and place names a line must not break."""
        self.faces = {weight: Typeface(font_file(fonts, weight), f"Sarabun-{weight}") for weight in FILES}
        self.words = Words(words)
        self.words.split("กขค")  # the dictionary is read on first use: half a second, better now than in a request
        self.operators = lru_cache(8192)(self._operators)
        self.codes = lru_cache(8192)(self._codes)
        self._word = lru_cache(16384)(self._shown)
        self.wrap = lru_cache(2048)(self._wrap)
        self._advances = lru_cache(8192)(self._advance_of)

    def width(self, text: str, size: float, weight: str = REGULAR) -> float:
        """How wide `text` stands in one line, in points."""
        shape = self.faces[weight].shape
        return sum(shape(word).width for word in self.words.split(text)) * size / 1000

    def _wrap(self, text: str, size: float, width: float, weight: str = REGULAR) -> tuple[str, ...]:
        """`text` (tidied) in lines no wider than `width` points; a newline in it is kept as a break.

        Nothing is lost: the lines joined are the text. A word wider than the line is cut at its joints or between
        clusters; a single cluster wider than the line stands alone.
        """
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lines += self._fill(self.words.broken(tidy(paragraph).strip(" ")), size, width, weight) or [""]
        return tuple(lines)

    def _fill(self, pieces: Sequence[tuple[str, ...]], size: float, width: float, weight: str) -> list[str]:
        lines: list[str] = []
        line, used, room = "", 0.0, width * 1000 / size
        for words in pieces:
            whole, bare = self._advances(words, weight)
            piece = "".join(words)
            if line and used + bare > room:
                lines.append(line)
                line, used = "", 0.0
            if not line and bare > room:
                *full, piece = self._cut(piece, size, width, weight)
                lines += full
                whole = self.width(piece, 1000, weight)
            line += piece
            used += whole
        return [*lines, line] if line else lines

    def _advance_of(self, words: tuple[str, ...], weight: str) -> tuple[float, float]:
        """How wide words stand together, with and without the space that ends them, in thousandths of the type size."""
        shape = self.faces[weight].shape
        before = sum(shape(word).width for word in words[:-1])
        return before + shape(words[-1]).width, before + shape(words[-1].rstrip(" ")).width

    def _cut(self, word: str, size: float, width: float, weight: str) -> list[str]:
        """One word wider than the line, in parts that fit."""
        parts: list[str] = []
        for joint in joints(word):
            whole = self.width(joint.rstrip(" "), size, weight) <= width
            for bit in [joint] if whole else clusters(joint):
                if parts and self.width((parts[-1] + bit).rstrip(" "), size, weight) <= width:
                    parts[-1] += bit
                else:
                    parts.append(bit)
        return parts

    def balanced(self, text: str, size: float, width: float, weight: str = REGULAR) -> tuple[str, ...]:
        """Like `wrap`, but the lines of a title come out about equally long."""
        lines = self.wrap(text, size, width, weight)
        if len(lines) == 1 or "\n" in text:
            return lines
        low, high = width / len(lines), width
        while high - low > size / 2:
            middle = (low + high) / 2
            if len(self.wrap(text, size, middle, weight)) == len(lines):
                high = middle
            else:
                low = middle
        return self.wrap(text, size, high, weight)

    def _codes(self, text: str, weight: str) -> frozenset[int]:
        """The font codes that showing `text` uses."""
        shape = self.faces[weight].shape
        return frozenset().union(*(shape(word).codes for word in self.words.split(text)))

    def _operators(self, text: str, size: float, weight: str) -> str:
        """The text-showing operators of `text`, for use between BT and ET with the font of `weight` selected.

        Raises MissingGlyph for a character the face does not have.
        """
        return "\n".join(self._word(word, size, weight) for word in self.words.split(text))

    def _shown(self, word: str, size: float, weight: str) -> str:
        operators = _show(self.faces[weight], word, size)
        if _MARKS.isdisjoint(word) and self.faces[weight].shape(word).exact:
            return operators
        return f"/Span<</ActualText<FEFF{word.encode('utf-16-be').hex().upper()}>>>BDC {operators} EMC"


def _show(face: Typeface, word: str, size: float) -> str:
    """One word as TJ arrays, with Ts where a mark is raised."""
    shaped = face.shape(word)
    out: list[str] = []
    array: list[str] = []
    rise = 0.0
    for glyph in shaped.glyphs:
        if glyph.rise != rise:
            if array:
                out.append(f"[{''.join(array)}]TJ")
                array = []
            out.append(f"{glyph.rise * size / 1000:.3f} Ts")
            rise = glyph.rise
        if glyph.shift:
            array.append(f"{-glyph.shift:g}")
        array.append(f"<{glyph.code:04X}>")
    if shaped.tail:
        array.append(f"{-shaped.tail:g}")
    out.append(f"[{''.join(array)}]TJ".replace("><", ""))
    if rise:
        out.append("0 Ts")
    return " ".join(out)


@lru_cache(4)
def typesetter(fonts: Path = FONTS, words: frozenset[str] = frozenset()) -> Typesetter:
    """The process's typesetter for these fonts and words: made on first use (about a second), shared afterwards."""
    return Typesetter(fonts, words)
