"""Papers as they are kept: made once for each wording, found again by the code that is printed on them."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import new_id
from app.core.errors import NotFound
from app.core.events import canonical
from app.core.secrets import Keyring
from app.papers.models import Paper

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a code: nothing that is mistaken for something else."""
LENGTH = 12
WRITTEN = re.compile(rf"/P/([{LETTERS}]{{{LENGTH}}})\Z")
"""The end of the address in the QR code."""


def digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of what a paper says: what its signers sign."""
    return hashlib.sha256(canonical(dict(body)).encode()).hexdigest()


def keep(
    db: Session, keyring: Keyring, form_id: UUID, document_key: str, body: Mapping[str, Any], now: datetime
) -> Paper:
    """The paper of a form that says exactly this; the same one when it was made before."""
    sha256 = digest(body)
    found = db.scalar(
        select(Paper).where(Paper.single_form_id == form_id, Paper.document_key == document_key, Paper.sha256 == sha256)
    )
    if found is not None:
        return found
    paper_id = new_id()
    made = Paper(
        id=paper_id,
        single_form_id=form_id,
        document_key=document_key,
        code=_code(keyring, paper_id),
        sha256=sha256,
        body=dict(body),
        made_at=now,
    )
    db.add(made)
    db.flush()
    return made


def _code(keyring: Keyring, paper_id: UUID) -> str:
    number = int(keyring.blind_index(f"paper:{paper_id}"), 16)
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def written(code: str) -> str:
    """A code as it is printed: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def tidy(typed: str) -> str:
    """A code as somebody typed it, without spaces and dashes."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)


def address(base_url: str, code: str) -> str:
    """What the QR code says. In capitals, which a QR code holds in half the room."""
    return f"{base_url}/P/{code}".upper()


def codes_in(texts: Iterable[str]) -> list[str]:
    """The codes of papers among what was read from a picture."""
    return list(dict.fromkeys(found[1] for text in texts if (found := WRITTEN.search(text))))


def by_code(db: Session, code: str) -> Paper | None:
    """The paper with this code."""
    return db.scalar(select(Paper).where(Paper.code == code))


def one(db: Session, paper_id: UUID) -> Paper:
    """One paper; NotFound."""
    found = db.get(Paper, paper_id)
    if found is None:
        raise NotFound
    return found


def several(db: Session, ids: Collection[UUID]) -> dict[UUID, Paper]:
    """Papers by id."""
    return {paper.id: paper for paper in db.scalars(select(Paper).where(Paper.id.in_(ids)))} if ids else {}
