"""The registries as sources of answers and of what replaces papers: what they are called, and which have answered."""

from collections.abc import Mapping

from app.applications.form_models import Prefill, SingleForm
from app.applications.links import Link, Linked
from app.catalogue.conditions import Answers
from app.catalogue.kinds import Question
from app.catalogue.registries import Registry
from app.catalogue.schema import Catalogue
from app.catalogue.texts import Text

PORTAL = Text(th="จากการเข้าสู่ระบบ", en="From the sign-in")
"""Where the answers that the portal itself gives come from."""


COMPUTED = Text(th="คำนวณจากคำตอบ", en="Worked out from the answers")
"""Where values that follow from other answers come from."""


def of(catalogue: Catalogue, question: Question, source: str) -> Text | str:
    """Where the answer to a question comes from; "" for what the person typed."""
    if question.asked:
        return said_by(catalogue, source)
    return PORTAL if question.given else COMPUTED


def said_by(catalogue: Catalogue, source: str) -> Text | str:
    """The registry behind an answer's source, in both languages; the source itself when it is none."""
    found = catalogue.registry_named.get(source)
    return found.name if found else source


def registry(catalogue: Catalogue, source: str) -> str:
    """The key of the registry behind an answer's source; "" when it is none."""
    found = catalogue.registry_named.get(source)
    return found.key if found else ""


def name(catalogue: Catalogue, key: str | None) -> Text | str:
    """What a registry is called; "" for one that is no longer there."""
    found = catalogue.registries.get(key or "")
    return found.name if found else ""


def unfetched(
    registries: Mapping[str, Registry], form: SingleForm, records: Mapping[str, Linked], answers: Answers
) -> frozenset[str]:
    """Registries whose data is not there, so that their documents must be uploaded."""
    return frozenset(key for key, one in registries.items() if not _there(one, form, records.get(key), answers))


def _there(registry: Registry, form: SingleForm, record: Linked | None, answers: Answers) -> bool:
    """Whether its word is there; a record counts only for the answers it was asked with."""
    if not registry.linked:
        return form.registries.get(registry.key) == Prefill.DONE
    return record is not None and record.state is Link.DONE and record.asked == registry.identity(answers)
