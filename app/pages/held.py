"""What the officers' pages about one licence share: its head, and what is under way in words."""

from datetime import date

from app.catalogue.schema import Text
from app.core import i18n
from app.core.clock import bangkok_date
from app.core.i18n import gettext as _
from app.core.thai import date_long
from app.identity.sessions import OfficerSession
from app.licences.models import Matter, Reason
from app.licences.notice import Notice
from app.pages.contexts.decision import Letter
from app.pages.contexts.register import HeldBar, MatterView
from app.stories.held_licence import Held


def bar(found: Held) -> HeldBar:
    """The head of every page about one licence."""
    row = found.licence
    return HeldBar(
        id=row.id,
        number=row.number,
        name=found.service.short_name,
        holder=row.holder,
        premises=row.premises,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        state=found.standing,
        since=bangkok_date(row.status_at),
        suspended_until=row.suspended_until,
        revision=row.revision,
    )


def matter_view(found: Held, matter: Matter, officer: OfficerSession | None = None) -> MatterView:
    """Something under way, in the reader's language."""
    said = matter.said
    ground = ""
    if said.get("ground"):
        told, law = (Text.model_validate(said[name]) for name in ("ground", "law"))
        ground = f"{told.to(i18n.lang())} ({law.to(i18n.lang())})"
    until = said.get("until")
    return MatterView(
        action=matter.action,
        stage=matter.stage.value,
        outcome=matter.outcome.value if matter.outcome else "",
        opened_at=matter.opened_at,
        opened_by=matter.opened_name,
        closed_at=matter.closed_at,
        closed_by=matter.closed_name,
        ground=ground,
        message=str(said.get("message", "")),
        until=date.fromisoformat(until) if until else None,
        asked=asked_in_words(found, matter),
        object_by=matter.object_by,
        objection=matter.objection,
        objected_at=matter.objected_at,
        answer=matter.answer,
        mine=officer is not None and matter.opened_by == officer.officer_id,
    )


def asked_in_words(found: Held, matter: Matter) -> tuple[tuple[Text | str, str], ...]:
    """What the holder asks for: why, and what shall change from what to what."""
    said = matter.said
    rows: list[tuple[Text | str, str]] = []
    if "reason" in said:
        rows.append((_("เหตุ"), _("สูญหาย") if said["reason"] == Reason.LOST else _("ชำรุด")))
    if "key" in said:
        question = found.service.question(said["key"])
        changed = question.show(said["before"], i18n.lang()), question.show(said["value"], i18n.lang())
        rows.append((question.name, " → ".join(changed)))
    if "how" in said:
        rows.append((_("คำอธิบายของผู้รับอนุญาต"), str(said["how"])))
    return tuple(rows)


def as_letter(told: Notice) -> Letter:
    """A letter as it will be read, in Thai; what came from officers is marked."""
    return Letter(
        sender=told.agency,
        on=date_long(date.fromisoformat(told.on)),
        heads=(("เรื่อง", told.subject), ("เรียน", told.holder), ("อ้างถึง", told.licence)),
        paragraphs=(
            ((told.opening, False),),
            *(((f"{term} ", False), (text, True)) for term, text in told.rows),
            *((((told.then, False),), ((told.then_text, False),)) if told.then else ()),
            *(((f"{term} {text}", False),) for term, text in told.then_rows),
        ),
        signer=told.signer,
        position=told.position,
    )
