"""A service as the rest of the house sees it, complete in itself: a frozen version does not change with others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.catalogue.agencies import Agency, Contact, Office, Receiver, ToDepartment, ToLocalAuthority
from app.catalogue.ages import IssuedWithin
from app.catalogue.amounts import FeeRow, FlatFee, NoFee, YearlyFee
from app.catalogue.charges import ChoiceFee, Fee, KnownFee, LaterFee, Ordinance, OrdinanceFee
from app.catalogue.conditions import Condition
from app.catalogue.finding import Finding
from app.catalogue.guides import Recorded, Slides
from app.catalogue.kinds import Question
from app.catalogue.lives import LifeLaw
from app.catalogue.manual import (
    Appeal,
    Duration,
    Ground,
    Law,
    LicenceWording,
    Limit,
    Manual,
    MinimumIal,
    Need,
    Privacy,
    Retentions,
    Step,
    Validity,
)
from app.catalogue.papers import Prepared
from app.catalogue.quiz import Quiz
from app.catalogue.registries import Registry
from app.catalogue.renewals import Renewing
from app.catalogue.texts import Data, Key, Slug, Text, Words

__all__ = [
    "Agency",
    "Bundle",
    "Catalogue",
    "ChoiceFee",
    "Contact",
    "Document",
    "DocumentUse",
    "Fee",
    "FeeRow",
    "FlatFee",
    "KnownFee",
    "Need",
    "NoFee",
    "Office",
    "Ordinance",
    "OrdinanceFee",
    "Question",
    "Reason",
    "Service",
    "ServiceFacts",
    "Synonyms",
    "Text",
    "ToDepartment",
    "ToLocalAuthority",
    "Topic",
    "YearlyFee",
]


class Reason(Data):
    """Why an officer returns a document, chosen from a list."""

    key: Key
    text: Text


class Alternative(Data):
    """One of several documents, any one of which will do ("อย่างใดอย่างหนึ่ง")."""

    key: Key
    name: Text
    hint: Text | None = None


class Document(Data):
    """A document that services ask for (manual section 15)."""

    key: Key
    name: Text
    kind: Literal["identity", "other"]
    """15.1 proof of identity issued by the State, or 15.2 any other document."""
    issuer: Text
    originals: Annotated[int, Field(ge=0, le=20)] = 0
    copies: Annotated[int, Field(ge=0, le=20)] = 0
    unit: Text = Text(th="ฉบับ", en="copies")
    who_prepares: Literal["portal", "applicant"]
    waived_by: Key | None = None
    """The registry whose data replaces this document (E-Government Procedures Act B.E. 2565 s.12)."""
    alternatives: tuple[Alternative, ...] = ()
    """Any one of these will do: one requirement, and the person says which one the file is."""
    issued_within: IssuedWithin | None = None
    """How long ago it may have been issued; then the person gives the day of issue."""
    produced_by: tuple[Slug, ...] = ()
    """Services that issue it: nobody hands in what the same form applies for."""
    waived_when: Condition | None = None
    """When the registry's data replaces it; without a condition, always. Only what the registry itself said counts."""
    formats: tuple[Literal["pdf", "jpeg", "png"], ...] = ("pdf", "jpeg", "png")
    max_mb: Annotated[int, Field(ge=1, le=50)] = 10
    hint: Text | None = None
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]
    personal: bool = False
    sensitive: bool = False
    prepared: Prepared | None = None
    """The paper that the portal fills in for it, to be signed online or by hand."""

    @model_validator(mode="after")
    def _someone_provides_it(self) -> Self:
        if self.who_prepares == "portal" and self.waived_by is None:
            raise ValueError("a document prepared by the portal names the registry it comes from (waived_by)")
        if len(self.alternatives) == 1 or len({one.key for one in self.alternatives}) < len(self.alternatives):
            raise ValueError("alternatives are at least two, each with a key of its own")
        if self.waived_when is not None and self.waived_by is None:
            raise ValueError("waived_when says when the registry named in waived_by replaces the document")
        return self


class DocumentUse(Data):
    """One service's need of a document: under which condition, and what is special about it here."""

    document: Document
    when: Condition | None = None
    note: Text | None = None

    @property
    def key(self) -> str:
        """The key of the document."""
        return self.document.key


class Topic(Data):
    """One page of the form: questions that belong together."""

    key: Key
    title: Text
    lead: Text | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Synonyms(Data):
    """Other words people use for a service when they search."""

    th: tuple[Words, ...] = ()
    en: tuple[Words, ...] = ()


