"""A QR code as one SVG path, sharp on every screen without an image file; and as a picture to keep."""

from io import BytesIO

import segno

from app.pages.contexts.frame import QrCode

QUIET_ZONE = 4


def draw(data: str) -> QrCode:
    """The QR code of `data` (error level M) with its quiet zone."""
    matrix = segno.make(data, error="m", micro=False, boost_error=False).matrix
    path: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            if row[x]:
                start = x
                while x < len(row) and row[x]:
                    x += 1
                path.append(f"M{start + QUIET_ZONE} {y + QUIET_ZONE}h{x - start}v1H{start + QUIET_ZONE}z")
            else:
                x += 1
    return QrCode(len(matrix) + 2 * QUIET_ZONE, "".join(path))


def picture(data: str) -> bytes:
    """The same code as a PNG, to be opened without any network or in another program."""
    out = BytesIO()
    segno.make(data, error="m", micro=False).save(out, kind="png", scale=16, border=QUIET_ZONE)
    return out.getvalue()
