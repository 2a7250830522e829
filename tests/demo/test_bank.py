"""The bank from outside: paying, being told, asking again, and the daily statement. Everything over HTTP."""

import hashlib
import hmac
import re
from datetime import timedelta
from typing import Any

import pytest

from app.billing.bank import Bank, Question
from app.billing.thai_qr import BillPayment, build
from app.core.clock import BANGKOK, bangkok_date
from app.demo.bank_qr import checksum, read, satang
from app.demo.people import agencies
from tests.demo.world import Knock, World

PAYEE = agencies()[0]
REFERENCE_1, REFERENCE_2 = "25690000001", "0126112000"


def code(amount: int | None = 150_000, reference: str = REFERENCE_1, biller: str = PAYEE.biller_id) -> str:
    return build(BillPayment(biller, reference, REFERENCE_2, amount))


def pay(world: World, **order: Any) -> dict[str, Any]:
    answer = world.http.post("/bank/v1/payments", json=order)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def authentic(world: World, knock: Knock) -> bool:
    secret = world.environment["JUDIAO_BANK_CALLBACK_SECRET"].encode()
    expected = hmac.new(secret, knock.timestamp.encode() + b"." + knock.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, knock.signature)


@pytest.mark.parametrize(
    ("payload", "biller", "reference1", "reference2", "due"),
    [
        (
            "00020101021130620016A000000677010112011301122334455660211CUSTOMER0010306INV00153037645802TH62070703SCB6304780E",
            "0112233445566", "CUSTOMER001", "INV001", None,
        ),
        (
            "00020101021230650016A00000067701011201150994000165501000212123456789012030667042953037645802TH54073649.2263044534",
            "099400016550100", "123456789012", "670429", 364_922,
        ),
        (
            "00020101021230680016A000000677010112011509940001655010002112569000000103100126112000530376454071500.005802TH6304D00C",
            "099400016550100", "25690000001", "0126112000", 150_000,
        ),
    ],
)  # fmt: skip
def test_the_bank_reads_published_codes_in_any_order_of_tags(
    payload: str, biller: str, reference1: str, reference2: str, due: int | None
) -> None:
    slip = read(payload)
    assert (slip.biller_id, slip.reference1, slip.reference2, slip.satang) == (biller, reference1, reference2, due)


def test_the_bank_reads_what_the_portal_writes() -> None:
    slip = read(code(364_922))
    assert (slip.biller_id, slip.reference1, slip.satang) == (PAYEE.biller_id, REFERENCE_1, 364_922)


def test_a_code_with_one_wrong_character_is_refused() -> None:
    good = code()
    for at in range(len(good)):
        wrong = good[:at] + ("1" if good[at] != "1" else "2") + good[at + 1 :]
        with pytest.raises(ValueError, match="checksum"):
            read(wrong)


@pytest.mark.parametrize(
    "body", ["", "00020153037645802TH", "0002015303764", "00020153037645802TH30990016A", "0002010002015802TH"]
)
def test_a_code_that_is_no_bill_is_refused_whatever_its_checksum(body: str) -> None:
    with pytest.raises(ValueError, match=r"not a|well formed"):
        read(f"{body}6304{checksum(body + '6304')}")


@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "NaN", "Infinity", "x", "1e14"])
def test_an_amount_that_is_no_money_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        satang(amount)


def test_the_portal_is_told_once_with_a_signature_over_time_and_body(world: World) -> None:
    paid = pay(world, qr=code(), payerName="มะลิ ตัวอย่าง")
    (knock,) = world.portal.knocks
    assert authentic(world, knock)
    assert knock.said == {name: value for name, value in paid.items() if name != "deliveries"}
    assert (knock.said["amount"], knock.said["payerName"]) == ("1500.00", "มะลิ ตัวอย่าง")
    assert (knock.said["billPaymentRef1"], knock.said["billPaymentRef2"]) == (REFERENCE_1, REFERENCE_2)
    assert knock.said["transactionDateandTime"].endswith("+07:00")
    knock.body += b" "
    assert not authentic(world, knock)


def test_a_confirmation_is_repeated_until_the_portal_says_200_and_signed_anew_each_time(world: World) -> None:
    world.portal.refusals = 2
    paid = pay(world, qr=code())
    assert [delivery["status"] for delivery in paid["deliveries"]] == [503, 503, 200]
    assert len(world.portal.knocks) == 3
    assert all(authentic(world, knock) for knock in world.portal.knocks)
    assert len({knock.body for knock in world.portal.knocks}) == 1


