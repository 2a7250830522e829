"""What is filled in by hand: lines to write on, boxes to tick, room to draw. Labels are text, the rest decoration."""

from dataclasses import replace

from app.pdf.blocks import Canvas, Ticks, Tone, Writing
from app.pdf.flow import Strip
from app.pdf.sheet import LINE, SOFT, Sheet
from app.pdf.structure import Element
from app.pdf.thai_text import Typesetter
from app.pdf.typography import Area, paragraph, style

_LINE_HEIGHT = 25.0
"""Points between two lines to write on: handwriting with Thai marks above and below."""
_LEAST_ROOM = 0.35
"""The part of the width that must be left for writing on the label's own line."""
_AFTER_LABEL, _TICK, _TICK_INDENT = 6.0, 9.0, 18.0
_SQUARE = 72 / 25.4 * 5


def writing_strips(type_: Typesetter, parent: Element, block: Writing, area: Area) -> list[Strip]:
    """The label; what is written begins on its last line when there is room, else under it."""
    look = style(block.size)
    width = type_.width(block.label, block.size) + _AFTER_LABEL if block.label else 0.0
    beside = width <= area.width * (1 - _LEAST_ROOM)
    strips = paragraph(type_, parent.add("P"), block.label, look, area) if block.label else []
    ruled = [_ruled(area, _LINE_HEIGHT) for _ in range(block.lines - beside)]
    if beside:
        first = strips[0] if strips else Strip(0)
        start = Area(area.x + width, area.width - width)
        room = _LINE_HEIGHT - first.height

        def draw(sheet: Sheet, top: float) -> None:
            first.draw(sheet, top - room)
            _rule(sheet, start, top - _LINE_HEIGHT + 4)

        strips = [Strip(_LINE_HEIGHT, draw)]
    return [replace(strip, keep=True) for strip in (*strips, *ruled)[:-1]] + [(*strips, *ruled)[-1]]


def _ruled(area: Area, height: float) -> Strip:
    return Strip(height, lambda sheet, top: _rule(sheet, area, top - height + 4))


def _rule(sheet: Sheet, area: Area, y: float) -> None:
    with sheet.artifact() as canvas:
        canvas.setStrokeColorRGB(*SOFT)
        canvas.setLineWidth(0.6)
        canvas.setDash(1, 2)
        canvas.line(area.x, y, area.x + area.width, y)


def tick_strips(type_: Typesetter, parent: Element, block: Ticks, area: Area) -> list[Strip]:
    """One text under the other, each with an empty box at its left."""
    look, strips = style(block.size), list[Strip]()
    items = parent.add("L")
    for text in block.texts:
        body = paragraph(type_, items.add("LI").add("LBody"), text, look, area.inset(_TICK_INDENT))
        strips += [_ticked(body[0], area, block.size), *body[1:]]
    return strips


def _ticked(strip: Strip, area: Area, size: float) -> Strip:
    def draw(sheet: Sheet, top: float) -> None:
        with sheet.artifact() as canvas:
            canvas.setStrokeColorRGB(*SOFT)
            canvas.setLineWidth(0.8)
            canvas.rect(area.x + 1, top - size * 1.2, _TICK, _TICK, stroke=1, fill=0)
        strip.draw(sheet, top)

    return replace(strip, draw=draw)


def canvas_strips(type_: Typesetter, parent: Element, block: Canvas, area: Area) -> list[Strip]:
    """The title over a frame with faint squares, together on one page."""
    title = paragraph(type_, parent.add("P"), block.title, style(11, tone=Tone.SOFT), area)

    def draw(sheet: Sheet, top: float) -> None:
        with sheet.artifact() as canvas:
            canvas.setStrokeColorRGB(*LINE)
            canvas.setLineWidth(0.25)
            for n in range(1, int(area.width / _SQUARE) + 1):
                canvas.line(area.x + n * _SQUARE, top, area.x + n * _SQUARE, top - block.height)
            for n in range(1, int(block.height / _SQUARE) + 1):
                canvas.line(area.x, top - n * _SQUARE, area.x + area.width, top - n * _SQUARE)
            canvas.setStrokeColorRGB(*SOFT)
            canvas.setLineWidth(0.8)
            canvas.rect(area.x, top - block.height, area.width, block.height, stroke=1, fill=0)

    return [*(replace(strip, keep=True) for strip in title), Strip(block.height, draw)]
