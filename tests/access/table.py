"""Who may do what: every address and method of the portal, and what each kind of visitor gets there.

The rules: an object that is not yours is not found (404); a function that is none of your duties is forbidden (403);
who is not signed in is led to sign-in (303), or keeps what was typed on a page that says so (401). Only officers who
receive, check or approve open cases; checking, accepting, returning and closing belong to CHECK, approving and refusing
to APPROVE. A test fails when a route is not in this table, or a row has no route.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.catalogue.loader import load
from app.demo import walk
from app.demo.officials import MUANG
from app.settings import ROOT
from tests.access.cast import Who
from tests.access.hostile import markup

Outcome = dict[Who, int]
Fields = Mapping[str, str]
NOTHING: Fields = MappingProxyType({})

SIGN_IN, ENDED, SEE, FORBIDDEN, NOT_FOUND, CONFLICT, INVALID = 303, 401, 303, 403, 404, 409, 422


@dataclass(frozen=True)
class Row:
    """One address with one method: in which case it is tried, what is sent, and who gets what.

    `token` is the purpose of the form token that everybody sends, each their own; a page that is drawn again for want
    of it still `keeps` these words. `own_session`: tried with a session that is used for nothing else.
    """

    method: str
    path: str
    gets: Outcome
    at: str = "person"
    send: Fields = field(default_factory=dict)
    token: str = ""
    file: bool = False
    query: str = ""
    own_session: bool = False
    keeps: str = ""
    also: Fields = field(default_factory=dict)


def _everybody(status: int) -> Outcome:
    return dict.fromkeys(Who, status)


def _citizens(owner: int, other: int, stranger: int, agent: int, expired: int = FORBIDDEN) -> Outcome:
    return _everybody(FORBIDDEN) | {
        Who.STRANGER: stranger,
        Who.SUSPENDED: stranger,
        Who.OWNER: owner,
        Who.OTHER: other,
        Who.COMPANY: other,
        Who.AGENT: agent,
        Who.EXPIRED_AGENT: expired,
    }


def mine(status: int = 200, stranger: int = SIGN_IN, agent: int = 0) -> Outcome:
    """An object of the owner, which the owner's agent has too: for everybody else who is a citizen it is not there.

    `agent`: what the agent gets who tries after the owner, where that differs.
    """
    return _citizens(status, NOT_FOUND, stranger, agent or status)


def own(status: int = 200, stranger: int = SIGN_IN) -> Outcome:
    """Something of the owner as a human being: not even their agent has it."""
    return _citizens(status, NOT_FOUND, stranger, NOT_FOUND, NOT_FOUND)


def each(status: int = 200, stranger: int = SIGN_IN, agent: int = 0) -> Outcome:
    """A page that shows every citizen their own, or that of the party they act for."""
    return _citizens(status, status, stranger, agent or status)


def whoever(status: int = 200, stranger: int = SIGN_IN) -> Outcome:
    """What belongs to the human being, also to one whose mandate has just ended: their data, and choosing for whom."""
    return _citizens(status, status, stranger, status, status)


def desk(
    *,
    receiver: int = 200,
    checker: int = 200,
    approver: int = 200,
    officer: int = 200,
    elsewhere: int = NOT_FOUND,
    stranger: int = SIGN_IN,
) -> Outcome:
    """Something at the officers' desk: never for citizens, cashiers, managers and reporters."""
    return _everybody(FORBIDDEN) | {
        Who.STRANGER: stranger,
        Who.SUSPENDED: stranger,
        Who.ELSEWHERE: elsewhere,
        Who.NEXT_DOOR: elsewhere,
        Who.RECEIVER: receiver,
        Who.CHECKER: checker,
        Who.APPROVER: approver,
        Who.OFFICER: officer,
    }


def managers(manager: int = 200, elsewhere: int = NOT_FOUND, next_door: int = 200, stranger: int = SIGN_IN) -> Outcome:
    """Something for who answers for an agency's data: the duty MANAGE, which two officers with every duty have too."""
    return _everybody(FORBIDDEN) | {
        Who.STRANGER: stranger,
        Who.SUSPENDED: stranger,
        Who.MANAGER: manager,
        Who.ELSEWHERE: elsewhere,
        Who.NEXT_DOOR: next_door,
    }


def signer(status: int = 200, stranger: int = SIGN_IN) -> Outcome:
    """What one other citizen was asked to sign, by a link that everybody here holds."""
    return _everybody(FORBIDDEN) | {Who.STRANGER: stranger, Who.SUSPENDED: stranger, Who.OTHER: status}


def readers(status: int = 200) -> Outcome:
    """Services that are being drafted: for every officer who works on cases or reports."""
    return {who: status if said == 200 else said for who, said in (desk(elsewhere=200) | _reading()).items()}


