"""One document being written by the press: objects are numbered, small ones kept together, the file measured."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from app.pdf import notation
from app.pdf.archival import PRINT_AND_LOCKED, SRGB
from app.pdf.documents import Composition
from app.pdf.metadata import PRODUCER, xmp
from app.pdf.notation import array, name, numbered, numbers, ref, stream, text
from app.pdf.plates import packed, plate
from app.pdf.sheet import HEIGHT, WIDTH, Sheet
from app.pdf.structure import Content, Element
from app.pdf.typeface import Typeface
from app.pdf.whole import SignatureField

T = TypeVar("T")

_RANGE = 42
"""Room for a byte range, whose numbers are known only when the file is measured."""


@dataclass(frozen=True)
class Reasons:
    """What a signature says of itself: why, where and in whose name."""

    reason: str
    location: str
    name: str


@dataclass(frozen=True)
class Proof:
    """A file but for its signature, and the SHA-256 of that."""

    before: bytes
    after: bytes
    digest: bytes


class Setting:
    """One document being written: numbers its objects, keeps the small ones together, measures the file."""

    def __init__(self, made: Composition, now: datetime) -> None:
        self._document = made.document
        self._now = now
        self._moment = now.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'").encode()
        self._codes = {weight: _all(sheet.codes[weight] for sheet in made.sheets) for weight in made.faces}
        drawings = _all(sheet.stamps for sheet in made.sheets)
        faces = frozenset((weight, face) for weight, face in made.faces.items() if self._codes[weight])
        self._plate = plate(drawings, faces)
        self._next = len(self._plate.places)
        self._small: list[tuple[int, bytes]] = []
        self._streams: list[tuple[int, bytes]] = []
        field, self._root = made.document.signature, self._number()
        self._signature, self._widget = (self._number(), self._number()) if field else (0, 0)
        self._pages = [self._number() for _ in made.sheets]
        self._write_pages(made.sheets, {weight: made.faces[weight] for weight, _ in sorted(faces, key=lambda f: f[0])})
        tree = self._write_tree(made.root, field)
        self._write_catalog(field, tree)
        self._info = self._add(self._information())

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _add(self, body: bytes, number: int = 0) -> int:
        number = number or self._number()
        self._small.append((number, body))
        return number

    def _add_stream(self, dictionary: bytes, data: bytes, *, pack: bool = True) -> int:
        return self._add_written(stream(dictionary, data, pack=pack))

    def _add_written(self, written: bytes) -> int:
        number = self._number()
        self._streams.append((number, written))
        return number

    # — Pages ——————————————————————————————————————————————————————————————————————————————————————————————————————

    def _write_pages(self, sheets: Sequence[Sheet], faces: Mapping[str, Typeface]) -> None:
        fonts = b"".join(name(weight) + b" " + ref(self._font(weight, face)) for weight, face in faces.items())
        drawings = b"".join(name(key) + b" " + ref(number) for key, number in sorted(self._plate.stamps.items()))
        resources = self._add(b"<</Font<<%s>>/XObject<<%s>>>>" % (fonts, drawings))
        parent = self._number()
        for sheet, number in zip(sheets, self._pages, strict=True):
            content = self._add_stream(b"", sheet.content())
            annotations = b"/Annots[%s]" % ref(self._widget) if self._widget and number == self._pages[0] else b""
            body = b"<</Type/Page/Parent %s/MediaBox%s/Resources %s/Contents %s/StructParents %d/Tabs/S%s>>" % (
                ref(parent), numbers((0, 0, WIDTH, HEIGHT)), ref(resources), ref(content), sheet.number, annotations,
            )  # fmt: skip
            self._add(body, number)
        self._add(b"<</Type/Pages/Count %d/Kids%s>>" % (len(sheets), array(map(ref, self._pages))), parent)
        self._parent = parent

    def _font(self, weight: str, face: Typeface) -> int:
        """A Type 0 font over the TrueType program, cut to what this document shows (ISO 32000-1, 9.7)."""
        program, metrics = face.program(self._codes[weight]), face.metrics
        called = name(program.name)
        written, widths, mapping = packed(program)
        file = self._add_written(written)
        descriptor = self._add(
            b"<</Type/FontDescriptor/FontName%s/Flags 4/FontBBox%s/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d"
            b"/StemV %d/FontFile2 %s>>"
            % (
                called,
                numbers(metrics.box),
                metrics.ascent,
                metrics.descent,
                metrics.cap_height,
                metrics.stem,
                ref(file),
            )
        )
        descendant = self._add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor %s/DW 0/W[%s]/CIDToGIDMap %s>>"
            % (called, ref(descriptor), widths, ref(self._plate.glyphs[weight]))
        )
        texts = self._add_written(mapping)
        return self._add(
            b"<</Type/Font/Subtype/Type0/BaseFont%s/Encoding/Identity-H/DescendantFonts[%s]/ToUnicode %s>>"
            % (called, ref(descendant), ref(texts))
        )

    # — Structure ——————————————————————————————————————————————————————————————————————————————————————————————————

    def _write_tree(self, root: Element, field: SignatureField | None) -> int:
        """The structure tree with the parent tree that leads from marked content back to it."""
        tree, self._owners = self._number(), [dict[int, int]() for _ in self._pages]
        top = self._number()
        forms = [self._add(
            b"<</Type/StructElem/S/Form/P %s/K<</Type/OBJR/Obj %s/Pg %s>>/Alt%s>>"
            % (ref(top), ref(self._widget), ref(self._pages[0]), text(field.description))
        )] if field else []  # fmt: skip
        self._write_element(root, top, tree, list(map(ref, forms)))
        rows = [array(ref(owners[n]) for n in range(len(owners))) for owners in self._owners]
        pairs = b"".join(b"%d %s " % (number, row) for number, row in enumerate([*rows, *map(ref, forms)]))
        body = b"<</Type/StructTreeRoot/K %s/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>"
        self._add(body % (ref(top), pairs, len(rows) + len(forms)), tree)
        return tree

    def _write_element(self, element: Element, number: int, parent: int, more: Sequence[bytes] = ()) -> None:
        home = next((kid.page for kid in element.kids if isinstance(kid, Content)), None)
        kids: list[bytes] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                below = self._number()
                kids.append(ref(below))
                self._write_element(kid, below, number)
                continue
            self._owners[kid.page][kid.number] = number
            place = b"<</Type/MCR/Pg %s/MCID %d>>" % (ref(self._pages[kid.page]), kid.number)
            kids.append(b"%d" % kid.number if kid.page == home else place)
        kids += more
        held = b"/K" + (array(kids) if len(kids) > 1 else b" " + kids[0]) if kids else b""
        page = b"/Pg " + ref(self._pages[home]) if home is not None else b""
        body = b"<</Type/StructElem/S%s/P %s%s%s%s>>" % (name(element.tag), ref(parent), page, _said(element), held)
        self._add(body, number)

    # — The document ———————————————————————————————————————————————————————————————————————————————————————————————

    def _write_catalog(self, field: SignatureField | None, tree: int) -> None:
        signing = self._write_field(field) if field else b""
        metadata = self._add_stream(b"/Type/Metadata/Subtype/XML", xmp(self._document, self._now), pack=False)
        intent = b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(%s)/Info(%s)/RegistryName(%s)" % (
            SRGB.encode(), SRGB.encode(), b"http://www.color.org",
        )  # fmt: skip
        self._add(
            b"<</Type/Catalog/Pages %s/Metadata %s/StructTreeRoot %s/MarkInfo<</Marked true>>/Lang%s"
            b"/ViewerPreferences<</DisplayDocTitle true>>/OutputIntents[%s/DestOutputProfile %s>>]"
            b"%s%s>>"
            % (
                *(ref(self._parent), ref(metadata), ref(tree), text(self._document.language)),
                *(intent, ref(self._plate.profile), signing, self._attached()),
            ),
            self._root,
        )

    def _write_field(self, field: SignatureField) -> bytes:
        """The invisible field of the signature; what the catalogue says of it."""
        self._add(
            b"<</Type/Annot/Subtype/Widget/FT/Sig/T%s/TU%s/Rect[0 0 0 0]/F %d/P %s/StructParent %d/V %s>>"
            % (text(field.name), text(field.description), PRINT_AND_LOCKED, ref(self._pages[0]), len(self._pages),
               ref(self._signature)),
            self._widget,
        )  # fmt: skip
        return (
            b"/AcroForm<</Fields[%s]/SigFlags 3>>/Perms<</DocMDP %s>>"
            b"/Extensions<</ESIC<</Type/DeveloperExtensions/BaseVersion/1.7/ExtensionLevel 1>>>>"
            % (ref(self._widget), ref(self._signature))
        )

    def _attached(self) -> bytes:
        files = []
        for attachment in sorted(self._document.attachments, key=lambda a: a.name):
            digest = hashlib.md5(attachment.data, usedforsecurity=False).hexdigest().encode()
            data = self._add_stream(
                b"/Type/EmbeddedFile/Subtype%s/Params<</Size %d/ModDate(%s)/CheckSum<%s>>>"
                % (name(attachment.mime), len(attachment.data), self._moment, digest),
                attachment.data,
            )
            called = text(attachment.name)
            files.append((called, self._add(
                b"<</Type/Filespec/F%s/UF%s/Desc%s/AFRelationship%s/EF<</F %s/UF %s>>>>"
                % (called, called, text(attachment.description), name(attachment.relationship), ref(data), ref(data))
            )))  # fmt: skip
        if not files:
            return b""
        names = array(called + b" " + ref(number) for called, number in files)
        return b"/AF%s/Names<</EmbeddedFiles<</Names%s>>>>" % (array(ref(number) for _, number in files), names)

    def _information(self) -> bytes:
        document, producer = self._document, text(PRODUCER)
        author = b"/Author" + text(document.author) if document.author else b""
        subject = b"/Subject" + text(document.subject) if document.subject else b""
        return b"<</Title%s/Producer%s/Creator%s/CreationDate(%s)/ModDate(%s)%s%s>>" % (
            text(document.title), producer, producer, self._moment, self._moment, author, subject,
        )  # fmt: skip

    # — The file ———————————————————————————————————————————————————————————————————————————————————————————————————

    def _placed(self) -> tuple[bytes, dict[int, tuple[int, int, int]]]:
        """Everything but the signature as it stands after the plate, and where each object is."""
        together = self._number()
        self._streams.append((together, notation.object_stream(self._small)))
        places = {number: (2, together, index) for index, (number, _) in enumerate(self._small)}
        places |= {number: (1, at, 0) for number, at in enumerate(self._plate.places) if number}
        at, parts = len(self._plate.data), []
        for number, body in self._streams:
            written = numbered(number, body)
            places[number] = (1, at, 0)
            parts.append(written)
            at += len(written)
        return b"".join(parts), places

    def file(self) -> bytes:
        """The file without a signature."""
        middle, places = self._placed()
        data = self._plate.data + middle
        return data + self._ending(len(data), places)

    def to_sign(self, says: Reasons, room: int) -> Proof:
        """Everything in its place, with `room` hexadecimal digits left for the signature."""
        middle, places = self._placed()
        places[self._signature] = (1, len(self._plate.data) + len(middle), 0)
        middle += (
            b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(%s)/Name%s/Location%s/Reason%s"
            b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 1>>>>]"
            b"/Contents" % (self._signature, self._moment, text(says.name), text(says.location), text(says.reason))
        )
        start = len(self._plate.data) + len(middle)
        end = start + room + 2
        closing = b">>\nendobj\n"
        ending = self._ending(end + _RANGE + len(closing), places)
        rest = _RANGE + len(closing) + len(ending)
        after = (b"/ByteRange[0 %d %d %d]" % (start, end, rest)).ljust(_RANGE) + closing + ending
        digest = self._plate.hash.copy()
        digest.update(middle)
        digest.update(after)
        return Proof(self._plate.data + middle, after, digest.digest())

    def _ending(self, at: int, places: dict[int, tuple[int, int, int]]) -> bytes:
        """The cross-references, which stand `at` this byte, and the end."""
        number = self._number()
        places[0], places[number] = (0, 0, 65535), (1, at, 0)
        mark = hashlib.md5(f"{self._document.id} {self._now.isoformat()}".encode(), usedforsecurity=False)
        identifier = mark.hexdigest().encode()
        trailer = b"/Root %s/Info %s/ID[<%s><%s>]" % (ref(self._root), ref(self._info), identifier, identifier)
        rows = notation.cross_references([places[n] for n in range(self._next)], trailer)
        return numbered(number, rows) + b"startxref\n%d\n%%%%EOF\n" % at


def _said(element: Element) -> bytes:
    alt = b"/Alt" + text(element.alt) if element.alt else b""
    language = b"/Lang" + text(element.language) if element.language else b""
    about = b""
    if element.box:
        about = b"/A<</O/Layout/Placement/Block/BBox%s>>" % numbers(element.box)
    if element.scope:
        span = b"/ColSpan %d" % element.span if element.span > 1 else b""
        about = b"/A<</O/Table/Scope%s%s>>" % (name(element.scope), span)
    return alt + language + about


def _all(parts: Iterable[Iterable[T]]) -> frozenset[T]:
    return frozenset().union(*parts)
