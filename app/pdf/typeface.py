"""One typeface: shapes text with HarfBuzz and says which glyph stands for which characters.

A PDF font maps each code to one glyph and one text. Thai shaping uses one glyph for different texts and several
glyphs for one text, so codes are given to (glyph, text) pairs: the ToUnicode map is then exact for every cluster.
All pairs a legal Thai cluster can need are found when the face is opened; after that nothing changes, so the same
text gives the same bytes in every process.
"""

import hashlib
import io
import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import uharfbuzz as hb
from fontTools.ttLib import TTFont

_CONSONANTS = [chr(c) for c in range(0x0E01, 0x0E2F)]
_UPPER_AND_LOWER_VOWELS = ["", *(chr(c) for c in (0xE31, *range(0xE34, 0xE3B), 0xE47, 0xE4D))]
_TONES = ["", *(chr(c) for c in (0xE48, 0xE49, 0xE4A, 0xE4B, 0xE4C, 0xE4E))]
_FOLLOWING = ["", "\u0e33", "\u0e32", "\u0e45"]
_SARA_AM, _SARA_AA, _NIKHAHIT = "\u0e33", "\u0e32", "\u0e4d"
_EVERYDAY = [
    *"กขคงจฉชซญณดตถทธนบปผฝพฟภมยรลวศษสหอ",
    *"ฯะาเแโใไๆ๐๑๒๓๔๕๖๗๘๙0123456789 .,/()-:",
    *(f"{consonant}{vowel}{tone}" for consonant in "กป" for vowel in ("", *"ัิีึืุู็") for tone in ("", *"่้์")),
    *("กำ", "ก่ำ", "ก้ำ", "ปำ", "ป่ำ", "ป้ำ", "ปั๊", "ก๊", "ก๋"),
]
"""What nearly every document of this house needs, with its marks on plain and on tall letters."""
_FEATURES = {"kern": True, "liga": False}
_LAYOUT_TABLES = ("GSUB", "GPOS", "GDEF", "DSIG", "STAT", "name", "gasp", "meta", "post")


