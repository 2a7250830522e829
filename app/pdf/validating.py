"""Is this file exactly what its signer signed, and do we trust the signer? Offline, and for files from strangers."""

import asyncio
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.pdf_embedded import read_certification_data
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.pdf.certificates import CertificateFacts
from app.pdf.strictness import slack
from app.pdf.whole import SignatureField

_ONLY_PROOF = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
_SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})


@dataclass(frozen=True)
class TimestampFacts:
    """The time-stamp on a signature: when, by whom, and whether it is sound and its authority trusted."""

    time: datetime
    valid: bool
    trusted: bool
    authority: str


class Finding(StrEnum):
    """What is wrong with a file, as far as a person needs to know."""

    NOTHING = "nothing"
    UNREADABLE = "unreadable"
    UNSIGNED = "unsigned"
    CHANGED = "changed"
    STRANGER = "stranger"
    """Signed by, or its time vouched for by, somebody we do not trust, or do no longer."""
    OTHERWISE = "otherwise"
    """Signed in another way than ours are."""


@dataclass(frozen=True)
class Examination:
    """What was found. `genuine` is the verdict; the rest says why. A file that cannot be read is not genuine.

    `coverage` and `modification` are pyHanko's words (ENTIRE_FILE, NONE …); `certified` means the author's signature
    forbids every change. `stamps` counts the time-stamps over the whole file that were added to keep it provable.
    """

    signatures: int = 0
    stamps: int = 0
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
    original: str = ""
    """SHA-256 (hexadecimal) of the file as it was when its author had signed it, before anything was added."""
    problem: str = ""
    finding: Finding = Finding.NOTHING

    @property
    def genuine(self) -> bool:
        """One author's signature over the whole file, which forbids every change, of a trusted signer at a proved time.

        After it nothing but proof was added, each time under a sound time-stamp over all that was there.
        """
        return self.finding is Finding.NOTHING and self.signatures == 1


def examine(pdf: bytes, trust_roots: Sequence[bytes], *, now: datetime, crls: Sequence[bytes] = ()) -> Examination:
    """Examine a file against `trust_roots` (certificates, PEM or DER); never raises for what is in the file.

    A signer is judged at the time of a trusted time-stamp. `crls` are revocation lists (DER) to heed; nothing is
    fetched. For files of our own: what strangers send goes through `examining`. Call it from a plain thread, not from a
    running event loop.
    """
    return asyncio.run(look(pdf, trust_roots, now=now, crls=crls))


async def look(pdf: bytes, trust_roots: Sequence[bytes], *, now: datetime, crls: Sequence[bytes] = ()) -> Examination:
    """The same for a caller with an event loop."""
    roots = _certificates(trust_roots)

    def context(moment: datetime) -> ValidationContext:
        return ValidationContext(trust_roots=roots, crls=crls, moment=moment)

    return await _examine(pdf, context, now)


async def _examine(pdf: bytes, context: Callable[[datetime], ValidationContext], now: datetime) -> Examination:
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        authors, stamps = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
        if len(authors) != 1:
            finding = Finding.OTHERWISE if authors else Finding.UNSIGNED
            return Examination(len(authors), problem=f"{len(authors)} signatures instead of one", finding=finding)
        (author,) = authors
        moments = [*(_time(stamp) for stamp in stamps), now]
        status = await _status(author, context(moments[0]), context(moments[0]))
        if (token := status.timestamp_validity) is not None and token.valid and token.trusted:
            status = await _status(author, context(token.timestamp), context(moments[0]))
        found = Examination(
            signatures=1,
            stamps=len(stamps),
            intact=status.intact and status.valid,
            coverage=status.coverage.name if status.coverage else "",
            modification=status.modification_level.name if status.modification_level else "",
            certified=_certified(reader, author),
            docmdp_ok=bool(status.docmdp_ok),
            trusted=status.trusted,
            revoked=status.revoked,
            signer=_facts(status.signing_cert),
            signed_at=status.signer_reported_dt,
            timestamp=_timestamp(status),
            original=_original(pdf, author),
        )
        later = [
            await _later(stamp, context(until), newest=stamp is stamps[-1])
            for stamp, until in zip(stamps, moments[1:], strict=True)
        ]
        finding, problem = _judged(found, [slack(pdf, one) for one in (author, *stamps)], later, author.field_name)
        return replace(found, finding=finding, problem=problem)
    except Exception as problem:  # noqa: BLE001 - whatever a hostile file provokes, the answer is "not genuine"
        return Examination(problem=f"{type(problem).__name__}: {problem}", finding=Finding.UNREADABLE)


def _judged(
    found: Examination, loose: Sequence[str], later: Sequence[tuple[Finding, str]], field: str
) -> tuple[Finding, str]:
    """The first thing that is wrong. Without later time-stamps the signature itself covers the whole file."""
    whole = SignatureCoverageLevel.ENTIRE_REVISION if found.stamps else SignatureCoverageLevel.ENTIRE_FILE
    unchanged = found.modification == ModificationLevel.NONE.name or (
        found.stamps > 0 and found.modification == ModificationLevel.LTA_UPDATES.name
    )
    if not (found.intact and found.coverage == whole.name and unchanged and found.docmdp_ok) or any(loose):
        return Finding.CHANGED, next(filter(None, loose), "changed since it was signed")
    if not found.certified or field != SignatureField.name:
        return Finding.OTHERWISE, "not certified by its author against any change"
    if found.timestamp is None:
        return Finding.OTHERWISE, "no time-stamp proves when it was signed"
    if not (found.trusted and found.timestamp.valid and found.timestamp.trusted):
        return Finding.STRANGER, "nobody we trust vouches for its signer or its time"
    covered = [finding for finding in later if finding[0] is not Finding.NOTHING]
    return covered[0] if covered else (Finding.NOTHING, "")


async def _later(stamp: EmbeddedPdfSignature, context: ValidationContext, *, newest: bool) -> tuple[Finding, str]:
    """What is wrong with a time-stamp that was added, judged when the next one took over from it, the last one now."""
    status = await async_validate_pdf_timestamp(stamp, validation_context=context)
    whole = SignatureCoverageLevel.ENTIRE_FILE if newest else SignatureCoverageLevel.ENTIRE_REVISION
    level = status.modification_level
    if not (status.intact and status.valid and status.coverage is whole and level in _ONLY_PROOF):
        return Finding.CHANGED, "changed since proof was added"
    if any(stamp.sig_field["/Rect"]) or "/AP" in stamp.sig_field:
        return Finding.CHANGED, "a time-stamp that can be seen"
    if not status.trusted:
        return Finding.STRANGER, "nobody we trust vouches for the time-stamp over it"
    return Finding.NOTHING, ""


def _time(stamp: EmbeddedPdfSignature) -> datetime:
    moment: datetime = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _original(pdf: bytes, author: EmbeddedPdfSignature) -> str:
    _, _, after, rest = (int(number) for number in author.byte_range)
    return hashlib.sha256(pdf[: after + rest]).hexdigest()


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
