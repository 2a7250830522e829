"""Is this file a document we can take? Judged twice: at once when it arrives, and inside a caged process by a job.

`arrive` looks at name, size and first bytes in the request. `inspect` opens the whole file in the process `inspecting`.
That gives an image back re-encoded (this form is stored; nothing but pixels survives) and leaves a PDF as it is (it may
be signed), each with pictures of its first pages, so that an officer reads a document without opening it.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

import magic

from app.core.cage import Cage, Limits
from app.core.files import TOO_BIG
from app.core.thai import clean, file_size

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
LEAVES = "application/x-leaves"
"""Several files that become one PDF: what `joined` writes and the caged process reads; nobody sends or gets it."""
EXTENSIONS = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG}
LABELS = {PDF: "PDF", JPEG: "JPG", PNG: "PNG"}
HEAD_BYTES = 4096
"""How much of a file's beginning `arrive` wants to see."""

NONE_CHOSEN = "เลือกไฟล์ที่จะแนบก่อน"
EMPTY = "ไฟล์นี้ว่างเปล่า (0 ไบต์) เปิดดูไฟล์ในเครื่องของคุณ แล้วเลือกไฟล์ที่มีเนื้อหา"
WRONG_TYPE = "เลือกไฟล์ชนิด %(types)s ไฟล์ที่เลือกลงท้ายด้วย %(extension)s"
NO_EXTENSION = "เลือกไฟล์ชนิด %(types)s ชื่อไฟล์ที่เลือกไม่บอกชนิด"
NOT_WHAT_IT_SAYS = "ชื่อไฟล์ลงท้ายด้วย %(extension)s แต่ข้างในไม่ใช่ %(type)s บันทึกไฟล์เดิมเป็น %(types)s แล้วเลือกอีกครั้ง"
WRONG_EXTENSION = "ชื่อไฟล์ลงท้ายด้วย %(extension)s แต่ข้างในเป็น %(type)s เปลี่ยนท้ายชื่อเป็น %(right)s แล้วเลือกอีกครั้ง"
SAME_FILE = "ไฟล์นี้แนบไว้แล้วที่ “%(other)s” เลือกไฟล์ของเอกสารนี้ ถ้าไฟล์เดียวมีทั้งสองเอกสาร ทำเครื่องหมายยืนยันแล้วส่งอีกครั้ง"
UNREADABLE = "เปิดไฟล์ไม่ได้ พิมพ์เป็น PDF ใหม่หรือถ่ายรูปใหม่ แล้วเลือกอีกครั้ง"

FOUND_INSIDE = {
    "locked": "ไฟล์ PDF นี้มีรหัสผ่านหรือจำกัดสิทธิ์ไว้ บันทึกเป็น PDF ที่ไม่มีรหัสผ่าน แล้วเลือกอีกครั้ง",
    "damaged_pdf": "ไฟล์ PDF นี้ไม่สมบูรณ์ เปิดในเครื่องของคุณ พิมพ์เป็น PDF ใหม่ แล้วเลือกอีกครั้ง",
    "mixed": "ไฟล์ PDF นี้มีข้อมูลชนิดอื่นปนอยู่ พิมพ์เป็น PDF ใหม่ แล้วเลือกอีกครั้ง",
    "scripts": "ไฟล์มีสคริปต์หรือคำสั่งที่ทำงานเอง พิมพ์เป็น PDF ใหม่ แล้วเลือกอีกครั้ง",
    "reaches_out": "ไฟล์มีคำสั่งเปิดโปรแกรม ส่งข้อมูล หรือเปิดไฟล์อื่น พิมพ์เป็น PDF ใหม่ แล้วเลือกอีกครั้ง",
    "attachments": "ไฟล์ PDF นี้มีไฟล์อื่นแนบอยู่ข้างใน แยกไฟล์นั้นออก พิมพ์เป็น PDF ใหม่ แล้วเลือกอีกครั้ง",
    "xfa": "ไฟล์ PDF นี้เป็นแบบฟอร์มที่เปลี่ยนหน้าได้เอง (XFA) กรอกให้เสร็จ พิมพ์เป็น PDF ใหม่ แล้วเลือกอีกครั้ง",
    "media": "ไฟล์ PDF นี้มีวิดีโอ เสียง หรือภาพสามมิติ พิมพ์เป็น PDF ใหม่ แล้วเลือกอีกครั้ง",
    "swollen": "ไฟล์ PDF นี้ขยายใหญ่ผิดปกติเมื่อเปิด พิมพ์เป็น PDF ใหม่ แล้วเลือกอีกครั้ง",
    "too_many_pages": "ไฟล์มี %(pages)s หน้า แบ่งเป็นไฟล์ละไม่เกิน %(limit)s หน้า แล้วเลือกอีกครั้ง",
    "damaged_image": "รูปนี้ไม่สมบูรณ์ ถ่ายหรือสแกนใหม่ แล้วเลือกอีกครั้ง",
    "too_many_pixels": "รูปละเอียดเกิน %(limit)s ล้านพิกเซล ย่อรูปให้เล็กลง แล้วเลือกอีกครั้ง",
    "too_small": "รูปเล็กจนอ่านไม่ออก ด้านยาวมี %(pixels)s พิกเซล ถ่ายหรือสแกนใหม่ให้มีอย่างน้อย %(limit)s พิกเซล",
}
"""What the caged process tells, as the person reads it."""

