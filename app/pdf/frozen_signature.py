"""Signatures of one key, encoded fast: pyHanko makes one, and of it everything that never changes is kept as bytes.

From one CMS message (RFC 5652) to the next only a digest, the signature's value and the time-stamp change. A message
put together from the kept parts is compared with pyHanko's own before any document is signed this way.
"""

import asyncio
import hashlib
import os
from collections.abc import Coroutine
from typing import Any, TypeVar

from asn1crypto import cms
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from app.pdf.signing import Signer
from app.pdf.timestamping import Timestamper

T = TypeVar("T")
_DIGEST, _DIGEST_BYTES = "sha256", 32
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_TIMESTAMP_TOKEN = bytes.fromhex("060b2a864886f70d010910020e")
_SEQUENCE, _SET, _OCTETS, _FIRST, _SECOND = 0x30, 0x31, 0x04, 0xA0, 0xA1
_SPARE = 128
"""Bytes by which one message may be longer than another: an elliptic-curve value, the lengths of what holds it."""


class NotAsExpected(Exception):
    """The parts of a signature, put together again, are not what pyHanko made: this key is not signed with this way."""


class FrozenSignature:
    """Makes the PAdES signature messages of one signer. Safe across threads."""

    def __init__(self, signer: Signer) -> None:
        """Raise NotAsExpected where a message made here would not be the one pyHanko makes."""
        self._signer = signer
        probe = os.urandom(_DIGEST_BYTES)
        made = asyncio.run(
            signer.async_sign(probe, _DIGEST, use_pades=True, signed_attr_settings=PdfCMSSignedAttributes())
        ).dump()
        signed = cms.ContentInfo.load(made)["content"]
        (info,) = signed["signer_infos"]
        attributes, algorithm = info["signed_attrs"].dump(), info["signature_algorithm"].dump()
        self._head = _before(signed.contents, signed["signer_infos"].dump())
        self._info_head = _before(info.contents, attributes + algorithm + info["signature"].dump())
        self._algorithm = algorithm
        self._before_digest, found, self._after_digest = info["signed_attrs"].contents.partition(probe)
        if not found or probe in self._after_digest:
            raise NotAsExpected("the digest does not stand once in what is signed")
        if self._message(probe, info["signature"].native, b"") != made:
            raise NotAsExpected("the parts do not give the message back")
        self._size = len(made)

    def room(self, timestamper: Timestamper | None) -> int:
        """Bytes that any message of this signer fits into. Raises Unavailable when the authority does not answer."""
        return self._size + _SPARE + (at_once(timestamper.room()) if timestamper else 0)

    def over(self, digest: bytes, timestamper: Timestamper | None = None) -> bytes:
        """The message that signs `digest` (SHA-256). Raises Unavailable when the authority does not answer."""
        return at_once(self._over(digest, timestamper))

    async def _over(self, digest: bytes, timestamper: Timestamper | None) -> bytes:
        attributes = _der(_SET, self._before_digest, digest, self._after_digest)
        value = await self._signer.async_sign_raw(attributes, _DIGEST)
        if timestamper is None:
            return self._message(digest, value, b"")
        token = await timestamper.async_timestamp(hashlib.sha256(value).digest(), _DIGEST)
        return self._message(digest, value, token.dump())

    def _message(self, digest: bytes, value: bytes, token: bytes) -> bytes:
        unsigned = _der(_SECOND, _der(_SEQUENCE, _TIMESTAMP_TOKEN, _der(_SET, token))) if token else b""
        attributes = _der(_FIRST, self._before_digest, digest, self._after_digest)
        info = _der(_SEQUENCE, self._info_head, attributes, self._algorithm, _der(_OCTETS, value), unsigned)
        return _der(_SEQUENCE, _SIGNED_DATA, _der(_FIRST, _der(_SEQUENCE, self._head, _der(_SET, info))))


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Run what is only written as if it waited: neither our keys nor our time-stampers ever give the turn away.

    A loop of its own would cost more than the signature. RuntimeError when it does wait.
    """
    try:
        work.send(None)
    except StopIteration as done:
        made: T = done.value
        return made
    work.close()
    raise RuntimeError("a signature waits for something that is not there")


def _before(whole: bytes, end: bytes) -> bytes:
    """What stands before `end` in `whole`, which must end with it."""
    if not whole.endswith(end):
        raise NotAsExpected("a message ends with more than was looked for")
    return whole[: -len(end)]


def _der(tag: int, *parts: bytes) -> bytes:
    """A DER value (ITU-T X.690, 8.1)."""
    length = sum(map(len, parts))
    if length < 0x80:
        return b"".join((bytes((tag, length)), *parts))
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return b"".join((bytes((tag, 0x80 | len(size))), size, *parts))
