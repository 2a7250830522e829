"""Makes a signed document outlive its certificates: PAdES B-LTA (ETSI EN 319 142-1; ISO 32000-2, 12.8.4.3 and 12.8.5).

What proves that the certificates stood when they were used is put into the file (document security store), and a
time-stamp over the whole file says when that proof was there. The same again before that time-stamp's own certificate
ends. None of it counts as a change of the document, even of one that its author forbade to change.
"""

import asyncio
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from app.pdf.revocation import Evidence, Revocation, chain
from app.pdf.signing import Revision
from app.pdf.timestamping import Timestamper

LEVEL = "PAdES B-LTA"
_TOKEN = "signature_time_stamp_token"  # noqa: S105 - an attribute of RFC 3161


class NotLasting(Exception):
    """What the file holds does not prove its signature without asking anybody: it is not kept as if it did."""


@dataclass(frozen=True)
class Lasting:
    """The file with its proof, and until when the newest time-stamp's certificate vouches for it."""

    pdf: bytes
    until: datetime
    stamped_at: datetime
    stamped_by: str


@dataclass(frozen=True)
class _Message:
    """A signature or a time-stamp: who made it, with which certificates, and when that was."""

    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]
    at: datetime


def augment(
    pdf: bytes, timestamper: Timestamper, revocation: Revocation, trust_roots: Sequence[bytes], *, now: datetime
) -> Lasting:
    """`pdf`, signed with a time-stamp, with proof for all its certificates and a new time-stamp over the whole.

    Raises Unavailable when an authority does not answer (try again later), NotLasting when the proof does not hold, as
    for a certificate that had been revoked, ValueError for a file that is not signed so. Call it from a plain thread.
    """
    return asyncio.run(_augment(pdf, timestamper, revocation, _load(trust_roots), now))


async def _augment(
    pdf: bytes, timestamper: Timestamper, revocation: Revocation, roots: list[x509.Certificate], now: datetime
) -> Lasting:
    try:
        writer = Revision(io.BytesIO(pdf))
        found = list(_messages(writer.prev.embedded_signatures))
    except (PdfReadError, ValueError, KeyError, StopIteration) as problem:
        raise ValueError(f"not a signed document: {problem}") from problem
    if not found:
        raise ValueError("not a signed document: it has no time-stamp")
    evidence = Evidence()
    pool = [*roots, *(other for message in found for other in message.others)]
    for message in found:
        revocation.gather(evidence, chain(message.signer, pool), message.at, now)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=evidence.certificates.values(),
        ocsps=evidence.ocsps.values(),
        crls=evidence.crls.values(),
    )
    try:
        out = await PdfTimeStamper(timestamper).async_timestamp_pdf(
            writer, "sha256", bytes_reserved=2 * await timestamper.room()
        )
    except SigningError as problem:
        raise ValueError(f"cannot be time-stamped: {problem}") from problem
    lasting = bytes(out.getvalue())
    (*_, stamp) = _messages(PdfFileReader(io.BytesIO(lasting)).embedded_timestamp_signatures)
    await _require_proof(lasting, roots, max(now, stamp.at))
    return Lasting(lasting, stamp.signer.not_valid_after, stamp.at, stamp.signer.subject.human_friendly)


def require_proof(pdf: bytes, trust_roots: Sequence[bytes], *, now: datetime) -> None:
    """Raise NotLasting unless the file alone proves its signature at `now`, revocation required, nobody asked."""
    asyncio.run(_require_proof(pdf, _load(trust_roots), now))


async def _require_proof(pdf: bytes, roots: list[x509.Certificate], now: datetime) -> None:
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    timing = ValidationTimingInfo(validation_time=now, best_signature_time=now, point_in_time_validation=True)
    result = await ades_lta_validation(signature, _offline(roots), timing)
    if result.ades_subindic is not AdESPassed.OK:
        raise NotLasting(f"{result.ades_subindic}: {result.failure_msg or 'the proof in the file does not hold'}")


def _offline(roots: list[x509.Certificate]) -> PdfSignatureValidationSpec:
    rules = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(roots),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require")),
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=rules,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )


def _messages(signatures: Sequence[EmbeddedPdfSignature]) -> Iterator[_Message]:
    """Every signature and time-stamp of a file, each at the moment a time-stamp gives it."""
    for signature in signatures:
        if signature.sig_object_type == "/DocTimeStamp":
            yield _stamp(signature.signed_data)
            continue
        tokens = next(a for a in signature.signer_info["unsigned_attrs"] if a["type"].native == _TOKEN)["values"]
        stamp = _stamp(tokens[0]["content"])
        yield _Message(signature.signer_cert, tuple(signature.other_embedded_certs), stamp.at)
        yield stamp


def _stamp(token: cms.SignedData) -> _Message:
    certs = extract_certs_for_validation(token)
    return _Message(
        certs.signer_cert, tuple(certs.other_certs), token["encap_content_info"]["content"].parsed["gen_time"].native
    )


def _load(encoded: Sequence[bytes]) -> list[x509.Certificate]:
    return [certificate for data in encoded for certificate in load_certs_from_pemder_data(data)]
