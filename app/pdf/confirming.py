"""Does the signature we just made hold, and does its certificate lead to an authority we trust? For our own files.

What strangers send is `validating`'s to judge, which trusts no byte of a file and costs ten times as much. Here the
file was drawn and signed a moment ago and `checking` has read its structure: what is left to prove is the mathematics
of the signature and of its time-stamp, and once per certificate and day the way from it to a trusted root.
"""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from app.pdf.certificates import CertificateFacts

_DIGEST = "sha256"
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


class SignatureBroken(Exception):
    """The signature does not hold, or nobody we trust vouches for its certificate."""


@dataclass(frozen=True)
class Confirmation:
    """What was proved: whose certificate signed, which authority issued it, and who says when (RFC 3161)."""

    subject: str
    issuer: str
    serial: str
    stamped_at: datetime
    stamped_by: str
    certificate: CertificateFacts


def confirm(pdf: bytes, trust_roots: Sequence[bytes], now: datetime) -> Confirmation:
    """Prove the one signature of `pdf` and its time-stamp against `trust_roots` (PEM or DER).

    Raises SignatureBroken. Call it from a plain thread, not from a running event loop.
    """
    try:
        message, digest = _signature(pdf)
        info, certificate, others = _signer(message)
        stamp = next(a for a in info["unsigned_attrs"] if a["type"].native == "signature_time_stamp_token")["values"][0]
        token = stamp["content"]
        stamp_info, authority, stamp_others = _signer(token)
        claim = token["encap_content_info"]["content"]
    except (ValueError, KeyError, TypeError, IndexError, StopIteration) as problem:
        raise SignatureBroken(f"there is no signature with a time-stamp: {problem}") from problem
    _holds(info, certificate, "data", digest, "signature")
    _holds(stamp_info, authority, "tst_info", hashlib.sha256(bytes(claim)).digest(), "time-stamp")
    fact = claim.parsed
    if fact["message_imprint"]["hashed_message"].native != hashlib.sha256(info["signature"].native).digest():
        raise SignatureBroken("the time-stamp is of another signature")
    roots, today = tuple(trust_roots), now.astimezone(UTC).date()
    _require_trusted(certificate.dump(), others, roots, today, stamps=False)
    _require_trusted(authority.dump(), stamp_others, roots, today, stamps=True)
    return Confirmation(
        subject=certificate.subject.human_friendly,
        issuer=certificate.issuer.human_friendly,
        serial=f"{certificate.serial_number:x}",
        stamped_at=fact["gen_time"].native,
        stamped_by=authority.subject.human_friendly,
        certificate=_facts(certificate.dump()),
    )


def _signature(pdf: bytes) -> tuple[cms.SignedData, bytes]:
    """The signature message of a file, and the SHA-256 of everything else in it."""
    start, length, after, rest = (int(n) for n in _BYTE_RANGE.findall(pdf)[-1])
    if start != 0 or after + rest != len(pdf):
        raise SignatureBroken("the signature does not cover the whole file")
    digest = hashlib.sha256(pdf[:length])
    digest.update(pdf[after:])
    contents = bytes.fromhex(pdf[length + 1 : after - 1].decode("ascii"))
    return cms.ContentInfo.load(contents)["content"], digest.digest()


def _signer(message: cms.SignedData) -> tuple[cms.SignerInfo, x509.Certificate, tuple[bytes, ...]]:
    """The one signer's statement, their certificate, and the other certificates sent along."""
    (info,) = message["signer_infos"]
    sent = [choice.chosen for choice in message["certificates"]]
    wanted = info["sid"].chosen
    # names as they are encoded: asn1crypto's own comparison prepares every string of both anew (RFC 4518)
    number, issuer = wanted["serial_number"].native, wanted["issuer"].dump()
    (certificate,) = (c for c in sent if c.serial_number == number and c.issuer.dump() == issuer)
    return info, certificate, tuple(c.dump() for c in sent if c is not certificate)


