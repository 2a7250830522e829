"""Contexts of the single form, from its notice to the page that says it was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.effort import Effort
from app.catalogue.schema import Document, Text
from app.catalogue.texts import Unit
from app.pages.contexts.frame import FeeLine, FieldView, FileView, Page
from app.pages.contexts.linked import EvidenceView, LinkView

TaskState = Literal["not_started", "doing", "done", "problem", "locked", "fetching"]
DocumentState = Literal["missing", "checking", "clean", "refused", "fetched", "produced", "stale"]
PrefillState = Literal["not_asked", "queued", "done", "nothing_found", "unreachable", "declined"]


@dataclass(frozen=True)
class SwapView:
    """The answers called for another service: what was chosen, what it became, why, and where to change the answer."""

    chosen: Text
    became: Text
    because: Text
    question: Text
    topic: str
    href: str


@dataclass(frozen=True, kw_only=True)
class FormHead:
    """The draft every form page speaks of: its reference, what it is for, how long it is kept."""

    id: UUID
    reference: str
    slugs: tuple[str, ...]
    services: tuple[Text, ...]
    saved_at: datetime
    expires_on: date
    swaps: tuple[SwapView, ...] = ()
    corrects: UUID | None = None
    """The sent form that this draft is to replace."""
    outdated: tuple[Text, ...] = ()
    """The services that got a newer version since the draft was begun."""
    renews: bool = False
    """Whether it is to renew a licence, which has a page of its own."""


# — The single form ————————————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class NoticeSection:
    """One heading of the privacy notice and its paragraphs, word for word as it is hashed and kept."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConsentAsked:
    """One optional use: the field name, exactly what is asked, and what the person answered before."""

    purpose: str
    text: str
    given: bool = False


@dataclass(frozen=True, kw_only=True)
class NoticePage(Page):
    """`citizen/notice.html`: what will happen to the data, before anything is fetched."""

    services: tuple[Text, ...]
    sections: tuple[NoticeSection, ...]
    consents: tuple[ConsentAsked, ...]
    version: str
    action: str
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class TopicTask:
    """A topic in the task list. `answered` of `asked` questions have an answer; `optional`: none has, and none must."""

    key: str
    title: Text
    state: TaskState
    answered: int
    asked: int
    problems: int = 0
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class TasksPage(Page):
    """`citizen/tasks.html`."""

    form: FormHead
    prefill: PrefillState
    topics: tuple[TopicTask, ...]
    documents: TaskState
    documents_missing: int
    check: TaskState
    unasked: bool
    """Something was said that the form did not ask."""
    reused: tuple[str, int] | None = None
    """The earlier form that answers were taken from, and how many stand here as they were taken."""


@dataclass(frozen=True, kw_only=True)
class FetchedPanel:
    """What one registry told us: read-only rows (label, value), and where a POST says that it is wrong."""

    source: Text | str
    at: datetime
    rows: tuple[tuple[Text, str], ...]
    correct_href: str = ""


@dataclass(frozen=True, kw_only=True)
class TopicPage(Page):
    """`citizen/topic.html`: one page of questions. `number` of `total` counts pages from 1."""

    form: FormHead
    key: str
    title: Text
    lead: Text | None
    number: int
    total: int
    prefill: PrefillState
    panels: tuple[FetchedPanel, ...]
    fields: tuple[FieldView, ...]
    rules: str
    """By which its questions come and go while somebody types (`catalogue.courtesy`); "" when none does."""
    used_by: tuple[Text, ...]
    """The services that ask everything on this page; empty when they differ from question to question."""
    action: str
    token: str = ""
    reused: tuple[str, tuple[Text, ...]] | None = None
    """The earlier form that answers on this page were taken from, and which they are."""


@dataclass(frozen=True, kw_only=True)
class KeptView:
    """A verified document of mine: its file, the application in which it was checked, and until when it serves."""

    upload_id: UUID
    name: Text
    file: str
    size: str
    number: str
    agency: Text
    attached_on: date
    until: date


@dataclass(frozen=True, kw_only=True)
class VaultPage(Page):
    """`citizen/vault.html`: what can be used again, and forms to begin anew from."""

    documents: tuple[KeptView, ...]
    forms: tuple[tuple[str, str, tuple[Text, ...], datetime, str], ...]
    """Reference, title, services, when it was sent, and where a new form from it begins."""


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """One document of the form. `needed_by` are the services that ask for it; `source` and `at` when it was fetched."""

    document: Document
    state: DocumentState
    needed_by: tuple[Text, ...]
    file: FileView | None = None
    problem: Text | None = None
    note: Text | None = None
    source: Text | str = ""
    at: datetime | None = None
    kept: KeptView | None = None
    """A verified file of an earlier application that can be used here."""
    may_be_both: bool = False
    """The same file was given for another document: the person may say that it holds both."""
    claimed: tuple[Text, ...] = ()
    """What the person said of the file: which document it is, when it was issued."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What stands in the boxes beside the file, after a mistake."""
    evidence: EvidenceView | None = None
    """What the registry said instead."""
    link: LinkView | None = None
    """How it stands with the registry that may replace it."""
    upload_id: str = ""
    """The file the page is drawn with, so that one attached meanwhile on another screen is not replaced unseen."""
    paper_href: str = ""
    """Where the paper is that the portal prepared for it."""
    changed: tuple[Text, ...] = ()
    """The answers it quotes that read differently since it was printed or signed (`stale`)."""
    waiting: tuple[str, ...] = ()
    """Who was asked to sign it online and has not."""
    signed: tuple[str, ...] = ()
    """Who signed it online."""
    from_paper: bool = False
    """The file is a prepared paper that came back: its code was read."""
    takes_more: bool = False
    """One more picture can be put behind it."""


