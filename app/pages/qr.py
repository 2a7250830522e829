"""A QR code as one SVG path: no image file, no inline style, sharp on every screen."""

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
