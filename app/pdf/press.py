"""The fast way to a signed file: what never changes is set once, all else is written in one pass, with one signature.

`signing.sign(documents.render(…), …)` makes a file with pikepdf, opens it again and appends a revision with pyHanko.
The press lays out the same document with the same code and writes the same objects itself, at a third of the cost. It
is the plain way's twin, not its replacement: `proving` judges what it makes before a key's first document is printed.
"""

from datetime import datetime

from app.pdf.documents import compose
from app.pdf.frozen_signature import FrozenSignature
from app.pdf.setting import Reasons, Setting
from app.pdf.signing import Signer
from app.pdf.thai_text import Typesetter
from app.pdf.timestamping import Timestamper
from app.pdf.whole import Document

__all__ = ["Press", "Reasons"]


def printed(document: Document, now: datetime, type_: Typesetter | None = None) -> bytes:
    """A `document` that nobody signs, dated: PDF/A-3a and PDF/UA-1. Raises as `documents.render` does."""
    if document.signature is not None:
        raise ValueError("a document with a signature field is signed when it is printed")
    return Setting(compose(document, type_), now).file()


class Press:
    """Prints and signs with one key. Making one costs a signature; keep it as long as the signer."""

    def __init__(self, signer: Signer) -> None:
        """Raise NotAsExpected where the signer's messages cannot be made from kept parts."""
        self.signer = signer
        self._signature = FrozenSignature(signer)

    def signed(
        self,
        document: Document,
        says: Reasons,
        timestamper: Timestamper | None = None,
        *,
        now: datetime,
        type_: Typesetter | None = None,
    ) -> bytes:
        """`document`, dated and certified against any change: PDF/A-3a, PDF/UA-1, PAdES B-B or, with a time-stamp, B-T.

        Raises as `documents.render` and `signing.sign` do, ValueError when the document has no signature field.
        """
        self.signer.certificate.require_valid(now)
        if document.signature is None:
            raise ValueError("the document has no signature field")
        room = 2 * self._signature.room(timestamper)
        proof = Setting(compose(document, type_), now).to_sign(says, room)
        message = self._signature.over(proof.digest, timestamper).hex().encode()
        if len(message) > room:
            raise ValueError(f"the signature takes {len(message)} digits of {room}")
        return b"".join((proof.before, b"<", message.ljust(room, b"0"), b">", proof.after))
