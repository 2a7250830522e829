"""One citizen, one service, the whole way: from the manual to a verified licence, with one return and one mending."""

import json
from pathlib import Path
from typing import Any

import httpx2

from app.demo import walk
from app.demo.browsing import Browser


def whole(base: str, out: Path, verify_as: str = "application/json") -> dict[str, Any]:
    """Play the main job at `base` and leave its documents in `out`; what happened, as data."""
    timer = walk.Timer()
    me, checker, approver = Browser(base), Browser(base), Browser(base)
    me.open("/services?q=ร้านอาหาร").must_see("แจ้งจัดตั้งสถานที่จำหน่ายอาหาร")
    timer.step("sign_in", lambda: walk.sign_in(me, "mali"))
    form = timer.step("start", lambda: walk.start_form(me))
    timer.step("prefill", lambda: walk.await_prefill(me, form))
    timer.step("answers", lambda: walk.answer(me, form))
    documents = timer.step("documents", lambda: walk.attach(me, form))
    timer.step("submit", lambda: walk.submit(me, form))
    timer.step("submission_receipt", lambda: walk.save_when_ready(me, f"{form}/receipt.pdf", out, "submission"))
    number = walk.application_number(me, form)
    timer.step("officer_signs_in", lambda: walk.sign_in(checker, "nueng", "officer"))
    case = walk.find_case(checker, number)
    walk.take(checker, case)
    first = walk.first_document(checker, case)
    timer.step("check", lambda: walk.check(checker, case, {first: "ถ่ายใหม่ให้เห็นครบทั้งหน้าและอ่านตัวเล็กได้"}))
    timer.step("return_once", lambda: walk.decide(checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น"))
    timer.step("mend", lambda: walk.mend(me, form))
    walk.check(checker, case)
    timer.step("accept", lambda: walk.decide(checker, case, "accept", "ลงชื่อและรับไว้พิจารณา"))
    walk.sign_in(approver, "song", "officer")
    walk.take(approver, case)
    timer.step("approve", lambda: walk.decide(approver, case, "approve", "ลงชื่ออนุญาต"))
    bill = walk.bill_path(me, form)
    timer.step("bill", lambda: walk.save_when_ready(me, f"{bill}/bill.pdf", out, "bill"))
    timer.step("pay", lambda: walk.pay(me, bill))
    timer.step("receipt", lambda: walk.save_when_ready(me, f"{bill}/receipt.pdf", out, "receipt"))
    licence = timer.step("licence", lambda: walk.await_licence(me, form))
    walk.save_when_ready(me, f"{licence}/licence.pdf", out, "licence")
    facts = me.open(f"{licence}/licence.json")
    held = json.loads(facts.content)
    answered = httpx2.get(f"{base}/verify/{held['code']}", headers={"Accept": verify_as}, trust_env=False)
    for browser in (me, checker, approver):
        browser.close()
    return {
        "form": form,
        "application": number,
        "documents_uploaded": documents,
        "licence": held,
        "verify": answered.json(),
        "seconds": timer.steps,
        "requests": me.requests + checker.requests + approver.requests,
    }
