"""What an application costs, and the bill for it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.applications import deadlines
from app.applications.deadlines import Unit
from app.applications.models import Application
from app.billing import bills, fees
from app.billing.bills import Payee, Payer, items_of
from app.billing.fees import Quote
from app.billing.models import Bill
from app.catalogue.agencies import Agency
from app.catalogue.conditions import Answers
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.core.events import Actor
from app.licences.models import Licence
from app.stories.house import House
from app.stories.pay_by import due_moment


def quote(
    house: House, service: Service, agency: Agency, answers: Answers, on: date | None, renews: Licence | None = None
) -> Quote:
    """What these answers cost at this agency when filed `on`; a renewal may cost something else. Raises Invalid."""
    fee = house.catalogue.fee(service, agency)
    if renews is None or renews.valid_until is None or service.renewing is None:
        return fees.quote(service, fee, answers, on=on)
    return fees.renewal(service, fee, answers, renews.valid_until, on or renews.valid_until)


def bill(
    db: Session,
    house: House,
    service: Service,
    application: Application,
    actor: Actor,
    now: datetime,
    within: date | None = None,
) -> Bill:
    """Issue the bill for the fees that were frozen when the application was sent.

    `within`: a day after which another amount would be due, so that nobody pays this one later.
    """
    agency = house.agency(application.agency_code)
    last_day = deadlines.days_after(bangkok_date(now), service.payment.n, Unit(service.payment.unit))
    if within is not None and due_moment(within) > now:
        last_day = min(last_day, within)
    return bills.issue(
        db,
        payee=Payee(agency.code, agency.name.th, agency.name.en, agency.biller_id),
        payer=Payer(application.applicant_id, application.applicant_name),
        items=items_of(Quote.from_json(application.quote), application.id, agency.code),
        due_at=due_moment(last_day),
        actor=actor,
        now=now,
    )