def _reading() -> Outcome:
    return {who: said for who, said in reports().items() if said == 200}


def reports(*, manager: int = 200) -> Outcome:
    """Numbers about services: for those who report on every agency, and for the manager of the agency itself."""
    return _everybody(FORBIDDEN) | {
        Who.STRANGER: SIGN_IN,
        Who.SUSPENDED: SIGN_IN,
        Who.ELSEWHERE: 200,
        Who.NEXT_DOOR: 200,
        Who.REPORTER: 200,
        Who.MANAGER: manager,
    }


def not_there(those: Outcome) -> Outcome:
    """The same people, for something that is of another kind than they may ask for."""
    return {who: NOT_FOUND if said == 200 else said for who, said in those.items()}


def _get(path: str, gets: Outcome, at: str = "person", query: str = "", **also: str) -> Row:
    return Row("GET", path, gets, at, query=query, also=also)


def _post(
    path: str, gets: Outcome, at: str = "person", send: Fields = NOTHING, token: str = "", keeps: str = "", **also: str
) -> Row:
    return Row("POST", path, gets, at, send, token, keeps=keeps, also=also)


SERVICE = "/services/{slug}"
FORM = "/forms/{form_id}"
MINE = "/applications/{application_id}"
NOTICE = f"{MINE}/deficiency"
DESK = "/officer/applications/{application_id}"
SHOP = walk.SHOP["shop"] | {f"revision.{key}": "1" for key in ("food_business", "opening_date", "opening_hours")}
PAPERS = (
    "house_registration",
    "premises_plan",
    "premises_photos",
    "building_use",
    "health_certificates",
    "food_training",
)
WORDS = (
    *("applicant_phone", "shop_name", "food_business", "opening_date", "opening_hours", "premises_address"),
    *("premises_building", "premises_right", "premises_area", "food_handlers", "waste_system", "grease_trap"),
)
COMPLETE = {f"document-{key}.verdict": "ok" for key in PAPERS} | {f"answer-{key}.verdict": "ok" for key in WORDS}
ONE = f"service={walk.SERVICE}"
VERSION = str(load(ROOT / "services_catalog").services[walk.SERVICE].version)
TICKED = {"consent": "reuse"}
NOWHERE = "00000000-0000-7000-8000-000000000000"
FILMED = ("media", "poster")
"""What is there of a guide once it is drawn, which only the demonstration does by itself."""
MENDED, SAID = markup("mended"), markup("said")
MANDATE = {"agent_name": SAID, "until.day": "{day}", "until.month": "{month}", "until.year": "{year}", "scope": "all"}

PUBLIC_ROWS = (
    _get("/", _everybody(200)),
    _get("/services", _everybody(200), query="q=ร้าน"),
    _get("/quiz", _everybody(200), query="does=food&ask=premises_area"),
    _get("/quiz/result", _everybody(200), query="does=food&premises_area=240"),
    _get(SERVICE, _everybody(200), slug=walk.SERVICE),
    *(_get(f"{SERVICE}/guide/{{lang}}/{part}", _everybody(NOT_FOUND), slug=walk.SERVICE, lang="th") for part in FILMED),
    _get(f"{SERVICE}/guide/{{lang}}/captions.vtt", _everybody(200), slug=walk.SERVICE, lang="en"),
    _get(f"{SERVICE}/form.pdf", _everybody(200), slug=walk.SERVICE),
    _get("/start", _everybody(200), query=ONE),
    _get("/prefs", _everybody(SEE), query="theme=dark"),
    _get("/places", _everybody(200), query="q=พระปฐม"),
    _get("/privacy", _everybody(200)),
    _get("/accessibility", _everybody(200)),
    _get("/cookies", _everybody(200)),
    _get("/help", _everybody(200)),
    _get("/.well-known/security.txt", _everybody(200)),
    _get("/robots.txt", _everybody(200)),
    _get("/verify", _everybody(200)),
    _get("/verify/how", _everybody(200)),
    _get("/verify/root.pem", _everybody(200)),
    _post("/verify/file", _everybody(422)),
    _get("/open-data/licences-not-valid.json", _everybody(200)),
    _get("/open-data/licences-not-valid.csv", _everybody(200)),
    _get("/verify/{code}", _everybody(200), "issued"),
    _get("/shared/{secret}", _everybody(NOT_FOUND), secret="there-is-no-such-link"),
    _get("/schemas/letter/1.xsd", _everybody(200)),
    _get("/schemas/letter/1.json", _everybody(200)),
    _get("/schemas/licence/1/{slug}-{version}.xsd", _everybody(200), slug=walk.SERVICE, version=VERSION),
    _get("/schemas/licence/1/{slug}-{version}.json", _everybody(200), slug=walk.SERVICE, version=VERSION),
    _get("/track", _everybody(200)),
    _get("/track/{ref}", _everybody(200), "issued"),
    _get("/sign-in", _everybody(200)),
    _get("/sign-in/person", _everybody(200)),
    _get("/sign-in/{audience}", _everybody(302), audience="citizen"),
    _get("/sign-in/{audience}/callback", _everybody(502), audience="citizen", query="code=x&state=y"),
    _get("/signed-out", _everybody(200)),
    _get("/livez", _everybody(200)),
    _get("/readyz", _everybody(200)),
    _post("/csp-report", _everybody(204)),
    _post("/callbacks/bank", _everybody(401)),
)
"""Open to everybody. The bank's door asks for a signature instead of a session."""

