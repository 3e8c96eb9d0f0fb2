"""How a field of the model says what it means: one line that the reader, the checks and the reference share."""

from dataclasses import MISSING, Field, field
from typing import Any

DOC = "doc"


def need(doc: str, *, example: str = "", unit: str = "", ref: str = "") -> Any:
    """Declare a field that a guide must give."""
    return field(metadata=_meta(doc, example, unit, ref))


def maybe(default: Any, doc: str, *, example: str = "", unit: str = "", ref: str = "") -> Any:
    """Declare a field with a default. `ref` names the collection(s) whose ids it may hold, parted by `|`."""
    meta = _meta(doc, example, unit, ref)
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=meta)
    return field(default=default, metadata=meta)


def hidden(default: Any) -> Any:
    """Declare a field that the reader fills and no guide writes."""
    if isinstance(default, dict):
        return field(default_factory=dict, repr=False, compare=False, metadata={"hidden": True})
    return field(default=default, repr=False, compare=False, metadata={"hidden": True})


def required(declared: "Field[Any]") -> bool:
    """Tell whether a guide must give the field."""
    return declared.default is MISSING and declared.default_factory is MISSING


def _meta(doc: str, example: str, unit: str, ref: str) -> dict[str, str]:
    return {DOC: doc, "example": example, "unit": unit, "ref": ref}
