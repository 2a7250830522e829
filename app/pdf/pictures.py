"""A page of a document that we drew ourselves, as a picture. Strangers' files are drawn in a cage, never here."""

import io
from threading import Lock

import pypdfium2

DPI = 96
A4_INCHES = 210 / 25.4
"""How wide a page is."""
_ONE_AT_A_TIME = Lock()
"""The library behind is not safe across threads."""


def page(pdf: bytes, number: int, dpi: float = DPI) -> bytes | None:
    """Page `number` (from 1) as PNG; None when there is no such page."""
    with _ONE_AT_A_TIME:
        opened = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= number <= len(opened):
                return None
            picture = opened[number - 1].render(scale=dpi / 72).to_pil().convert("RGB")
        finally:
            opened.close()
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=1)
    return target.getvalue()
