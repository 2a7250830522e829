"""What is written alike in many files: colour profile, stamps and glyph tables at their beginning, and fonts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.pdf.archival import srgb_profile
from app.pdf.notation import numbered, numbers, stream
from app.pdf.ornaments import stamps
from app.pdf.typeface import FontProgram, Typeface

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True)
class Plate:
    """Frozen objects as they stand at the beginning of a file: bytes, hash, places (number 0 is nobody's), numbers."""

    data: bytes
    hash: Any
    places: tuple[int, ...]
    profile: int
    stamps: Mapping[str, int]
    glyphs: Mapping[str, int]


@lru_cache(32)
def plate(drawings: frozenset[str], faces: frozenset[tuple[str, Typeface]]) -> Plate:
    """The plate with these stamps, and the glyph tables of these faces by weight."""
    data, places = _HEADER, [0]
    found: dict[str, int] = {}

    def cut(key: str, body: bytes) -> None:
        nonlocal data
        found[key] = len(places)
        places.append(len(data))
        data += numbered(found[key], body)

    cut("profile", stream(b"/N 3/Alternate/DeviceRGB", srgb_profile()))
    for drawing in sorted(drawings):
        stamp = stamps()[drawing]
        box = numbers(stamp.box)
        cut(drawing, stream(b"/Type/XObject/Subtype/Form/BBox%s/Resources<<>>" % box, stamp.operators))
    for weight, face in sorted(faces, key=lambda pair: pair[0]):
        cut(weight, stream(b"", face.code_to_glyph))
    return Plate(
        data=data,
        hash=hashlib.sha256(data),
        places=tuple(places),
        profile=found["profile"],
        stamps={drawing: found[drawing] for drawing in drawings},
        glyphs={weight: found[weight] for weight, _ in faces},
    )


@lru_cache(64)
def packed(program: FontProgram) -> tuple[bytes, bytes, bytes]:
    """A font's file, widths and texts as they are written."""
    file = stream(b"/Length1 %d" % len(program.data), program.data)
    return file, b"".join(b"%d[%d]" % pair for pair in program.widths), stream(b"", program.to_unicode)
