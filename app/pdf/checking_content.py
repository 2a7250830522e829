"""Judges what pages show: all of it tagged, every shown code with an embedded glyph, its width and its text."""

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pikepdf
import uharfbuzz as hb
from pikepdf import Array, Name, Object

from app.pdf.objects import Opened, each, inside, is_stream
from app.pdf.own_pages import OWN_PAINTING, OWN_TEXTS, codes_in, own_tokens

_INLINE_IMAGE = "INLINE IMAGE"
"""What pikepdf makes of BI … ID … EI."""
_PAINTING = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", _INLINE_IMAGE, "Tj", "TJ", "'", '"'}
_TEXT_SHOWN = {"Tj", "TJ"}
_FORBIDDEN = {"k": "CMYK colour", "K": "CMYK colour", "cs": "named colour space", "CS": "named colour space"}
_NOT_IN_DRAWINGS = {"Do", _INLINE_IMAGE, "Tj", "TJ", "'", '"', "BMC", "BDC"}
_READ = " ".join(sorted(_PAINTING - {_INLINE_IMAGE} | set(_FORBIDDEN) | {"BI", "ID", "EI", "Tf", "BMC", "BDC", "EMC"}))
"""Operators that are looked at. The others, most of them parts of paths, never leave the parser."""
_WATCHED = frozenset(_PAINTING | set(_FORBIDDEN))
_ARTIFACT, _CONTENT = "an artifact", "content"
_COLOURS = {"/DeviceRGB", "/DeviceGray"}
_TEXT = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\ufeff\ufffe\x00]")


@dataclass
class _Shown:
    """The codes shown with one font, over all pages."""

    font: Any
    codes: set[int] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    """What shows it, to be read for all of a font at once."""

    @property
    def all_codes(self) -> set[int]:
        """Every code that is shown."""
        return self.codes | codes_in("\n".join(self.texts))


def content_problems(file: Opened) -> list[str]:
    """What is wrong with the page contents and the fonts they use."""
    problems: list[str] = []
    shown: dict[tuple[int, int], _Shown] = {}
    for number, page in enumerate(file.pages, 1):
        reader = _Reader(page, shown)
        problems += [f"page {number}: {problem}" for problem in reader.problems()]
    for use in shown.values():
        problems += _font(use)
    return problems


class _Reader:
    """Reads one page's operators, keeping track of open marks and the selected font."""

    def __init__(self, page: Any, shown: dict[tuple[int, int], _Shown]) -> None:
        self._page = page
        self._shown = shown
        self._marks: list[str] = []
        self._numbers: list[int] = []
        self._drawings: list[Any] = []
        self._fonts: dict[str, _Shown] = {}
        self._font: _Shown | None = None

    def problems(self) -> Iterator[str]:
        """What is wrong on this page."""
        found = self._as_written()
        yield from self._read() if found is None else found
        if self._marks:
            yield "marked content is left open"
        yield from self._drawn()
        if sorted(self._numbers) != list(range(len(self._numbers))):
            yield "content numbers are repeated or left out"

    def _as_written(self) -> list[str] | None:
        """What is wrong with a page written in the few forms that ours are; None for any other, which is parsed."""
        contents = inside(self._page, "/Contents")
        tokens = own_tokens(contents.read_bytes(), _WATCHED) if is_stream(contents) else None
        if tokens is None:
            return None
        does: dict[str, Callable[[str], Iterable[str]]] = {
            "font": lambda name: self._select(f"/{name}"),
            "number": self._number,
            "artifact": lambda _: self._open(_ARTIFACT),
            "span": lambda _: self._open(""),
            "end": lambda _: self._close(),
            "drawing": lambda name: self._draw(f"/{name}"),
            "operator": lambda operator: [_FORBIDDEN[operator]] if operator in _FORBIDDEN else (),
        }
        problems: list[str] = []
        for kind, said in tokens:
            if (kind in OWN_PAINTING or (kind == "operator" and said in _PAINTING)) and not any(self._marks):
                problems.append(f"{said[:20]} paints outside content and artifacts")
            if kind not in OWN_TEXTS:
                problems += does[kind](said)
            elif self._font:
                self._font.texts.append(said)
        return problems

    def _read(self) -> Iterator[str]:
        for instruction in pikepdf.parse_content_stream(self._page, _READ):
            operator = str(instruction.operator)
            if operator in _PAINTING and not any(self._marks):
                yield f"{operator} paints outside content and artifacts"
            if operator in _TEXT_SHOWN:
                if self._font:
                    self._font.codes |= _codes(instruction.operands[0])
            elif operator in _FORBIDDEN:
                yield _FORBIDDEN[operator]
            else:
                yield from self._follow(operator, instruction.operands)

    def _select(self, name: str) -> tuple[str, ...]:
        if name not in self._fonts:
            font = inside(self._page, "/Resources", "/Font", name)
            self._fonts[name] = self._shown.setdefault(font.objgen, _Shown(font))
        self._font = self._fonts[name]
        return ()

    def _number(self, number: str) -> Iterator[str]:
        self._numbers.append(int(number))
        return self._open(_CONTENT)

    def _close(self) -> tuple[str, ...]:
        self._marks.pop()
        return ()

    def _draw(self, name: str) -> tuple[str, ...]:
        self._drawings.append(inside(self._page, "/Resources", "/XObject", name))
        return ()

    def _follow(self, operator: str, operands: Any) -> Iterator[str]:
        match operator:
            case "Tf":
                self._select(str(operands[0]))
            case "BMC":
                yield from self._open(_ARTIFACT if operands[0] == Name.Artifact else "")
            case "BDC":
                number = inside(operands[1], "/MCID")
                self._numbers += [] if number is None else [number]
                kind = _ARTIFACT if operands[0] == Name.Artifact else ""
                yield from self._open(_CONTENT if number is not None else kind)
            case "EMC":
                self._close()
            case "Do":
                self._draw(str(operands[0]))

    def _open(self, mark: str) -> Iterator[str]:
        if mark and any(self._marks):
            yield f"{mark} inside {next(filter(None, self._marks))}"
        self._marks.append(mark)

    def _drawn(self) -> Iterator[str]:
        for drawing in self._drawings:
            if inside(drawing, "/Subtype") == "/Form":
                yield from _in_drawing(drawing.read_bytes())
            elif inside(drawing, "/Subtype") != "/Image" or str(inside(drawing, "/ColorSpace")) not in _COLOURS:
                yield "a picture is not in RGB or grey"
            yield from (f"a drawing holds {key}" for key in ("/Ref", "/OPI", "/PS", "/SMask") if key in drawing)


