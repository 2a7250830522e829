"""From a document in blocks to a file: measure, break into pages, draw, assemble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.pdf import ornaments
from app.pdf.archival import assemble
from app.pdf.blocks import Align
from app.pdf.characters import BOLD
from app.pdf.flow import Column
from app.pdf.layout import Layout
from app.pdf.sheet import HEIGHT, LINE, SOFT, STOP_TINT, WIDTH, Sheet
from app.pdf.structure import Element
from app.pdf.thai_text import Typesetter, typesetter
from app.pdf.typeface import Typeface
from app.pdf.typography import Area
from app.pdf.whole import Document, Footer, Frame

_FOOTER_SIZE, _FOOTER_LEADING, _FOOTER_GAP = 10.0, 15.0, 24.0


@dataclass(frozen=True)
class _Margins:
    """Points kept free at the sides and the top, and under the baseline of the footer's last line."""

    side: float
    top: float
    foot: float


_MARGINS = {Frame.NONE: _Margins(60, 60, 44), Frame.DOUBLE_RULE: _Margins(68, 62, 54)}
_SPACE_OVER_FOOTER = 20.0
_ACROSS_SIZE, _ACROSS_WIDTH, _ACROSS_ANGLE = 260.0, 760.0, 54.0


@dataclass(frozen=True)
class Composition:
    """A document laid out, not yet a file: its pages in order, and its logical structure."""

    document: Document
    sheets: Sequence[Sheet]
    root: Element
    faces: Mapping[str, Typeface]


def render(document: Document, now: datetime, type_: Typesetter | None = None) -> bytes:
    """The document as PDF/A-3a and PDF/UA-1, dated `now`. The same input gives the same bytes.

    `type_` is the process's typesetter where fonts or words differ from the defaults. Raises as `compose` does.
    """
    made = compose(document, type_)
    return assemble(document, now, made.sheets, made.root, made.faces)


def compose(document: Document, type_: Typesetter | None = None) -> Composition:
    """Measure, break into pages, draw.

    Raises MissingGlyph for a character the fonts lack, ValueError for blocks kept together but taller than a page.
    """
    type_ = type_ or typesetter()
    margins = _MARGINS[document.frame]
    area = Area(margins.side, WIDTH - 2 * margins.side)
    footer = _FooterLines(type_, document.footer, area, margins.foot) if document.footer else None
    root = Element("Document", around=document.language)
    strips = Layout(type_).strips(document.blocks, root, area)
    sheets: list[Sheet] = []

    def new_sheet() -> Sheet:
        sheet = Sheet(len(sheets), type_)
        if document.frame is Frame.DOUBLE_RULE:
            with sheet.artifact():
                sheet.stamp(ornaments.FRAME)
        if document.across:
            _across(sheet, type_, document.across)
        sheets.append(sheet)
        return sheet

    bottom = margins.foot + (footer.height + _SPACE_OVER_FOOTER if footer else 0.0)
    Column(HEIGHT - margins.top, bottom).place(strips, new_sheet)
    if footer:
        for sheet in sheets:
            footer.draw(sheet, len(sheets))
    return Composition(document, sheets, root, type_.faces)


def _across(sheet: Sheet, type_: Typesetter, words: str) -> None:
    """The words from corner to corner, under everything that is drawn later."""
    size = _ACROSS_SIZE * min(1.0, _ACROSS_WIDTH / type_.width(words, _ACROSS_SIZE, BOLD))
    with sheet.artifact() as canvas:
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(_ACROSS_ANGLE)
        half = type_.width(words, size, BOLD) / 2
        sheet.text(words, -half, -size / 3, size, weight=BOLD, colour=STOP_TINT)


class _FooterLines:
    """The foot of every page: the text in as many lines as it needs, the page at the right of the lowest."""

    def __init__(self, type_: Typesetter, footer: Footer, area: Area, baseline: float) -> None:
        self._type = type_
        self._baseline = baseline
        self._page = footer.page
        self._area = area
        room = area.width - type_.width(footer.page.format(page=999, pages=999), _FOOTER_SIZE) - _FOOTER_GAP
        self._lines = type_.wrap(footer.text, _FOOTER_SIZE, room)
        self.height = len(self._lines) * _FOOTER_LEADING

    def draw(self, sheet: Sheet, pages: int) -> None:
        """Draw it as page furniture."""
        area = self._area
        page = self._page.format(page=sheet.number + 1, pages=pages)
        right = area.start(Align.RIGHT, self._type.width(page, _FOOTER_SIZE))
        with sheet.artifact() as canvas:
            canvas.setStrokeColorRGB(*LINE)
            canvas.setLineWidth(0.5)
            y = self._baseline + self.height
            canvas.line(area.x, y, area.x + area.width, y)
        with sheet.artifact("/Type/Pagination/Subtype/Footer"):
            for number, line in enumerate(reversed(self._lines)):
                sheet.text(line, area.x, self._baseline + number * _FOOTER_LEADING, _FOOTER_SIZE, colour=SOFT)
            sheet.text(page, right, self._baseline, _FOOTER_SIZE, colour=SOFT)
