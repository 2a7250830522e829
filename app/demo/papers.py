"""Papers as people have them at hand: a picture from a phone, a plain PDF; drawn here, nothing in them is real."""

import io

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas


def photo(words: str = "sample") -> tuple[str, bytes]:
    """A picture as a phone would send it, drawn here."""
    image = Image.new("RGB", (1200, 900), (240, 236, 224))
    draw = ImageDraw.Draw(image)
    draw.rectangle((80, 80, 1120, 820), outline=(0, 102, 67), width=12)
    draw.text((120, 120), words, fill=(20, 30, 25))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return "IMG_0412.jpg", out.getvalue()


def paper(words: str = "sample") -> tuple[str, bytes]:
    """A plain one-page PDF."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=1)
    page.drawString(72, 760, words)
    page.showPage()
    page.save()
    return "document.pdf", out.getvalue()