SESSION_ROWS = (
    Row("POST", "/sign-out", _everybody(SEE), own_session=True),
    _post("/session/keep", _everybody(200) | {Who.STRANGER: ENDED, Who.SUSPENDED: ENDED}),
)
"""Whoever is signed in."""

CITIZEN_ROWS = (
    _get("/my", each()),
    _get("/my/vault", each()),
    _get("/my/sessions", whoever()),
    _post("/my/sessions/{session_id}/end", own(SEE, ENDED)),
    _get("/acting", whoever()),
    Row("POST", "/acting", whoever(SEE, ENDED), send={"party": "self"}, token="acting", own_session=True),
    _get("/inbox", each(agent=FORBIDDEN)),
    _post("/inbox", each(SEE, ENDED, FORBIDDEN), token="acting"),
    _get("/mandates", whoever()),
    _get("/mandates/new", each(agent=FORBIDDEN)),
    _post("/mandates/new", each(SEE, ENDED, FORBIDDEN), send=MANDATE, token="acting", keeps=SAID),
    _post("/mandates/code", whoever(INVALID, ENDED), send={"code": SAID}, token="acting", keeps=SAID[:20]),
    _get("/mandates/{mandate_id}", mine() | {Who.EXPIRED_AGENT: NOT_FOUND}),
    _post(
        "/mandates/{mandate_id}/accept",
        mine(NOT_FOUND, ENDED, SEE) | {Who.EXPIRED_AGENT: NOT_FOUND},
        token="acting",
    ),
    _post("/mandates/{mandate_id}/end", mine(SEE, ENDED) | {Who.EXPIRED_AGENT: NOT_FOUND}, token="acting"),
    _get("/licences", each()),
    _get("/access", whoever()),
    _get("/access.csv", whoever()),
    _get("/consents", whoever()),
    _get("/consents/history", whoever()),
    _post("/consents/{purpose}", whoever(SEE, ENDED), send={"given": "yes"}, token="consents", purpose="reuse"),
    _get("/notices/{digest}", own()),
    _get("/start/notice", each(), query=f"{ONE}&new=1"),
    Row("POST", "/start/notice", each(SEE, ENDED), send=TICKED, token="notice", query=ONE, keeps="reuse"),
    _get("/my/privacy", whoever()),
    _get("/my/privacy/copies/{copy_id}/{name}", own(), name="data.pdf"),
    _post("/my/privacy/copies", whoever(SEE, ENDED), token="my-data"),
    _post("/my/privacy/copies/{copy_id}/remove", own(SEE, ENDED), token="my-data"),
    _get("/my/privacy/requests/new", whoever()),
    _post(
        "/my/privacy/requests",
        whoever(SEE, ENDED),
        send={"right": "erasure", "agency": "nakhon-sommut", "text": SAID},
        token="my-data",
        keeps=SAID,
    ),
    _get(FORM, mine(), "draft"),
    _get(f"{FORM}/services", mine(), "draft"),
    _post(f"{FORM}/services", mine(SEE, ENDED), "draft", {"service": walk.SERVICE}),
    _get(f"{FORM}/changes", mine(), "draft"),
    _post(f"{FORM}/changes", mine(SEE, ENDED), "draft", token="catch_up"),
    _get(f"{FORM}/notice", mine(), "draft"),
    _post(f"{FORM}/notice", mine(SEE, ENDED), "draft", TICKED, "notice", "reuse"),
    _get(f"{FORM}/topics/{{key}}", mine(), "draft", key="shop"),
    _post(
        f"{FORM}/topics/{{key}}",
        mine(SEE, ENDED),
        "draft",
        SHOP | {"shop_name": markup("shop"), "revision.shop_name": "1"},
        key="shop",
    ),
    _post(
        f"{FORM}/topics/{{key}}/keep",
        mine(200, ENDED),
        "draft",
        {"shop_name": markup("kept"), "revision.shop_name": "1"},
        key="shop",
    ),
    _post(
        f"{FORM}/topics/{{key}}/clash",
        mine(INVALID, ENDED),
        "draft",
        {"shop_name": markup("clash"), "revision.shop_name": "1"},
        keeps="clash",
        key="shop",
    ),
    _get(
        f"{FORM}/topics/{{key}}/rows/{{group}}/{{row}}", mine(NOT_FOUND), "draft", key="shop", group="signs", row="new"
    ),
    _post(
        f"{FORM}/topics/{{key}}/rows/{{group}}/{{row}}",
        mine(NOT_FOUND, ENDED, NOT_FOUND),
        "draft",
        {"row": "1"},
        key="shop",
        group="signs",
        row="new",
    ),
    _post(
        f"{FORM}/topics/{{key}}/rows/{{group}}/{{row}}/keep",
        mine(NOT_FOUND, ENDED, NOT_FOUND),
        "draft",
        {"signs.1.words": "1"},
        key="shop",
        group="signs",
        row="1",
    ),
    _post(f"{FORM}/topics/{{key}}/correct", mine(SEE, ENDED), "draft", key="shop"),
    _get(f"{FORM}/documents", mine(), "draft"),
    _get(f"{FORM}/files/{{upload_id}}", mine(), "draft"),
    _get(f"{FORM}/files/{{upload_id}}/pages/{{number}}", mine(), "draft"),
    Row("POST", f"{FORM}/documents/{{key}}", mine(SEE, ENDED), "draft", file=True),
    _post(
        f"{FORM}/documents/{{key}}/pieces",
        mine(200, ENDED),
        "draft",
        {"name": "plan.pdf", "size": "900000", "mark": "1"},
        key="premises_plan",
    ),
    _post(
        f"{FORM}/pieces/{{incoming_id}}",
        mine(NOT_FOUND, ENDED),
        "draft",
        incoming_id="00000000-0000-7000-8000-000000000000",
    ),
    _post(f"{FORM}/documents/{{key}}/code", mine(NOT_FOUND, ENDED), "draft", {"code": "x"}, key="premises_plan"),
    _get(f"{FORM}/papers/{{key}}", mine(), "draft", key="premises_plan"),
    _post(f"{FORM}/papers/{{key}}/print", mine(SEE, ENDED), "draft", key="premises_plan"),
    _get(f"{FORM}/papers/{{key}}/{{code}}.pdf", mine(NOT_FOUND), "draft", key="premises_plan", code="AAAA-BBBB-CCCC"),
    _get("/P/{code}", each(NOT_FOUND), code="AAAABBBBCCCC"),
    _post(f"{FORM}/documents/{{key}}/fetch", mine(SEE, ENDED), "draft", key="building_use"),
    _post(f"{FORM}/documents/{{key}}/dispute", mine(NOT_FOUND, ENDED), "draft", key="premises_plan"),
    _get("/my/questions", each()),
    _get(f"{NOTICE}/ask", mine(), "returned"),
    _post(f"{NOTICE}/ask", mine(SEE, ENDED), "returned", {"text": SAID}, "ask", SAID),
    _get(f"{FORM}/ask/{{page}}", mine(), "draft", page="shop"),
    _post(
        f"{FORM}/ask/{{page}}",
        mine(SEE, ENDED),
        "draft",
        {"service": walk.SERVICE, "agency": MUANG, "text": SAID},
        "ask",
        SAID,
        page="shop",
    ),
    _get("/sign/{signer_id}/{link}", signer(), "draft"),
    _post("/sign/{signer_id}/{link}", signer(CONFLICT, ENDED), "draft", {"sha256": "x"}, "sign:{signer_id}:x"),
    _post(
        "/sign/{signer_id}/{link}/refuse",
        signer(INVALID, ENDED),
        "draft",
        {"sha256": "x", "why": ""},
        "sign:{signer_id}:x",
    ),
    _post(f"{FORM}/papers/{{key}}/signers", mine(NOT_FOUND, ENDED), "draft", {"role": "x"}, key="premises_plan"),
    _post(f"{FORM}/signers/{{signer_id}}/renew", mine(NOT_FOUND, ENDED), "draft", signer_id=NOWHERE),
    _post(f"{FORM}/signers/{{signer_id}}/take-back", mine(NOT_FOUND, ENDED), "draft", signer_id=NOWHERE),
    _post(f"{FORM}/documents/{{key}}/reuse", mine(NOT_FOUND, ENDED), "draft", key="premises_plan"),
    _get(f"{FORM}/unasked", mine(), "draft"),
    _post(f"{FORM}/unasked", mine(SEE, ENDED), "draft", {"unasked": SAID}),
    _post(f"{FORM}/unasked/keep", mine(200, ENDED), "draft", {"unasked": SAID}),
    _get(f"{FORM}/check", mine(), "draft"),
    _get(f"{FORM}/renewal", mine(SEE), "draft"),
    _post(f"{FORM}/documents/{{key}}/remove", mine(SEE, ENDED, NOT_FOUND), "draft"),
    _post(f"{FORM}/submit", mine(INVALID, ENDED), "draft", {"idempotency_key": "x"}, "submit:x"),
    _get(f"{FORM}/confirmation", mine(), "issued"),
    _get(f"{FORM}/receipt.pdf", mine(), "issued"),
    _get(f"{FORM}/track", mine(), "issued"),
    _get(f"{FORM}/correct", mine(), "new"),
    _post(f"{FORM}/correct", mine(SEE, ENDED), "new"),
    _get(NOTICE, mine(), "returned"),
    _post(f"{NOTICE}/keep", mine(200, ENDED), "returned", {"shop_name": MENDED}),
    _get(f"{NOTICE}/rows/{{group}}/{{row}}", mine(NOT_FOUND), "returned", group="signs", row="new"),
    _post(
        f"{NOTICE}/rows/{{group}}/{{row}}",
        mine(NOT_FOUND, ENDED),
        "returned",
        {"row": "1"},
        group="signs",
        row="new",
    ),
    _post(
        f"{NOTICE}/rows/{{group}}/{{row}}/keep",
        mine(NOT_FOUND, ENDED),
        "returned",
        {"signs.1.words": "1"},
        group="signs",
        row="1",
    ),
    _get(f"{NOTICE}/files/{{upload_id}}", mine(), "returned"),
    _get(f"{NOTICE}/files/{{upload_id}}/pages/{{number}}", mine(), "returned"),
    Row("POST", f"{NOTICE}/documents/{{key}}", mine(SEE, ENDED), "returned", file=True),
    _post(f"{NOTICE}/documents/{{key}}/remove", mine(SEE, ENDED, NOT_FOUND), "returned"),
    _post(NOTICE, mine(INVALID, ENDED), "returned", {"shop_name": MENDED}, "mend:{revision}", MENDED),
    _get(f"{MINE}/withdraw", mine(), "returned"),
    _get(f"{MINE}/change", mine(), "taken"),
    _get(f"{MINE}/change/{{key}}", mine(), "taken", key="shop_name"),
    _post(
        f"{MINE}/change/{{key}}",
        mine(INVALID, ENDED),
        "taken",
        {"shop_name": markup("changed"), "why": "x"},
        "change",
        markup("changed"),
        key="shop_name",
    ),
    _post(
        f"{MINE}/change/requests/{{request_id}}/take-back",
        mine(NOT_FOUND, ENDED),
        "taken",
        token="change",
        request_id="00000000-0000-7000-8000-000000000000",
    ),
    _get(f"{MINE}/letter.pdf", mine(), "rejected"),
    _get(f"{MINE}/letters/{{letter_id}}/letter.pdf", mine(), "returned"),
    _get("/bills/{bill_id}", mine(), "issued"),
    _post("/bills/{bill_id}/ask", mine(SEE, ENDED), "issued", token="pay"),
    _get("/bills/{bill_id}/combine", mine(SEE), "issued"),
    _post("/bills/{bill_id}/combine", mine(SEE, ENDED), "issued", token="combine"),
    _get("/bills/{bill_id}/bill.pdf", mine(), "issued"),
    _get("/bills/{bill_id}/qr.png", mine(SEE), "issued"),
    _get("/bills/{bill_id}/receipt.pdf", mine(), "issued"),
    _get("/licences/{licence_id}", mine(), "issued"),
    _get("/licences/{licence_id}/show", mine(), "issued"),
    _get("/licences/{licence_id}/print", mine(), "issued"),
    _get("/licences/{licence_id}/qr.png", mine(), "issued"),
    _get("/licences/{licence_id}/licence.xml", mine(), "issued"),
    _get("/licences/{licence_id}/shares", mine(), "issued"),
    _post("/licences/{licence_id}/shares", mine(INVALID, ENDED), "issued", {"name": SAID}, "licence", SAID),
    _post(
        "/licences/{licence_id}/shares/{share_id}/close",
        mine(NOT_FOUND, ENDED),
        "issued",
        token="licence",
        share_id="00000000-0000-7000-8000-000000000000",
    ),
    _get("/licences/{licence_id}/substitute", mine(), "issued"),
    _post("/licences/{licence_id}/substitute", mine(INVALID, ENDED), "issued", {"how": SAID}, "licence", SAID),
    _get("/licences/{licence_id}/amend", mine(), "issued"),
    _get("/licences/{licence_id}/amend/{key}", mine(), "issued", key="shop_name"),
    _post(
        "/licences/{licence_id}/amend/{key}",
        mine(CONFLICT, ENDED),
        "issued",
        {"shop_name": SAID},
        "licence",
        key="shop_name",
    ),
    _get("/licences/{licence_id}/surrender", mine(), "issued"),
    _post("/licences/{licence_id}/surrender", mine(INVALID, ENDED), "issued", {"words": SAID}, "licence", SAID),
    _post("/licences/{licence_id}/take-back", mine(CONFLICT, ENDED), "issued", token="licence"),
    _get("/licences/{licence_id}/renew", mine(), "issued"),
    _post("/licences/{licence_id}/renew/fee", mine(CONFLICT, ENDED), "issued", token="renew"),
    _post("/licences/{licence_id}/renew/form", mine(CONFLICT, ENDED), "issued", token="renew"),
    _get("/licences/{licence_id}/licence.pdf", mine(), "issued"),
    _get("/licences/{licence_id}/licence.json", mine(), "issued"),
    _get("/licences/{licence_id}/letters/{letter_id}", mine(), "issued"),
    _get("/licences/{licence_id}/letters/{letter_id}/letter.pdf", mine(), "issued"),
    _post(
        "/licences/{licence_id}/letters/{letter_id}/objection",
        mine(CONFLICT, ENDED),
        "issued",
        {"objection": SAID, "revision": "0"},
        "acting",
        SAID,
    ),
)

