"""Large files that arrive in pieces: what is here stays here, so that a dropped connection costs one piece.

The pieces of one file lie in one file of their own, outside every store, until all are there; then it goes the way of
any file that arrives whole.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base, new_id
from app.core.errors import Conflict, NotFound

PIECE = 256 * 1024
"""Bytes of one piece."""

KEPT = timedelta(days=2)
"""How long the pieces of a file wait for the rest."""

MOST = 8
"""Files in pieces one form may have at a time: a bound against filling the disk."""


class Incoming(Base):
    """A file of which some pieces have arrived."""

    __tablename__ = "incoming"
    __table_args__ = (Index("ix_incoming_form", "single_form_id", "document_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"))
    document_key: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    filename: Mapped[str]
    size: Mapped[int]
    mark: Mapped[str] = mapped_column(String(40))
    """What tells this file from another of the same name and size: when it was last changed, as the browser says."""
    received: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


def begin(db: Session, form_id: UUID, key: str, person_id: UUID, what: tuple[str, int, str], now: datetime) -> Incoming:
    """Where to go on with this file (name, size in bytes, mark): at its first byte, or behind what is here already."""
    filename, size, mark = what
    same = (
        (Incoming.single_form_id == form_id)
        & (Incoming.document_key == key)
        & (Incoming.person_id == person_id)
        & (Incoming.filename == filename)
        & (Incoming.size == size)
        & (Incoming.mark == mark)
    )
    found = db.scalar(select(Incoming).where(same).order_by(Incoming.at.desc()).limit(1))
    if found is not None:
        return found
    if (db.scalar(select(func.count()).where(Incoming.single_form_id == form_id)) or 0) >= MOST:
        raise Conflict("มีไฟล์ที่ส่งค้างอยู่หลายไฟล์ ส่งไฟล์เดิมให้เสร็จหรือรอ 2 วันให้ระบบลบไฟล์ที่ค้าง")
    begun = Incoming(
        single_form_id=form_id,
        document_key=key,
        person_id=person_id,
        filename=filename,
        size=size,
        mark=mark,
        at=now,
    )
    db.add(begun)
    db.flush()
    return begun


def of_person(db: Session, incoming_id: UUID, form_id: UUID, person_id: UUID) -> Incoming:
    """One of mine under a row lock, else NotFound."""
    found = db.get(Incoming, incoming_id, with_for_update=True, populate_existing=True)
    if found is None or found.single_form_id != form_id or found.person_id != person_id:
        raise NotFound
    return found


def add(incoming: Incoming, folder: Path, offset: int, piece: bytes) -> None:
    """Put a piece where it belongs: exactly behind what is here. One that came already changes nothing.

    A crash between writing and the commit is harmless: the same piece is written over its own bytes.
    """
    if offset != incoming.received or not piece:
        return
    if offset + len(piece) > incoming.size:
        raise Conflict("ไฟล์ที่ส่งมายาวกว่าที่บอกไว้ เลือกไฟล์แล้วส่งใหม่ตั้งแต่ต้น")
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / str(incoming.id), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.pwrite(descriptor, piece, offset)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    incoming.received = offset + len(piece)


def done(db: Session, incoming: Incoming, folder: Path) -> None:
    """It went its way: neither row nor pieces are needed any more."""
    db.delete(incoming)
    db.flush()
    (folder / str(incoming.id)).unlink(missing_ok=True)


def sweep(db: Session, folder: Path, now: datetime) -> None:
    """By the clock: forget files whose rest never came, and pieces nobody knows."""
    db.execute(delete(Incoming).where(Incoming.at < now - KEPT))
    known = {str(one) for one in db.scalars(select(Incoming.id))}
    for path in folder.glob("*"):
        if path.name not in known:
            path.unlink(missing_ok=True)
