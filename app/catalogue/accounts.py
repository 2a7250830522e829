"""The question kind that is a bank account: the bank, the number, and the name it is kept under."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from pydantic import JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Refused, named
from app.catalogue.texts import NBSP, Text
from app.core.thai import arabic

BANKS: Final[Mapping[str, Text]] = {
    "002": Text(th="ธนาคารกรุงเทพ", en="Bangkok Bank"),
    "004": Text(th="ธนาคารกสิกรไทย", en="Kasikornbank"),
    "006": Text(th="ธนาคารกรุงไทย", en="Krungthai Bank"),
    "011": Text(th="ธนาคารทหารไทยธนชาต", en="TMBThanachart Bank"),
    "014": Text(th="ธนาคารไทยพาณิชย์", en="Siam Commercial Bank"),
    "022": Text(th="ธนาคารซีไอเอ็มบี ไทย", en="CIMB Thai Bank"),
    "024": Text(th="ธนาคารยูโอบี", en="United Overseas Bank (Thai)"),
    "025": Text(th="ธนาคารกรุงศรีอยุธยา", en="Bank of Ayudhya"),
    "030": Text(th="ธนาคารออมสิน", en="Government Savings Bank"),
    "033": Text(th="ธนาคารอาคารสงเคราะห์", en="Government Housing Bank"),
    "034": Text(th="ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", en="Bank for Agriculture and Agricultural Cooperatives"),
    "066": Text(th="ธนาคารอิสลามแห่งประเทศไทย", en="Islamic Bank of Thailand"),
    "067": Text(th="ธนาคารทิสโก้", en="TISCO Bank"),
    "069": Text(th="ธนาคารเกียรตินาคินภัทร", en="Kiatnakin Phatra Bank"),
    "073": Text(th="ธนาคารแลนด์ แอนด์ เฮ้าส์", en="Land and Houses Bank"),
}
"""Banks by the code of the Bank of Thailand (from memory: confirm before launch)."""


class BankAccountQuestion(Asking):
    """An account at a bank in Thailand, stored as {bank, number, holder}; the number has 10 to 15 digits."""

    parts: ClassVar[tuple[str, ...]] = ("bank", "number", "holder")
    keyboard: ClassVar[str] = "numeric"

    kind: Literal["bank_account"]

    @property
    def banks(self) -> Mapping[str, Text]:
        """What there is to choose from."""
        return BANKS

    @override
    def nothing_said(self) -> Text:
        sample = Text(th="ธนาคารกรุงไทย 123-4-56789-0", en="Krungthai Bank 123-4-56789-0")
        return self.ask(
            Text(th="ใส่{name} ให้มีธนาคาร เลขที่บัญชี และชื่อบัญชี", en="Enter the {name}: bank, number and account name"), sample
        )

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        if typed["bank"] not in BANKS:
            rule = Text(
                th="เลือกธนาคารของ{name} เช่น ธนาคารกรุงไทย",
                en="Choose the bank of the {name}, for example Krungthai Bank",
            )
            raise Refused(rule.filled(name=named(self.name)), "bank")
        number = re.sub(r"[\s\-\u2010-\u2015]", "", arabic(typed["number"]))
        if not re.fullmatch(r"\d{10,15}", number):
            rule = Text(
                th="ใส่เลขที่บัญชีของ{name}เป็นตัวเลข 10 ถึง 15 หลัก เช่น 123-4-56789-0",
                en="Enter the number of the {name} with 10 to 15 digits, for example 123-4-56789-0",
            )
            raise Refused(rule.filled(name=named(self.name)), "number")
        if not 2 <= len(typed["holder"]) <= 150:
            rule = Text(
                th="ใส่ชื่อบัญชีของ{name}ตามหน้าสมุด เช่น นางสาวมะลิ ตัวอย่าง",
                en="Enter the account name of the {name} as in the bank book, for example Miss Mali Tuayang",
            )
            raise Refused(rule.filled(name=named(self.name)), "holder")
        return {"bank": typed["bank"], "number": number, "holder": typed["holder"]}

    @override
    def fill(self, value: JsonValue) -> dict[str, str]:
        held = value if isinstance(value, dict) else {}
        return {f"{self.key}.{part}": str(held.get(part) or "") for part in self.parts}

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        if not isinstance(value, dict) or str(value.get("bank")) not in BANKS:
            return ""
        number = str(value.get("number") or "")
        written = "-".join((number[:3], number[3:4], number[4:9], number[9:])) if len(number) == 10 else number
        return f"{BANKS[str(value['bank'])].to(lang)} {written.replace(' ', NBSP)} · {value.get('holder') or ''}"
