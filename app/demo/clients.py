"""What a relying party registered at a provider, and the rules its requests must keep (RFC 6749, 7636, OIDC Core)."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from starlette.datastructures import ImmutableMultiDict

from app.demo.grants import Refused
from app.demo.roles import Both

Asked = ImmutableMultiDict[str, str]
"""The parameters of an authorization request, repetitions kept."""


class Stranger(Exception):
    """The request comes from nobody we know, or wants the answer sent where the client never registered."""


@dataclass(frozen=True)
class Client:
    """A relying party. `secret` is what it must send; its addresses are compared character by character."""

    client_id: str
    secret: str = field(repr=False)
    name: Both
    redirect_uris: frozenset[str]
    after_sign_out: frozenset[str]

    def answer_address(self, asked: Asked) -> str:
        """Where the answer goes; raises Stranger when the request is not safely this client's."""
        if asked.getlist("client_id") != [self.client_id]:
            raise Stranger("client_id")
        if asked.getlist("redirect_uri") not in [[uri] for uri in self.redirect_uris]:
            raise Stranger("redirect_uri")
        return asked["redirect_uri"]

    def authenticate(self, authorization: str, fields: Mapping[str, str]) -> None:
        """client_secret_basic or client_secret_post, never both (RFC 6749 §2.3); raises Refused."""
        scheme, _, credentials = authorization.partition(" ")
        client_id, secret = fields.get("client_id", ""), fields.get("client_secret", "")
        if scheme.lower() == "basic":
            if secret:
                raise Refused("invalid_request", "two ways of client authentication at once")
            try:
                pair = base64.b64decode(credentials, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError) as error:
                raise Refused("invalid_client", "unreadable credentials") from error
            client_id, _, secret = pair.partition(":")
            client_id, secret = unquote_plus(client_id), unquote_plus(secret)
        right = secrets.compare_digest(secret.encode(), self.secret.encode())
        if client_id != self.client_id or not right:
            raise Refused("invalid_client", "unknown client or wrong secret")


def check_request(asked: Asked) -> None:
    """Every rule of an authorization request that the client may be told about; raises Refused."""
    if repeated := sorted({name for name in asked if len(asked.getlist(name)) > 1}):
        raise Refused("invalid_request", f"given more than once: {', '.join(repeated)}")
    for name in ("request", "request_uri"):
        if name in asked:
            raise Refused(f"{name}_not_supported", f"{name} is not supported")
    if asked.get("response_type") != "code":
        raise Refused("unsupported_response_type", "response_type must be code")
    if missing := [name for name in ("state", "nonce", "code_challenge") if not asked.get(name)]:
        raise Refused("invalid_request", f"missing: {', '.join(missing)}")
    if asked.get("code_challenge_method") != "S256":
        raise Refused("invalid_request", "code_challenge_method must be S256")
    if "openid" not in asked.get("scope", "").split():
        raise Refused("invalid_scope", "scope must contain openid")
    if "none" in asked.get("prompt", "").split():
        raise Refused("login_required", "nobody is signed in here; a page must be shown")