NOBODY = desk(receiver=CONFLICT, checker=CONFLICT, approver=CONFLICT, officer=CONFLICT)
"""A colleague who is at work keeps the case."""

OFFICER_ROWS = (
    _get("/officer", desk(elsewhere=200) | dict.fromkeys((Who.MANAGER, Who.REPORTER, Who.CASHIER), SEE)),
    # In this tab there is nothing to go on with, so that nobody gets a case by it.
    Row(
        "POST",
        "/officer/next",
        desk(receiver=SEE, checker=SEE, approver=SEE, officer=SEE, elsewhere=SEE, stranger=ENDED),
        token="officer",
        query="tab=done",
    ),
    _get(DESK, desk(), "new"),
    _post(
        f"{DESK}/changes/{{request_id}}",
        desk(receiver=FORBIDDEN, checker=NOT_FOUND, approver=NOT_FOUND, officer=NOT_FOUND, stranger=ENDED),
        "taken",
        {"verdict": "accept"},
        "officer",
        request_id="00000000-0000-7000-8000-000000000000",
    ),
    _get(f"{DESK}/draft.pdf", desk(), "new"),
    _get(f"{DESK}/draft/pages/{{number}}", desk(), "new"),
    _get(f"{DESK}/documents", desk(), "new"),
    _get(f"{DESK}/documents/{{key}}", desk(), "new"),
    _get(f"{DESK}/files/{{key}}", desk(), "new"),
    _get(f"{DESK}/files/{{key}}/pages/{{number}}", desk(), "new"),
    _post(
        f"{DESK}/take",
        desk(receiver=SEE, checker=CONFLICT, approver=CONFLICT, officer=CONFLICT, stranger=ENDED),
        "new",
        token="officer",
    ),
    _post(
        f"{DESK}/release",
        desk(receiver=SEE, checker=CONFLICT, approver=CONFLICT, officer=CONFLICT, stranger=ENDED),
        "new",
        token="officer",
    ),
    _post(
        f"{DESK}/notes",
        desk(receiver=SEE, checker=SEE, approver=SEE, officer=SEE, stranger=ENDED),
        "new",
        {"note": SAID},
        "officer",
        SAID,
    ),
    # The checker holds this case: colleagues with the duty are told so.
    _get(f"{DESK}/check", desk(receiver=FORBIDDEN, approver=FORBIDDEN), "taken"),
    _post(
        f"{DESK}/check",
        desk(receiver=FORBIDDEN, checker=SEE, approver=FORBIDDEN, officer=FORBIDDEN, stranger=ENDED),
        "taken",
        COMPLETE | {"answer-shop_name.instruction": SAID},
        "officer",
        SAID,
    ),
    _post(
        f"{DESK}/standing",
        desk(receiver=CONFLICT, checker=SEE, approver=CONFLICT, officer=CONFLICT, stranger=ENDED),
        "taken",
        {"revision": "{revision}", "standing_note": SAID},
        "officer",
    ),
    _post(
        f"{DESK}/supports",
        desk(receiver=FORBIDDEN, checker=SEE, approver=CONFLICT, officer=CONFLICT, stranger=ENDED),
        "taken",
        {"revision": "{revision}", "need": "commercial-registration", "support_basis": "seen", "support_note": SAID},
        "officer",
    ),
    _get(f"{DESK}/hand-over", desk(receiver=CONFLICT, approver=CONFLICT, officer=CONFLICT), "taken"),
    _post(
        f"{DESK}/hand-over",
        desk(receiver=CONFLICT, checker=INVALID, approver=CONFLICT, officer=CONFLICT, stranger=ENDED),
        "taken",
        {"note": SAID},
        "officer",
        SAID,
    ),
    _get(f"{DESK}/take-over", NOBODY, "taken"),
    _post(f"{DESK}/take-over", NOBODY | {Who.STRANGER: ENDED, Who.SUSPENDED: ENDED}, "taken", token="officer"),
    _post(
        f"{DESK}/delay",
        desk(receiver=CONFLICT, checker=CONFLICT, approver=CONFLICT, officer=CONFLICT, stranger=ENDED),
        "taken",
        {"delay": SAID, "until.day": "1", "until.month": "1", "until.year": "2570"},
        "officer",
    ),
    _get(f"{DESK}/letters/{{letter_id}}/letter.pdf", desk(), "returned"),
    _get(f"{DESK}/letter.pdf", desk(), "rejected"),
    _get("/officer/reports/delays/{letter_id}/letter.pdf", not_there(reports()), "returned"),
    _get(f"{DESK}/decide", desk(receiver=FORBIDDEN, checker=SEE), "taken"),
    _get(
        f"{DESK}/decide/{{action}}",
        desk(receiver=FORBIDDEN, approver=FORBIDDEN, officer=CONFLICT),
        "taken",
        action="accept",
    ),
    *(
        _post(
            f"{DESK}/decide/{{action}}",
            desk(receiver=FORBIDDEN, checker=checker, approver=FORBIDDEN, officer=CONFLICT, stranger=ENDED),
            "taken",
            {"revision": "{revision}", "message": SAID},
            "officer",
            action=action,
        )
        for action, checker in (("close_incomplete", CONFLICT), ("accept", SEE))
    ),
    # The approver holds this one.
    _get(
        f"{DESK}/decide/{{action}}",
        desk(receiver=FORBIDDEN, checker=FORBIDDEN, officer=CONFLICT),
        "accepted",
        action="approve",
    ),
    *(
        _post(
            f"{DESK}/decide/{{action}}",
            desk(receiver=FORBIDDEN, checker=FORBIDDEN, approver=approver, officer=CONFLICT, stranger=ENDED),
            "accepted",
            {"revision": "{revision}", "message": SAID},
            "officer",
            SAID,
            action=action,
        )
        for action, approver in (("reject", INVALID), ("approve", SEE))
    ),
    _get(f"{DESK}/decided/{{action}}", desk(receiver=FORBIDDEN), "accepted", action="approve"),
)

