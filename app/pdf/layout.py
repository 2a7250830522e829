"""Turns blocks into strips: gives every block its place, its look and its element of the structure tree."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import singledispatchmethod

from app.pdf import blanks, ornaments
from app.pdf.blocks import (
    Block,
    Canvas,
    Columns,
    Facts,
    Heading,
    Items,
    Panel,
    Paragraph,
    Qr,
    Rule,
    Seal,
    Spacer,
    Statement,
    Stretch,
    Table,
    Ticks,
    Tone,
    Writing,
)
from app.pdf.flow import Strip, gap, heights
from app.pdf.sheet import GREEN, LINE, SOFT, STOP, STOP_TINT, TINT, Sheet
from app.pdf.structure import Element
from app.pdf.tables import facts_strips, table_strips
from app.pdf.thai_text import Typesetter
from app.pdf.typography import Area, paragraph, style

_HEADING_SIZES = {1: 20.0, 2: 15.0, 3: 13.0}
_SPACE, _BEFORE_HEADING, _AFTER_HEADING = 8.0, 14.0, 3.0
_PANEL_PADDING = 12.0
_ITEM_INDENT = 8.0
_SPACES = (Spacer, Stretch)


class Layout:
    """Lays out blocks with one typesetter. Strips are drawn later, in any order of pages; elements exist at once."""

    def __init__(self, type_: Typesetter) -> None:
        self._type = type_

    def strips(self, blocks: Sequence[Block], parent: Element, area: Area) -> list[Strip]:
        """All blocks below each other in `area`, with the space between them."""
        strips: list[Strip] = []
        before: Block | None = None
        for block in blocks:
            if before is not None and not isinstance(before, _SPACES) and not isinstance(block, _SPACES):
                strips.append(_between(before, block))
            strips += self._block(block, parent, area)
            before = block
        return strips

    @singledispatchmethod
    def _block(self, block: Block, parent: Element, area: Area) -> list[Strip]:
        """The strips of one block; its elements are added to `parent`."""
        raise TypeError(f"no way to lay out {block!r} under {parent.tag} in {area}")

    @_block.register
    def _paragraph(self, block: Paragraph, parent: Element, area: Area) -> list[Strip]:
        element = parent.add("P", language=block.language)
        look = style(block.size, bold=block.bold, tone=block.tone)
        return paragraph(self._type, element, block.text, look, area, block.align)

    @_block.register
    def _facts(self, block: Facts, parent: Element, area: Area) -> list[Strip]:
        return facts_strips(self._type, parent, block, area)

    @_block.register
    def _table(self, block: Table, parent: Element, area: Area) -> list[Strip]:
        return table_strips(self._type, parent, block, area)

    @_block.register
    def _rule(self, block: Rule, _parent: Element, area: Area) -> list[Strip]:
        return [_divider(area) if block.ornament else _thin_line(area)]

    @_block.register
    def _spacer(self, block: Spacer, _parent: Element, _area: Area) -> list[Strip]:
        return [gap(block.height)]

    @_block.register
    def _stretch(self, _block: Stretch, _parent: Element, _area: Area) -> list[Strip]:
        return [Strip(0, stretch=True)]

    @_block.register
    def _heading(self, block: Heading, parent: Element, area: Area) -> list[Strip]:
        element = parent.add(f"H{block.level}", language=block.language)
        look = replace(style(block.size or _HEADING_SIZES.get(block.level, 12.0), bold=True), leading=1.5)
        return paragraph(self._type, element, block.text, look, area, block.align, title=True)

    @_block.register
    def _items(self, block: Items, parent: Element, area: Area) -> list[Strip]:
        look, labels = style(block.size), style(block.size, tone=Tone.SOFT)
        indent = max((self._type.width(text, block.size) for text in block.labels), default=0.0) + _ITEM_INDENT
        strips: list[Strip] = []
        items = parent.add("L")
        for label, text in zip(block.labels, block.texts, strict=True):
            item = items.add("LI")
            mark, *_ = paragraph(self._type, item.add("Lbl"), label, labels, area)
            body = paragraph(self._type, item.add("LBody"), text, look, area.inset(indent))
            strips += [replace(body[0], draw=_both(mark, body[0])), *body[1:]]
        return strips

    @_block.register
    def _writing(self, block: Writing, parent: Element, area: Area) -> list[Strip]:
        return blanks.writing_strips(self._type, parent, block, area)

    @_block.register
    def _ticks(self, block: Ticks, parent: Element, area: Area) -> list[Strip]:
        return blanks.tick_strips(self._type, parent, block, area)

    @_block.register
    def _canvas(self, block: Canvas, parent: Element, area: Area) -> list[Strip]:
        return blanks.canvas_strips(self._type, parent, block, area)

    @_block.register
    def _qr(self, block: Qr, parent: Element, area: Area) -> list[Strip]:
        element = parent.add("Figure", alt=block.alt)
        side, operators = ornaments.qr_modules(block.data)
        # the dark modules, not the quiet zone around them, stand in line with the text
        quiet = block.size * ornaments.QUIET_ZONE / side
        x = Area(area.x - quiet, area.width + 2 * quiet).start(block.align, block.size)

        def draw(sheet: Sheet, top: float) -> None:
            with sheet.figure(element, (x, top - block.size, x + block.size, top)) as canvas:
                canvas.translate(x, top - block.size)
                canvas.scale(block.size / side, block.size / side)
                canvas.addLiteral(operators)

        strips = [Strip(block.size, draw, keep=bool(block.caption))]
        if block.caption:
            look = style(10, tone=Tone.SOFT)
            strips += paragraph(self._type, parent.add("P"), block.caption, look, area, block.align)
        return strips

    @_block.register
    def _seal(self, block: Seal, parent: Element, area: Area) -> list[Strip]:
        element = parent.add("Figure", alt=block.alt)
        x = area.start(block.align, block.size)

        def draw(sheet: Sheet, top: float) -> None:
            with sheet.figure(element, (x, top - block.size, x + block.size, top)) as canvas:
                canvas.translate(x + block.size / 2, top - block.size / 2)
                canvas.scale(block.size / 200, block.size / 200)
                sheet.stamp(ornaments.SEAL)

        return [Strip(block.size, draw, keep=True)]

    @_block.register
    def _statement(self, block: Statement, parent: Element, area: Area) -> list[Strip]:
        strips = [_thin_line(area), gap(6)]
        for number, text in enumerate(block.lines):
            look = style(block.size if number == 0 else block.size - 1, bold=number == 0)
            strips += paragraph(self._type, parent.add("P"), text, look, area, block.align)
        return [replace(strip, keep=True) for strip in strips[:-1]] + strips[-1:]

    @_block.register
    def _columns(self, block: Columns, parent: Element, area: Area) -> list[Strip]:
        free = area.width - block.gap * (len(block.parts) - 1)
        x, parts = area.x, []
        for part, share in zip(block.parts, block.shares, strict=True):
            width = free * share / sum(block.shares)
            parts.append(self.strips(part, parent, Area(x, width)))
            x += width + block.gap

        def draw(sheet: Sheet, top: float) -> None:
            for strips in parts:
                _stack(strips, sheet, top)

        return [Strip(max(heights(strips) for strips in parts), draw)]

    @_block.register
    def _panel(self, block: Panel, parent: Element, area: Area) -> list[Strip]:
        strips = self.strips(block.blocks, parent, area.inset(_PANEL_PADDING + 4, _PANEL_PADDING))
        height = heights(strips) + 2 * _PANEL_PADDING - 4
        colour, ground = {Tone.DONE: (GREEN, TINT), Tone.STOP: (STOP, STOP_TINT)}.get(block.tone, (SOFT, TINT))

        def draw(sheet: Sheet, top: float) -> None:
            with sheet.artifact() as canvas:
                canvas.setFillColorRGB(*ground)
                canvas.rect(area.x, top - height, area.width, height, stroke=0, fill=1)
                canvas.setFillColorRGB(*colour)
                canvas.rect(area.x, top - height, 4, height, stroke=0, fill=1)
            _stack(strips, sheet, top - _PANEL_PADDING + 2)

        return [Strip(height, draw)]


def _between(before: Block, after: Block) -> Strip:
    if isinstance(before, Heading):
        return gap(_AFTER_HEADING, keep=True)
    return gap(_BEFORE_HEADING if isinstance(after, Heading) else _SPACE, keep=isinstance(before, Seal))


def _stack(strips: Sequence[Strip], sheet: Sheet, top: float) -> None:
    for strip in strips:
        strip.draw(sheet, top)
        top -= strip.height


def _both(first: Strip, second: Strip) -> Callable[[Sheet, float], None]:
    def draw(sheet: Sheet, top: float) -> None:
        first.draw(sheet, top)
        second.draw(sheet, top)

    return draw


def _divider(area: Area) -> Strip:
    def draw(sheet: Sheet, top: float) -> None:
        with sheet.artifact() as canvas:
            canvas.translate(area.x + area.width / 2, top - 4)
            canvas.addLiteral(ornaments.divider())

    return Strip(8, draw)


def _thin_line(area: Area) -> Strip:
    def draw(sheet: Sheet, top: float) -> None:
        with sheet.artifact() as canvas:
            canvas.setStrokeColorRGB(*LINE)
            canvas.setLineWidth(0.8)
            canvas.line(area.x, top - 0.4, area.x + area.width, top - 0.4)

    return Strip(0.8, draw)
