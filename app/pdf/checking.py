"""Finds what an archive (PDF/A-3a) or a screen reader (PDF/UA-1) would stumble over, without any outside program.

pikepdf's validator judges most rules of level B; what it does not know (attached files, forms, declared metadata
schemas, the structure tree) is judged here. It is not veraPDF: an operator who has that asks it too.
"""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, StreamDecodeLevel
from pikepdf.pdfa import validate_written

from app.pdf.checking_content import content_problems
from app.pdf.checking_metadata import metadata_problems
from app.pdf.checking_structure import structure_problems
from app.pdf.objects import Opened, each, inside, is_stream, names
from app.pdf.own_files import Otherwise, read

PROFILE, CHECKER = "PDF/A-3a", f"judiao.pdf.checking 1 + pikepdf.pdfa {pikepdf.__version__}"
OWN_CHECKER = f"judiao.pdf.checking 1, of a form proved with pikepdf.pdfa {pikepdf.__version__}"
"""What a file without findings conforms to, and who says so: worth recording beside the file."""

_JUDGED_BY_METADATA_PROBLEMS = frozenset({"ISO_19005_3:6.6.2.3.1-1", "ISO_19005_3:6.6.4-3"})
"""The validator knows no declared schemas and no level A; `metadata_problems` applies both rules in full."""

_ACTIONS = {
    f"/{name}"
    for name in (
        *("Launch", "Sound", "Movie", "ResetForm", "ImportData", "Hide"),
        *("SetOCGState", "Rendition", "Trans", "GoTo3DView", "JavaScript"),
    )
}
"""ISO 19005-3, 6.5.1."""

_SUSPICIOUS = re.compile(
    rf"(?:{'|'.join([*_ACTIONS, '/JS', '/AA', '/Interpolate', '/LZWDecode', '/Crypt'])})(?![A-Za-z0-9])".encode()
)
"""One of these names stands in an object that has to be looked into."""

_MEDIA_TYPE = re.compile(r"/[-\w+.]+/[-\w+.]+", re.ASCII)
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_AFTER_THE_END = re.compile(rb"%%EOF(\r\n|\r|\n)?\Z")
_UNREADABLE = (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError)
_INVISIBLE_FLAGS, _PRINT = 1 | 2 | 32 | 256, 4


def check(pdf: bytes) -> list[str]:
    """Every fault found, in words; an empty list means none. A file that cannot be read is one fault."""
    problems = own_findings(pdf)
    try:
        report = validate_written(io.BytesIO(pdf), "3b")
    except _UNREADABLE:
        return problems  # it cannot be read, which was found already
    return problems + [str(found) for found in report.violations if found.rule not in _JUDGED_BY_METADATA_PROBLEMS]


def own_findings(pdf: bytes) -> list[str]:
    """The faults that are looked for here, without pikepdf's validator: a fifth of the work for a file of the press."""
    own = read(pdf)
    if own is not None and not _SUSPICIOUS.search(b"\n".join(own.dictionaries)):
        with suppress(*_UNREADABLE, Otherwise):
            return [*_judged(Opened(own.root, own.trailer, own.pages), pdf)]
    return findings_by_library(pdf)


def findings_by_library(pdf: bytes) -> list[str]:
    """The same of any file, read by pikepdf: for what was written in another way than ours."""
    problems: list[str] = []
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            problems += _damage(document)
            problems += _objects(document)
            problems += _judged(Opened(document.Root, document.trailer, [page.obj for page in document.pages]), pdf)
    except _UNREADABLE as problem:
        return [*problems, f"cannot be read: {type(problem).__name__}: {problem}"]
    return problems


def _judged(file: Opened, pdf: bytes) -> Iterator[str]:
    """Every rule on what a file holds, whoever read it."""
    if not _AFTER_THE_END.search(pdf[-16:]):
        yield "something follows the end of the file"
    for rules in (_trailer, _catalog, _annotations, _attachments, _signatures):
        yield from rules(file)
    yield from metadata_problems(file)
    yield from content_problems(file)
    yield from structure_problems(file)
    yield from _uncovered(file, pdf)


def _damage(document: Pdf) -> list[str]:
    """Every stream is unpacked; page contents are parsed by `content_problems`."""
    for item in document.objects:
        if isinstance(item, Stream):
            item.read_bytes(StreamDecodeLevel.specialized)
    return [f"damaged: {warning}" for warning in document.get_warnings()]


def _trailer(file: Opened) -> Iterator[str]:
    if "/Encrypt" in file.trailer:
        yield "encrypted"
    if "/ID" not in file.trailer:
        yield "no file identifier"


def _catalog(file: Opened) -> Iterator[str]:
    root = file.root
    for key in ("/AA", "/OpenAction", "/NeedsRendering", "/Requirements", "/Collection", "/Version", "/OCProperties"):
        if key in root:
            yield f"catalog holds {key}"
    if inside(root, "/MarkInfo", "/Marked") is not True:
        yield "not marked as tagged"
    if not _LANGUAGE.fullmatch(str(inside(root, "/Lang") or "")):
        yield "no language"
    if inside(root, "/ViewerPreferences", "/DisplayDocTitle") is not True:
        yield "the title is not shown as the window's title"
    for tree in set(names(root, "/Names")) - {"/EmbeddedFiles"}:
        yield f"name tree {tree}"
    yield from _output_intent(root)


