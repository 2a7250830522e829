"""Asks a time-stamping authority (RFC 3161) over HTTP to say when a signature existed."""

import httpx2
from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from app.core import roots
from app.core.errors import Unavailable

_REPLY = "application/timestamp-reply"
_SPARE = 512
"""Bytes beyond the longest token seen: serial numbers and fractions of a second differ in length."""
NO_ANSWER = "เครื่องประทับรับรองเวลายังไม่ตอบ ระบบจะลองใหม่ให้เอง"


class Timestamper(TimeStamper):
    """One authority at `url`; its connections are kept open, so keep the object. Safe across threads."""

    def __init__(self, url: str, timeout: float = 10.0) -> None:
        """`timeout` in seconds bounds the connection and each wait for the answer."""
        super().__init__()  # type: ignore[no-untyped-call] # pyHanko's, half typed
        self.url = url
        self._longest = 0
        self._http = httpx2.Client(
            timeout=timeout, headers={"Content-Type": "application/timestamp-query"}, verify=roots.trusted()
        )

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer. Raises Unavailable when there is none that can be read.

        It blocks: signing runs in a loop of its own, where nothing else waits.
        """
        try:
            answer = self._http.post(self.url, content=req.dump())
            if answer.status_code != httpx2.codes.OK or answer.headers.get("Content-Type") != _REPLY:
                raise Unavailable(NO_ANSWER)
            return tsp.TimeStampResp.load(answer.content, strict=True)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as problem:
            raise Unavailable(NO_ANSWER) from problem

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over exactly `message_digest`. Raises Unavailable when it is refused, malformed or over another."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
            stamped = bytes(imprint["hashed_message"])
        except (TimestampRequestError, ValueError, TypeError, KeyError, AttributeError) as problem:
            raise Unavailable(NO_ANSWER) from problem
        if stamped != message_digest:
            raise Unavailable(NO_ANSWER)
        self._longest = max(self._longest, len(token.dump()))
        return token

    async def room(self) -> int:
        """Bytes to reserve for a token: what this authority's tokens need, learned from one that is asked for."""
        if not self._longest:
            await self.async_dummy_response("sha256")
        return self._longest + _SPARE

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