BATCH = "/officer/signing/{batch_id}"


def signers(
    approver: int = 200, officer: int = NOT_FOUND, elsewhere: int = NOT_FOUND, stranger: int = SIGN_IN
) -> Outcome:
    """Something of the officer who signs: not even a colleague with the same duty has it."""
    return desk(
        receiver=FORBIDDEN,
        checker=FORBIDDEN,
        approver=approver,
        officer=officer,
        elsewhere=elsewhere,
        stranger=stranger,
    )


SIGNING_ROWS = (
    _get("/officer/signing", signers(200, 200, 200)),
    _post("/officer/signing", signers(INVALID, INVALID, INVALID, ENDED), token="officer"),
    _get(BATCH, signers(), "accepted"),
    _get(f"{BATCH}/cases/{{position}}", signers(), "accepted", position="1"),
    _get(f"{BATCH}/confirm", signers(SEE), "accepted"),
    _post(
        f"{BATCH}/cases/{{position}}/leave-out",
        signers(SEE, stranger=ENDED),
        "accepted",
        NOTHING,
        "officer",
        position="1",
    ),
    _get("/officer/step-up", signers(SEE, SEE, SEE)),
    _get("/officer/step-up/callback", signers(400, 400, 400), query="code=x&state=y"),
)
"""Many decisions signed in one act; nobody who comes back from a provider without having left is let in."""

