"""What a sent form became: one application for each service, where it went, by when it is answered, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.applications import cases, standing
from app.applications import receipt as paper
from app.applications.deadlines import Unit, days_after
from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.catalogue.agencies import Agency, Office
from app.catalogue.conditions import holds
from app.catalogue.schema import Need, Service
from app.core.thai import moment_long
from app.stories import signatures
from app.stories.house import House


@dataclass(frozen=True)
class Sent:
    """One application of a sent form."""

    application: Application
    service: Service
    agency: Agency
    office: Office | None

    @property
    def answer_by(self) -> date:
        """The last day for the answer by law, if everything is complete."""
        unit = Unit(self.service.duration.unit)
        if unit is Unit.MINUTES:
            return self.application.check_by
        return days_after(self.application.received_on, self.service.duration.n, unit)

    @property
    def needs(self) -> list[Need]:
        """The other licences it rests on, as it was answered."""
        said = {key: answer["value"] for key, answer in self.application.answers.items()}
        return [need for need in self.service.needs if holds(need.when, said)]


def of_form(db: Session, house: House, form: SingleForm) -> list[Sent]:
    """Every application that my form became, by number."""
    return [_sent(db, house, application) for application in cases.of_form(db, form.id)]


def _sent(db: Session, house: House, application: Application) -> Sent:
    service = house.service(db, application.service_slug, application.service_version)
    agency = house.agency(application.agency_code)
    return Sent(application, service, agency, agency.office(application.office_code or ""))


def submission(db: Session, house: House, form: SingleForm, sent_at: datetime) -> paper.Submission:
    """What the receipt of a submission says."""
    became = of_form(db, house, form)
    first, by = became[0].application, standing.of_form(db, form.id)
    return paper.Submission(
        id=str(form.id),
        reference=form.reference,
        applicant=first.applicant_name,
        sender=by.person_name if by else "",
        submitted_at=sent_at,
        received_on=first.received_on,
        applications=[_line(one) for one in became],
        answers=_answers(house, became),
        documents=_documents(became),
        spared=_spared(became),
        sha256=form.snapshot_sha256 or "",
        snapshot=(form.snapshot or "").encode(),
        track_url=f"{house.settings.base_url}/track/{form.reference.replace(' ', '-')}",
    )


def _line(one: Sent) -> paper.SentApplication:
    application = one.application
    return paper.SentApplication(
        service=one.service.name.th,
        version=application.service_version,
        agency=one.agency.name.th,
        office=one.office.name.th if one.office else "",
        number=application.number,
        fee_satang=application.fee_satang,
        check_by=application.check_by,
        answer_by=one.answer_by,
        duration=one.service.duration.words.th,
        answers=len(application.answers),
        documents=len(application.documents),
        needs=[need.why.th for need in one.needs],
    )


def _answers(house: House, became: Sequence[Sent]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every answer once, in the reading order of the one form."""
    said = {key: answer["value"] for one in became for key, answer in one.application.answers.items()}
    topics = [
        (
            topic.title.th,
            [(q.name.th, q.show(said[q.key], "th")) for q in topic.questions if q.key in said and q.given is None],
        )
        for topic in house.shape([one.service for one in became]).topics
    ]
    return [(title, rows) for title, rows in topics if rows]


def _signed(document: dict[str, Any]) -> list[str]:
    return [
        f"ลงนามออนไลน์โดย {name} ({role}) {moment_long(datetime.fromisoformat(at))} ThaID ระดับ {ial}"
        for role, name, ial, at in signatures.in_words(document)
    ]


def _spared(became: Sequence[Sent]) -> list[tuple[str, str, str]]:
    """What registries or services of the same form bring instead of the person, each document once."""
    names = {use.key: use.document.name.th for one in became for use in one.service.documents}
    kept = {linked["key"]: linked for one in became for linked in one.application.linked}
    return [(names[key], one["source"]["th"], one["reference"]) for key, one in kept.items() if key in names]


def _documents(became: Sequence[Sent]) -> list[paper.Attached]:
    names = {use.key: use.document.name.th for one in became for use in one.service.documents}
    files = {document["key"]: document for one in became for document in one.application.documents}
    return [
        paper.Attached(names[key], document["filename"], document["size"], document["pages"], _signed(document))
        for key, document in files.items()
    ]
