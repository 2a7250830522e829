"""Writes any document anew in the way of the press, whatever is wrong with it, so that it is read as one of its files."""

import io
import re

import pikepdf
from pikepdf import Stream

from app.pdf import notation

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def in_our_way(pdf: bytes) -> bytes:
    """The same objects, numbered as they were, each alone; a trailer like ours."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        bodies = {item.objgen[0]: _body(item) for item in document.objects if "/Type" not in _keys(item)} | {
            item.objgen[0]: _body(item)
            for item in document.objects
            if "/Type" in _keys(item) and item.Type not in ("/XRef", "/ObjStm")
        }
        root, info = document.Root.objgen[0], document.trailer.Info.objgen[0]
    count = max(bodies) + 2
    out, places = HEAD, [(0, 0, 65535)] * count
    order = dict.fromkeys(range(1, count - 1), b"<<>>") | bodies
    for number, body in order.items():
        places[number] = (1, len(out), 0)
        out += notation.numbered(number, body)
    places[-1] = (1, len(out), 0)
    trailer = b"/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (root, info, b"0" * 32, b"0" * 32)
    table = notation.numbered(count - 1, notation.cross_references(places, trailer))
    return out + table + b"startxref\n%d\n%%%%EOF\n" % len(out)


def _keys(item: pikepdf.Object) -> set[str]:
    return set(item.keys()) if isinstance(item, pikepdf.Dictionary | Stream) else set()


def _body(item: pikepdf.Object) -> bytes:
    if not isinstance(item, Stream):
        return _said(item)
    held = re.sub(rb"/Length [0-9]+", b"", _said(item.stream_dict)).removesuffix(b">>")
    data = item.read_raw_bytes()
    return b"%s/Length %d>>stream\n%s\nendstream" % (held, len(data), data)


def _said(item: pikepdf.Object) -> bytes:
    return re.sub(rb"#[0-9a-f]{2}", lambda found: found[0].upper(), item.unparse(resolved=True))