LONGEST_CODE, MOST_CODES = 200, 20
"""Characters of a QR code, and codes of a file, that are believed to be worth reading."""

_CAGE = Cage("app.applications.inspecting")
_LONGEST_NAME = 180
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
_BEFORE_PDF = b"\xef\xbb\xbf \t\r\n\0"
_SIGNATURES = {JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n", LEAVES: b"%PDF-"}
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """Why a file is not taken and what to do: a msgid and what stands in its placeholders (text and whole numbers)."""

    message: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Allowed:
    """What a document may be sent as: media types and size in bytes."""

    types: tuple[str, ...] = (PDF, JPEG, PNG)
    limit: int = 10 * 1024 * 1024

    @property
    def words(self) -> str:
        """The types as a person knows them: "PDF, JPG, PNG"."""
        return ", ".join(LABELS[kind] for kind in self.types)


@dataclass(frozen=True)
class Inspection:
    """What was found: a problem, or pages, previews (PNG) and, for an image, the form to store instead.

    `detail` is for our log, never for a person.
    """

    media_type: str
    problem: Problem | None = None
    pages: int = 0
    clean: bytes | None = None
    previews: tuple[bytes, ...] = ()
    codes: tuple[str, ...] = ()
    """What QR codes in it say."""
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether the file can be taken."""
        return self.problem is None


class InspectorBroken(Exception):
    """The caged process did not get as far as the file: our fault, to be tried again and seen in the log."""


ANY_DOCUMENT = Allowed()
USUAL = Limits()


def display_name(filename: str) -> str:
    """A file name that is safe to show, to store and to offer: no path, no trick, at most 180 bytes of UTF-8.

    Invisible and bidirectional characters go, so a name that one of them turns around reads as what it is.
    """
    name = re.split(r"[/\\]", clean(filename))[-1]
    name = re.sub(r'[<>:"|?*%;]', "", name).strip().rstrip(". ")
    ending = _ENDING.search(name)
    stem, extension = (name[: ending.start()], ending[0]) if ending else (name, "")
    if not stem or _RESERVED.match(name):
        stem = f"ไฟล์{stem}"
    room = _LONGEST_NAME - len(extension)
    return stem.encode()[:room].decode(errors="ignore").strip(". ") + extension


def media_type(filename: str) -> str:
    """The media type a name's ending promises; empty when it is none we take."""
    return EXTENSIONS.get(_extension(filename), "")


def arrive(filename: str, head: bytes, size: int, allowed: Allowed = ANY_DOCUMENT) -> Problem | None:
    """What can be said at once: `head` holds the first HEAD_BYTES of a file of `size` bytes.

    The ending of the name and the bytes (by libmagic) must agree on one of the allowed types.
    """
    problem = promised(filename, size, allowed)
    return problem or _disagreement(head, _extension(filename), media_type(filename), allowed)


def promised(filename: str, size: int, allowed: Allowed = ANY_DOCUMENT) -> Problem | None:
    """What can be said before a byte is seen: by the ending of the name, and the size."""
    if not filename.strip() and not size:
        return Problem(NONE_CHOSEN)
    extension = _extension(filename)
    if media_type(filename) not in allowed.types:
        message = WRONG_TYPE if extension else NO_EXTENSION
        return Problem(message, {"types": allowed.words} | ({"extension": extension} if extension else {}))
    if not size:
        return Problem(EMPTY)
    if size > allowed.limit:
        return Problem(TOO_BIG, {"limit": file_size(allowed.limit)})
    return None


def _disagreement(head: bytes, extension: str, promised: str, allowed: Allowed) -> Problem | None:
    held = magic.from_buffer(head.lstrip(_BEFORE_PDF) if promised == PDF else head, mime=True)
    if held == promised:
        return None
    if held in allowed.types:
        right = next(ending for ending, kind in EXTENSIONS.items() if kind == held)
        return Problem(WRONG_EXTENSION, {"extension": extension, "type": LABELS[held], "right": right})
    return Problem(NOT_WHAT_IT_SAYS, {"extension": extension, "type": LABELS[promised], "types": allowed.words})


def inspect(source: bytes | BinaryIO, kind: str, limits: Limits = USUAL) -> Inspection:
    """Look through a whole file of media type `kind` in a process of its own, for a job (0.05 to some seconds).

    A process that dies, hangs or babbles means that the file cannot be opened; one that never began, InspectorBroken.
    """
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as report, tempfile.TemporaryFile() as noise:
        shutil.copyfileobj(BytesIO(source) if isinstance(source, bytes) else source, file)
        file.seek(0)
        files = [file.fileno(), report.fileno(), noise.fileno()]
        ended = _CAGE.look(kind, files, limits)
        if ended == "late":
            return Inspection(kind, Problem(UNREADABLE), detail="took too long")
        report.seek(0)
        noise.seek(0)
        said = noise.read(64 * 1024).decode(errors="replace").strip()[-2000:]
        if report.readline(16) != b"ready\n":
            raise InspectorBroken(said)
        if ended != "0":
            return Inspection(kind, Problem(UNREADABLE), detail=f"ended with {ended}: {said}")
        try:
            return _read(report, kind)
        except (ValueError, KeyError, TypeError) as error:
            return Inspection(kind, Problem(UNREADABLE), detail=f"report not understood: {error!r}")


def _read(report: BinaryIO, kind: str) -> Inspection:
    """The report, believed no further than a process that read a hostile file deserves."""
    facts: dict[str, Any] = json.loads(report.readline(64 * 1024))
    if "problem" in facts:
        values = {str(name): int(value) for name, value in facts["values"].items()}
        return Inspection(kind, Problem(FOUND_INSIDE[facts["problem"]], values))
    blobs = [report.read(int(length)) for length in facts["blobs"]]
    stored = blobs.pop(0) if facts["clean"] else None
    if (kind == PDF) != (stored is None) or not (stored or b"").startswith(_SIGNATURES.get(kind, b"")):
        raise ValueError("the stored form is not what was asked for")
    if not all(blob.startswith(_SIGNATURES[PNG]) for blob in blobs):
        raise ValueError("a preview is not a PNG")
    codes = tuple(str(code)[:LONGEST_CODE] for code in facts["codes"][:MOST_CODES])
    return Inspection(PDF if kind == LEAVES else kind, None, int(facts["pages"]), stored, tuple(blobs), codes)


def joined(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """Files (media type, bytes) that are to be looked at together and become one, in this order."""
    head = " ".join(f"{kind} {len(data)}" for kind, data in parts)
    return b"\n".join((head.encode(), b"".join(data for _, data in parts)))


def _extension(filename: str) -> str:
    ending = _ENDING.search(display_name(filename))
    return ending[0].lower() if ending else ""