HELD = "/officer/licences/{licence_id}"
HELD_ROWS = (
    _get("/officer/licences", desk(elsewhere=200)),
    _get(HELD, desk(), "issued"),
    _get(f"{HELD}/letters/{{letter_id}}/letter.pdf", desk(), "issued"),
    _get(
        f"{HELD}/{{action}}/{{step}}",
        desk(receiver=FORBIDDEN, checker=FORBIDDEN),
        "issued",
        action="suspend",
        step="do",
    ),
    _post(
        f"{HELD}/{{action}}/{{step}}",
        desk(receiver=FORBIDDEN, checker=FORBIDDEN, stranger=ENDED),
        "issued",
        {"do": "preview", "revision": "0", "ground": "hygiene", "message": SAID},
        "officer",
        SAID,
        action="suspend",
        step="do",
    ),
)
"""What officers see of an issued licence, and one of the acts, looked at before it is signed."""

DATA_ROWS = (
    _get("/officer/data", managers(elsewhere=200)),
    _get("/officer/questions", desk(elsewhere=200)),
    _post(
        "/officer/questions/{question_id}",
        desk(receiver=INVALID, checker=INVALID, approver=INVALID, officer=INVALID, elsewhere=INVALID, stranger=ENDED),
        send={"answer": ""},
        token="officer",
        question_id=NOWHERE,
    ),
    _get("/officer/gaps", managers(elsewhere=200)),
    _post(
        "/officer/gaps/{application_id}",
        managers(NOT_FOUND, NOT_FOUND, NOT_FOUND, ENDED),
        "new",
        {"outcome": "ask"},
        "officer",
    ),
    _get("/officer/data/{request_id}", managers()),
    _post(
        "/officer/data/{request_id}",
        managers(SEE, next_door=CONFLICT, stranger=ENDED),
        send={"granted": "no", "answer": SAID},
        token="officer-data",
        keeps=SAID,
    ),
    _post(
        "/officer/holds",
        managers(SEE, INVALID, SEE, ENDED),
        "new",
        {"number": "{ref}", "reason": SAID},
        "officer-data",
        SAID,
    ),
    _post("/officer/holds/{hold_id}/lift", managers(SEE, NOT_FOUND, SEE, ENDED), token="officer-data"),
)

