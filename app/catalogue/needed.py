"""Which documents a form needs under its answers: to bring, fetched instead, or issued by the same form. Pure."""

from collections.abc import Collection
from dataclasses import replace

from app.catalogue.conditions import Answers, facts, holds
from app.catalogue.merging import AskedDocument, Form
from app.catalogue.schema import Document, Service
from app.catalogue.seeing import seen


def documents_needed(
    form: Form, answers: Answers, unfetched: Collection[str] = (), typed: Collection[str] = ()
) -> list[AskedDocument]:
    """The documents to upload, in reading order, each with the services that need it given these answers.

    A document that a registry replaces is left out, unless that registry is named in `unfetched` (it did not answer, or
    the person chose not to fetch) or its data does not fit. `typed`: the questions that people answered themselves;
    where a registry could have answered, their word alone waives nothing. Nor is anybody asked for what a service of
    the same form issues.
    """
    said = seen(form.questions.values(), answers)[1]
    return [
        asked
        for asked in _applying(form, said)
        if producer(asked.document, form) is None and not _waived(asked.document, form, said, unfetched, typed)
    ]


def documents_apart(form: Form, answers: Answers) -> list[AskedDocument]:
    """Every document that the services ask for given these answers, whoever may bring it."""
    return _applying(form, seen(form.questions.values(), answers)[1])


def documents_produced(form: Form, answers: Answers) -> list[tuple[AskedDocument, Service]]:
    """The documents that a service of this form will itself issue, and which one."""
    return [
        (asked, service)
        for asked in documents_apart(form, answers)
        if (service := producer(asked.document, form)) is not None
    ]


def producer(document: Document, form: Form) -> Service | None:
    """The service of this form that issues the document."""
    return next((service for service in form.services if service.slug in document.produced_by), None)


def _applying(form: Form, said: Answers) -> list[AskedDocument]:
    """The documents that some service asks for under these answers, each with those services only."""
    found = []
    for asked in form.documents:
        uses = {slug: use for slug, use in asked.uses.items() if holds(use.when, said)}
        if uses:
            found.append(replace(asked, uses=uses))
    return found


def _waived(document: Document, form: Form, said: Answers, unfetched: Collection[str], typed: Collection[str]) -> bool:
    """Whether a registry replaces the document; while what decides is not answered, nobody is asked for it yet."""
    if document.waived_by is None or document.waived_by in unfetched:
        return False
    if not all(key in said for fact in facts(document.waived_when) for key in fact.questions):
        return True
    theirs = {q.key for q in form.questions.values() if q.prefill and q.prefill.registry == document.waived_by}
    unproven = theirs.intersection(typed)
    return holds(document.waived_when, {key: value for key, value in said.items() if key not in unproven})
