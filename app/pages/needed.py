"""What must be there before a decision, as an officer reads it."""

from app.catalogue.manual import Ground
from app.catalogue.schema import Text
from app.core import i18n
from app.core.i18n import gettext as _
from app.pages.contexts.needed import NeededView
from app.stories.desk import Case
from app.stories.resting import Support

Typed = tuple[str, str, str]
"""Of a form that could not be kept: which need, what was chosen, what was written."""
NOTHING_TYPED: Typed = ("", "", "")


def needed_views(found: Case, typed: Typed = NOTHING_TYPED) -> tuple[NeededView, ...]:
    """Everything that must be there before this case can be granted."""
    return tuple(_view(one, typed) for one in found.supports if one.need.before == "decision")


def waits_for(found: Case) -> str:
    """Why a case that has to wait for a licence takes long, in Thai, as every reason that an applicant is told."""
    if not found.lacking:
        return ""
    with i18n.speaking("th"):
        return _("รอ%(name)sของผู้ยื่น ซึ่งต้องมีก่อนพิจารณา") % {"name": found.lacking[0].name.th}


def _view(one: Support, typed: Typed) -> NeededView:
    check = one.check
    mine = typed[0] == one.key
    return NeededView(
        key=one.key,
        name=one.name,
        state=one.ground.value,
        lacking=one.lacking,
        number=one.number,
        href=f"/track/{one.number.replace(' ', '-')}" if one.number else "",
        why=one.need.why,
        grounds=tuple((ground.key, _with_law(ground)) for ground in one.need.without),
        spared_by=Text.model_validate(check.ground["law"]) if check and check.ground else "",
        by=check.officer_name if check else "",
        at=check.at if check else None,
        note=check.note if check else "",
        basis=typed[1] if mine else "",
        typed=typed[2] if mine else "",
    )


def _with_law(ground: Ground) -> Text:
    return Text.model_construct(th=f"{ground.text.th} ({ground.law.th})", en=f"{ground.text.en} ({ground.law.en})")
