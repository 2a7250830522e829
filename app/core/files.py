"""Where documents lie: a store in which a file's name is the SHA-256 of its content, so nothing is ever overwritten.

`LocalFiles` keeps a promise an object store's local driver does not (obstore's never fsyncs): once `put` has returned,
the file survives a power cut; until then nobody sees a part of it.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from app.core import failpoints
from app.core.errors import Invalid, NotFound
from app.core.thai import file_size

CHUNK = 1024 * 1024
TOO_BIG = "ไฟล์ใหญ่เกิน %(limit)s ลดขนาดหรือแบ่งเป็นหลายไฟล์ แล้วเลือกอีกครั้ง"
GONE = "ไม่มีไฟล์นี้ในระบบ"

_DIGEST = re.compile("[0-9a-f]{64}")
_INCOMING = "incoming"


class FileDamaged(Exception):
    """The stored bytes are no longer what was put: a fault of ours that must be seen, never a page for a citizen."""


class FileStore(Protocol):
    """A place for immutable bytes, found again by their SHA-256 (64 lower-case hex digits)."""

    def put(self, data: bytes | BinaryIO, limit: int | None = None) -> str:
        """Store `data` and return its digest; the same content twice is one file.

        More than `limit` bytes raise Invalid(TOO_BIG) and leave nothing behind.
        """
        ...

    def read(self, digest: str) -> bytes:
        """The whole content, checked against its digest (FileDamaged); NotFound if it is not here."""
        ...

    def open(self, digest: str) -> BinaryIO:
        """The content as a stream, not checked while it flows (see `check`); NotFound if it is not here."""
        ...

    def check(self, digest: str) -> None:
        """Read through the content and raise FileDamaged if it is no longer what was put."""
        ...

    def size(self, digest: str) -> int:
        """Bytes; NotFound if it is not here."""
        ...

    def exists(self, digest: str) -> bool:
        """Whether the content is here."""
        ...

    def remove(self, digest: str, stored_before: datetime | None = None) -> bool:
        """Forget the content; whether it was here. Who else refers to it is the caller's knowledge.

        With `stored_before` it stays (False) when somebody put the same content since that moment.
        """
        ...

    def sweep(self, older_than: datetime) -> int:
        """Remove what writers that died before `older_than` left unfinished; return how many."""
        ...


class LocalFiles:
    """A FileStore in a folder: `ab/cd/abcd…`, each file written beside, fsynced, linked, and its folder fsynced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / _INCOMING
        _make_folder(self._incoming)

    def put(self, data: bytes | BinaryIO, limit: int | None = None) -> str:
        """Store durably; see FileStore."""
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        written = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as target:
                digest = _copy(BytesIO(data) if isinstance(data, bytes) else data, target, limit)
                target.flush()
                os.fchmod(target.fileno(), 0o400)
                os.fsync(target.fileno())
            failpoints.reach("files.before_link")
            self._show(written, self._path(digest))
            failpoints.reach("files.after_link")
        finally:
            written.unlink(missing_ok=True)
        return digest

    def read(self, digest: str) -> bytes:
        """The checked content; see FileStore."""
        with self.open(digest) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != digest:
            raise FileDamaged(digest)
        return data

    def open(self, digest: str) -> BinaryIO:
        """The content as a stream; see FileStore."""
        return self._opened(digest)

    def check(self, digest: str) -> None:
        """Raise FileDamaged if the content changed; see FileStore."""
        with self._opened(digest) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise FileDamaged(digest)

    def size(self, digest: str) -> int:
        """Bytes; see FileStore."""
        with self.open(digest) as file:
            return os.fstat(file.fileno()).st_size

    def exists(self, digest: str) -> bool:
        """Whether the content is here."""
        return self._path(digest).is_file()

    def remove(self, digest: str, stored_before: datetime | None = None) -> bool:
        """Forget the content, durably; see FileStore."""
        path = self._path(digest)
        if not path.is_file() or (stored_before is not None and _written_at(path) >= stored_before):
            return False
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return True

    def sweep(self, older_than: datetime) -> int:
        """Remove unfinished files last written before `older_than`; see FileStore."""
        removed = 0
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):  # its writer has just finished
                if _written_at(path) < older_than:
                    path.unlink()
                    removed += 1
        return removed

    def digests(self) -> Iterator[str]:
        """Every digest in the store, in no order: what a back-up or an integrity run walks over."""
        return (path.name for path in self.folder.glob("??/??/*"))

    def _opened(self, digest: str) -> BufferedReader:
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise NotFound(GONE) from None

    def _path(self, digest: str) -> Path:
        # A digest may come from a URL: nothing but 64 hex digits ever becomes a path.
        if not _DIGEST.fullmatch(digest):
            raise NotFound(GONE)
        return self.folder / digest[:2] / digest[2:4] / digest

    def _show(self, written: Path, path: Path) -> None:
        _make_folder(path.parent)
        # Already there is as good, but the writer who linked it may not have synced the folder yet: we do.
        while not _linked(written, path):
            continue  # it was there and has just been removed
        _sync_folder(path.parent)


def _linked(written: Path, path: Path) -> bool:
    """Give the file its name; one that is there already is put again now, which `remove(stored_before=…)` respects."""
    try:
        os.link(written, path)
    except FileExistsError:
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
    return True


def _copy(source: BinaryIO, target: BinaryIO, limit: int | None) -> str:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if limit is not None and size > limit:
            raise Invalid(TOO_BIG, limit=file_size(limit))
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they too survive a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
