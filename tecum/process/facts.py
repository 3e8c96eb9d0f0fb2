"""What a legal process says, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Brought:
    """One paper as a person brings it."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """
    What a process says; what nobody found stays empty. `gag`, `signed` and `certified` are None while nobody looked.

    `process` is a process type of the guide, `entity` the company that the process names, `words` its body as text.
    `details` are those of the guide's details that it gives, `facts` what is so about it ("beyond_jurisdiction").
    """

    process: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    signed: bool | None = None
    signed_by: str = ""
    signer: str = ""
    entity: str = ""
    return_on: date | None = None
    country: str = ""
    region: str = ""
    city: str = ""
    gag: bool | None = None
    gag_until: date | None = None
    certified: bool | None = None
    cover: str = ""
    words: str = ""
    forms: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what was said as JSON knows it."""
        found: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            found[each.name] = (
                value.isoformat()
                if isinstance(value, date)
                else list(value)
                if isinstance(value, tuple)
                else value
            )
        return found

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Said":
        """Return what `as_dict` wrote."""
        known = {each.name for each in fields(cls)}
        said = {name: value for name, value in given.items() if name in known}
        for name in ("issued_on", "return_on", "gag_until"):
            said[name] = date.fromisoformat(said[name]) if said.get(name) else None
        for name in ("forms", "details", "facts"):
            said[name] = tuple(said.get(name, ()))
        return cls(**said)
