"""How PDF writes values (ISO 32000-1, 7.3): what the press needs to write a file without a library in between."""

import re
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

_PLAIN = re.compile(rb"[!\"$&'*+,\-.0-9:;=?@A-Z\\^_`a-z|~]")

_QUICK = 3
"""How hard deflate tries: a licence comes out 2 kB larger than at its usual 6, in half the time."""


@lru_cache(4096)
def text(value: str) -> bytes:
    """A text string, as UTF-16."""
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">"


@lru_cache(1024)
def name(value: str) -> bytes:
    """A name with its slash; what is not regular is written as its number (7.3.5)."""
    return b"/" + b"".join(
        byte if _PLAIN.match(byte) else b"#%02X" % byte[0] for byte in (bytes([b]) for b in value.encode())
    )


def ref(number: int) -> bytes:
    """A reference to an object."""
    return b"%d 0 R" % number


def array(items: Iterable[bytes]) -> bytes:
    """An array of values written already."""
    return b"[" + b" ".join(items) + b"]"


def numbers(values: Iterable[float]) -> bytes:
    """An array of numbers, rounded to hundredths of a point."""
    return array(b"%g" % round(value, 2) for value in values)


def stream(dictionary: bytes, data: bytes, *, pack: bool = True) -> bytes:
    """A stream of `data`, deflated unless it is meant to be read by anyone (the metadata packet)."""
    packed = zlib.compress(data, _QUICK) if pack else data
    kind = b"/Filter/FlateDecode" if pack else b""
    return b"<<%s%s/Length %d>>stream\n%s\nendstream" % (dictionary, kind, len(packed), packed)


def numbered(number: int, body: bytes) -> bytes:
    """An object as it stands in the file."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


def object_stream(objects: Sequence[tuple[int, bytes]]) -> bytes:
    """Many small objects deflated together (7.5.7)."""
    index, at = [], 0
    for number, body in objects:
        index.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(index) + b"\n"
    body = head + b"\n".join(body for _, body in objects)
    return stream(b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), body)


def cross_references(places: Sequence[tuple[int, int, int]], trailer: bytes) -> bytes:
    """A cross-reference stream (7.5.8). `places`: for each object from 0 on its kind, offset or home, and index."""
    rows = b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(4, "big") + index.to_bytes(2, "big") for kind, where, index in places
    )
    return stream(b"/Type/XRef/W[1 4 2]/Size %d%s" % (len(places), trailer), rows)