CASHIERS = _everybody(FORBIDDEN) | {Who.STRANGER: SIGN_IN, Who.SUSPENDED: SIGN_IN}
NOBODYS = "01890000-0000-7000-8000-000000000000"
MONEY = "/officer/money/{payment_id}"


def cash(status: int = 200, elsewhere: int = NOT_FOUND, stranger: int = SIGN_IN) -> Outcome:
    """Something at the cash desk of an agency: whoever of the agency has that duty, in whatever office."""
    strangers = {Who.STRANGER: stranger, Who.SUSPENDED: stranger}
    return CASHIERS | strangers | {Who.CASHIER: status, Who.NEXT_DOOR: status, Who.ELSEWHERE: elsewhere}


MONEY_ROWS = (
    _get("/officer/money", cash(elsewhere=200)),
    _get("/officer/money/fees/{fee_id}", cash(NOT_FOUND), fee_id=NOBODYS),
    _post("/officer/money/fees/{fee_id}/returned", cash(NOT_FOUND, stranger=ENDED), token="officer", fee_id=NOBODYS),
    _get(MONEY, cash(), "odd"),
    _post(f"{MONEY}/assign", cash(INVALID, stranger=ENDED), "odd", token="officer"),
    _post(f"{MONEY}/refund", cash(SEE, stranger=ENDED), "odd", {"reason": SAID}, "officer"),
    _post(f"{MONEY}/returned", cash(SEE, stranger=ENDED), "odd", {"reference": "TR-25690001"}, "officer"),
)

