"""One page while it is being drawn: ReportLab writes the graphics, our text layer the text, each as tagged content.

Everything on a page is either marked content of a structure element or an artifact (PDF/UA-1, 7.1).
Coordinates are points from the lower left corner of an A4 page.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from reportlab.pdfgen.canvas import Canvas

from app.pdf.characters import BOLD, REGULAR
from app.pdf.structure import Content, Element
from app.pdf.thai_text import Typesetter

WIDTH, HEIGHT = 595.276, 841.89
"""A4 in points."""

Colour: TypeAlias = tuple[float, float, float]

INK: Colour = (0.106, 0.141, 0.122)
SOFT: Colour = (0.322, 0.357, 0.333)
LINE: Colour = (0.78, 0.757, 0.7)
DEEP: Colour = (0, 0.251, 0.169)
GREEN: Colour = (0, 0.4, 0.263)
PALE: Colour = (0.937, 0.957, 0.943)
TINT: Colour = (0.933, 0.961, 0.941)
MARIGOLD: Colour = (0.878, 0.608, 0.071)
STOP: Colour = (0.706, 0.137, 0.094)
STOP_TINT: Colour = (0.988, 0.922, 0.91)


class Sheet:
    """A page that is being drawn. `number` counts from 0."""

    def __init__(self, number: int, typesetter: Typesetter) -> None:
        self.number = number
        self.codes: dict[str, set[int]] = {REGULAR: set(), BOLD: set()}
        self.owners: list[Element] = []
        self.stamps: set[str] = set()
        self._typesetter = typesetter
        self._canvas = Canvas(io.BytesIO(), pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=0)

    def content(self) -> bytes:
        """The page's content stream."""
        return str(self._canvas.getCurrentPageContent()).encode("ascii")

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to `element`."""
        number = len(self.owners)
        self.owners.append(element)
        element.kids.append(Content(self.number, number))
        self._canvas.addLiteral(f"/{element.tag} <</MCID {number}>> BDC")
        yield
        self._canvas.addLiteral("EMC")

    @contextmanager
    def artifact(self, properties: str = "") -> Iterator[Canvas]:
        """What is drawn inside is decoration or page furniture, not content; the graphics state is restored after."""
        self._canvas.addLiteral(f"/Artifact <<{properties}>> BDC q" if properties else "/Artifact BMC q")
        yield self._canvas
        self._canvas.addLiteral("Q EMC")

    @contextmanager
    def figure(self, element: Element, box: tuple[float, float, float, float]) -> Iterator[Canvas]:
        """What is drawn inside is the figure `element`, which fills `box` (left, bottom, right, top)."""
        element.box = box
        with self.marked(element):
            self._canvas.addLiteral("q")
            yield self._canvas
            self._canvas.addLiteral("Q")

    def stamp(self, name: str) -> None:
        """Draw one of `ornaments.stamps` in the coordinates of the moment; call it inside `figure` or `artifact`."""
        self.stamps.add(name)
        self._canvas.addLiteral(f"/{name} Do")

    def text(self, text: str, x: float, y: float, size: float, *, weight: str = REGULAR, colour: Colour = INK) -> None:
        """Show one line with its baseline starting at (x, y); to be called inside `marked` or `artifact`."""
        self.codes[weight] |= self._typesetter.codes(text, weight)
        red, green, blue = colour
        self._canvas.addLiteral(
            f"{red:g} {green:g} {blue:g} rg BT /{weight} {size:g} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm\n"
            f"{self._typesetter.operators(text, size, weight)} ET"
        )
