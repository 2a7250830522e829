"""The registries as sources of answers: their names, and which of them have answered for a form."""

from app.applications.models import Prefill, SingleForm
from app.catalogue.kinds import Question
from app.catalogue.texts import Text

DOPA, DBD = "dopa", "dbd"
"""The registries of persons and of companies, as the catalogue names them."""

NAMES: dict[str, Text] = {
    DOPA: Text(th="กรมการปกครอง", en="Department of Provincial Administration"),
    DBD: Text(th="กรมพัฒนาธุรกิจการค้า", en="Department of Business Development"),
}

PORTAL = Text(th="จากการเข้าสู่ระบบ", en="From the sign-in")
"""Where the answers that the portal itself gives come from."""


COMPUTED = Text(th="คำนวณจากคำตอบ", en="Worked out from the answers")
"""Where values that follow from other answers come from."""


def of(question: Question, source: str) -> Text | str:
    """Where the answer to a question comes from; "" for what the person typed."""
    if question.asked:
        return said_by(source)
    return PORTAL if question.given else COMPUTED


def said_by(source: str) -> Text | str:
    """The registry behind an answer's source, in both languages; the source itself when it is none."""
    return next((name for name in NAMES.values() if name.th == source), source)


def registry(source: str) -> str:
    """The key of the registry behind an answer's source; "" when it is none."""
    return next((key for key, name in NAMES.items() if name.th == source), "")


def unfetched(form: SingleForm) -> frozenset[str]:
    """Registries whose data is not there, so that their documents must be uploaded."""
    return frozenset(registry for registry in NAMES if form.registries.get(registry) != Prefill.DONE)
