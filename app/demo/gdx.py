"""The government data exchange: one gateway in front of the population, the business and other registers.

Addresses, headers and the DBD profile follow DGA's integration guide. The two linkage records (office 00023, service
001 person, 008 house) have the field names integrators publish: numbers without leading zeros, null for nothing,
Buddhist-era dates YYYYMMDD with 00 for an unknown day or month. A token lives 60 minutes after its last use.
"""

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import geothai
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.core.clock import Clock, bangkok_date
from app.demo.companies import COMPANIES, profile
from app.demo.crowd import CROWD
from app.demo.people import CITIZENS
from app.demo.registers import DOWN, REGISTERS
from app.demo.roles import Citizen, Company, Home, Registry

TOKEN_IDLE = timedelta(minutes=60)
POPULATION = ("00023", "01")
"""OfficeID and Version of the population registry at the linkage centre."""


@dataclass(frozen=True)
class Consumer:
    """The system that was given access: what it sends with every call."""

    key: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Call:
    """One request as the gateway saw it; `asked` is the number looked up."""

    path: str
    service: str
    asked: str
    status: int


class Gateway:
    """The gateway under `/ws`, its tokens and its log (the last 1,000 calls, in memory)."""

    def __init__(self, consumer: Consumer, clock: Clock, slow: float) -> None:
        self.consumer = consumer
        self.clock = clock
        self.slow = slow
        self.calls: deque[Call] = deque(maxlen=1000)
        self._tokens: dict[str, datetime] = {}
        self._statuses: dict[str, str] = {}

    def router(self) -> APIRouter:
        """The documented addresses, and three of our own for tests: `/log`, `/tokens`, `/companies`."""
        router = APIRouter()
        router.add_api_route("/ws/auth/validate", self.validate)
        router.add_api_route("/ws/dopa/linkage/v1/link", self.link)
        router.add_api_route("/ws/dbd/juristic/v4/profile/information", self.juristic)
        for path in REGISTERS:
            router.add_api_route(path, self.register)
        router.add_api_route("/log", self.log)
        router.add_api_route("/tokens", self.forget_tokens, methods=["DELETE"])
        router.add_api_route("/companies/{juristic_id}", self.become, methods=["PUT"])
        return router

    async def validate(self, request: Request) -> Response:
        """A token for a consumer that names its agent."""
        asked = request.query_params
        right = secrets.compare_digest(asked.get("ConsumerSecret", "").encode(), self.consumer.secret.encode())
        if not (self._known(request) and right and asked.get("AgentID")):
            return self._answer(
                request, "", "", _refusal("Consumer-Key, ConsumerSecret or AgentID is not accepted", 401)
            )
        token = secrets.token_hex(16)
        self._tokens[token] = self.clock.now()
        return self._answer(request, "", "", JSONResponse({"Result": token}))

    async def link(self, request: Request) -> Response:
        """The linkage centre: a person record or a house record."""
        asked = request.query_params
        service, citizen_id = asked.get("ServiceID", ""), asked.get("CitizenID", "")
        return self._answer(request, service, citizen_id, await self._linked(request, service, citizen_id))

    async def _linked(self, request: Request, service: str, citizen_id: str) -> Response:
        asked = request.query_params
        if not self._admitted(request):
            return _refusal("Token is not valid", 401)
        if (asked.get("OfficeID"), asked.get("Version")) != POPULATION or service not in ("001", "008"):
            return _refusal("OfficeID, ServiceID or Version is not registered for this consumer", 400)
        person = next((person for person in (*CITIZENS, *CROWD) if person.citizen_id == citizen_id), None)
        if person is None or person.registry is Registry.MISSING:
            return _refusal("ไม่พบข้อมูล", 404)
        if person.registry is Registry.SLOW:
            await asyncio.sleep(self.slow)
        year = bangkok_date(self.clock.now()).year
        return _misbehaviour(person.registry) or JSONResponse(
            _person(person, year) if service == "001" else _house(person.home)
        )

    async def juristic(self, request: Request) -> Response:
        """The business registry's profile of a company."""
        juristic_id = request.query_params.get("JuristicID", "")
        company = next((company for company in COMPANIES if company.juristic_id == juristic_id), None)
        if not self._admitted(request):
            answer = _refusal("Token is not valid", 401)
        elif company is None or company.registry is Registry.MISSING:
            answer = _refusal("ไม่พบข้อมูล", 404)
        else:
            answer = await self._described(company)
        return self._answer(request, "dbd", juristic_id, answer)

    async def _described(self, company: Company) -> Response:
        if company.registry is Registry.SLOW:
            await asyncio.sleep(self.slow)
        status = self._statuses.get(company.juristic_id, company.status)
        return _misbehaviour(company.registry) or JSONResponse(profile(company, status))

    async def register(self, request: Request) -> Response:
        """One of the registers that answer with a list of one record; their parameters are their own."""
        asked, path = dict(request.query_params), request.url.path
        path = path[path.index("/ws/") :]
        about = asked.get("OwnerID") or asked.get("OperatorID") or asked.get("TaxID") or asked.get("HouseNo", "")
        answer: Response
        if not self._admitted(request):
            answer = _refusal("Token is not valid", 401)
        elif asked.get("HouseNo") == DOWN:
            answer = PlainTextResponse("java.lang.NullPointerException", status_code=500)
        else:
            record = REGISTERS[path](asked, bangkok_date(self.clock.now()))
            answer = JSONResponse({"ResultList": [record]}) if record else _refusal("ไม่พบข้อมูล", 404)
        return self._answer(request, path.split("/")[2], about, answer)

    async def become(self, juristic_id: str, request: Request) -> Response:
        """Let a company's status change from now on, as registrars do."""
        self._statuses[juristic_id] = request.query_params.get("status", "")
        return Response(status_code=204)

    async def log(self) -> Response:
        """Every call so far, oldest first."""
        return JSONResponse([vars(call) for call in self.calls])

    async def forget_tokens(self) -> Response:
        """Let every token be unknown from now on, as after a restart of the gateway."""
        self._tokens.clear()
        return Response(status_code=204)

    def _known(self, request: Request) -> bool:
        return secrets.compare_digest(request.headers.get("consumer-key", "").encode(), self.consumer.key.encode())

    def _admitted(self, request: Request) -> bool:
        token, now = request.headers.get("token", ""), self.clock.now()
        used = self._tokens.get(token)
        if used is None or now - used > TOKEN_IDLE or not self._known(request):
            self._tokens.pop(token, None)
            return False
        self._tokens[token] = now
        return True

    def _answer(self, request: Request, service: str, asked: str, answer: Response) -> Response:
        path = request.url.path
        self.calls.append(Call(path[path.index("/ws/") :], service, asked, answer.status_code))
        return answer


