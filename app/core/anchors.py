"""Heads of the event chains, kept outside the database: a cut-off or rewritten tail then shows.

An anchor is one small JSON file: when, how many streams, the last number and hash of each, and an HMAC-SHA256 over all
of it under a key the database never sees. Copy the folder to another place; `verify` compares with the newest one.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core import events
from app.core.events import canonical


class AnchorBroken(ValueError):
    """An anchor file was changed or made under another key; the text names the file."""


def _seal(body: dict[str, Any], key: str) -> str:
    return hmac.new(f"anchor:{key}".encode(), canonical(body).encode(), hashlib.sha256).hexdigest()


def drop(db: Session, folder: Path, key: str, now: datetime) -> Path:
    """Write an anchor of all chains as they are now; returns its file."""
    heads = events.heads(db)
    body = {"at": now.isoformat(), "streams": len(heads), "heads": {name: list(head) for name, head in heads.items()}}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}.json"
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps({**body, "seal": _seal(body, key)}, ensure_ascii=False), encoding="utf-8")
    return unfinished.replace(path)


def newest(folder: Path, key: str) -> dict[str, tuple[int, str]]:
    """The heads of the newest anchor, {} when there is none. Raises AnchorBroken."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        return {}
    try:
        stored: dict[str, Any] = json.loads(files[-1].read_text(encoding="utf-8"))
        seal = str(stored.pop("seal", ""))
    except (ValueError, AttributeError, TypeError) as unreadable:
        raise AnchorBroken(f"{files[-1].name} cannot be read") from unreadable
    if not hmac.compare_digest(seal.encode(), _seal(stored, key).encode()):
        raise AnchorBroken(f"{files[-1].name} was changed, or made under another key")
    return {name: (int(head[0]), str(head[1])) for name, head in stored["heads"].items()}
