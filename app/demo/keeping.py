"""Small secret files of the demonstration: written whole or not at all, readable by their owner only."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def write(file: Path, data: bytes) -> None:
    """Put `data` into `file` (mode 0600) in one step, whoever reads it meanwhile."""
    _draft(file, data).replace(file)


def once(file: Path, make: Callable[[], bytes]) -> bytes:
    """What `file` holds; made now if nobody has yet. Two processes starting together agree on one content."""
    if not file.exists():
        draft = _draft(file, make())
        try:
            os.link(draft, file)
        except FileExistsError:
            return file.read_bytes()
        finally:
            draft.unlink()
    return file.read_bytes()


def word(file: Path) -> str:
    """A random word of 256 bits, made once and kept in `file`."""
    return once(file, lambda: secrets.token_urlsafe(32).encode()).decode()


def _draft(file: Path, data: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    return draft