def _output_intent(root: Any) -> Iterator[str]:
    intents = [intent for intent in each(root, "/OutputIntents") if intent.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1:
        yield f"{len(intents)} PDF/A output intents instead of one"
        return
    profile = intents[0].get("/DestOutputProfile")
    if not is_stream(profile):
        yield "the output intent has no profile"
        return
    data = profile.read_bytes()
    if data[36:40] != b"acsp" or data[16:20] != b"RGB " or profile.get("/N") != 3:
        yield "the output profile is not an RGB profile of three components"


def _objects(document: Pdf) -> Iterator[str]:
    for top in document.objects:
        written = top.stream_dict if isinstance(top, Stream) else top
        if not _SUSPICIOUS.search(written.unparse(resolved=True)):
            continue
        where = f"object {top.objgen[0]}"
        for item in _direct(top):
            yield from (f"{where}: {problem}" for problem in _object(item))


def _direct(item: Any) -> Iterator[Dictionary | Stream]:
    """The dictionaries of one object: itself and all that are written inside it."""
    if isinstance(item, Dictionary | Stream):
        yield item
        for value in item.values():
            if not getattr(value, "is_indirect", True):
                yield from _direct(value)
    elif isinstance(item, Array):
        for value in item:
            if not getattr(value, "is_indirect", True):
                yield from _direct(value)


def _object(item: Dictionary | Stream) -> Iterator[str]:
    if isinstance(item, Stream):
        for name in {"/LZWDecode", "/Crypt"} & {str(filter_) for filter_ in each(item, "/Filter")}:
            yield f"filter {name}"
        if inside(item, "/Interpolate") is True:
            yield "image is interpolated"
    if "/JS" in item:
        yield "JavaScript"
    if isinstance(item.get("/S"), Name) and str(item.S) in _ACTIONS and "/P" not in item:
        yield f"action {item.S}"
    if "/AA" in item:
        yield "additional actions"


def _annotations(file: Opened) -> Iterator[str]:
    if inside(file.root, "/AcroForm", "/XFA") is not None:
        yield "XFA form"
    for number, page in enumerate(file.pages, 1):
        annotations = each(page, "/Annots")
        if annotations and page.get("/Tabs") != "/S":
            yield f"page {number}: tab order does not follow the structure"
        for annotation in annotations:
            if annotation.get("/Subtype") == "/Widget" and not str(annotation.get("/TU", "")):
                yield f"page {number}: a form field has no words to be read aloud"
            flags = int(annotation.get("/F", 0))
            if not flags & _PRINT or flags & _INVISIBLE_FLAGS:
                yield f"page {number}: an annotation is not printed or hidden"
            rectangle = [float(edge) for edge in annotation.get("/Rect", [0, 0, 1, 1])]
            if "/AP" not in annotation and (rectangle[0] != rectangle[2] or rectangle[1] != rectangle[3]):
                yield f"page {number}: a visible annotation has no appearance"
            if "/A" in annotation or "/AA" in annotation:
                yield f"page {number}: an annotation acts"


def _attachments(file: Opened) -> Iterator[str]:
    root = file.root
    files = each(root, "/Names", "/EmbeddedFiles", "/Names")[1::2]
    associated = {one.objgen for one in each(root, "/AF")}
    for one in files:
        name = str(one.get("/UF", "?"))
        if not all(key in one for key in ("/F", "/UF", "/AFRelationship", "/Desc")):
            yield f"attachment {name}: name, relationship or description is missing"
        if one.objgen not in associated:
            yield f"attachment {name}: not associated with the document"
        stream = inside(one, "/EF", "/F")
        if not is_stream(stream) or not _MEDIA_TYPE.fullmatch(str(inside(stream, "/Subtype") or "")):
            yield f"attachment {name}: no data or no media type"
        elif inside(stream, "/Params", "/Size") != len(stream.read_bytes()):
            yield f"attachment {name}: its size is stated wrongly"
    if len(files) != len(associated):
        yield "associated files and embedded files differ"


def _signatures(file: Opened) -> Iterator[str]:
    for permission in set(names(file.root, "/Perms")) - {"/DocMDP", "/UR3"}:
        yield f"permission {permission}"
    for field in each(file.root, "/AcroForm", "/Fields"):
        if field.get("/FT") != "/Sig":
            yield f"form field {field.get('/T')} is not a signature"
        for reference in each(field, "/V", "/Reference"):
            if any(key in reference for key in ("/DigestLocation", "/DigestMethod", "/DigestValue")):
                yield "a signature reference holds a digest"


def _uncovered(file: Opened, pdf: bytes) -> Iterator[str]:
    """ISO 19005-3, 6.4.3: a signature is computed over the whole file but its own value.

    Each over all that was there before it, and the last one over everything: proof may be added to a signed file.
    """
    fields = [field for field in each(file.root, "/AcroForm", "/Fields") if "/V" in field]
    ranges = {str(field.get("/T")): [int(number) for number in each(field, "/V", "/ByteRange")] for field in fields}
    for name, (start, length, after, rest) in ranges.items():
        end = len(pdf) if name == list(ranges)[-1] else after + rest
        whole = start == 0 and after + rest == end and pdf[length] == ord("<") and pdf[after - 1] == ord(">")
        if not (whole and _AFTER_THE_END.search(pdf[:end][-16:])):
            yield f"the signature {name} does not cover the whole file"
