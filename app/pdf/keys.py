"""Where a private key is: in this process, read from a file, or in a hardware module that signs for us (PKCS#11).

Either makes the same signatures, SHA-256 with RSA (PKCS#1 v1.5) or ECDSA. A key of a module never leaves it.
"""

import hashlib
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pkcs11
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pkcs11.util.ec import encode_ecdsa_signature

from app.core.errors import Unavailable

NO_MODULE = "เครื่องเก็บกุญแจลงลายมือชื่อยังไม่ตอบ ระบบจะลองใหม่ให้เอง"
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class PrivateKey(Protocol):
    """What a signer needs of its key."""

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` (SHA-256). Raises Unavailable when the key cannot be used now."""
        ...


class FileKey:
    """A key in this process, parsed once. Safe across threads."""

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    def sign(self, data: bytes) -> bytes:
        """The signature; see PrivateKey."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True)
class Place:
    """Where a module's key is: the module's library, the token's label, the key's label, and the user's PIN."""

    module: Path
    token: str
    key: str
    pin: str


class TokenKey:
    """A key in a PKCS#11 token, whose session is opened with the first signature and kept. Safe across threads."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._token = _token(place.module, place.token)

    def sign(self, data: bytes) -> bytes:
        """The signature; see PrivateKey. A module that lost the session (it was restarted) is asked once more."""
        with self._token.lock:
            for last in (False, True):
                try:
                    return self._signed(self._token.key(self.place), data)
                except (pkcs11.PKCS11Error, RuntimeError) as problem:
                    self._token.forget()
                    if last:
                        raise Unavailable(NO_MODULE) from problem
        raise AssertionError

    @staticmethod
    def _signed(key: Any, data: bytes) -> bytes:
        if key.key_type is pkcs11.KeyType.RSA:
            return bytes(key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
        value = key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        return bytes(encode_ecdsa_signature(value))


class _Token:
    """One token's session: a process logs in once, whichever of its keys is used."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._session: Any = None
        self._keys: dict[str, Any] = {}

    def key(self, place: Place) -> Any:
        """A key, found once."""
        if self._session is None:
            token = pkcs11.lib(str(place.module)).get_token(token_label=place.token)
            self._session = token.open(user_pin=place.pin)
        if place.key not in self._keys:
            found = self._session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=place.key)
            self._keys[place.key] = found
        return self._keys[place.key]

    def forget(self) -> None:
        """Begin anew with the next key."""
        session, self._session, self._keys = self._session, None, {}
        if session is not None:
            with suppress(pkcs11.PKCS11Error, RuntimeError):
                session.close()


@cache
def _token(module: Path, label: str) -> _Token:
    del module, label
    return _Token()


def belong_together(private: PrivateKey, public: PublicKey) -> bool:
    """Whether what the one signs the other verifies."""
    probe = b"do these two keys belong together?"
    value = private.sign(probe)
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(value, probe, padding.PKCS1v15(), hashes.SHA256())
        else:
            public.verify(value, probe, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def longest_value(public: PublicKey) -> int:
    """Bytes of the longest signature that this key makes."""
    return public.key_size // 8 if isinstance(public, rsa.RSAPublicKey) else 2 * ((public.key_size + 7) // 8) + 16
