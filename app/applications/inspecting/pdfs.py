"""What a PDF holds that a document for an authority must not, and how its pages look."""

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from math import prod

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Integer, Name, Object, Stream, String
from PIL import Image

from app.applications.inspecting import codes
from app.applications.inspecting.findings import Refused, Seen
from app.applications.inspecting.images import as_png

MAX_PAGES = 100
MAX_PREVIEWS = 20
PREVIEW_DPI = 110
PREVIEW_SIDE = 2000
"""Pixels of a preview's long side, whatever size a page claims to have."""
MAX_INFLATED = 64 * 1024 * 1024
"""Bytes one stream of text, fonts or drawing may have when unpacked."""
MAX_INFLATED_TOTAL = 8 * MAX_INFLATED
MAX_SCAN_PIXELS = 256_000_000
"""Pixels one picture in a page may have: an A3 scan at 1200 dpi."""

ACTIONS = {
    "/JavaScript": "scripts",
    "/Launch": "reaches_out",
    "/SubmitForm": "reaches_out",
    "/ImportData": "reaches_out",
    "/GoToR": "reaches_out",
    "/GoToE": "reaches_out",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
    "/GoTo3DView": "media",
}
"""Kinds of action (ISO 32000-2, 12.6.4) that no document for an authority needs."""
HARMLESS_ACTIONS = {"/GoTo", "/GoToDp", "/URI", "/Named", "/Thread", "/Hide", "/ResetForm", "/SetOCGState", "/Trans"}
ANNOTATIONS = {
    "/FileAttachment": "attachments",
    "/RichMedia": "media",
    "/Screen": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/3D": "media",
}
FILE_KEYS = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
SEVERITY = ("xfa", "scripts", "reaches_out", "attachments", "media", "swollen")
"""Of several problems the person reads the first: it names what made the file, and one remedy mends all."""
WEB_LINK = re.compile(rb"(https?|mailto|tel):|(?![\\/])[^:\\\0/?#]*([/?#][^\\\0]*)?\Z", re.IGNORECASE)
"""A link a person may click: the web, a mailbox, a telephone, or an address without a scheme. No file, no UNC path."""

PDF_START = re.compile(rb"(\xef\xbb\xbf)?[\s\0]*%PDF-[12]\.\d")
MARKUP = re.compile(rb"<(!doctype|html|script|svg|body|iframe|\?php)", re.IGNORECASE)
PDF_END = re.compile(rb"%%EOF[\s\0]*\Z")


def look(data: bytes) -> Seen:
    """Every object of the file is read, also those hidden in object streams; then its first pages are drawn."""
    if not PDF_START.match(data) or not PDF_END.search(data[-1024:]):
        raise Refused("mixed" if MARKUP.search(data[:1024]) or MARKUP.search(data[-4096:]) else "damaged_pdf")
    if MARKUP.search(data[:1024]):
        raise Refused("mixed")
    try:
        # No repair: each reader repairs in its own way, and what we approve must be what the officer opens.
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, conversion_mode="explicit") as pdf:
            if pdf.is_encrypted:
                raise Refused("locked")
            found = set(dangers(pdf))
            if found:
                raise Refused(min(found, key=SEVERITY.index))
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    except pikepdf.PikepdfError:
        # Some ciphers need a random device, which this process cannot open: they fail here.
        raise Refused("locked" if b"/Encrypt" in data else "damaged_pdf") from None
    if not pages:
        raise Refused("damaged_pdf")
    if pages > MAX_PAGES:
        raise Refused("too_many_pages", pages=pages, limit=MAX_PAGES)
    seen = Seen(pages)
    for picture in pictures(data, pages):
        seen.previews.append(as_png(picture))
        seen.codes += codes.read(picture)
    return seen


def dangers(pdf: pikepdf.Pdf) -> Iterator[str]:
    """A code for each thing in the file that acts, reaches out, carries other files, plays, or swells when unpacked."""
    unpacked = 0
    for top in (pdf.trailer, *pdf.objects):
        waiting: list[Object] = [top] if isinstance(top, Dictionary | Stream | Array) else []
        while waiting:
            here = waiting.pop()
            if isinstance(here, Dictionary | Stream):
                yield from in_dictionary(here)
                inside = [value for _, value in here.items()]
            else:
                inside = list(here.as_list())
            waiting += [v for v in inside if isinstance(v, Dictionary | Stream | Array) and not v.is_indirect]
        if isinstance(top, Stream):
            unpacked += inflated(top)
            if unpacked > MAX_INFLATED_TOTAL:
                yield "swollen"
                return