class MissingGlyph(ValueError):
    """The typeface cannot draw a character; the document must not be made (let alone signed) without it."""

    def __init__(self, text: str, characters: str) -> None:
        names = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'without a name')}" for c in characters)
        super().__init__(f"no glyph for {names or 'a part'} in {text!r}")
        self.text = text
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph to show: its code, the shift before it and its rise, both in thousandths of the type size."""

    code: int
    shift: float
    rise: float


@dataclass(frozen=True, slots=True)
class Shaped:
    """A shaped word. `exact` is False when its codes alone would not give the text back (then ActualText must)."""

    glyphs: tuple[Glyph, ...]
    tail: float
    width: float
    exact: bool
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class FontProgram:
    """What a PDF needs to embed the part of a face that one document uses."""

    name: str
    data: bytes
    widths: tuple[tuple[int, int], ...]
    to_unicode: bytes


@dataclass(frozen=True, slots=True)
class Metrics:
    """Measures of the whole face in thousandths of the type size, for the font descriptor."""

    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int
    stem: int


class Typeface:
    """A TrueType face ready for exact Thai text. Opening one costs about 0.1 s; keep it for the life of the process."""

    def __init__(self, path: Path, name: str) -> None:
        """Open the face at `path`; `name` is its PostScript name."""
        data = path.read_bytes()
        self.name = name
        self._face = hb.Face(data)
        self._font = hb.Font(self._face)
        self._em: float = 1000 / self._face.upem
        self._nominal = {ord_: gid for ord_ in self._face.unicodes if (gid := self._font.get_nominal_glyph(ord_))}
        self._outlines = hb.Face(_without_layout(self._face))
        self._codes: dict[tuple[int, str], int] = {}
        self._glyph_of: list[int] = list(range(self._face.glyph_count))
        self._text_of: list[str] = [""] * self._face.glyph_count
        self.metrics = _metrics(data)
        self.shape = lru_cache(8192)(self._shape)
        self._cut = lru_cache(128)(self._program)
        self._learn()
        self._everyday = frozenset(code for text in _EVERYDAY for code in self._shape(text).codes)
        self.code_to_glyph = b"".join(gid.to_bytes(2, "big") for gid in self._glyph_of)

    @property
    def characters(self) -> frozenset[int]:
        """The code points the face can draw."""
        return frozenset(self._nominal)

    def _learn(self) -> None:
        """Give a code to every (glyph, text) pair of single characters and of all legal Thai clusters."""
        for character, gid in self._nominal.items():
            self._assign(gid, chr(character))
        for parts in itertools.product(_CONSONANTS, _UPPER_AND_LOWER_VOWELS, _TONES):
            stack = "".join(parts)
            # one run per stack: the following vowel starts the next cluster of the same word
            for text, gids, _ in self._clusters("".join(stack + after for after in _FOLLOWING)):
                for gid, part in zip(gids, _parts(text, len(gids)), strict=True):
                    self._assign(gid, part)

    def _assign(self, gid: int, text: str) -> None:
        if (gid, text) in self._codes:
            return
        if not self._text_of[gid]:
            self._text_of[gid] = text
            self._codes[gid, text] = gid
            return
        self._codes[gid, text] = len(self._glyph_of)
        self._glyph_of.append(gid)
        self._text_of.append(text)

    def _clusters(self, text: str) -> Iterator[tuple[str, list[int], list[tuple[int, int, int]]]]:
        """Each cluster as (its characters, its glyphs, (x offset, y offset, advance) of each) in font units."""
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_GRAPHEMES
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer, _FEATURES)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        starts = [i for i, info in enumerate(infos) if i == 0 or info.cluster != infos[i - 1].cluster]
        for start, end in itertools.pairwise([*starts, len(infos)]):
            stop = infos[end].cluster if end < len(infos) else len(text)
            gids = [info.codepoint for info in infos[start:end]]
            places = [(p.x_offset, p.y_offset, p.x_advance) for p in positions[start:end]]
            part = text[infos[start].cluster : stop]
            if part.endswith(_SARA_AM) and gids[-2:] == [self._nominal[ord(_NIKHAHIT)], self._nominal[ord(_SARA_AA)]]:
                # the font's own sara am has the same outline as the two and stands for exactly one character
                gids[-2:] = [self._nominal[ord(_SARA_AM)]]
                del places[-2]
            yield part, gids, places

    def _shape(self, text: str) -> Shaped:
        missing = "".join(sorted({c for c in text if ord(c) not in self._nominal}))
        if missing:
            raise MissingGlyph(text, missing)
        glyphs: list[Glyph] = []
        pen = drawn = 0.0
        exact = True
        for part, gids, places in self._clusters(text):
            for gid, meant, (x, y, advance) in zip(gids, _parts(part, len(gids)), places, strict=True):
                code = self._codes.get((gid, meant))
                if code is None:
                    code, exact = gid, False
                    if not self._text_of[gid]:
                        raise MissingGlyph(text, part)
                at = pen + x * self._em
                glyphs.append(Glyph(code, round(at - drawn, 2), round(y * self._em, 2)))
                drawn = at + self._width(gid)
                pen += advance * self._em
            exact = exact and "".join(_parts(part, len(gids))) == part
        return Shaped(tuple(glyphs), round(pen - drawn, 2), pen, exact, frozenset(g.code for g in glyphs))

    def _width(self, gid: int) -> float:
        return float(self._font.get_glyph_h_advance(gid)) * self._em

    def program(self, codes: Iterable[int]) -> FontProgram:
        """The face cut down to the glyphs of `codes` and of everyday letters, with their widths and texts.

        Same codes, same bytes; and documents that differ in everyday letters alone hold the same font, which is then
        cut, packed and looked through once for all of them. It weighs 3 kB more.
        """
        return self._cut(self._everyday.union(codes))

    def _program(self, codes: frozenset[int]) -> FontProgram:
        used = sorted(codes)
        gids = sorted({self._glyph_of[code] for code in used})
        data = _subset(self._outlines, gids)
        # ISO 32000-1, 9.6.4: six capitals name a subset; made from its glyphs, equal subsets are named equally
        digest = hashlib.sha256(repr(gids).encode()).digest()
        tag = "".join(chr(65 + b % 26) for b in digest[:6])
        widths = tuple((code, round(self._width(self._glyph_of[code]))) for code in used)
        return FontProgram(f"{tag}+{self.name}", data, widths, _to_unicode([(c, self._text_of[c]) for c in used]))


def _parts(text: str, count: int) -> list[str]:
    """The characters of a cluster shared out over its `count` glyphs, in drawing order."""
    if count < len(text):
        return [*text[: count - 1], text[count - 1 :]]
    if count == len(text):
        return list(text)
    if text.endswith(_SARA_AM) and count == len(text) + 1:
        # HarfBuzz splits sara am and draws its ring before a tone mark
        return [text[0], _NIKHAHIT, *text[1:-1], _SARA_AA]
    return [text] + [text[-1]] * (count - 1)


def _subset(face: hb.Face, gids: list[int]) -> bytes:
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(gids)
    wanted.flags = (
        hb.SubsetFlags.NO_HINTING
        | hb.SubsetFlags.NOTDEF_OUTLINE
        | hb.SubsetFlags.RETAIN_GIDS
        | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    )
    return bytes(hb.subset(face, wanted).blob.data)


def _without_layout(face: hb.Face) -> bytes:
    """The outlines of a face: shaping is over when they are embedded, so layout tables only weigh."""
    wanted = hb.SubsetInput()
    wanted.keep_everything()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.RETAIN_GIDS
    wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(int.from_bytes(t.encode(), "big") for t in _LAYOUT_TABLES)
    return bytes(hb.subset(face, wanted).blob.data)


def _metrics(data: bytes) -> Metrics:
    face = TTFont(io.BytesIO(data), lazy=True)
    em = 1000 / face["head"].unitsPerEm
    head, os2, hhea = face["head"], face["OS/2"], face["hhea"]
    return Metrics(
        box=(round(head.xMin * em), round(head.yMin * em), round(head.xMax * em), round(head.yMax * em)),
        ascent=round(hhea.ascent * em),
        descent=round(hhea.descent * em),
        cap_height=round(os2.sCapHeight * em),
        stem=round(50 + (os2.usWeightClass / 65) ** 2),  # the usual estimate; no tool draws from it when embedded
    )


def _to_unicode(pairs: list[tuple[int, str]]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    rows = [f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in pairs]
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