class ServiceFacts(Data):
    """Everything about a service but its questions and documents."""

    version: Annotated[int, Field(ge=1)]
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{2,39}$")]
    dga_ids: tuple[Words, ...] = ()
    name: Text
    short_name: Text
    summary: Text
    owner: Text
    last_reviewed: date
    life_events: tuple[Key, ...] = ()
    synonyms: Synonyms = Synonyms()
    min_ial: MinimumIal = Decimal("2.3")
    """The lowest identity assurance level that may submit (ETDA/DGA IAL)."""
    receiver: Receiver
    known_by: Key | None = None
    """The question whose answer names a case in lists, such as the shop's name."""

    duration: Duration
    completeness_check: Duration
    deficiency: Duration = Duration(n=10, unit="working_days")
    """How long the person has to complete what one deficiency notice lists (s.8)."""
    payment: Duration
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    fee: Fee
    later_fees: tuple[LaterFee, ...] = ()
    """What falls due at another time: every year, for a replacement."""
    laws: Annotated[tuple[Law, ...], Field(min_length=1)]
    limits: tuple[Limit, ...] = ()
    needs: tuple[Need, ...] = ()
    """Other licences this one rests on."""
    two_hands: bool = False
    """Whoever checked an application may not be the one who decides it (maker–checker)."""
    declared_level: Literal["L1", "L2", "L3"] | None = None
    """The OPDC level the agency has declared for the service; None: nothing was declared."""
    declarations: Annotated[tuple[Text, ...], Field(min_length=1)]
    grounds: Annotated[tuple[Ground, ...], Field(min_length=1)]
    appeal: Appeal

    result: Literal["licence", "certificate", "receipt_only"]
    result_name: Text
    delivery: Text | None = None
    """How what `result_name` names reaches the applicant when the portal issues no document (`receipt_only`)."""
    number_prefix: Annotated[str, StringConstraints(pattern=r"^[ก-ฮA-Z][ก-ฮ.A-Z]{0,7}$")]
    """What the numbers of its applications and licences begin with."""
    validity: Validity
    renewal: Text
    renewing: Renewing | None = None
    """When and how what it gives is renewed; None: never, or not here."""
    licence: LicenceWording | None = None

    privacy: Privacy
    retention: Annotated[Retentions, Field(min_length=1)]
    manual: Manual

    @model_validator(mode="after")
    def _result_is_described(self) -> Self:
        if (self.result == "receipt_only") == (self.licence is not None):
            raise ValueError("licence wording belongs to results licence and certificate, and only to them")
        if (self.result == "receipt_only") != (self.delivery is not None):
            raise ValueError("delivery says how a result without a document reaches the applicant, and only that")
        if self.deficiency.unit == "minutes" or self.deficiency.n < 7:
            raise ValueError("the time to complete an application is at least 7 days")
        if self.renewing and self.renewing.by != "none" and (self.licence is None or self.validity.unit == "none"):
            raise ValueError("only a document that ends is renewed: see licence and validity, or renew by none")
        return self


class Service(ServiceFacts):
    """One service of one kind of agency, with its questions and documents written out in full."""

    slug: Slug
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    documents: tuple[DocumentUse, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question of the service in reading order."""
        return tuple(question for topic in self.topics for question in topic.questions)

    def question(self, key: str) -> Question:
        """One question of the service. Raises StopIteration for a key it does not have."""
        return next(question for question in self.questions if question.key == key)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that people answer: all but those the portal answers or works out itself."""
        return tuple(question for question in self.questions if question.asked)


class Bundle(Data):
    """Services that people mostly need together: what one event in life or business comes to."""

    key: Key
    name: Text
    summary: Text
    services: Annotated[tuple[Slug, ...], Field(min_length=2)]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything that can be asked for, as loaded. Compared by identity: it is read once and never changes."""

    services: Mapping[str, Service]
    agencies: Mapping[str, Agency]
    questions: Mapping[str, Question]
    documents: Mapping[str, Document]
    ordinances: Mapping[str, Ordinance]
    bundles: Mapping[str, Bundle]
    order: Mapping[str, int]
    """The one reading order: "topic:key", "question:key" and "document:key" to a position."""
    finding: Finding = field(default_factory=Finding)
    quiz: Quiz = field(default_factory=Quiz)
    registries: Mapping[str, Registry] = field(default_factory=dict)
    guides: Mapping[str, Slides | Recorded] = field(default_factory=dict)
    """By service: a film or recording that shows how it goes."""
    lives: Mapping[str, LifeLaw] = field(default_factory=dict)
    """By service: the law that its licences live under once they are issued."""

    @cached_property
    def registry_named(self) -> Mapping[str, Registry]:
        """Registries by their Thai name, as answers carry it."""
        return {registry.name.th: registry for registry in self.registries.values()}

    def fee(self, service: Service, agency: Agency) -> KnownFee:
        """The fee of a service at an agency: its own, or that of the local authority's ordinance."""
        if isinstance(service.fee, OrdinanceFee):
            return self.ordinances[agency.code].fees[service.slug]
        return service.fee
