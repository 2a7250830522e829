"""A form while it is filled: started, read as its pages need it, and filled by what the State already knows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import choices, forms, links, uploads
from app.applications.form_models import FormState, Prefill, SingleForm, Upload, UploadState
from app.applications.forms import Held
from app.applications.inspection import Problem as FileProblem
from app.applications.links import Linked
from app.catalogue import answers, choosing, needed
from app.catalogue.answers import Missing
from app.catalogue.asking import Given as PortalGiven
from app.catalogue.choosing import Swap
from app.catalogue.conditions import Answers
from app.catalogue.effort import Effort, effort
from app.catalogue.merging import AskedDocument, Form
from app.catalogue.registries import Registry
from app.catalogue.schema import Service, Topic
from app.catalogue.seeing import with_computed
from app.catalogue.texts import Text
from app.core import jobs
from app.core.clock import bangkok_date
from app.core.errors import NotFound
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.papers import sheets, signers
from app.papers.models import Signer
from app.stories import acting, companies, dating, linking, quoting, sources, voiding
from app.stories.house import House
from app.stories.linking import Evidence


@dataclass(frozen=True)
class Draft:
    """A form as its pages need it: what is asked, what was answered, what is attached."""

    form: SingleForm
    services: tuple[Service, ...]
    """What the answers call for: what was chosen, with what had to be swapped."""
    swaps: tuple[Swap, ...]
    shape: Form
    held: Mapping[str, Held]
    _read_files: Callable[[], Mapping[str, Upload]]
    _read_papers: quoting.Read
    _read_records: Callable[[], Mapping[str, Linked]]
    _read_signers: Callable[[], Sequence[Signer]]
    registries: Mapping[str, Registry]
    """Every registry of the catalogue."""
    today: date
    twin: str = ""
    """The document for which a file was just refused because another one has it."""
    outdated: tuple[Service, ...] = ()
    """What was chosen in a version that is no longer in force: it moves on before the form is sent (`catching_up`)."""

    @cached_property
    def files(self) -> Mapping[str, Upload]:
        """What is attached, by document; read when a page first asks for it."""
        return self._read_files()

    @cached_property
    def records(self) -> Mapping[str, Linked]:
        """What registries said of records, by registry; read only where the form has any use for them."""
        linked = any(key in self.registries and self.registries[key].linked for key in self.shape.registries)
        return self._read_records() if linked else {}

    @cached_property
    def values(self) -> dict[str, Any]:
        """Answers that fit, by question key, with what is computed from them."""
        return with_computed(self.shape.questions.values(), forms.values(self.held), self.wrong)

    @cached_property
    def wrong(self) -> dict[str, Text]:
        """What the pages said of answers that do not fit, by question key."""
        return {key: Text.model_validate(held.problem) for key, held in self.held.items() if held.problem}

    @cached_property
    def topics(self) -> list[Topic]:
        """The pages that have something to ask now."""
        return answers.visible_topics(self.shape, self.values)

    @cached_property
    def unfetched(self) -> frozenset[str]:
        """Registries whose data is not there, so that their documents must be uploaded."""
        return sources.unfetched(self.registries, self.form, self.records, self.values)

    @cached_property
    def typed(self) -> frozenset[str]:
        """Questions answered by people, also where a registry said otherwise: their word alone waives no document."""
        return frozenset(key for key, held in self.held.items() if not held.from_registry)

    @cached_property
    def documents(self) -> list[AskedDocument]:
        """What must be uploaded now."""
        return needed.documents_needed(self.shape, self.values, self.unfetched, self.typed)

    @cached_property
    def fetched_documents(self) -> list[AskedDocument]:
        """What the registries replace."""
        mine = {asked.key for asked in self.documents}
        everything = needed.documents_needed(self.shape, self.values, frozenset(self.registries))
        return [asked for asked in everything if asked.key not in mine]

    @cached_property
    def produced_documents(self) -> list[tuple[AskedDocument, Service]]:
        """What a service of this form will itself issue."""
        return needed.documents_produced(self.shape, self.values)

    def evidence(self, asked: AskedDocument) -> Evidence | None:
        """What the registry said instead of a document that was fetched."""
        registry = self.registries.get(asked.document.waived_by or "")
        if registry is None:
            return None
        if registry.linked:
            return linking.evidence(registry, self.records[registry.key])
        mine = [
            q for q in self.shape.questions.values() if (h := self.held.get(q.key)) and h.source == registry.name.th
        ]
        return linking.of_answers(registry, mine, self.values, self.form.prefill_at)

    @cached_property
    def signers(self) -> Sequence[Signer]:
        """Who was asked to sign papers of it online."""
        return self._read_signers() if self.form.signing else ()

    @cached_property
    def stale(self) -> Mapping[str, tuple[Text, ...]]:
        """Documents whose prepared paper says something else than the answers now, and which answers changed."""
        return quoting.stale(self.shape, self.documents, self.values, self.files, self._read_papers)

    @cached_property
    def aged(self) -> Mapping[str, FileProblem]:
        """Documents whose file was issued too long ago by now, and what to do."""
        dated = [(asked, self.files[asked.key].issued_on) for asked in self.documents if asked.key in self.files]
        found = {asked.key: dating.too_old(asked.document, day, self.today) for asked, day in dated}
        return {key: problem for key, problem in found.items() if problem is not None}

    @cached_property
    def missing(self) -> list[Missing]:
        """Everything between this form and sending it, in reading order."""
        clean = (
            {key for key, upload in self.files.items() if upload.state is UploadState.CLEAN}
            - self.stale.keys()
            - self.aged.keys()
        )
        return answers.missing(self.shape, self.values, clean, self.unfetched, self.typed, self.wrong)

    @cached_property
    def effort(self) -> Effort:
        """What is asked and uploaded here, against a separate form at every agency."""
        fetched = {key for key, held in self.held.items() if held.from_registry}
        filled = {key for key, held in self.held.items() if held.value is not None and held.untouched}
        return effort(self.shape, self.values, fetched, self.unfetched, self.typed, filled)

    def topic(self, key: str) -> Topic:
        """One page by its key, else NotFound."""
        for topic in self.topics:
            if topic.key == key:
                return topic
        raise NotFound


def start(
    db: Session,
    house: House,
    citizen: CitizenSession,
    slugs: Sequence[str],
    language: str,
    now: datetime,
    said: Answers = MappingProxyType({}),
) -> SingleForm:
    """Open a form for one or more services of the catalogue, in the versions of today.

    `said`: what the person already answered in the quiz; what the form asks of it is there from the start.
    """
    if not slugs or any(slug not in house.catalogue.services for slug in slugs):
        raise NotFound
    acting.within_mandate(citizen, slugs)
    companies.must_operate(db, citizen, now)
    chosen = [(slug, house.catalogue.services[slug].version) for slug in dict.fromkeys(slugs)]
    shape = house.shape([house.catalogue.services[slug] for slug in dict.fromkeys(slugs)])
    told = {key: value for key, value in said.items() if key in shape.questions}
    given = {**told, **given_answers(house, citizen)}
    form = forms.start(
        db, citizen.applicant_id, citizen.person_id, chosen, language, sessions.actor(citizen), now, given
    )
    acting.tell_principal(db, citizen, "agent_started", now, href=f"/forms/{form.id}", reference=form.reference)
    return form


def given_answers(house: House, citizen: CitizenSession) -> dict[str, str]:
    """What the portal itself answers, by question."""
    return {q.key: _given(q.given, citizen) for q in house.catalogue.questions.values() if q.given}


def _given(what: PortalGiven, citizen: CitizenSession) -> str:
    """What the portal itself answers: for whom the session acts."""
    return {"applicant_kind": str(citizen.party_kind)}[what]


def draft(db: Session, house: House, citizen: CitizenSession, form_id: UUID) -> Draft:
    """My form, whether still open or sent, for reading."""
    return with_shape(db, house, forms.to_read(db, citizen.applicant_id, form_id))


def with_shape(db: Session, house: House, form: SingleForm) -> Draft:
    """The same where the form was read already (and perhaps locked)."""
    chosen, held = services_of(db, house, [form.id])[form.id], forms.answers(db, form.id)
    settled = choosing.settle(house.catalogue, chosen, forms.values(held))
    files, records = partial(uploads.of_form, db, form.id), partial(links.of_form, db, form.id)
    papers, asked = partial(sheets.several, db), partial(signers.of_form, db, form.id)
    shape, registries = house.shape(settled.services), house.catalogue.registries
    now = (form, settled.services, settled.swaps, shape, held)
    today = bangkok_date(house.clock.now())
    return Draft(*now, files, papers, records, asked, registries, today, outdated=_outdated(house, form, chosen))


def _outdated(house: House, form: SingleForm, chosen: Iterable[Service]) -> tuple[Service, ...]:
    """What a draft holds in an older version; a correction stays with the version it was filed under (Act s.7)."""
    if form.corrects is not None or form.state is not FormState.DRAFT:
        return ()
    current = house.catalogue.services
    return tuple(one for one in chosen if one.slug in current and current[one.slug].version > one.version)


def services_of(db: Session, house: House, form_ids: Sequence[UUID]) -> dict[UUID, tuple[Service, ...]]:
    """What each of these forms was begun for, in the versions of that day."""
    return {
        form_id: tuple(house.service(db, slug, version) for slug, version in chosen)
        for form_id, chosen in choices.of_forms(db, form_ids).items()
    }


def called_for(db: Session, house: House, form_ids: Sequence[UUID]) -> dict[UUID, tuple[Service, ...]]:
    """What each of these drafts is for, as its answers stand: a chosen service may have become another."""
    chosen = services_of(db, house, form_ids)
    open_ = [of for of, services in chosen.items() if any(choosing.alternatives(house.catalogue, s) for s in services)]
    said = forms.values_of(db, open_)
    return chosen | {of: choosing.settle(house.catalogue, chosen[of], said[of]).services for of in open_}


def shape_of(db: Session, house: House, form: SingleForm) -> Form:
    """Everything the form could come to ask, whatever the answers, for those who need neither answers nor files."""
    return house.shape(choosing.reachable(house.catalogue, services_of(db, house, [form.id])[form.id]))


def ask_registries(db: Session, form: SingleForm, now: datetime, *, allowed: bool) -> None:
    """After the notice is acknowledged: fetch in a job if the person allows it, else they type themselves."""
    form.acknowledged_at = form.acknowledged_at or now
    if form.prefill in {Prefill.QUEUED, Prefill.DONE}:
        return
    if not allowed:
        form.prefill = Prefill.DECLINED
        return
    form.prefill = Prefill.QUEUED
    jobs.enqueue(db, "prefill", once=f"prefill:{form.id}", form_id=str(form.id))


def edited(db: Session, form: SingleForm, shape: Form, now: datetime) -> None:
    """Answers of the form changed: what people signed under other words is void."""
    if form.signing:
        voiding.after_edit(db, form, shape, with_computed(shape.questions.values(), forms.said(db, form.id)), now)


def told(db: Session, house: House, form: SingleForm, now: datetime) -> None:
    """The same when not the person's typing but a registry or another version of a service changed what it says."""
    if form.signing:
        edited(db, form, with_shape(db, house, form).shape, now)
