"""A town whose services leave evidence, made through the rooms' own commands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.billing import bills, payments, receipts
from app.billing.bills import Item, Payee, Payer
from app.billing.confirmation import CHANNEL, Confirmation
from app.billing.models import Bill
from app.core.events import SYSTEM, Actor
from app.licences import reserving
from app.licences import service as licences
from app.licences.reserving import Order
from app.licences.service import Signed
from tests.world import make_application

SLUG, TOWN = "food-premises-notification", "muang-tuayang"
LINKED = {"id_card": "dopa", "house_registration": "dopa"}
BANK = Actor("bank", None, "ธนาคารตัวอย่าง")
SIGNATURE = {
    "profile": "PAdES B-T",
    "subject": "Organization: เทศบาลเมืองตัวอย่าง",
    "issuer": "Common Name: CA ตัวอย่าง",
    "serial": "1f",
    "stamped_at": "2026-11-20T02:30:00+00:00",
    "stamped_by": "Common Name: TSA ตัวอย่าง",
}
CHECKED: dict[str, Any] = {
    "profile": "PDF/A-3a",
    "checker": "judiao.pdf.checking 1",
    "findings": [],
    "signature": SIGNATURE,
}


@dataclass
class Town:
    """One town and one moment; each method is one real command and returns what it made."""

    db: Session
    now: datetime
    made: int = 0

    def application(self, **other: Any) -> Application:
        """Sent on the web, with what the registries gave."""
        plain: dict[str, Any] = {
            "agency_code": TOWN,
            "linked_answers": {"dopa": 7},
            "linked_documents": LINKED,
            "fee_satang": 100,
        }
        return make_application(self.db, self.now, **plain | other)

    def bill(self, application: Application) -> Bill:
        """Issued for it."""
        return bills.issue(
            self.db,
            payee=Payee(TOWN, "เทศบาลเมืองตัวอย่าง", "Town", "099456900001201"),
            payer=Payer(application.applicant_id, application.applicant_name),
            items=[Item(application.id, TOWN, application.service_slug, "ค่าธรรมเนียม", "Fee", "กฎหมาย", 100)],
            due_at=self.now + timedelta(days=15),
            actor=SYSTEM,
            now=self.now,
        )

    def receipt(self, bill: Bill) -> None:
        """Paid at the bank; the receipt is a file."""
        self.made += 1
        said = Confirmation(
            channel=CHANNEL,
            transaction_id=f"T{self.made}",
            biller_id=bill.biller_id,
            ref1=bill.ref1,
            ref2=bill.ref2,
            satang=bill.amount_satang,
            paid_at=self.now,
        )
        payments.settle(self.db, said, self.now, BANK)
        numbered = receipts.reserve(self.db, bill.id, self.now, SYSTEM)
        receipts.attach(self.db, numbered.id, f"{self.made:064x}", self.now, SYSTEM)

    def licence(self, application: Application, checked: dict[str, Any] | None = None) -> None:
        """Reserved and issued with what the check of the file found."""
        self.made += 1
        order = Order(
            application_id=application.id,
            applicant_id=application.applicant_id,
            number_prefix="อห",
            service_slug=application.service_slug,
            service_version=1,
            agency_code=application.agency_code,
            holder=application.applicant_name,
            premises=application.premises_name,
            valid_from=date(2026, 11, 20),
            valid_until=None,
        )
        reserved = reserving.reserve(self.db, [order], self.now)[application.id]
        signed = Signed(
            f"{self.made:064x}", 1, self.now, "CN=x", "1f", "2e", timestamped=True, checked=checked or CHECKED
        )
        licences.issue(self.db, reserved.id, signed, SYSTEM, self.now)

    def whole(self, checked: dict[str, Any] | None = None) -> Application:
        """Everything a service at level three leaves behind, once."""
        application = self.application()
        self.receipt(self.bill(application))
        self.licence(application, checked)
        return application
