"""Field encryption: what a stolen database or backup must not tell, and how it can still be looked up.

A sealed field is text `<key id>:<base64url(nonce || ciphertext || tag)>`: AES-256-GCM (NIST SP 800-38D) with a random
96-bit nonce. Key id and context are authenticated too, so a sealed value moved to another row or column does not open.
Random nonces allow 2^32 seals per key; rotate long before. An exact look-up goes through an HMAC-SHA256 blind index
under a key of its own, which tells only whether two rows hold the same value.
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyringError(ValueError):
    """The keys in the settings cannot be used; the text says which one and why, never the key."""


class SealBroken(Exception):
    """A sealed value does not open: key gone, value altered, or taken from another place."""


@dataclass(frozen=True)
class Keyring:
    """Keys by id. `current` seals, every key opens; `index_key` only makes blind indexes."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    index_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse keys of the wrong form."""
        for key_id, key in self.keys.items():
            if not re.fullmatch("[a-z0-9]{1,16}", key_id):
                raise KeyringError("a key id is 1 to 16 letters a-z or digits")
            if len(key) != KEY_BYTES:
                raise KeyringError(f"key {key_id} must have {KEY_BYTES} bytes, it has {len(key)}")
        if self.current not in self.keys:
            raise KeyringError("there is no key to seal with")
        if len(self.index_key) != KEY_BYTES:
            raise KeyringError(f"the index key must have {KEY_BYTES} bytes, it has {len(self.index_key)}")
        if self.index_key in self.keys.values():
            raise KeyringError("the index key must not be one of the sealing keys")

    @classmethod
    def parse(cls, text: str, index_text: str) -> "Keyring":
        """From settings: "k2:base64,k1:base64" and the index key in base64.

        The first key seals. To rotate: add the new key at the end on every machine (all can open it), then move it to
        the front, reseal, and only then remove the old one. Raises KeyringError.
        """
        pairs = [part.strip().partition(":") for part in text.split(",")]
        ids = [key_id for key_id, _, _ in pairs]
        if len(set(ids)) != len(ids):
            raise KeyringError("two keys have the same id")
        keys = {key_id: _decoded(f"key {key_id}", value) for key_id, _, value in pairs}
        return cls(keys, ids[0], _decoded("the index key", index_text.strip()))

    @classmethod
    def fresh(cls) -> "Keyring":
        """New random keys: a demo's first start, and tests."""
        return cls({"k1": os.urandom(KEY_BYTES)}, "k1", os.urandom(KEY_BYTES))

    def written(self) -> tuple[str, str]:
        """The two texts that `parse` reads, for a demo to keep in its data folder (mode 0600)."""
        order = [self.current, *(key_id for key_id in self.keys if key_id != self.current)]
        text = ",".join(f"{key_id}:{base64.b64encode(self.keys[key_id]).decode()}" for key_id in order)
        return text, base64.b64encode(self.index_key).decode()

    def seal(self, plain: str, context: str) -> str:
        """Encrypt `plain` for one place. `context` names it (table.column/row id) and must be given again to open."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, plain.encode(), _bound(self.current, context))
        return f"{self.current}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, context: str) -> str:
        """The plain text; SealBroken when key, context or a single bit is not as it was sealed."""
        key_id, _, body = sealed.partition(":")
        key = self.keys.get(key_id)
        if key is None:
            raise SealBroken("sealed with a key that is not on the ring")
        try:
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(key_id, context)).decode()
        except (binascii.Error, InvalidTag, ValueError) as broken:
            raise SealBroken("altered, or sealed for another place") from broken

    def stale(self, sealed: str) -> bool:
        """Whether a value was sealed with another key than the current one."""
        return not sealed.startswith(self.prefix)

    @property
    def prefix(self) -> str:
        """What every value sealed with the current key begins with: finds the rows that still need `reseal`."""
        return f"{self.current}:"

    def reseal(self, sealed: str, context: str) -> str:
        """The same value under the current key; unchanged when it already is."""
        return self.seal(self.open(sealed, context), context) if self.stale(sealed) else sealed

    def blind_index(self, value: str) -> str:
        """64 hex digits, equal exactly for equal values: a UNIQUE column and a look-up without the value itself."""
        return hmac.digest(self.index_key, value.encode(), "sha256").hex()


def _bound(key_id: str, context: str) -> bytes:
    return f"{key_id}\x00{context}".encode()


def _decoded(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as bad:
        raise KeyringError(f"{name} is not base64") from bad