def in_dictionary(here: Object) -> Iterator[str]:
    """The codes for one dictionary (of a stream too), by its own entries alone."""
    if "/XFA" in here:
        yield "xfa"
    if word(here, "/Subtype") in ANNOTATIONS:
        yield ANNOTATIONS[word(here, "/Subtype")]
    if carries_files(here):
        yield "attachments"
    yield from in_action(here)
    if leads_elsewhere(here):
        yield "reaches_out"


def in_action(here: Object) -> Iterator[str]:
    """The codes for a dictionary as an action, or as a thing that starts actions by itself."""
    kind = word(here, "/S")
    if kind in ACTIONS:
        yield ACTIONS[kind]
    elif word(here, "/Type") == "/Action" and kind not in HARMLESS_ACTIONS:
        yield "reaches_out"
    if isinstance(here.get("/JS"), String | Stream):
        yield "scripts"
    if acts(here.get("/OpenAction"), harmless="/GoTo") or any(acts(value) for value in values(here.get("/AA"))):
        yield "scripts"


def carries_files(here: Object) -> bool:
    """Whether this is an embedded file, names one, or makes the document a portfolio of files."""
    named = any(isinstance(value, Stream) for value in values(here.get("/EF"), FILE_KEYS))
    return named or word(here, "/Type") == "/EmbeddedFile" or isinstance(here.get("/Collection"), Dictionary)


def leads_elsewhere(here: Object) -> bool:
    """Whether this links to anything but the web, or takes its content from another file."""
    for address in (here.get("/URI"), *values(here.get("/URI"), ("/Base",))):
        if isinstance(address, String) and not WEB_LINK.match(bytes(address).strip()):
            return True
    if "/F" in here and (isinstance(here, Stream) or word(here, "/S") == "/Thread"):
        return True
    return any(True for _ in values(here.get("/Ref"), ("/F",)))


def word(here: Object, key: str) -> str:
    """The name under `key`, or nothing."""
    return as_word(here.get(key))


def as_word(maybe: Object | None) -> str:
    """A name as text, or nothing. Names are bytes: old Thai programs write theirs in TIS-620."""
    return bytes(maybe).decode("latin-1") if isinstance(maybe, Name) else ""


def values(maybe: Object | None, keys: tuple[str, ...] | None = None) -> Iterator[Object]:
    """The values of what may be a dictionary, all or those under `keys`."""
    if isinstance(maybe, Dictionary):
        yield from (value for key, value in maybe.items() if keys is None or key in keys)


def acts(maybe: Object | None, harmless: str = "") -> bool:
    """Whether this is an action (a dictionary that says its kind) other than the harmless one."""
    return isinstance(maybe, Dictionary) and word(maybe, "/S") not in ("", harmless)


def inflated(stream: Object) -> int:
    """Bytes a packed stream has when unpacked; refuses more than any honest page, font or drawing needs."""
    if word(stream, "/Subtype") == "/Image":
        sides = (stream.get("/Width"), stream.get("/Height"))
        if prod(int(side) for side in sides if isinstance(side, Integer)) > MAX_SCAN_PIXELS:
            raise Refused("swollen")
        return 0
    filters = stream.get("/Filter")
    data = stream.read_raw_bytes()
    for name in filters.as_list() if isinstance(filters, Array) else [filters]:
        if as_word(name) not in ("/FlateDecode", "/Fl"):
            break
        unpacker = zlib.decompressobj()
        with suppress(zlib.error):  # how a reader takes a broken stream shows when the pages are drawn
            data = unpacker.decompress(data, MAX_INFLATED + 1)
        if len(data) > MAX_INFLATED:
            raise Refused("swollen")
    return len(data)


def pictures(data: bytes, pages: int) -> Iterator[Image.Image]:
    """The first pages as pictures, form fields included, as an officer sees them without opening the file itself."""
    try:
        pdf = pypdfium2.PdfDocument(data)
        if len(pdf) != pages:
            raise Refused("damaged_pdf")
        pdf.init_forms()
        for number in range(min(pages, MAX_PREVIEWS)):
            page = pdf[number]
            scale = min(PREVIEW_DPI / 72, PREVIEW_SIDE / max(*page.get_size(), 1))
            yield page.render(scale=scale).to_pil().convert("RGB")
            page.close()
    except pypdfium2.PdfiumError:
        raise Refused("damaged_pdf") from None
