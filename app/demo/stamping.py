"""Time-stamps that name their authority's certificate by SHA-256 (RFC 5816), as pyHanko and ETSI EN 319 422 want.

Certomancer names it by SHA-1 (RFC 3161), which newer validators no longer take.
"""

from asn1crypto import cms, tsp
from certomancer.crypto_utils import generic_sign
from certomancer.integrations.animator import Animator
from certomancer.registry import ArchLabel, ServiceLabel
from certomancer.services import TimeStamper
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from werkzeug.wrappers import Request, Response


class Stamping(Animator):
    """Certomancer's web API with such time-stamps."""

    def serve_timestamp_response(self, request: Request, *, label: str, arch: str) -> Response:
        """The answer to one request (RFC 3161, 2.4)."""
        services = self.architectures[ArchLabel(arch)].service_registry
        now = self.at_time(request)  # type: ignore[no-untyped-call] # certomancer's, half typed
        authority = services.summon_timestamper(ServiceLabel(label), now)
        answer = authority.request_tsa_response(tsp.TimeStampReq.load(request.stream.read()))
        (info,) = answer["time_stamp_token"]["content"]["signer_infos"]
        _name_again(info, authority)
        return Response(answer.dump(), mimetype="application/timestamp-reply")


def _name_again(info: cms.SignerInfo, authority: TimeStamper) -> None:
    kept = [attribute for attribute in info["signed_attrs"] if attribute["type"].native != "signing_certificate"]
    named = simple_cms_attribute(  # type: ignore[no-untyped-call] # pyHanko's, half typed
        "signing_certificate_v2", as_signing_certificate_v2(authority.tsa_cert)
    )
    info["signed_attrs"] = attributes = cms.CMSAttributes([*kept, named])
    info["signature"] = generic_sign(authority.tsa_key, attributes.untag().dump(), authority.signature_algo)