def _refusal(message: str, status: int) -> Response:
    return JSONResponse({"Message": message}, status_code=status)


def _misbehaviour(registry: Registry) -> Response | None:
    match registry:
        case Registry.FAILING:
            return PlainTextResponse("java.lang.NullPointerException", status_code=500)
        case Registry.GARBLED:
            return Response("<html><body>ปิดปรับปรุงระบบ</body></html>", media_type="application/json")
        case Registry.SHAPELESS:
            return JSONResponse({"Message": "เจ้าหน้าที่ยังไม่ได้ยืนยันสิทธิ", "Code": "90001"})
    return None


def _person(person: Citizen, year: int) -> dict[str, Any]:
    return {
        "titleCode": {"นาย": 3, "นางสาว": 4, "นาง": 5}[person.title.th],
        "titleDesc": person.title.th,
        "titleName": {"นางสาว": "น.ส."}.get(person.title.th, person.title.th),
        "titleSex": person.gender,
        "firstName": person.given.th,
        "middleName": None,
        "lastName": person.family.th,
        "genderCode": person.gender,
        "genderDesc": "ชาย" if person.gender == 1 else "หญิง",
        "dateOfBirth": person.birth.registry_number(),
        "nationalityCode": 99,
        "nationalityDesc": "ไทย",
        "ownerStatusDesc": "ผู้อาศัย",
        "statusOfPersonCode": 0,
        "statusOfPersonDesc": "บุคคลนี้มีภูมิลำเนาอยู่ในบ้านนี้",
        "dateOfMoveIn": person.birth.registry_number(),
        "age": year - person.birth.year,
        "fullnameAndRank": person.name.th,
        "englishTitleDesc": person.title.en,
        "englishFirstName": person.given.en,
        "englishMiddleName": None,
        "englishLastName": person.family.en,
    }


def _house(home: Home) -> dict[str, Any]:
    place = geothai.address(home.subdistrict)
    if place is None:
        raise ValueError(home.subdistrict)
    return {
        "houseID": int(f"{home.subdistrict}00001"),
        "houseNo": home.house,
        "houseType": 1,
        "houseTypeDesc": "บ้าน",
        "villageNo": home.moo,
        "alleyWayCode": 0,
        "alleyWayDesc": None,
        "alleyCode": 1 if home.soi else 0,
        "alleyDesc": home.soi or None,
        "roadCode": 1 if home.road else 0,
        "roadDesc": home.road or None,
        "subdistrictCode": int(home.subdistrict[4:]),
        "subdistrictDesc": place.subdistrict.name_th,
        "districtCode": int(home.subdistrict[2:4]),
        "districtDesc": place.district.name_th,
        "provinceCode": int(home.subdistrict[:2]),
        "provinceDesc": place.province.name_th,
        "rcodeCode": f"{home.subdistrict[:4]}",
        "rcodeDesc": f"อำเภอ{place.district.name_th}",
        "dateOfTerminate": 0,
    }
