"""Tables, and facts (tables of two columns): measured columns, rows that go on over pages, repeated headers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.pdf.blocks import Align, Facts, Table, Tone
from app.pdf.characters import BOLD
from app.pdf.flow import Strip
from app.pdf.sheet import INK, LINE, Colour, Sheet
from app.pdf.structure import Element
from app.pdf.thai_text import Typesetter
from app.pdf.typography import Area, Style, show_line, style

_PADDING_X, _PADDING_Y = 6.0, 4.0
_LABEL_GAP = 16.0
_WIDEST_LABEL = 0.45
_TALLEST_ROW, _PIECE = 16, 4
"""Lines; a row taller than the first is cut into pieces of the second, so that it can go on over the page."""


@dataclass(frozen=True, slots=True)
class _Cell:
    element: Element
    lines: Sequence[str]
    look: Style
    area: Area
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class _Line:
    """A horizontal line under or over a row: its weight in points and its colour."""

    weight: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class _Edge:
    """The upper or lower edge of a row, or of a piece of one."""

    padding: float = 0.0
    line: _Line | None = None


_HAIRLINE, _MEDIUM, _HEAVY = _Line(0.5, LINE), _Line(0.8, INK), _Line(2, INK)


class _Grid:
    """Draws the rows of one table."""

    def __init__(self, type_: Typesetter, area: Area) -> None:
        self._type = type_
        self._area = area

    def cell(self, element: Element, text: str, look: Style, area: Area, align: Align = Align.LEFT) -> _Cell:
        element.says(text)
        return _Cell(element, self._type.wrap(text, look.size, area.width, look.weight), look, area, align)

    def row(
        self, cells: Sequence[_Cell], over: _Line | None = None, under: _Line | None = None, padding: float = _PADDING_Y
    ) -> list[Strip]:
        """The strips of one row: one, unless the row is very tall."""
        count = max(len(cell.lines) for cell in cells)
        size = count if count <= _TALLEST_ROW else _PIECE
        strips = []
        for first in range(0, count, size):
            starts, ends = first == 0, first + size >= count
            strips.append(
                self._part(
                    [replace(cell, lines=cell.lines[first : first + size]) for cell in cells],
                    _Edge(padding, over) if starts else _Edge(),
                    _Edge(padding, under) if ends else _Edge(),
                )
            )
        return strips

    def header(self, cells: Sequence[_Cell], over: _Line, under: _Line) -> Strip:
        """A header as it is repeated on later pages: page furniture, not read twice."""
        return self._part(cells, _Edge(_PADDING_Y, over), _Edge(_PADDING_Y, under), furniture=True)

    def _part(self, cells: Sequence[_Cell], upper: _Edge, lower: _Edge, *, furniture: bool = False) -> Strip:
        height = max(len(cell.lines) * cell.look.height for cell in cells) + upper.padding + lower.padding

        def draw(sheet: Sheet, top: float) -> None:
            for edge, y in ((upper, top), (lower, top - height)):
                if edge.line:
                    self._line(sheet, edge.line, y)
            for cell in cells:
                for number, text in enumerate(cell.lines):
                    if text:
                        mark = sheet.artifact("/Type/Pagination") if furniture else sheet.marked(cell.element)
                        y = top - upper.padding - number * cell.look.height
                        with mark:
                            show_line(sheet, self._type, text, cell.look, cell.area, y, cell.align)

        return Strip(height, draw)

    def _line(self, sheet: Sheet, line: _Line, y: float) -> None:
        with sheet.artifact() as canvas:
            canvas.setLineWidth(line.weight)
            canvas.setStrokeColorRGB(*line.colour)
            canvas.line(self._area.x, y, self._area.x + self._area.width, y)


def facts_strips(type_: Typesetter, parent: Element, block: Facts, area: Area) -> list[Strip]:
    """Labels in a column as wide as the widest of them, at most 45 % of the width; values beside them."""
    label, value = style(block.size, tone=Tone.SOFT), style(block.size, bold=True)
    widest = block.label_width or max(
        (type_.width(text, block.size, label.weight) + 0.1 for text, _ in block.rows), default=0.0
    )
    widest = min(widest, area.width * _WIDEST_LABEL)
    labels, values = Area(area.x, widest), area.inset(widest + _LABEL_GAP)
    table, grid, strips = parent.add("Table"), _Grid(type_, area), list[Strip]()
    for name, text in block.rows:
        row = table.add("TR")
        strips += grid.row(
            [
                grid.cell(row.add("TH", scope="Row"), name, label, labels),
                grid.cell(row.add("TD"), text, value, values),
            ],
            padding=1.5,
        )
    return strips


def table_strips(type_: Typesetter, parent: Element, block: Table, area: Area) -> list[Strip]:
    """The header, the rows and the totals of a table."""
    plain, bold = style(block.size), style(block.size, bold=True)
    areas = _columns(type_, block, area)
    aligns = [column.align for column in block.columns]
    table, grid = parent.add("Table"), _Grid(type_, area)
    head = table.add("TR")
    titles = [
        grid.cell(head.add("TH", scope="Column"), column.title, bold, place, column.align)
        for column, place in zip(block.columns, areas, strict=True)
    ]
    (first,) = grid.row(titles, over=_HEAVY, under=_MEDIUM)
    running = grid.header(titles, over=_HEAVY, under=_MEDIUM)
    strips: list[Strip] = []
    for number, texts in enumerate(block.rows, 1):
        row = table.add("TR")
        cells = [
            grid.cell(row.add("TD"), text, plain, place, align)
            for text, place, align in zip(texts, areas, aligns, strict=True)
        ]
        strips += grid.row(cells, under=_MEDIUM if number == len(block.rows) else _HAIRLINE)
    if block.totals and strips:
        strips[-1] = replace(strips[-1], keep=True)
    # a total's label covers all columns but the last
    label_area = Area(areas[0].x, areas[-1].x - areas[0].x - 2 * _PADDING_X)
    for number, (name, text) in enumerate(block.totals, 1):
        row = table.add("TR")
        cells = [
            grid.cell(row.add("TH", scope="Row", span=len(areas) - 1), name, bold, label_area, Align.RIGHT),
            grid.cell(row.add("TD"), text, bold, areas[-1], aligns[-1]),
        ]
        last = number == len(block.totals)
        strips += [replace(strip, keep=not last) for strip in grid.row(cells, under=_MEDIUM if last else None)]
    return [replace(first, keep=True), *(replace(strip, running=running) for strip in strips)]


def _columns(type_: Typesetter, block: Table, area: Area) -> list[Area]:
    """The columns by their shares, widened where a word would not fit, at the cost of those that have room."""
    shares = [column.share for column in block.columns]
    widths = [area.width * share / sum(shares) for share in shares]
    needs = [_widest_piece(type_, block, index) + 2 * _PADDING_X for index in range(len(widths))]
    if sum(needs) < area.width:
        lacking = sum(max(0.0, need - width) for need, width in zip(needs, widths, strict=True))
        spare = sum(max(0.0, width - need) for need, width in zip(needs, widths, strict=True))
        widths = [
            max(need, width - max(0.0, width - need) * (lacking / spare if spare else 0.0))
            for need, width in zip(needs, widths, strict=True)
        ]
    areas, x = [], area.x
    for width in widths:
        areas.append(Area(x + _PADDING_X, width - 2 * _PADDING_X))
        x += width
    return areas


def _widest_piece(type_: Typesetter, block: Table, index: int) -> float:
    """The room the widest word of a column needs, measured in bold: an upper bound for plain cells."""
    texts = {row[index] for row in block.rows} | {block.columns[index].title}
    if index == len(block.columns) - 1:
        texts |= {value for _, value in block.totals}
    pieces = {piece.rstrip(" ") for text in texts for piece in type_.words.pieces(text)}
    return max((type_.width(piece, block.size, BOLD) for piece in pieces), default=0.0) + 0.1
