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
from cryptography.x509 import load_der_x509_certificate
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from app.pdf.certificates import CertificateFacts

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
        certificate=CertificateFacts.of(load_der_x509_certificate(certificate.dump())),
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
        intact, valid = validate_sig_integrity(info, certificate, kind, digest)
    except (SignatureValidationError, ValueError, TypeError) as problem:
        raise SignatureBroken(f"the {what} does not hold: {problem}") from problem
    if not (intact and valid):
        raise SignatureBroken(f"the {what} does not hold: intact {intact}, valid {valid}")


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
