"""Is this file exactly what its signer signed, and do we trust the signer? Offline, and for files from strangers."""

import asyncio
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import read_certification_data
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.pdf.certificates import CertificateFacts

_SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})


@dataclass(frozen=True)
class TimestampFacts:
    """The time-stamp on a signature: when, by whom, and whether it is sound and its authority trusted."""

    time: datetime
    valid: bool
    trusted: bool
    authority: str


@dataclass(frozen=True)
class Examination:
    """What was found. `genuine` is the verdict; the rest says why. A file that cannot be read is not genuine.

    `coverage` and `modification` are pyHanko's words (ENTIRE_FILE, NONE …); `certified` means the author's signature
    forbids every change.
    """

    signatures: int = 0
    intact: bool = False
    coverage: str = ""
    modification: str = ""
    certified: bool = False
    docmdp_ok: bool = False
    trusted: bool = False
    revoked: bool = False
    signer: CertificateFacts | None = None
    signed_at: datetime | None = None
    timestamp: TimestampFacts | None = None
    problem: str = ""

    @property
    def genuine(self) -> bool:
        """One signature that certifies the whole unchanged file, of a trusted signer, any time-stamp on it sound."""
        return (
            not self.problem
            and self.signatures == 1
            and self.intact
            and self.coverage == SignatureCoverageLevel.ENTIRE_FILE.name
            and self.certified
            and self.docmdp_ok
            and self.trusted
            and (self.timestamp is None or (self.timestamp.valid and self.timestamp.trusted))
        )


def examine(
    pdf: bytes,
    trust_roots: Sequence[bytes],
    *,
    now: datetime,
    intermediates: Sequence[bytes] = (),
    crls: Sequence[bytes] = (),
) -> Examination:
    """Examine a file against `trust_roots` (certificates, PEM or DER); never raises for what is in the file.

    A signer is judged at the time of a trusted time-stamp, else at `now`. `crls` are revocation lists (DER) to heed;
    nothing is fetched. Bound the size of what strangers send before calling this; call it from a plain thread, not from
    a running event loop.
    """
    roots, others = _certificates(trust_roots), _certificates(intermediates)

    def context(moment: datetime) -> ValidationContext:
        return ValidationContext(trust_roots=roots, other_certs=others, crls=crls, moment=moment)

    return asyncio.run(_examine(pdf, context, now))


async def _examine(pdf: bytes, context: Callable[[datetime], ValidationContext], now: datetime) -> Examination:
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return Examination(signatures=len(signatures), problem=f"{len(signatures)} signatures instead of one")
        (signature,) = signatures
        status = await _status(signature, context(now), context(now))
        stamp = status.timestamp_validity
        if stamp is not None and stamp.valid and stamp.trusted:
            status = await _status(signature, context(stamp.timestamp), context(now))
        return Examination(
            signatures=1,
            intact=status.intact and status.valid,
            coverage=status.coverage.name if status.coverage else "",
            modification=status.modification_level.name if status.modification_level else "",
            certified=_certified(reader, signature),
            docmdp_ok=bool(status.docmdp_ok),
            trusted=status.trusted,
            revoked=status.revoked,
            signer=_facts(status.signing_cert),
            signed_at=status.signer_reported_dt,
            timestamp=_timestamp(status),
            problem=_slack(pdf, signature),
        )
    except Exception as problem:  # noqa: BLE001 - whatever a hostile file provokes, the answer is "not genuine"
        return Examination(problem=f"{type(problem).__name__}: {problem}")


async def _status(
    signature: EmbeddedPdfSignature, signer: ValidationContext, timestamp: ValidationContext
) -> PdfSignatureStatus:
    return await async_validate_pdf_signature(
        signature, signer_validation_context=signer, ts_validation_context=timestamp, key_usage_settings=_SIGNING
    )


def _certified(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    """Whether this very signature is the document's author signature and allows no change."""
    certification = read_certification_data(reader)
    return (
        certification is not None
        and certification.permission is MDPPerm.NO_CHANGES
        and certification.author_sig.container_ref == signature.sig_object.container_ref
    )


def _slack(pdf: bytes, signature: EmbeddedPdfSignature) -> str:
    """What hides in the only bytes the signature does not cover: they must be its own hexadecimal and zeros."""
    start, length, after, _ = (int(number) for number in signature.byte_range)
    gap = pdf[start + length : after]
    contents: bytes = signature.pkcs7_content
    written = contents.hex().encode()
    if gap not in (b"<" + written + b">", b"<" + written.upper() + b">"):
        return "the signature is not alone in its place"
    end = _der_length(contents)
    if any(contents[end:]):
        return "something follows the signature in its place"
    return _looseness(cms.ContentInfo.load(contents[:end]))


def _looseness(message: cms.ContentInfo) -> str:
    """What could be changed in a CMS message without its signature noticing (RFC 5652, 5.1): it must be as it should.

    Time-stamps inside are messages of their own.
    """
    message.native  # noqa: B018 - the library parses late; this parses all of it, and raises where it is malformed
    signed = message["content"]
    by_number = all(info["sid"].name == "issuer_and_serial_number" for info in signed["signer_infos"])
    plain = signed["encap_content_info"]["content_type"].native == "data" and by_number
    if signed["version"].native != ("v1" if plain else "v3"):
        return "the signature states another version of its syntax"
    used = {info["digest_algorithm"]["algorithm"].native for info in signed["signer_infos"]}
    if {algorithm["algorithm"].native for algorithm in signed["digest_algorithms"]} != used:
        return "the signature states other digest algorithms than it uses"
    for info in signed["signer_infos"]:
        for attribute in info["unsigned_attrs"] or ():
            if attribute["type"].native != "signature_time_stamp_token":
                return "the signature carries more than a time-stamp"
            for token in attribute["values"]:
                if problem := _looseness(token):
                    return problem
    return ""


def _der_length(data: bytes) -> int:
    """The length of the DER value `data` begins with (ITU-T X.690, 8.1.3)."""
    first = data[1]
    if first < 0x80:
        return 2 + first
    octets = first & 0x7F
    return 2 + octets + int.from_bytes(data[2 : 2 + octets], "big")


def _timestamp(status: PdfSignatureStatus) -> TimestampFacts | None:
    stamp = status.timestamp_validity
    if stamp is None:
        return None
    return TimestampFacts(
        time=stamp.timestamp,
        valid=bool(stamp.valid and stamp.intact),
        trusted=bool(stamp.trusted),
        authority=stamp.signing_cert.subject.human_friendly,
    )


def _facts(certificate: asn1_x509.Certificate) -> CertificateFacts:
    return CertificateFacts.of(x509.load_der_x509_certificate(certificate.dump()))


def _certificates(encoded: Sequence[bytes]) -> list[asn1_x509.Certificate]:
    return [certificate for data in encoded for certificate in load_certs_from_pemder_data(data)]
