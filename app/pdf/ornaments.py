"""Drawings of our own: the seal (one dot, many lines), the frame of a licence, the modules of a QR code."""

import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from reportlab.pdfgen.canvas import Canvas

from app.pdf.qr import modules
from app.pdf.sheet import DEEP, GREEN, HEIGHT, MARIGOLD, PALE, WIDTH

SEAL, FRAME = "Seal", "Frame"

QUIET_ZONE = 4
"""Modules of empty ground around a QR code (ISO/IEC 18004, 9.1)."""
_DARK = re.compile("1+")


def _recorded() -> Canvas:
    """A canvas to draw on once; its operators are then repeated in every document."""
    return Canvas(io.BytesIO(), pageCompression=0)


@cache
def seal() -> str:
    """The operators of an abstract rosette of radius 100 around the origin: fine ellipses, a marigold dot at heart."""
    canvas = _recorded()
    canvas.setStrokeColorRGB(*DEEP)
    for ring, width in ((99, 1.8), (94, 0.7)):
        canvas.setLineWidth(width)
        canvas.circle(0, 0, ring)
    canvas.setLineWidth(0.55)
    _ellipses(canvas, 28, 80, 34)
    canvas.setStrokeColorRGB(*GREEN)
    _ellipses(canvas, 18, 46, 17)
    canvas.setFillColorRGB(*DEEP)
    _dots(canvas, 56, 87, 1.5)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.circle(0, 0, 15, stroke=0, fill=1)
    canvas.setFillColorRGB(*MARIGOLD)
    canvas.circle(0, 0, 10.5, stroke=0, fill=1)
    return str(canvas.getCurrentPageContent())


def _ellipses(canvas: Canvas, count: int, long: float, short: float) -> None:
    step = 180 / count
    for _ in range(count):
        canvas.ellipse(-long, -short, long, short)
        canvas.rotate(step)
    canvas.rotate(-180)


def _dots(canvas: Canvas, count: int, distance: float, radius: float) -> None:
    for i in range(count):
        angle = 2 * math.pi * i / count
        canvas.circle(distance * math.cos(angle), distance * math.sin(angle), radius, stroke=0, fill=1)


@cache
def divider() -> str:
    """The operators of a short line through a marigold dot, around the origin."""
    canvas = _recorded()
    canvas.setStrokeColorRGB(*DEEP)
    canvas.setLineWidth(0.7)
    canvas.lines([(-70, 0, -7, 0), (7, 0, 70, 0)])
    canvas.setFillColorRGB(*MARIGOLD)
    canvas.circle(0, 0, 2.6, stroke=0, fill=1)
    return str(canvas.getCurrentPageContent())


@cache
def frame() -> str:
    """The operators of a double rule around the page, and of a rosette too pale to disturb the text on it."""
    canvas = _recorded()
    canvas.saveState()
    canvas.setStrokeColorRGB(*PALE)
    canvas.translate(WIDTH / 2, HEIGHT * 0.41)
    canvas.setLineWidth(0.8)
    _ellipses(canvas, 36, 172, 76)
    _ellipses(canvas, 24, 86, 36)
    canvas.restoreState()
    canvas.setStrokeColorRGB(*DEEP)
    outer, inner, cut = 26.0, 32.5, 13.0
    canvas.setLineWidth(2.2)
    canvas.rect(outer, outer, WIDTH - 2 * outer, HEIGHT - 2 * outer)
    canvas.setLineWidth(0.7)
    left, right, bottom, top = inner, WIDTH - inner, inner, HEIGHT - inner
    path = canvas.beginPath()
    path.moveTo(left + cut, bottom)
    path.lineTo(right - cut, bottom)
    path.curveTo(right - cut, bottom + cut / 2, right - cut / 2, bottom + cut, right, bottom + cut)
    path.lineTo(right, top - cut)
    path.curveTo(right - cut / 2, top - cut, right - cut, top - cut / 2, right - cut, top)
    path.lineTo(left + cut, top)
    path.curveTo(left + cut, top - cut / 2, left + cut / 2, top - cut, left, top - cut)
    path.lineTo(left, bottom + cut)
    path.curveTo(left + cut / 2, bottom + cut, left + cut, bottom + cut / 2, left + cut, bottom)
    canvas.drawPath(path)
    canvas.setFillColorRGB(*MARIGOLD)
    for x in (left + 1.8, right - 1.8):
        for y in (bottom + 1.8, top - 1.8):
            canvas.circle(x, y, 2.1, stroke=0, fill=1)
    return str(canvas.getCurrentPageContent())


@dataclass(frozen=True)
class Stamp:
    """A drawing that is the same in every document: a form XObject, written once in a file and checked once for all."""

    box: tuple[float, float, float, float]
    operators: bytes


@cache
def stamps() -> Mapping[str, Stamp]:
    """The stamps by their names in a page's resources."""
    return {
        SEAL: Stamp((-100, -100, 100, 100), seal().encode("ascii")),
        FRAME: Stamp((0, 0, WIDTH, HEIGHT), frame().encode("ascii")),
    }


@lru_cache(256)
def qr_modules(data: str) -> tuple[int, str]:
    """A QR code as the number of modules of its side, quiet zone included, and its operators in units of a module."""
    rows = modules(data)
    side = len(rows) + 2 * QUIET_ZONE
    out = [f"1 1 1 rg 0 0 {side} {side} re f 0 0 0 rg"]
    for y, row in zip(range(side - QUIET_ZONE - 1, 0, -1), rows, strict=False):
        out += [f"{QUIET_ZONE + run.start()} {y} {run.end() - run.start()} 1 re" for run in _DARK.finditer(row)]
    return side, " ".join([*out, "f"])