@dataclass(frozen=True, kw_only=True)
class LooseView:
    """A paper that was sent back and is not in its place yet. `unread`: its code must be typed."""

    key: str
    file: FileView
    checking: bool
    problem: Text | None = None
    unread: bool = False


@dataclass(frozen=True, kw_only=True)
class DocumentsPage(Page):
    """`citizen/documents.html`."""

    form: FormHead
    documents: tuple[DocumentView, ...]
    papers: bool = False
    """Whether some of them are papers that the portal prepares."""
    loose: tuple[LooseView, ...] = ()
    paper_problem: Text | None = None
    """Why a file that was just sent as a paper was not taken."""
    token: str = ""
    asking: bool = False
    """A registry is being asked right now: the page looks again by itself."""


@dataclass(frozen=True, kw_only=True)
class PaperPage(Page):
    """`citizen/paper.html`: one paper that the portal prepared, as it reads now. `english`: what that means."""

    form: FormHead
    document: Text
    title: Text
    paragraphs: tuple[Text, ...]
    listed: tuple[tuple[Text, Text], ...]
    quoted: tuple[tuple[Text, Text, str], ...]
    """Each answer it quotes: name, how it reads, where it is changed ("" when the registries gave it)."""
    lacking: tuple[tuple[Text, str], ...]
    """What must be answered first, and where."""
    signers: tuple[Text, ...]
    online: bool
    drawing: bool
    note: Text | None
    state: DocumentState
    changed: tuple[Text, ...]
    here: str
    roles: tuple["RoleView", ...] = ()
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class SignerView:
    """Somebody who was asked to sign: where they are, and the link to hand over while they have not signed."""

    id: UUID
    name: str
    standing: Literal["waiting", "opened", "signed", "refused", "expired"]
    at: datetime | None
    until: date
    reason: str
    link: str
    voided: bool


@dataclass(frozen=True, kw_only=True)
class RoleView:
    """Who signs in one capacity. `named`: the answers say who; `more`: how many may still be asked."""

    key: str
    title: Text
    named: str
    least: int
    more: int
    signers: tuple[SignerView, ...]


@dataclass(frozen=True, kw_only=True)
class SignPage(Page):
    """`citizen/sign.html`: what somebody is asked to sign, and nothing else of the form."""

    asked_by: str
    role: Text
    title: Text
    paragraphs: tuple[Text, ...]
    listed: tuple[tuple[Text, Text], ...]
    note: Text | None
    standing: Literal["waiting", "opened", "signed", "refused", "expired"]
    at: datetime | None
    until: date
    voided: bool
    ready: bool
    """Whether it can be signed now: the form is a draft and nothing it quotes is missing."""
    sha256: str
    here: str
    why: str = ""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """One answer as it will be sent. `missing`: required and not answered; `source`: the registry it came from."""

    label: Text
    text: str
    href: str = ""
    source: Text | str = ""
    source_on: date | None = None
    missing: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckSection:
    """A topic on the check page."""

    title: Text
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True, kw_only=True)
class PartView:
    """What one application gets: its receiver, its fee in satang and its time, its answers and documents by name.

    `agency` and `satang` are None while the answers do not yet say where it goes and what it costs.
    """

    service: Text
    agency: Text | None
    office: Text | None
    satang: int | None
    duration: Text
    answers: tuple[Text, ...]
    documents: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    """`citizen/check.html`. `fees` is None while the answers do not yet say what they cost."""

    form: FormHead
    sections: tuple[CheckSection, ...]
    documents: tuple[DocumentView, ...]
    fees: tuple[FeeLine, ...] | None
    total_satang: int
    parts: tuple[PartView, ...]
    unasked: str
    """What the person says that the form did not ask."""
    effort: Effort
    declarations: tuple[Text, ...]
    idempotency_key: str
    token: str = ""


# — Afterwards —————————————————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class SentApplication:
    """One application on the confirmation page. `received_on` is the day it counts as received by law."""

    service: Text
    agency: Text
    office: Text | None
    phone: str
    number: str
    fee_satang: int
    received_on: date
    check_by: date
    answer_by: date
    allowed: int
    unit: Unit
    needs: tuple[Text, ...] = ()
    """Why it rests on other licences."""


@dataclass(frozen=True, kw_only=True)
class ConfirmationPage(Page):
    """`citizen/confirmation.html`. `receipt_href` is empty while the PDF is being made."""

    form_id: UUID
    reference: str
    submitted_at: datetime
    submitted_on: date
    applications: tuple[SentApplication, ...]
    receipt_href: str
