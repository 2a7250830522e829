"""People who act for a company of the town: its own human being, and an agent with a mandate."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import bangkok_date
from app.core.thai import be_year
from app.demo import schemes
from app.demo.acts import Filer
from app.demo.people import CITIZENS
from app.demo.roles import Citizen, Company
from app.stories import acting, entering, mandating
from app.stories.entering import Vouched
from app.stories.house import House


class CompanyFiler(Filer):
    """Somebody at the form who signed in with their company's account."""

    def __init__(self, house: House, company: Company) -> None:
        super().__init__(house, next(person for person in CITIZENS if person.key == company.person))
        self.company = company

    def _token(self, db: Session) -> str:
        provider = self.house.settings.companies
        if provider is None:
            raise TypeError("companies cannot sign in here")
        account = schemes.juristic(self.company, with_person=True)
        said = {"sub": account.subject, **account.claims}
        token = entering.company(
            db, self.house.keyring, Vouched(provider.issuer, said, "", "Chrome, Windows", "", self.now)
        )
        if not isinstance(token, str):
            raise TypeError("the account names its human being")
        return token

    def lets(self, agent: Citizen, how_long: timedelta) -> UUID:
        """Let somebody act in every service, for some time."""
        until = bangkok_date(self.now + how_long)
        typed = {
            "agent_name": [agent.name.th],
            "agent_citizen_id": [agent.citizen_id],
            "until.day": [str(until.day)],
            "until.month": [str(until.month)],
            "until.year": [str(be_year(until))],
            "scope": ["all"],
        }
        return self.does(
            lambda db: mandating.give(
                db, self.house, self.session(db), mandating.read(self.house, typed, self.now), self.now
            )
        )


class Agent(Filer):
    """Somebody who acts for whoever gave them `mandate`, which they accept when they first come."""

    mandate: UUID | None = None

    def _token(self, db: Session) -> str:
        token = super()._token(db)
        if self.mandate is None:
            return token
        me = self._found(db, token)
        if self.mandate not in {party.mandate_id for party in acting.parties(db, me, self.now)}:
            mandating.accept(db, me, self.mandate, self.now)
        return acting.change(db, self.house, me, str(self.mandate), self.now)
