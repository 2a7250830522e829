"""Several leaves of one document become one PDF: a phone takes one picture at a time, an officer reads one file."""

import io
from contextlib import ExitStack

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from app.applications.inspecting import images, pdfs
from app.applications.inspecting.findings import Seen

SIDE = 2600
"""Pixels of a leaf's long side: A4 at 220 dpi."""
SHORT, LONG = 595, 842
"""Points of A4 (ISO 216)."""


def look(data: bytes) -> Seen:
    """Put the parts of `inspection.joined` behind one another, then look through the result like any PDF."""
    head, _, rest = data.partition(b"\n")
    words = head.decode("ascii").split()
    with ExitStack() as opened, pikepdf.new() as whole:
        for kind, size in zip(words[::2], words[1::2], strict=True):
            part, rest = rest[: int(size)], rest[int(size) :]
            if kind == "application/pdf":
                whole.pages.extend(opened.enter_context(pikepdf.open(io.BytesIO(part))).pages)
            else:
                whole.pages.append(leaf(whole, images.opened(part, kind.rpartition("/")[2].upper())))
        out = io.BytesIO()
        whole.save(out)
    seen = pdfs.look(out.getvalue())
    return Seen(seen.pages, out.getvalue(), seen.previews, seen.codes)


def leaf(whole: pikepdf.Pdf, image: Image.Image) -> pikepdf.Page:
    """The picture as a page, as large as A4 allows, lying when it is wider than high."""
    image = images.on_white(image)
    image.thumbnail((SIDE, SIDE))
    across, down = (LONG, SHORT) if image.width > image.height else (SHORT, LONG)
    scale = min(across / image.width, down / image.height)
    width, height = round(image.width * scale, 2), round(image.height * scale, 2)
    picture = Stream(whole, b"")
    picture.write(images.as_jpeg(image), filter=Name.DCTDecode)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = image.width, image.height, 8
    picture.ColorSpace = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, width, height]),
        Resources=Dictionary(XObject=Dictionary(Picture=whole.make_indirect(picture))),
        Contents=Stream(whole, f"q {width} 0 0 {height} 0 0 cm /Picture Do Q".encode()),
    )
    return pikepdf.Page(whole.make_indirect(page))
