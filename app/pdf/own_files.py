"""Reads a file in the one way in which the press writes them: every byte has its place, or it is not read here.

From the first byte to the last a file of the press is a header, objects that follow each other without a gap, and a
cross-reference stream that names each of them; dictionaries hold plain values and no key twice. A file like that is
read in a fifth of the time that a library takes which expects anything. Any other is left to that library.

What thousands of files have in common, byte for byte (colour profile, drawings, glyph tables, most elements of the
structure), is unpacked and taken apart once.
"""

import re
import struct
import zlib
from collections.abc import Iterator, KeysView, Mapping
from functools import lru_cache
from typing import Any

from app.pdf.notation import name

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_END = re.compile(rb"startxref\n([0-9]{1,10})\n%%EOF\n\Z")
_TABLE = re.compile(
    rb"<</Type/XRef/W\[1 4 2\]/Size ([0-9]+)(/Root [0-9]+ 0 R/Info [0-9]+ 0 R/ID\[<[0-9a-f]{32}><[0-9a-f]{32}>\])"
    rb"/Filter/FlateDecode/Length [0-9]+>>"
)
_STREAM = re.compile(rb"(<<.*?/Length ([0-9]+)>>)stream\n", re.DOTALL)
_TOGETHER = re.compile(rb"<</Type/ObjStm/N ([0-9]+)/First ([0-9]+)/Filter/FlateDecode/Length [0-9]+>>")
_TOKEN = re.compile(
    rb"[ \n]*+(?:"
    rb"([0-9]++) 0 R(?![^ \n/<>\[\]()])|(-?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++))(?![^ \n/<>\[\]()])"
    rb"|/([^ \n/<>\[\](){}%]*+)|(<<)|(>>)|(\[)|(\])|<([0-9A-Fa-f]*+)>|\(([^()\\\r\n]*+)\)"
    rb"|(true|false)(?![^ \n/<>\[\]()])"
    rb")"
)
_NAME, _OPEN, _CLOSE, _BEGIN, _FINISH = range(3, 8)
_PLAIN = frozenset({int, float, str, bool, tuple})
"""What refers to nothing else."""


class Otherwise(Exception):
    """The file is not written in our way."""


class Reference(int):
    """The number of an object that stands elsewhere."""


class Part:
    """A dictionary or a stream of a file, with what it refers to in reach."""

    __slots__ = ("_file", "_held", "_written", "objgen")

    def __init__(self, file: "OwnFile", held: Mapping[str, Any], number: int = 0, written: bytes | None = None) -> None:
        self._file = file
        self._held = held
        self._written = written
        self.objgen = (number, 0)

    def get(self, key: str, default: Any = None) -> Any:
        """What stands there, wherever it stands."""
        value = self._held.get(key)
        kind = type(value)
        if kind in _PLAIN:
            return value
        if isinstance(value, Reference):
            return self._file.part(value)
        return default if value is None else self._file.seen(value)

    def __contains__(self, key: str) -> bool:
        return key in self._held

    def keys(self) -> KeysView[str]:
        """Its keys."""
        return self._held.keys()

    @property
    def is_stream(self) -> bool:
        """Whether it has data of its own."""
        return self._written is not None

    def read_bytes(self) -> bytes:
        """The data of a stream."""
        if self._written is None:
            raise TypeError("a dictionary has no data")
        filter_ = self._held.get("/Filter")
        if filter_ is None:
            return self._written
        if filter_ != "/FlateDecode" or "/DecodeParms" in self._held:
            raise Otherwise("packed in another way")
        return _unpacked(self._written)


class OwnFile:
    """A file of the press. Raises Otherwise for any other, here or when something of it is looked at."""

    def __init__(self, pdf: bytes) -> None:
        self._parts: dict[int, Part | None] = {}
        self._bodies = dict(_bodies(pdf))
        (table,) = (number for number, body in self._bodies.items() if body.startswith(b"<</Type/XRef"))
        self.trailer = Part(self, _values(_divided(self._bodies[table])[0]))
        for number in self._bodies:
            self.part(number)

    @property
    def root(self) -> Any:
        """The catalogue."""
        return self.trailer.get("/Root")

    @property
    def pages(self) -> list[Any]:
        """The pages in their order: ours hang side by side."""
        kids: list[Any] = self.root.get("/Pages").get("/Kids")
        return kids

    @property
    def dictionaries(self) -> Iterator[bytes]:
        """Every object as it is written, without the data of streams."""
        return (_divided(body)[0] for body in self._bodies.values())

    def part(self, number: int) -> Part:
        """An object by its number. Every one is unpacked and taken apart once, whether it is looked at or not."""
        found = self._parts.get(number)
        if found is None:
            body = self._bodies.get(number)
            if body is None:
                raise Otherwise(f"there is no object {number}")
            head, data = _divided(body)
            found = self._parts[number] = Part(self, _values(head), number, data)
            if data is not None:
                found.read_bytes()
        return found

    def seen(self, value: Any) -> Any:
        """A value as rules look at it: references followed, dictionaries and arrays with theirs in reach."""
        if type(value) is Reference:
            return self.part(value)
        if isinstance(value, dict):
            return Part(self, value)
        return [self.seen(one) for one in value] if isinstance(value, list) else value


def read(pdf: bytes) -> OwnFile | None:
    """The file, or None for one that is not written in our way."""
    try:
        return OwnFile(pdf)
    except (Otherwise, ValueError, zlib.error, struct.error, RecursionError):
        return None