LINE = "/officer/reports/{slug}/{agency}"
REPORT_ROWS = (
    _get("/officer/drafts", readers()),
    _get("/officer/drafts/{slug}", readers(NOT_FOUND), slug="nothing"),
    _get("/officer/drafts/{slug}/manual", readers(NOT_FOUND), slug="nothing"),
    _get("/officer/drafts/{slug}/licence.pdf", readers(NOT_FOUND), slug="nothing"),
    _get("/officer/reports", reports()),
    _get("/officer/reports.csv", reports()),
    _get("/officer/reports/figures.csv", reports()),
    _get("/officer/reports/delays", reports()),
    _get("/officer/reports/delays.csv", reports()),
    _get(LINE, reports(), slug=walk.SERVICE, agency=MUANG),
    _get(f"{LINE}/{{criterion}}", reports(), slug=walk.SERVICE, agency=MUANG, criterion="e_form"),
)
"""Numbers that name no person."""

LAST_ROWS = (_post(f"{MINE}/withdraw", mine(SEE, ENDED), "new", token="withdraw"),)
"""Acts after which a case is no use to other rows."""

ROWS = (
    *PUBLIC_ROWS,
    *SESSION_ROWS,
    *CITIZEN_ROWS,
    *SIGNING_ROWS,
    *OFFICER_ROWS,
    *HELD_ROWS,
    *DATA_ROWS,
    *MONEY_ROWS,
    *REPORT_ROWS,
    *LAST_ROWS,
)
PUBLIC = frozenset((row.method, row.path) for row in PUBLIC_ROWS)