def test_after_four_refusals_the_bank_gives_up_and_still_knows_the_payment(world: World) -> None:
    world.portal.refusals = 9
    paid = pay(world, qr=code(reference="GIVEUP"))
    assert [delivery["status"] for delivery in paid["deliveries"]] == [503] * 4
    assert inquire(world, "GIVEUP") is not None


def test_a_withheld_confirmation_can_be_sent_later_and_again(world: World) -> None:
    paid = pay(world, qr=code(), callback="withhold")
    assert world.portal.knocks == []
    for times in (1, 2):
        world.http.post(f"/bank/v1/payments/{paid['transactionId']}/confirmations")
        assert [knock.said["transactionId"] for knock in world.portal.knocks] == [paid["transactionId"]] * times


def test_a_duplicate_confirmation_says_the_same_twice(world: World) -> None:
    pay(world, qr=code(), callback="twice")
    first, second = world.portal.knocks
    assert first.body == second.body


def test_a_delayed_confirmation_comes_after_the_answer(world: World) -> None:
    paid = pay(world, qr=code(), delaySeconds=0.3, wait=False)
    assert paid["deliveries"] == []
    assert world.portal.knocks == []
    world.portal.wait_for(1)
    assert world.portal.knocks[0].said["transactionId"] == paid["transactionId"]


def test_a_wrong_amount_and_a_number_instead_of_text_can_be_ordered(world: World) -> None:
    pay(world, qr=code(150_000), amount="1499.00", numericAmount=True)
    (knock,) = world.portal.knocks
    assert knock.said["amount"] == 1499.0


@pytest.mark.parametrize(
    "order",
    [
        {"qr": "000201"},
        {"billerId": "000000000000000", "reference1": "A", "amount": "1.00"},
        {"billerId": PAYEE.biller_id, "amount": "1.00"},
        {"billerId": PAYEE.biller_id, "reference1": "A"},
        {"billerId": PAYEE.biller_id, "reference1": "A", "amount": "-1"},
        {"qr": "", "unheard": "of"},
    ],
)
def test_an_order_the_bank_cannot_fulfil_is_422_and_nothing_is_paid(world: World, order: dict[str, str]) -> None:
    assert world.http.post("/bank/v1/payments", json=order).status_code == 422
    assert world.portal.knocks == []


def inquire(world: World, reference: str, amount: int | None = None, days: int = 0) -> Any:
    client = Bank(world.environment["JUDIAO_BANK_URL"])
    day = bangkok_date(world.clock.now()) - timedelta(days=days)
    try:
        return client.inquire(Question(day, PAYEE.biller_id, reference, REFERENCE_2, amount))
    finally:
        client.close()


def test_the_portals_own_client_finds_a_payment_by_inquiry(world: World) -> None:
    paid = pay(world, qr=code(reference="ASKED"))
    found = inquire(world, "ASKED", 150_000)
    assert (found.transaction_id, found.satang) == (paid["transactionId"], 150_000)
    assert inquire(world, "ASKED") == found


def test_an_inquiry_about_another_amount_day_or_reference_finds_nothing(world: World) -> None:
    pay(world, qr=code(reference="NOTASKED"))
    assert inquire(world, "NOTASKED", 1) is None
    assert inquire(world, "NOTASKED", days=1) is None
    assert inquire(world, "NOBODY") is None


def columns(line: bytes, first: int, last: int) -> str:
    return line[first - 1 : last].decode("cp874").rstrip()


def test_the_statement_has_256_columns_and_right_totals(world: World) -> None:
    yesterday = (world.clock.now() - timedelta(days=1)).astimezone(BANGKOK).replace(hour=9, minute=30, second=15)
    payer = "นางสาวมะลิ ตัวอย่าง" + "ก" * 60
    for amount in ("1500.00", "300.25"):
        pay(
            world, qr=code(), amount=amount, payerName=payer, paidAt=yesterday.isoformat(), callback="withhold"
        )  # fmt: skip
    answer = world.http.get(f"/bank/v1/reconciliation/{PAYEE.biller_id}/{yesterday:%Y-%m-%d}")
    assert answer.content.endswith(b"\r\n")
    lines = answer.content.split(b"\r\n")[:-1]
    assert [len(line) for line in lines] == [256] * 4
    head, first, second, total = lines
    assert [columns(line, 1, 7) for line in lines] == ["H000001", "D000002", "D000003", "T000004"]
    assert {columns(line, 8, 20) for line in lines} == {f"006{PAYEE.account}"}
    assert (columns(head, 21, 60), columns(head, 61, 68)) == ("เทศบาลเมืองตัวอย่าง", f"{yesterday:%d%m%Y}")
    assert (columns(first, 21, 28), columns(first, 29, 34)) == (f"{yesterday:%d%m%Y}", "093015")
    assert columns(first, 35, 84) == payer[:50]
    assert (columns(first, 85, 104), columns(first, 105, 124)) == (REFERENCE_1, REFERENCE_2)
    assert (columns(first, 125, 144), columns(first, 145, 163)) == ("", "00010000CCSH0000000")
    assert [columns(line, 164, 176) for line in (first, second)] == ["0000000150000", "0000000030025"]
    assert (columns(first, 197, 211), columns(first, 244, 246)) == (PAYEE.biller_id, "014")
    assert columns(total, 21, 58) == "0000000000000" + "000000" + "0000000180025" + "000002"


