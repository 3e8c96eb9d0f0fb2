"""What a court order for a surveillance says, and the five particulars that may come informally (R-113 to R-125)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from tecum.surveillance.rules.ordered import Allows, Intercept, Ordered, Service

LINES: tuple[tuple[Service, Intercept], ...] = tuple((s, t) for s in Service for t in Intercept)
PARTICULARS = {  # the guide's names of the details that letterhead or a fax cover sheet may bring
    "dial_up_number": "Dial-up number",
    "switches": "Switches to be included",
    "added_switches": "Switches to be added",
    "early_termination": "Wish to terminate early",
    "billing_name_and_address": "Billing name and address",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """One target as the order names it: ten digits, what identifies the handset, and the subscriber if known."""

    number: str
    imei: str = ""
    imsi: str = ""
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class OrderSaid:
    """
    What an order says beyond what every legal process says.

    `lines` are the types and services (decision D3). `duration` is a span ("30 days"), `ends` an ISO date or instant,
    `issued_at` the instant of the order where it bears a time. `start` and `counting` are its own words on the time.
    `wants_*` is whether the agency wants it, `allows` what the text of the order permits. `brought_by` names the paper of
    each particular, by the id of its document.
    """

    subjects: tuple[Subject, ...] = ()
    lines: tuple[tuple[Service, Intercept], ...] = ()
    statutes: str = ""
    duration: str = ""
    ends: str = ""
    issued_at: str = ""
    collection_at: str = ""
    start: str = ""
    counting: str = ""
    wants_beyond: bool = False
    wants_changes: bool = False
    allows: Allows = Allows()
    dial_up_number: str = ""
    line_kind: str = ""
    switches: tuple[str, ...] = ()
    added_switches: tuple[str, ...] = ()
    early_termination: str = ""
    billing: str = ""
    extends: str = ""
    warrant_case: str = ""
    surveillance_id: str = ""
    sealed_by_court: bool = False
    brought_by: tuple[tuple[str, str], ...] = ()

    @property
    def types(self) -> tuple[Intercept, ...]:
        """Return the types of surveillance, each once."""
        return tuple(dict.fromkeys(each for _, each in self.lines))

    @property
    def services(self) -> tuple[Service, ...]:
        """Return the services, each once."""
        return tuple(dict.fromkeys(each for each, _ in self.lines))

    @property
    def all_switches(self) -> tuple[str, ...]:
        """Return the switches to be included and those to be added, each once."""
        return tuple(dict.fromkeys((*self.switches, *self.added_switches)))

    def ordered(self) -> tuple[Ordered, ...]:
        """Return the lines as an authority takes them: every target, service and type on every switch named."""
        return tuple(
            Ordered(subject.number, service, kind, self.all_switches)
            for subject in self.subjects
            for service, kind in self.lines
        )

    def details(self) -> tuple[str, ...]:
        """Return which of the guide's details it gives, by their names in the guide."""
        given = {
            "ptn": any(each.number for each in self.subjects),
            "subscriber_name": any(each.name for each in self.subjects),
            "billing_address": any(each.address for each in self.subjects),
            "imei": any(each.imei for each in self.subjects),
            "imsi": any(each.imsi for each in self.subjects),
            "statutes": self.statutes,
            "expiration": self.duration or self.ends,
            "beyond_jurisdiction": self.allows.beyond_jurisdiction,
            "changing_handset": self.allows.new_handset or self.allows.new_number,
            "dial_up_number": self.dial_up_number,
            "switches": self.switches,
            "added_switches": self.added_switches,
            "early_termination": self.early_termination,
            "billing_name_and_address": self.billing,
        }
        return tuple(name for name, value in given.items() if value)

    def facts(self) -> tuple[str, ...]:
        """Return what is so about it, in the guide's words: what makes a detail needed."""
        so = {
            "beyond_jurisdiction": self.wants_beyond,
            "changing_handset": self.wants_changes,
            "existing_surveillance": bool(self.added_switches),
            "early_termination": bool(self.early_termination),
        }
        return tuple(name for name, value in so.items() if value)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return asdict(self)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "OrderSaid":
        """Return what `as_dict` wrote."""
        known = {field.name for field in fields(cls)}
        said = {name: value for name, value in given.items() if name in known}
        said["subjects"] = tuple(Subject(**each) for each in said.get("subjects", ()))
        said["lines"] = tuple((Service(s), Intercept(t)) for s, t in said.get("lines", ()))
        said["allows"] = Allows(**said.get("allows", {}))
        for name in ("switches", "added_switches"):
            said[name] = tuple(said.get(name, ()))
        said["brought_by"] = tuple((name, paper) for name, paper in said.get("brought_by", ()))
        return cls(**said)


def moment(text: str) -> date | datetime | None:
    """Return what an ISO text means: a day, or an instant where it bears a time; nothing for nothing."""
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
