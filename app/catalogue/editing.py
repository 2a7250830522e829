"""What an editor program must know to help while a catalogue file is written: JSON Schema of every kind of file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from app.catalogue.agencies import Agency
from app.catalogue.charges import Ordinance
from app.catalogue.finding import Finding
from app.catalogue.kinds import QUESTION
from app.catalogue.lives import LifeLaw
from app.catalogue.quiz import Plainer
from app.catalogue.registries import Registry
from app.catalogue.schema import Bundle, Document
from app.catalogue.sheets import read_sheet
from app.catalogue.written import ServiceFile, TopicTitle

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
KINDS: Final = (
    "service",
    "questions",
    "documents",
    "agencies",
    "registries",
    "bundles",
    "authority",
    "quiz",
    "lives",
    "finding",
)
"""The kinds of file: services/*.yaml, the shared lists, authorities/*.yaml."""

_ENTRIES: Final[dict[str, tuple[TypeAdapter[Any], str]]] = {
    "documents": (TypeAdapter(Document), "key"),
    "agencies": (TypeAdapter(Agency), "code"),
    "bundles": (TypeAdapter(Bundle), "key"),
    "registries": (TypeAdapter(Registry), "key"),
    "lives": (TypeAdapter(LifeLaw), "key"),
}
_TRUTH: Final = {"enum": ["yes", "no", True, False]}
Json = dict[str, Any]


def defaults(folder: Path) -> dict[str, Any]:
    """What every service of a folder says unless it says otherwise; empty without a defaults.yaml."""
    path = Path(folder) / "defaults.yaml"
    tree = read_sheet(path, Path(folder)).tree if path.exists() else None
    return tree if isinstance(tree, dict) else {}


def schema(kind: str, defaults: Mapping[str, Any]) -> Json:
    """The JSON Schema of one kind of file, as people write it.

    Every value in these files is text, so a number or a yes may stand in quotes. What `defaults` (the content of
    defaults.yaml) says need not be said. Raises KeyError for an unknown kind.
    """
    match kind:
        case "service":
            made = _service(defaults)
        case "questions":
            made = _questions()
        case "authority":
            made = _plain(TypeAdapter(Ordinance))
        case "finding":
            made = _plain(TypeAdapter(Finding))
        case "quiz":
            made = _quiz()
        case _:
            made = _keyed(*_ENTRIES[kind])
    return {**made, "$schema": DIALECT, "title": f"Judiao catalogue: {kind}"}


def _plain(model: TypeAdapter[Any]) -> Json:
    found: Json = _as_text(model.json_schema(by_alias=True))
    return found


def _keyed(model: TypeAdapter[Any], key: str) -> Json:
    """Entries by key: the key stands before the entry, not in it."""
    found = _plain(model)
    definitions = found.pop("$defs", {})
    return {"type": "object", "additionalProperties": _without(found, key), "$defs": definitions}


def _without(entry: Json, *names: str) -> Json:
    kept = {name: part for name, part in entry.get("properties", {}).items() if name not in names}
    required = [name for name in entry.get("required", ()) if name not in names]
    return {**entry, "properties": kept, "required": required}


def _questions() -> Json:
    """Topics by key, each with its questions by key."""
    question, title = _plain(QUESTION), _plain(TypeAdapter(TopicTitle))
    definitions = {**question.pop("$defs", {}), **title.pop("$defs", {})}
    one_of = {name.rpartition("/")[2] for name in question.get("discriminator", {}).get("mapping", {}).values()}
    definitions = {name: _without(part, "key") if name in one_of else part for name, part in definitions.items()}
    topic = {**title, "properties": {**title["properties"], "questions": {"additionalProperties": question}}}
    return {"type": "object", "additionalProperties": {**topic, "required": []}, "$defs": definitions}


def _quiz() -> Json:
    """Questions by key, in full or taken from the form."""
    topic = _questions()
    definitions = topic["$defs"]
    plainer = _plain(TypeAdapter(Plainer))
    full = topic["additionalProperties"]["properties"]["questions"]["additionalProperties"]
    either = {"anyOf": [full, plainer]}
    definitions |= plainer.pop("$defs", {})
    return {"type": "object", "additionalProperties": either, "$defs": definitions}


def _service(defaults: Mapping[str, Any]) -> Json:
    found = _plain(TypeAdapter(ServiceFile))
    found["required"] = [name for name in found["required"] if name not in defaults]
    manual = found["$defs"]["Manual"]
    manual["required"] = [name for name in manual["required"] if name not in defaults.get("manual", {})]
    return found


def _as_text(part: Any) -> Any:
    """The same schema for files in which every value is text."""
    if isinstance(part, list):
        return [_as_text(one) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "boolean":
        return {name: value for name, value in part.items() if name not in ("type", "default")} | _TRUTH
    if part.get("type") in ("integer", "number"):
        return {name: value for name, value in part.items() if name != "default"} | {"type": [part["type"], "string"]}
    # As text one value may fit several branches ("sign_width": a key, or a number's text): one that fits is enough.
    return {"anyOf" if name == "oneOf" else name: _as_text(value) for name, value in part.items()}
