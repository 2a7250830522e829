"""Has a stranger's file judged by `validating` in a process of its own that can reach nothing, and believes its report.

The file is never written anywhere: it goes to that process through memory and is gone with it.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from app.core.cage import Cage, Limits
from app.core.errors import Unavailable
from app.pdf.certificates import CertificateFacts
from app.pdf.validating import Examination, Finding, TimestampFacts

LIMITS = Limits(cpu_seconds=10, wall_seconds=20, memory_bytes=1024 * 1024 * 1024)
"""An honest licence takes 0.2 s; a file made to be slow must not hold anybody up for long."""
AT_ONCE = 2
"""Files that one process of the portal has judged at the same time."""
BUSY = "มีผู้ตรวจไฟล์อยู่หลายคน รออีกสักครู่แล้วลองใหม่ ไฟล์ของคุณไม่ได้ถูกเก็บไว้"

_CAGE = Cage("app.pdf.judging")
_turns = BoundedSemaphore(AT_ONCE)


class JudgeBroken(Exception):
    """The caged process did not get as far as the file: our fault, to be seen in the log."""


def examine(pdf: bytes, trust_roots: Sequence[bytes], now: datetime, limits: Limits = LIMITS) -> Examination:
    """`validating.examine` behind bars: a process that dies, hangs or babbles means a file that cannot be read.

    Raises Unavailable when as many files as may be are being judged already.
    """
    if not _turns.acquire(timeout=limits.wall_seconds / 4):
        raise Unavailable(BUSY)
    try:
        return _examined(pdf, trust_roots, now, limits)
    finally:
        _turns.release()


def _examined(pdf: bytes, trust_roots: Sequence[bytes], now: datetime, limits: Limits) -> Examination:
    order = {"roots": [root.decode() for root in trust_roots], "now": now.isoformat()}
    files = [os.memfd_create(name) for name in ("file", "report", "noise")]
    try:
        with os.fdopen(os.dup(files[0]), "wb") as file:
            file.write(json.dumps(order).encode() + b"\n")
            file.write(pdf)
        os.lseek(files[0], 0, os.SEEK_SET)
        ended = _CAGE.look("application/pdf", files, limits)
        ready, _, told = _all(files[1]).partition(b"\n")
        if ended != "late" and ready != b"ready":
            raise JudgeBroken(_all(files[2])[-2000:].decode(errors="replace"))
        if ended != "0":
            return Examination(problem=f"the look ended with {ended}", finding=Finding.UNREADABLE)
        try:
            return _read(json.loads(told))
        except (ValueError, KeyError, TypeError) as error:
            return Examination(problem=f"report not understood: {error!r}", finding=Finding.UNREADABLE)
    finally:
        for descriptor in files:
            os.close(descriptor)


def _all(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _read(facts: dict[str, Any]) -> Examination:
    """The report, believed no further than its types go."""
    del facts["blobs"]
    found = Examination(**facts | {"finding": Finding(facts["finding"]), "signed_at": _moment(facts["signed_at"])})
    signer, stamp = facts["signer"], facts["timestamp"]
    if signer is not None:
        dates = {name: datetime.fromisoformat(signer[name]) for name in ("not_before", "not_after")}
        found = replace(found, signer=CertificateFacts(**signer | dates))
    if stamp is not None:
        found = replace(found, timestamp=TimestampFacts(**stamp | {"time": datetime.fromisoformat(stamp["time"])}))
    return found


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
