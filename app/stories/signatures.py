"""Signatures as a snapshot, an agency and a receipt keep them: who, as what, how surely known, when, which words."""

from typing import Any

from sqlalchemy.orm import Session

from app.applications import uploads
from app.papers import sheets, signers
from app.stories.apply import Draft


def of_draft(db: Session, current: Draft) -> dict[str, dict[str, Any]]:
    """Every file of a draft that its services ask for, frozen, with the signatures that were given online."""
    files = {asked.key: current.files[asked.key] for asked in current.documents if asked.key in current.files}
    papers = sheets.several(db, [one.paper_id for one in files.values() if one.paper_id])
    by = signers.of_papers(db, list(papers))
    frozen = {}
    for key, upload in files.items():
        frozen[key] = uploads.frozen(upload)
        if upload.paper_id:
            paper = papers[upload.paper_id]
            titles = {role["key"]: role["title"] for role in paper.body.get("roles", ())}
            frozen[key]["paper"] = {"code": paper.code, "sha256": paper.sha256}
            frozen[key]["signed"] = [
                {"role": titles[one.role], "name": one.name, "ial": str(one.ial), "at": one.signed_at.isoformat()}
                for one in by
                if one.paper_id == paper.id and one.signed_at is not None
            ]
    return frozen


def in_words(document: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Role, name, level of assurance and time of each signature on a frozen document."""
    return [(one["role"], one["name"], one["ial"], one["at"]) for one in document.get("signed", ())]
