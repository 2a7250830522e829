"""The government data exchange (GDX): one gateway through which the portal asks the registries of other agencies.

Protocol of DGA's integration guide: a token for `Consumer-Key`, `ConsumerSecret` and `AgentID`, then calls with the
headers `Consumer-Key` and `Token`; 401 means the token is no longer good, 404 that there is no such record.
The protocol puts citizen numbers and the secret into addresses, so these are never logged and never part of an error.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Self

import httpx2
import structlog

from app.core import roots
from app.core.errors import Unavailable
from app.registries import dbd, records
from app.registries.linkage import Linkage, Service
from app.settings import Gateway

VALIDATE = "/ws/auth/validate"
LINK = "/ws/dopa/linkage/v1/link"
LARGEST_ANSWER = 256 * 1024
SOURCE = "กรมการปกครอง"

log = structlog.get_logger(__name__)

for _chatty in ("httpx2", "httpcore2"):
    # They log every address asked at INFO, and these addresses hold citizen numbers.
    logging.getLogger(_chatty).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Fetched:
    """What a registry said: our own keys, who said it, and when."""

    values: Mapping[str, Any]
    source: str
    at: datetime


class Gdx:
    """One consumer at one gateway. Safe for several threads: they share the token and the connections."""

    def __init__(
        self,
        base_url: str,
        consumer_key: str,
        consumer_secret: str,
        agent_id: str,
        timeout: float = 5.0,
        linkage: Linkage | None = None,
    ) -> None:
        """Remember where and who; nothing is asked yet. `timeout` in seconds, for each step of each call."""
        self._credentials = {"ConsumerSecret": consumer_secret, "AgentID": agent_id}
        self._linkage = linkage or Linkage()
        self._client = httpx2.Client(
            base_url=base_url,
            headers={"Consumer-Key": consumer_key},
            timeout=timeout,
            trust_env=False,
            verify=roots.trusted(),
        )
        self._token = ""
        self._renewing = Lock()

    @classmethod
    def from_settings(cls, gateway: Gateway) -> Self:
        """The client for the gateway in the settings."""
        return cls(
            gateway.url, gateway.consumer_key, gateway.consumer_secret, gateway.agent_id, timeout=gateway.timeout
        )

    def person(self, citizen_id: str, now: datetime) -> Fetched | None:
        """What the population registry knows about a person; None when it knows nobody of this number.

        Values (each only when known): title, given_name, family_name, birth_date (`YYYY-MM-DD`, or `YYYY-MM`, `YYYY`
        where the registry does not know more), registered_address {house, moo, soi, road, subdistrict, postcode}.
        Raises Unavailable when the gateway does not answer in time, fails, or answers what is not its protocol.
        """
        person = self._linked(self._linkage.person, citizen_id)
        if person is None:
            return None
        house = self._linked(self._linkage.house, citizen_id)
        try:
            values = self._linkage.read_person(person)
            address = self._linkage.read_house(house) if house is not None else None
        except ValueError as error:
            raise self._unavailable(f"another shape: {error}") from error
        return Fetched(values | ({"registered_address": address} if address else {}), SOURCE, now)

    def company(self, juristic_id: str, now: datetime) -> Fetched | None:
        """What the business registry knows about a juristic person; None when it knows none of this number.

        Values: those of `dbd.read`. Raises Unavailable like `person`, also when the answer is about another company.
        """
        answer = self._asked(dbd.PROFILE, {"JuristicID": juristic_id})
        if answer is None:
            return None
        found = answer.get("ResultList")
        try:
            if not isinstance(found, list) or len(found) > 1 or not all(isinstance(one, dict) for one in found):
                raise ValueError("not a list of one profile")  # noqa: TRY301 - every odd shape goes the same way
            values = dbd.read(found[0]) if found else None
            if values is not None and values["juristic_id"] != juristic_id:
                raise ValueError("another company")  # noqa: TRY301
        except ValueError as error:
            raise self._unavailable(f"another shape: {error}") from error
        return Fetched(values, dbd.SOURCE, now) if values else None

    def record(self, path: str, asked: Mapping[str, str], described: records.Description) -> records.Record | None:
        """What a registry that is described as data knows under these parameters; None when it knows nothing.

        Raises Unavailable like `person`.
        """
        answer = self._asked(path, asked)
        if answer is None:
            return None
        try:
            return records.read(answer, described)
        except ValueError as error:
            raise self._unavailable(f"another shape: {error}") from error

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _linked(self, service: Service, citizen_id: str) -> Mapping[str, Any] | None:
        asked = {
            "OfficeID": service.office,
            "ServiceID": service.service,
            "Version": service.version,
            "CitizenID": citizen_id,
        }
        return self._asked(LINK, asked)

    def _asked(self, path: str, asked: Mapping[str, str]) -> Mapping[str, Any] | None:
        """One record, None for none; the token is renewed once when it is refused."""
        token = self._token or self._renewed("")
        status, record = self._get(path, asked, token)
        if status == httpx2.codes.UNAUTHORIZED:
            status, record = self._get(path, asked, self._renewed(token))
        if status == httpx2.codes.NOT_FOUND:
            return None
        if status != httpx2.codes.OK:
            raise self._unavailable(f"status {status}")
        return record

    def _renewed(self, refused: str) -> str:
        """A token that is not `refused`; when several threads were refused together, one of them asks."""
        with self._renewing:
            if self._token == refused:
                self._token = ""
                status, answer = self._get(VALIDATE, self._credentials, "")
                token = answer.get("Result")
                if status != httpx2.codes.OK or not isinstance(token, str) or not token:
                    raise self._unavailable(f"no token, status {status}")
                self._token = token
            return self._token

    def _get(self, path: str, asked: Mapping[str, str], token: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON object of one call; the object is empty unless the status is 200."""
        body = bytearray()
        try:
            with self._client.stream("GET", path, params=asked, headers={"Token": token} if token else {}) as answer:
                if answer.status_code != httpx2.codes.OK:
                    return answer.status_code, {}
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > LARGEST_ANSWER:
                        raise self._unavailable("an answer without end")
            record = _json(bytes(body))
        except (httpx2.HTTPError, ValueError, RecursionError) as error:
            raise self._unavailable(type(error).__name__) from error
        return httpx2.codes.OK, record

    def _unavailable(self, reason: str) -> Unavailable:
        log.warning("the registry gateway is of no use now", reason=reason)
        return Unavailable("ทะเบียนของหน่วยงานรัฐยังไม่ตอบ คุณกรอกข้อมูลส่วนนี้เองแล้วทำต่อได้เลย")


def _json(body: bytes) -> dict[str, Any]:
    record = json.loads(body.decode("utf-8"))
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - what the gateway sent is a value, not our type error
    return record
