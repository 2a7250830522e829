"""Every text that was shown, kept once under its own hash."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.privacy.models import PrivacyText, TextKind


def digest_of(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep(db: Session, kind: TextKind, version: str, language: str, text: str, now: datetime) -> str:
    """Store a text unless it is there already; returns its digest."""
    digest = digest_of(text)
    row = {
        "digest": digest,
        "kind": kind,
        "version": version,
        "language": language,
        "text": text,
        "published_at": now,
    }
    db.execute(insert(PrivacyText).values(**row).on_conflict_do_nothing(index_elements=["digest"]))
    return digest


def read(db: Session, digest: str) -> PrivacyText:
    """The exact text that was shown; NotFound."""
    found = db.scalar(select(PrivacyText).where(PrivacyText.digest == digest))
    if found is None:
        raise NotFound
    return found