def test_a_day_without_payments_has_a_statement_with_nothing_in_it(world: World) -> None:
    answer = world.http.get(f"/bank/v1/reconciliation/{agencies()[1].biller_id}/2026-01-01")
    assert [line[:1] for line in answer.content.split(b"\r\n")[:-1]] == [b"H", b"T"]
    assert world.http.get("/bank/v1/reconciliation/000000000000000/2026-01-01").status_code == 404


def slip_fields(html: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    return {name: value.replace("&amp;", "&") for name, value in fields.items()}


def test_a_payer_sees_whom_and_how_much_pays_once_and_is_led_back(world: World) -> None:
    back = f"{world.portal_url}/my"
    shown = world.http.get("/bank/pay", params={"qr": code(reference="PAGE"), "back": back})
    assert "เทศบาลเมืองตัวอย่าง" in shown.text
    assert "1,500.00" in shown.text
    for _ in range(2):
        paid = world.http.post("/bank/pay", params={"back": back}, data=slip_fields(shown.text))
        assert paid.status_code == 303
    world.portal.wait_for(1)
    proof = world.http.get(shown.url.join(paid.headers["Location"]))
    assert "จ่ายแล้ว" in proof.text
    assert f'href="{back}"' in proof.text
    assert inquire(world, "PAGE") is not None
    again = world.http.get("/bank/pay", params={"qr": code(reference="PAGE")})
    assert "วันนี้มีการจ่ายบิลเลขอ้างอิงนี้แล้ว" in again.text
    assert len(world.portal.knocks) == 1


def test_a_bill_without_amount_asks_for_one_and_says_what_is_wrong(world: World) -> None:
    shown = world.http.get("/bank/pay", params={"qr": code(None)})
    assert 'name="amount"' in shown.text
    wrong = world.http.post("/bank/pay", data={**slip_fields(shown.text), "amount": "many"})
    assert wrong.status_code == 422
    assert "ใส่จำนวนเงินเป็นบาท เช่น 1500.00" in wrong.text
    right = world.http.post("/bank/pay", data={**slip_fields(wrong.text), "amount": "1,250.50"})
    assert right.status_code == 303
    world.portal.wait_for(1)
    assert world.portal.knocks[0].said["amount"] == "1250.50"
    assert "1,250.50" in world.http.get(shown.url.join(right.headers["Location"])).text


def test_a_bill_can_be_given_by_its_references_instead_of_a_code(world: World) -> None:
    bill = {"billerId": PAYEE.biller_id, "reference1": "TYPED", "reference2": REFERENCE_2, "amount": "99.50"}
    shown = world.http.get("/bank/pay", params=bill)
    assert world.http.post("/bank/pay", data=slip_fields(shown.text)).status_code == 303
    world.portal.wait_for(1)
    assert inquire(world, "TYPED", 9_950) is not None


@pytest.mark.parametrize("qr", ["nonsense", "00020163040000"])
def test_a_code_that_cannot_be_read_is_422_and_kept_on_the_page(world: World, qr: str) -> None:
    shown = world.http.get("/bank/pay", params={"qr": qr})
    assert shown.status_code == 422
    assert f">{qr}</textarea>" in shown.text


def test_a_payee_the_bank_does_not_know_cannot_be_paid(world: World) -> None:
    shown = world.http.get("/bank/pay", params={"qr": code(biller="099400016550100")})
    assert shown.status_code == 422
    assert "ธนาคารไม่รู้จักผู้รับเงินรายนี้" in shown.text


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_the_way_back_leads_to_the_portal_and_nowhere_else(world: World, back: str) -> None:
    for address in (back, world.portal_url + ".elsewhere.example/"):
        shown = world.http.get("/bank/pay", params={"qr": code(), "back": address})
        assert "elsewhere.example" not in re.findall(r'<a href="([^"]*)"', shown.text)[-1]
        assert f'<a href="{world.portal_url}"' in shown.text
