"""What an emergency request says, as a frozen value (R-094, R-174 to R-182)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

LEA, PSAP = "lea", "psap"
REQUESTERS = {LEA: "A law-enforcement agency", PSAP: "A public safety answering point (911 centre)"}
TUPLES = ("grounds", "other_grounds", "assistance", "targets", "unread", "services", "types", "signatures")


@dataclass(frozen=True, slots=True)
class Said:
    """
    What a request says; what nobody found stays empty.

    `targets` are ten digits each, `unread` what was given as a number and is none. `grounds` are ids of the guide's
    grounds, `other_grounds` what fits none of them. `types` are those of a surveillance that the wanted assistance comes
    to. `words` is the request as it came, for a letter or a mail.
    """

    requester: str = ""
    name: str = ""
    title: str = ""
    agency: str = ""
    phone: str = ""
    email: str = ""
    designation: str = ""
    grounds: tuple[str, ...] = ()
    other_grounds: tuple[str, ...] = ()
    assistance: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    interval: str = ""
    recipient: str = ""
    circumstances: str = ""
    signatures: tuple[str, ...] = ()
    words: str = ""
    reply_to: str = ""
    verdict: str = ""  # what the mail systems say of the sender: aligned, none, failed

    def as_dict(self) -> dict[str, Any]:
        """Return what was said as JSON knows it."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if name in TUPLES else value for name, value in found.items()}

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Said":
        """Return what `as_dict` wrote."""
        known = {field.name for field in fields(cls)}
        said = {name: value for name, value in given.items() if name in known}
        values: dict[str, Any] = {name: tuple(v) if name in TUPLES else v for name, v in said.items()}
        return cls(**values)

    @property
    def surveils(self) -> bool:
        """Tell whether it wants something intercepted, registered or traced, and not only records."""
        return bool(self.types)
