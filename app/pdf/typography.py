"""How text looks and stands: sizes, colours, leading, alignment; and paragraphs as strips of one line each."""

from dataclasses import dataclass, replace

from app.pdf.blocks import Align, Tone
from app.pdf.characters import BOLD, REGULAR
from app.pdf.flow import Strip
from app.pdf.sheet import GREEN, INK, SOFT, STOP, Colour, Sheet
from app.pdf.structure import Element
from app.pdf.thai_text import Typesetter

LEADING = 1.6
"""Line height in type sizes; below 1.5 a tone mark over an upper vowel meets the vowel of the line above."""

_BASELINE = 1.17
_COLOURS: dict[Tone, Colour] = {Tone.INK: INK, Tone.SOFT: SOFT, Tone.DONE: GREEN, Tone.STOP: STOP}


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a run of text."""

    size: float
    weight: str = REGULAR
    colour: Colour = INK
    leading: float = LEADING

    @property
    def height(self) -> float:
        """The height of one line in points."""
        return self.size * self.leading


@dataclass(frozen=True, slots=True)
class Area:
    """A column on the page: its left edge and its width."""

    x: float
    width: float

    def start(self, align: Align, width: float) -> float:
        """Where something `width` wide begins when it stands so in this column."""
        free = self.width - width
        return self.x + {Align.LEFT: 0.0, Align.CENTRE: free / 2, Align.RIGHT: free}[align]

    def inset(self, left: float, right: float = 0.0) -> "Area":
        """The column without `left` and `right` points at its edges."""
        return Area(self.x + left, self.width - left - right)


def style(size: float, *, bold: bool = False, tone: Tone = Tone.INK) -> Style:
    """A style by what it means."""
    return Style(size, BOLD if bold else REGULAR, _COLOURS[tone])


def show_line(
    sheet: Sheet, type_: Typesetter, text: str, look: Style, area: Area, top: float, align: Align = Align.LEFT
) -> None:
    """Show one line whose upper edge is `top`. The space that ends a wrapped line is shown too: readers need it."""
    x = area.x
    if align is not Align.LEFT:
        x = area.start(align, type_.width(text.rstrip(" "), look.size, look.weight))
    sheet.text(text, x, top - look.size * _BASELINE, look.size, weight=look.weight, colour=look.colour)


def paragraph(
    type_: Typesetter,
    element: Element,
    text: str,
    look: Style,
    area: Area,
    align: Align = Align.LEFT,
    *,
    title: bool = False,
) -> list[Strip]:
    """`text` as the content of `element`, one strip a line. No page begins or ends with a single line of several.

    The lines of a `title` come out about equally long and stay together with what follows.
    """
    element.says(text)
    wrap = type_.balanced if title else type_.wrap
    lines = wrap(text, look.size, area.width, look.weight)

    def strip(line: str) -> Strip:
        def draw(sheet: Sheet, top: float) -> None:
            if line:
                with sheet.marked(element):
                    show_line(sheet, type_, line, look, area, top, align)

        return Strip(look.height, draw)

    strips = [strip(line) for line in lines]
    together = range(len(strips)) if title else {0, len(strips) - 2} - {len(strips) - 1, -1}
    return [replace(s, keep=True) if i in together else s for i, s in enumerate(strips)]