def _bodies(pdf: bytes) -> Iterator[tuple[int, bytes]]:
    """Every object by its number. The cross-references name each and nothing else, and the file holds nothing else."""
    end = _END.search(pdf, max(0, len(pdf) - 40))
    if end is None or not pdf.startswith(_HEADER):
        raise Otherwise("begins or ends otherwise")
    rows = _rows(pdf[int(end[1]) : end.start()])
    alone = sorted((where, number) for number, (kind, where, _) in enumerate(rows) if kind == 1)
    if rows[0] != (0, 0, 65535) or {kind for kind, *_ in rows[1:]} - {1, 2}:
        raise Otherwise("objects are free")
    homes: dict[int, bytes] = {}
    at = len(_HEADER)
    for (where, number), (next_, _) in zip(alone, [*alone[1:], (end.start(), 0)], strict=True):
        head = b"%d 0 obj\n" % number
        if where != at or not pdf.startswith(head, where) or pdf[next_ - 8 : next_] != b"\nendobj\n":
            raise Otherwise(f"object {number} is not where it is said to be")
        homes[number] = body = pdf[where + len(head) : next_ - 8]
        at = next_
        yield number, body
    yield from _held(homes, rows)


def _rows(written: bytes) -> list[tuple[int, int, int]]:
    _, _, body = written.partition(b" 0 obj\n")
    found = _TABLE.match(body)
    if found is None:
        raise Otherwise("other cross-references")
    _, data = _divided(body.removesuffix(b"\nendobj\n"))
    rows = list(struct.iter_unpack(">BIH", zlib.decompress(data or b"")))
    if len(rows) != int(found[1]):
        raise Otherwise("not as many objects as is said")
    return rows


def _held(homes: Mapping[int, bytes], rows: list[tuple[int, int, int]]) -> Iterator[tuple[int, bytes]]:
    """The objects that stand together in one stream, in the order in which they are told."""
    inside = {number: (where, index) for number, (kind, where, index) in enumerate(rows) if kind == 2}
    for home in {home for home, _ in inside.values()}:
        head, data = _divided(homes[home]) if home in homes else (b"", None)
        found = _TOGETHER.fullmatch(head)
        if found is None or data is None:
            raise Otherwise("objects are said to be where none are")
        together = _unpacked_anew(data)
        first = int(found[2])
        said = list(map(int, together[:first].split()))
        numbers, places = said[::2], said[1::2]
        if [inside.get(number) for number in numbers] != [(home, index) for index in range(int(found[1]))]:
            raise Otherwise("objects stand otherwise than is said")
        for number, start, stop in zip(numbers, places, [*places[1:], len(together) - first + 1], strict=True):
            yield number, together[first + start : first + stop - 1]
    if len({home for home, _ in inside.values()}) > 1:
        raise Otherwise("more than one stream of objects")


def _divided(body: bytes) -> tuple[bytes, bytes | None]:
    """A stream's dictionary and data; a body that is no stream, and None."""
    if not body.endswith(b"\nendstream"):
        return body, None
    found = _STREAM.match(body)
    if found is None or found.end() + int(found[2]) + len(b"\nendstream") != len(body):
        raise Otherwise("a stream is not as long as is said")
    return found[1], body[found.end() : -len(b"\nendstream")]


def _unpacked_anew(data: bytes) -> bytes:
    inflating = zlib.decompressobj()
    unpacked = inflating.decompress(data)
    if not inflating.eof or inflating.unused_data:
        raise Otherwise("a stream ends otherwise")
    return unpacked


_unpacked = lru_cache(128)(_unpacked_anew)


@lru_cache(8192)
def _values(written: bytes) -> dict[str, Any]:
    """What a dictionary says. It is shared: never change it."""
    stack: list[Any] = [[]]
    keys: list[str | None] = [None]
    at = 0
    for found in _TOKEN.finditer(written):
        if found.start() != at:
            break
        at = found.end()
        kind = found.lastindex
        if kind in (_OPEN, _BEGIN):
            stack.append({} if kind == _OPEN else [])
            keys.append(None)
            continue
        if kind in (_CLOSE, _FINISH):
            value = stack.pop()
            if keys.pop() is not None or isinstance(value, dict) != (kind == _CLOSE):
                raise Otherwise("brackets do not match")
            if kind == _FINISH and all(type(one) in _PLAIN for one in value):
                value = tuple(value)
        else:
            value = _value(kind, found[kind or 0])
        _put(stack[-1], keys, value, is_name=kind == _NAME)
    if at != len(written) or len(stack) != 1 or len(stack[0]) != 1 or not isinstance(stack[0][0], dict):
        raise Otherwise("not one dictionary")
    whole: dict[str, Any] = stack[0][0]
    return whole


def _put(into: Any, keys: list[str | None], value: Any, *, is_name: bool) -> None:
    if isinstance(into, list):
        into.append(value)
    elif (key := keys[-1]) is not None:
        into[key], keys[-1] = value, None
    elif not is_name or value in into:
        raise Otherwise("a key is no name, or stands twice")
    else:
        keys[-1] = value


def _value(kind: int | None, said: bytes) -> Any:
    match kind:
        case 1:
            return Reference(said)
        case 2:
            return float(said) if b"." in said else int(said)
        case 3:
            return _named(said)
        case 8:
            data = bytes.fromhex(said.decode())
            return data[2:].decode("utf-16-be") if data.startswith(b"\xfe\xff") else data.decode("latin-1")
        case 9:
            return said.decode("latin-1")
        case _:
            return said == b"true"


def _named(said: bytes) -> str:
    """A name with its slash. What need not be written as its number is not: who looks for names looks as they stand."""
    plain = re.sub(rb"#([0-9A-F]{2})", lambda code: bytes([int(code[1], 16)]), said).decode()
    if name(plain) != b"/" + said:
        raise Otherwise("a name is written otherwise")
    return "/" + plain