def _holds(info: cms.SignerInfo, certificate: x509.Certificate, kind: str, digest: bytes, what: str) -> None:
    try:
        intact, valid = _plainly(info, certificate.dump(), kind, digest) or validate_sig_integrity(
            info, certificate, kind, digest
        )
    except (SignatureValidationError, ValueError, TypeError) as problem:
        raise SignatureBroken(f"the {what} does not hold: {problem}") from problem
    if not (intact and valid):
        raise SignatureBroken(f"the {what} does not hold: intact {intact}, valid {valid}")


def _plainly(info: cms.SignerInfo, certificate: bytes, kind: str, digest: bytes) -> tuple[bool, bool] | None:
    """Whether it is about this digest and this certificate, and whether the value holds; None where pyHanko is asked.

    SHA-256 with RSA (PKCS#1) or ECDSA and a certificate named by its hash is what ours and most authorities use. For
    that pyHanko would also compare the names in both certificates, prepared letter by letter: 2 ms for each message.
    """
    # RFC 5652, 5.4: as a SET OF, whatever tag it has in the message; taken before a part is read, or it is encoded anew
    signed = b"\x31" + info["signed_attrs"].dump()[1:]
    said = {attribute["type"].native: attribute["values"] for attribute in info["signed_attrs"]}
    named = said.get("signing_certificate_v2")
    algorithm = info["signature_algorithm"].signature_algo
    if (
        len(said) != len(info["signed_attrs"])
        or any(len(values) != 1 for values in said.values())
        or named is None
        or named[0]["certs"][0]["hash_algorithm"]["algorithm"].native != _DIGEST
        or info["digest_algorithm"]["algorithm"].native != _DIGEST
        or algorithm not in ("rsassa_pkcs1v15", "ecdsa")
        or "cms_algorithm_protection" in said
    ):
        return None
    about = (said["content_type"][0].native, said["message_digest"][0].native)
    mine = named[0]["certs"][0]["cert_hash"].native == hashlib.sha256(certificate).digest()
    return about == (kind, digest) and mine, _verifies(certificate, info["signature"].native, signed, algorithm)


def _verifies(certificate: bytes, value: bytes, signed: bytes, algorithm: str) -> bool:
    key = _public_key(certificate)
    try:
        if isinstance(key, rsa.RSAPublicKey) and algorithm == "rsassa_pkcs1v15":
            key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
            return True
        if isinstance(key, ec.EllipticCurvePublicKey) and algorithm == "ecdsa":
            key.verify(value, signed, ec.ECDSA(hashes.SHA256()))
            return True
    except InvalidSignature:
        pass
    return False


@lru_cache(64)
def _public_key(certificate: bytes) -> object:
    return load_der_x509_certificate(certificate).public_key()


@lru_cache(64)
def _facts(certificate: bytes) -> CertificateFacts:
    return CertificateFacts.of(load_der_x509_certificate(certificate))


@lru_cache(maxsize=256)
def _require_trusted(
    certificate: bytes, others: tuple[bytes, ...], roots: tuple[bytes, ...], day: date, *, stamps: bool
) -> None:
    """Raise SignatureBroken unless a path leads from the certificate to a root, valid on `day` and for this use.

    Only what was found to hold is remembered: an exception is not cached.
    """
    trusted = [root for data in roots for root in load_certs_from_pemder_data(data)]
    context = ValidationContext(trust_roots=trusted, moment=datetime.combine(day, time(12), UTC))
    chain = [x509.Certificate.load(other) for other in others]
    validator = CertificateValidator(x509.Certificate.load(certificate), chain, context)
    uses = {"time_stamping"} if stamps else set()
    try:
        asyncio.run(
            validator.async_validate_usage(  # type: ignore[no-untyped-call] # half typed
                {"digital_signature"}, uses, extended_optional=not stamps
            )
        )
    except (PathBuildingError, PathValidationError) as problem:
        raise SignatureBroken(f"nobody we trust vouches for the certificate: {problem}") from problem
