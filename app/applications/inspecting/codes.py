"""QR codes in a picture: a paper that the portal prepared is known again by its own."""

from collections.abc import Iterator

import zxingcpp
from PIL import Image

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
SIDES = 1600, 3200
"""Pixels of the long side at which a picture is looked at: small first, which is enough for nearly every scan."""
LONGEST = 200
"""Characters of a code that could be ours; a longer one is somebody else's."""
MOST = 20
"""Codes of one file that are told."""


def read(image: Image.Image) -> list[str]:
    """The texts of the QR codes in a picture, without those that cannot be ours."""
    for seen in _sizes(image.convert("L") if image.mode != "L" else image):
        found = zxingcpp.read_barcodes(seen, formats=QR)
        texts = [one.text for one in found if one.valid and len(one.text) <= LONGEST and one.text.isascii()]
        if texts:
            return texts[:MOST]
    return []


def _sizes(image: Image.Image) -> Iterator[Image.Image]:
    long = max(image.size)
    for side in (*(side for side in SIDES if side < long), long if long <= SIDES[-1] else 0):
        if side:
            scale = side / long
            yield image if side == long else image.resize((int(image.width * scale), int(image.height * scale)))
