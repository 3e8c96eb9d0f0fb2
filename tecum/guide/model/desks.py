"""Dimension 2: desks, their calendars and mailboxes, and the on-call ladders."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tecum.guide.entries import Entry
from tecum.guide.fields import hidden, maybe, need
from tecum.guide.values import Hours, Jurisdiction, Span, Zone, parse_days, parse_hours
from tecum.kernel import business
from tecum.kernel.business import BusinessCalendar


@dataclass(frozen=True, kw_only=True)
class SpecialDay(Entry):
    """A date whose hours differ from the week's."""

    id: str = maybe("", "Not needed here.")
    day: date = need("The date.", example="2026-12-24")
    hours: str = maybe("", "Its hours; left out, closed all day.", example="08:00-12:00")
    name: str = maybe("", "Why.", example="Christmas Eve")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the hours."""
        try:
            _ = self.hours and parse_hours(f"daily {self.hours}")
        except ValueError as error:
            return (f"Expected {error}, found '{self.hours}'.",)
        return ()

    @property
    def kernel(self) -> business.SpecialDay:
        """Return the day as business time knows it."""
        if not self.hours:
            return business.SpecialDay(self.day, 0, 0)
        shift = parse_hours(f"{'Mon'} {self.hours}").shifts[0]
        return business.SpecialDay(self.day, shift.opens, shift.closes)


@dataclass(frozen=True, kw_only=True)
class Calendar(Entry):
    """`[[calendars]]`: when people are on duty. Desks and single capabilities refer to it."""

    zone: Zone | None = maybe(
        None, "The zone of the hours; left out, the carrier's.", example="America/New_York"
    )
    printed_zone: str = maybe("", "The zone as printed, where it says something else.", example="E.S.T.")
    hours: tuple[Hours, ...] = need(
        "Lines of weekdays and clock times, or `always`.",
        example='["Mon-Fri 08:00-20:00", "Sat 09:00-12:00"]',
    )
    holidays: tuple[Jurisdiction, ...] = maybe(
        (), "Jurisdictions whose public holidays are closed.", example='["US", "US-NY"]'
    )
    special_days: tuple[SpecialDay, ...] = maybe((), "Dates that differ from the week.")
    business_days: str = maybe(
        "Mon-Fri", "Weekdays that count as business days (unless holidays or closed).", example="Mon-Sat"
    )
    carrier_zone: Zone = hidden(Zone("UTC"))

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the calendar by itself."""
        try:
            parse_days(self.business_days)
        except ValueError as error:
            return (*super().faults(), f"Expected {error}, found '{self.business_days}'.")
        return super().faults()

    @property
    def kernel(self) -> BusinessCalendar:
        """Return the calendar as business time knows it."""
        return BusinessCalendar(
            zone=self.zone or self.carrier_zone,
            shifts=tuple(sorted({shift for line in self.hours for shift in line.shifts})),
            jurisdictions=self.holidays,
            special=tuple(day.kernel for day in self.special_days),
            business_week=frozenset(parse_days(self.business_days)),
        )

    @property
    def text(self) -> str:
        """Return the hours as the published guide says them."""
        zone = self.printed_zone or (self.zone or self.carrier_zone)
        hours = "; ".join(line.text for line in self.hours)
        return "24 hours a day, every day" if self.kernel.always else f"{hours} ({zone})"


@dataclass(frozen=True, kw_only=True)
class Contact(Entry):
    """A further way to reach a desk."""

    id: str = maybe("", "Only needed when something refers to it.")
    label: str = need("What it is.", example="24-hour fax")
    kind: Literal["phone", "fax", "email", "pager", "web", "address"] = maybe("phone", "The kind of contact.")
    value: str = maybe("", "Number or address; empty when the source names it and does not give it.")
    public: bool = maybe(True, "Whether it is published.")