@lru_cache(64)
def _in_drawing(operators: bytes) -> tuple[str, ...]:
    """What is wrong in a form XObject: ours are pictures alone. The same ones come again and again."""
    with pikepdf.new() as scratch:
        found = {str(o.operator) for o in pikepdf.parse_content_stream(pikepdf.Stream(scratch, operators))}
    colours = [_FORBIDDEN[operator] for operator in sorted(found & set(_FORBIDDEN))]
    return (*colours, *(f"{operator} in a drawing" for operator in sorted(found & _NOT_IN_DRAWINGS)))


def _codes(operand: Object) -> set[int]:
    strings: Iterable[Any] = operand if isinstance(operand, Array) else [operand]
    # numbers come out of pikepdf as Python's own; a test for them costs a fiftieth of one for its strings
    data = b"".join(bytes(string) for string in strings if not isinstance(string, int | Decimal))
    return {code for (code,) in struct.iter_unpack(">H", data)}


def _font(use: _Shown) -> Iterator[str]:
    name = str(use.font.get("/BaseFont", "?"))
    if use.font.get("/Subtype") != "/Type0":
        yield f"font {name} is not a composite font"
        return
    if use.font.get("/Encoding") != "/Identity-H":
        yield f"font {name} has an encoding of its own"
    (descendant,) = each(use.font, "/DescendantFonts")
    file = inside(descendant, "/FontDescriptor", "/FontFile2")
    if file is None:
        yield f"font {name} is not embedded"
        return
    if "/ToUnicode" not in use.font:
        yield f"font {name} has no texts"
        return
    glyphs, texts = descendant.get("/CIDToGIDMap").read_bytes(), use.font.get("/ToUnicode").read_bytes()
    listed = inside(descendant, "/W")
    widths = _widths_once(listed) if isinstance(listed, tuple) else _widths(listed)
    known = _program(file.read_bytes(), glyphs, widths, texts)
    for code in sorted(use.all_codes - known.fine):
        yield from (f"font {name}: {problem}" for problem in known.faults(code))


class _Program:
    """An embedded font, taken apart once for all files that hold the same one, byte for byte."""

    def __init__(self, program: bytes, glyphs: bytes, widths: tuple[tuple[int, float], ...], texts: bytes) -> None:
        self._face = hb.Face(program)
        self._font, self._em = hb.Font(self._face), 1000 / self._face.upem
        self._glyphs, self._widths = glyphs, dict(widths)
        self._texts = {int(code, 16): bytes.fromhex(text.decode()) for code, text in _TEXT.findall(texts)}
        self.fine = frozenset(code for code in self._texts if not any(self.faults(code)))
        """The codes that are without fault."""

    def faults(self, code: int) -> Iterator[str]:
        """What is wrong with a code that is shown: its glyph, its width, its text."""
        glyph = int.from_bytes(self._glyphs[2 * code : 2 * code + 2], "big")
        width = self._widths.get(code, 0)
        if not 0 < glyph < self._face.glyph_count:
            yield f"code {code} has no glyph"
        elif abs(width - self._font.get_glyph_h_advance(glyph) * self._em) > 1:
            yield f"code {code} is {width} wide, its glyph is not"
        text = self._texts.get(code, b"").decode("utf-16-be")
        if not text or _PRIVATE_USE.search(text):
            yield f"code {code} has no text"


_program = lru_cache(64)(_Program)


def _widths(array: Sequence[Any]) -> tuple[tuple[int, float], ...]:
    """The widths of a W array of the form `code [width …]` (ISO 32000-1, 9.7.4.3)."""
    return tuple(
        (int(first) + offset, float(width)) for first, listed in _pairs(array) for offset, width in enumerate(listed)
    )


def _pairs(array: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    one = iter(array)
    return zip(one, one, strict=True)


_widths_once = lru_cache(64)(_widths)
