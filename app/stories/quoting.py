"""Prepared papers of one form: what each says under these answers, and which of those in use quote something else now.

Pure over what the form's pages have read anyway.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from app.applications.form_models import Upload
from app.catalogue import papers
from app.catalogue.answers import visible_answers
from app.catalogue.conditions import Answers
from app.catalogue.merging import AskedDocument, Form
from app.catalogue.papers import Filled
from app.catalogue.texts import Text
from app.papers import sheets
from app.papers.models import Paper

Read = Callable[[Collection[UUID]], Mapping[UUID, Paper]]


def filled(shape: Form, asked: AskedDocument, answers: Answers) -> Filled | None:
    """The paper for one document of a form; None when the portal prepares none.

    What is listed besides the sentences is only what every service that gets the paper asks itself (PDPA s.22).
    """
    prepared = asked.document.prepared
    if prepared is None:
        return None
    said = visible_answers(shape.questions.values(), answers)
    shared = {key: q for key, q in shape.questions.items() if set(asked.services) <= set(shape.used_by[key])}
    return papers.fill(prepared, asked.key, shape.questions, shared, said)


def stale(
    shape: Form, documents: Iterable[AskedDocument], answers: Answers, files: Mapping[str, Upload], read: Read
) -> dict[str, tuple[Text, ...]]:
    """The documents whose paper no longer says what the answers say, each with the answers that changed."""
    theirs = {asked.key: asked for asked in documents}
    named = {key: one.paper_id for key, one in files.items() if one.paper_id is not None and key in theirs}
    if not named:
        return {}
    known, found = read(list(named.values())), dict[str, tuple[Text, ...]]()
    for key, paper_id in named.items():
        now = filled(shape, theirs[key], answers)
        if now is not None and sheets.digest(now.body()) != known[paper_id].sha256:
            found[key] = papers.changed(known[paper_id].body, now)
    return found