@dataclass(frozen=True, kw_only=True)
class Desk(Entry):
    """`[[desks]]`: a group of people at the carrier that answers for certain subjects."""

    name: str = need("The desk's name.", example="Subpoena Compliance")
    subjects: tuple[str, ...] = maybe(
        (), "What it handles, in the words of the guide.", example='["toll records"]'
    )
    address: str = maybe("", "Postal address, one line per line.")
    phone: str = maybe("", "Telephone, as printed.", example="(292) 555-0142")
    fax: str = maybe("", "Fax.")
    email: str = maybe("", "E-mail address.")
    contacts: tuple[Contact, ...] = maybe((), "Further contacts.")
    calendar: str = maybe("", "When it is staffed.", ref="calendars")
    capabilities: dict[str, str] = maybe(
        {},
        "Calendars of single capabilities that differ from the desk's.",
        ref="calendars",
        example='{ termination = "cut-hours", emergency = "always" }',
    )
    ladder: str = maybe("", "The on-call ladder that reaches it outside its hours.", ref="ladders")
    requesters: tuple[str, ...] = maybe(
        (), "Who may turn to it; left out, everybody.", example='["lea", "psap"]'
    )
    may_only_escalate: bool = maybe(False, "Whether it sees no data and may only pass a matter on.")
    entity: str = maybe("", "The company it belongs to; left out, the carrier.", ref="entities")
    public: bool = maybe(True, "Whether it stands in the published guide.")


@dataclass(frozen=True, kw_only=True)
class Mailbox(Entry):
    """`[[mailboxes]]`: an address with one purpose."""

    address: str = need("The e-mail address.", example="LEAportal@carrier.example")
    purpose: Literal["portal", "demands", "status", "activation", "emergency", "billing", "other"] = need(
        "What it is for."
    )
    subject_line: str = maybe("", "The subject that a sender must use.", example="SUPPORT NEEDED")
    subject_lines: dict[str, str] = maybe(
        {}, "Subjects by occasion.", example='{ support = "SUPPORT NEEDED" }'
    )
    auto_reply: str = maybe("", "The wording of the automatic reply; empty sends none.", ref="wording")
    reply_to_all: bool = maybe(False, "Whether the source promises the reply to every sender.")
    silent_parties: tuple[str, ...] = maybe(
        (), "Who gets no reply of any kind (decided after classification).", example='["civil_litigant"]'
    )
    no_reply: bool = maybe(False, "Whether mail to it is misdirected (it only sends).")
    forward_to: str = maybe("", "Where misdirected mail belongs.", ref="mailboxes")
    desk: str = maybe("", "The desk that reads it.", ref="desks")
    monitored_by: str = maybe("", "Who reads it, for the published page.", example="legal department")
    public: bool = maybe(True, "Whether it stands on the public page.")


@dataclass(frozen=True, kw_only=True)
class Step(Entry):
    """One step of a ladder."""

    id: str = maybe("", "Only needed when something refers to it.")
    who: str = need("The role that is reached.", example="on-call administrator")
    by: Literal["call", "voicemail", "page", "sms", "email", "contact_list", "webhook"] = maybe(
        "page", "How."
    )
    to: str = maybe("", "Number or address; empty when it is told elsewhere.")
    told_in: str = maybe("", "Where an empty number is told.", example="voicemail")
    desk: str = maybe("", "The desk that is reached; left out, whoever is on call.", ref="desks")
    wait: Span | None = maybe(None, "How long until the next step.", example="15 minutes")
    acts: Literal["system", "caller"] = maybe("system", "Who takes the step according to the source.")
    repeat_every: Span | None = maybe(None, "Repeat until somebody answers, this often.", example="5 minutes")
    tell: tuple[str, ...] = maybe((), "What must be told at this step.")


@dataclass(frozen=True, kw_only=True)
class Ladder(Entry):
    """`[[ladders]]`: who is reached, and then who, until somebody answers."""

    name: str = maybe("", "Its name.", example="After-hours emergencies")
    requesters: tuple[str, ...] = maybe((), "Who may start it.", example='["lea", "psap"]')
    measured_from: str = maybe("receipt", "The event from which waits are counted.", example="receipt")
    caller_first: tuple[Step, ...] = maybe(
        (), "What the caller does to set it going, in order; the steps follow by themselves."
    )
    steps: tuple[Step, ...] = need("The steps in order.")
    stops_at: str = maybe("call_back", "The event that ends it.", example="call_back")
    desk_first: Span | None = maybe(
        None,
        "In the hours of a desk that this ladder belongs to, that desk rings first, for so long before the first step; "
        "left out, five minutes. Later steps keep their time from receipt.",
        example="5 minutes",
    )
