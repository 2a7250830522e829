"""Signs a document as its author for good: PAdES (ETSI EN 319 142-1) B-B, or B-T with a time-stamp.

The signature certifies the document and allows no change after it (DocMDP 1, ISO 32000-1, 12.8.2.2).
"""

import asyncio
import io
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec, SigningCertificateV2Provider
from pyhanko.sign.general import SigningError, as_signing_certificate_v2
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.pdf.certificates import CertificateFacts, UnfitCertificate, require_fit_to_sign
from app.pdf.keys import FileKey, PrivateKey, belong_together, longest_value
from app.pdf.timestamping import Timestamper
from app.pdf.whole import SignatureField

_DIGEST = "sha256"
_ROOM_FOR_SIGNATURE = 2_048
"""Bytes reserved beside the certificates: attributes and signature value."""


class Signer(signers.Signer):
    """A private key with its certificate and chain, parsed and checked once.

    pyHanko's own SimpleSigner parses the key for every signature: 65 ms for RSA-2048, measured.
    """

    def __init__(
        self,
        key: PrivateKey,
        certificate: x509.Certificate,
        chain: list[x509.Certificate],
    ) -> None:
        """Raise UnfitCertificate where the certificate may not sign documents or does not belong to the key."""
        require_fit_to_sign(certificate)
        public = certificate.public_key()
        if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or not belong_together(key, public):
            message = "the certificate does not belong to the private key"
            raise UnfitCertificate(message)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call] # pyHanko's, half typed
        store.register_multiple([_asn1(c) for c in chain])
        own = _asn1(certificate)
        super().__init__(signing_cert=own, cert_registry=store, embed_roots=False)
        self.signed_attr_prov_spec = _SignedOver(own)
        self.certificate = CertificateFacts.of(certificate)
        self.room = _ROOM_FOR_SIGNATURE + sum(len(_der(c)) for c in [certificate, *chain])
        self._key = key
        self._longest = longest_value(public)

    @classmethod
    def from_pkcs12(cls, source: Path | bytes, passphrase: str) -> "Signer":
        """The signer in a PKCS#12 file. Raises UnfitCertificate when it cannot be opened or may not sign documents."""
        return cls(*_opened(source.read_bytes() if isinstance(source, Path) else source, passphrase))

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - pyHanko's signature
        """The signature value over `data`; zeros of the right length where only the size matters."""
        if digest_algorithm != _DIGEST:
            message = f"asked for {digest_algorithm}, but this signer makes {_DIGEST} signatures"
            raise SigningError(message)
        return bytes(self._longest) if dry_run else self._key.sign(data)

    async def signed_attrs(self, *args: Any, **options: Any) -> cms.CMSAttributes:
        """What is signed over. Encoded: a value that was built, not read, is encoded anew by every level above it."""
        return cms.CMSAttributes.load((await super().signed_attrs(*args, **options)).dump())


@lru_cache(maxsize=256)
def _opened(data: bytes, passphrase: str) -> tuple[PrivateKey, x509.Certificate, list[x509.Certificate]]:
    """Kept for the process, as the keys in it are: opening one file and checking its key takes 35 ms (RSA-2048)."""
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(data, passphrase.encode() or None)
    except ValueError as problem:
        message = "the PKCS#12 file cannot be opened: not PKCS#12, or another passphrase"
        raise UnfitCertificate(message) from problem
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        message = "the PKCS#12 file holds no RSA or elliptic-curve key with its certificate"
        raise UnfitCertificate(message)
    return FileKey(key), certificate, chain


class _Named(SigningCertificateV2Provider):
    """Which certificate signed: encoded once, it is the same in every document."""

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        super().__init__(certificate)
        self._value = tsp.SigningCertificateV2.load(as_signing_certificate_v2(certificate).dump())

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:  # noqa: ARG002, FBT001, FBT002 - pyHanko's
        """The value as it is written."""
        return self._value


class _SignedOver(SignedAttributeProviderSpec):
    """What PAdES B-B signs over beside the digest (ETSI EN 319 142-1, 6.3): which certificate it is, no more."""

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        self._named = _Named(certificate)

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterable[CMSAttributeProvider]:
        """The one there is."""
        del data_digest, digest_algorithm
        yield self._named


class Revision(IncrementalPdfFileWriter):
    """A revision that carries a signature or a time-stamp. It leaves the metadata as it is.

    pyHanko would write its own name and the local time into it, in two places that then differ.
    """

    def _update_meta(self) -> None:
        """Change nothing."""


class _Author(signers.PdfSigner):
    """Signs as the document's author. The file stays PDF 1.7, as PDF/A-3 asks, whatever the key.

    pyHanko would raise it to PDF 2.0 for elliptic curves (ISO/TS 32002); PAdES has had them for PDF 1.7 all along.
    """

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:  # noqa: ARG002 - pyHanko's
        """Declare PAdES (ETSI's extension to PDF 1.7) and nothing else."""
        pdf_out.register_extension(ESIC_EXTENSION_1)


def sign(
    pdf: bytes,
    signer: Signer,
    timestamper: Timestamper | None = None,
    *,
    now: datetime,
    reason: str,
    location: str,
    name: str | None = None,
    field: str = SignatureField.name,
) -> bytes:
    """`pdf` with its empty signature field filled and the whole file certified against any change.

    Raises UnfitCertificate when the certificate is not valid at `now`, Unavailable when the time-stamping authority
    does not answer (try again later), ValueError when `pdf` has no such field or is signed already. Call it from a
    plain thread, not from a running event loop.
    """
    signer.certificate.require_valid(now)
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=_DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
        location=location,
        name=name,
    )
    try:
        session = _Author(metadata, signer, timestamper=timestamper).init_signing_session(
            Revision(io.BytesIO(pdf)), existing_fields_only=True
        )
    except (SigningError, PdfReadError) as problem:
        message = f"the document cannot be signed: {problem}"
        raise ValueError(message) from problem
    session.system_time = now
    # two hexadecimal digits for a byte; a fixed room saves making the signature twice to learn its size
    room = 2 * (signer.room + (asyncio.run(timestamper.room()) if timestamper else 0))
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    digest, output = document.digest_tbs_document()
    asyncio.run(document.perform_signature(digest.document_digest, PdfCMSSignedAttributes()))
    output.seek(0)
    return bytes(output.read())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(_der(certificate))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
