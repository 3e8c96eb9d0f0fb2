"""The guide as a whole: every dimension, frozen, as one version in force."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import TypeVar

from tecum.guide.entries import Entry
from tecum.guide.fields import hidden, maybe, need
from tecum.guide.model.assurance import Assurance
from tecum.guide.model.breach import BreachRule
from tecum.guide.model.demands import Handling, Preservation
from tecum.guide.model.desks import Calendar, Desk, Ladder, Mailbox
from tecum.guide.model.emergency import Emergency, Expiry, ExpiryCap, ExpiryRule
from tecum.guide.model.fees import Arrears, Billing, Cap, Fee, Gate, UnitDefinition, Waiver
from tecum.guide.model.identity import About, Brand, Carrier, Decision, Document, Entity, Market, Reference
from tecum.guide.model.lookup import Lookup, OwnRecords, Sessions, Vetting
from tecum.guide.model.mail import Mail
from tecum.guide.model.process import Channel, ProcessType, Product, Requirement
from tecum.guide.model.production import Productions
from tecum.guide.model.records import RecordStore, SwitchFormat
from tecum.guide.model.reporting import DisclosureRegister, Form, Report
from tecum.guide.model.secrecy import CustomerNotice, Gag
from tecum.guide.model.subscribers import Matching, SubscriberSource
from tecum.guide.model.surveillance import Surveillances, Switch
from tecum.guide.model.timing import Clock, Retention, Turnaround
from tecum.guide.values import Span
from tecum.guide.wording import Said, Wording, fill, variable
from tecum.kernel.refusals import Refused

E = TypeVar("E", bound=Entry)


class NotInGuide(Refused):
    """The guide does not say what was asked."""


@dataclass(frozen=True, kw_only=True)
class Guide:
    """One version of a carrier's guide."""

    guide: About = need("This version of the guide.")
    carrier: Carrier = need("The company.")
    documents: tuple[Document, ...] = maybe((), "Documents it was made from or publishes.")
    references: tuple[Reference, ...] = maybe((), "Places that refer to something by a printed label.")
    entities: tuple[Entity, ...] = maybe((), "Legal entities that a demand may name.")
    brands: tuple[Brand, ...] = maybe((), "Brands and what they inherit.")
    markets: tuple[Market, ...] = maybe((), "Places by the entity that serves them.")
    decisions: tuple[Decision, ...] = maybe((), "What was settled about contradictions and gaps.")
    calendars: tuple[Calendar, ...] = maybe((), "When people are on duty.")
    desks: tuple[Desk, ...] = maybe((), "Who answers for what.")
    mailboxes: tuple[Mailbox, ...] = maybe((), "Addresses with one purpose each.")
    ladders: tuple[Ladder, ...] = maybe((), "On-call ladders.")
    process_types: tuple[ProcessType, ...] = maybe((), "Kinds of legal process.")
    products: tuple[Product, ...] = maybe((), "What can be asked for.")
    requirements: tuple[Requirement, ...] = maybe(
        (), "Which process is enough for what, and what it must say."
    )
    channels: tuple[Channel, ...] = maybe((), "Ways in which process may arrive.")
    turnarounds: tuple[Turnaround, ...] = maybe((), "How long an answer takes.")
    retentions: tuple[Retention, ...] = maybe((), "How long records exist.")
    units: tuple[UnitDefinition, ...] = maybe((), "Units of the carrier's own.")
    fees: tuple[Fee, ...] = maybe((), "Prices.")
    fee_caps: tuple[Cap, ...] = maybe((), "The most that several fees may come to.")
    waivers: tuple[Waiver, ...] = maybe((), "Where less or nothing is charged.")
    billing: Billing = maybe(Billing(), "How the carrier charges at all.")
    gates: tuple[Gate, ...] = maybe((), "What must happen before work or release.")
    arrears: tuple[Arrears, ...] = maybe((), "What happens to an agency that has not paid.")
    demands: Handling = maybe(Handling(), "The carrier's own rules for legal demands in its hands.")
    preservations: tuple[Preservation, ...] = maybe((), "How long records are kept on request.")
    customer_notices: tuple[CustomerNotice, ...] = maybe((), "Whether customers are told.")
    gags: tuple[Gag, ...] = maybe((), "Orders not to tell.")
    emergencies: tuple[Emergency, ...] = maybe((), "Where the carrier acts without legal process.")
    clocks: tuple[Clock, ...] = maybe((), "Every time that runs.")
    expiry: Expiry = maybe(Expiry(), "How the end of a surveillance is found.")
    expiry_rules: tuple[ExpiryRule, ...] = maybe((), "Readings that counsel approved.")
    expiry_caps: tuple[ExpiryCap, ...] = maybe((), "The longest that an order may run.")
    switches: tuple[Switch, ...] = maybe((), "The switches that surveillances run on.")
    surveillance: Surveillances = maybe(
        Surveillances(), "The carrier's own rules for starting, watching and ending surveillance."
    )
    forms: tuple[Form, ...] = maybe((), "Forms by stable ids.")
    reports: tuple[Report, ...] = maybe((), "Reports that are counted: transparency, look-ups.")
    disclosure_register: DisclosureRegister = maybe(DisclosureRegister(), "The yearly record of disclosures.")
    lookups: tuple[Lookup, ...] = maybe((), "Look-up products.")
    subscriber_sources: tuple[SubscriberSource, ...] = maybe((), "Where full lists of subscribers come from.")
    matching: Matching = maybe(
        Matching(), "When an order's customer information agrees with the bill (R-115)."
    )
    record_stores: tuple[RecordStore, ...] = maybe((), "Stores of call-detail records.")
    switch_formats: tuple[SwitchFormat, ...] = maybe((), "How switches write their files.")
    own_records: tuple[OwnRecords, ...] = maybe((), "How long Tecum's own records are kept.")
    breach_rules: tuple[BreachRule, ...] = maybe((), "Whom a breach obliges to tell, and by when.")
    assurance: Assurance = maybe(Assurance(), "How the desk watches itself.")
    mail: Mail = maybe(Mail(), "How the carrier's own messages leave.")
    productions: Productions = maybe(Productions(), "What goes with a production, and how it is handed over.")
    wording: Mapping[str, Wording] = hidden({})

    @property
    def version(self) -> str:
        """Return the name of this version."""
        return self.guide.version

    @property
    def lookup(self) -> Lookup:
        """
        Return the first look-up product, the portal.

        :raises NotInGuide: when the carrier offers none
        """
        if not self.lookups:
            raise NotInGuide(f"The guide '{self.guide.name}' has no look-up product.")
        return self.lookups[0]

    @property
    def sessions(self) -> Sessions:
        """Return how long signed-in sessions last; a carrier without a look-up product has the usual limits."""
        return self.lookups[0].sessions if self.lookups else Sessions()

    @property
    def link_life(self) -> Span:
        """Return how long a link that works once is good for."""
        return (self.lookups[0].vetting if self.lookups else Vetting()).link_life

    def entries(self, collection: str) -> tuple[Entry, ...]:
        """Return the entries of a collection by its name in the files."""
        found: tuple[Entry, ...] = getattr(self, collection)
        return found

    def desk(self, desk_id: str) -> Desk:
        """Return a desk. :raises NotInGuide: when there is none of that id"""
        return self._one(self.desks, desk_id, "desk")

    def switch(self, switch_id: str) -> Switch:
        """Return a switch. :raises NotInGuide: when there is none of that id"""
        return self._one(self.switches, switch_id, "switch")

    def calendar(self, calendar_id: str) -> Calendar:
        """Return a calendar. :raises NotInGuide: when there is none of that id"""
        return self._one(self.calendars, calendar_id, "calendar")

    def mailbox(self, purpose: str) -> Mailbox:
        """Return the first mailbox with an id or a purpose. :raises NotInGuide: when there is none"""
        by_id = [box for box in self.mailboxes if box.id == purpose]
        return self._one(
            by_id or [box for box in self.mailboxes if box.purpose == purpose], "", "mailbox", purpose
        )

    @property
    def writes_mail(self) -> bool:
        """Tell whether letters about cases can leave by mail."""
        try:
            return bool(self.writes_from)
        except NotInGuide:
            return False

    @property
    def writes_from(self) -> str:
        """
        Return the mailbox that letters about cases come from: for demands, else the portal's, else another that is read.

        :raises NotInGuide: where there is none: the letter goes by fax or post then
        """
        for purpose in ("demands", "portal", "other"):
            for box in self.mailboxes:
                if box.purpose == purpose and not box.no_reply:
                    return box.id
        raise NotInGuide(
            "The guide names no mailbox that letters about cases could come from; send it by fax or post."
        )

    def keeps(self, kind: str) -> OwnRecords:
        """Return how long a kind of our own records is kept. :raises NotInGuide: when the guide does not say"""
        return self._one(self.own_records, kind, "retention of our own records")

    def record_store(self, store_id: str) -> RecordStore:
        """Return a store of records. :raises NotInGuide: when there is none of that id"""
        return self._one(self.record_stores, store_id, "store of records")

    def say(self, name: str, **values: object) -> Said:
        """
        Return a text of the guide with its variables filled in.

        :raises NotInGuide: when the guide has no such text
        :raises UndefinedVariable: when a variable is missing or not declared
        """
        if name not in self.wording:
            raise NotInGuide(f"The guide '{self.guide.name}' has no wording '{name}'.")
        return fill(self.wording[name], values, self.facts)

    @cached_property
    def facts(self) -> dict[str, str]:
        """Return the variables that every text may use because the guide itself gives them."""
        found = {"carrier": self.carrier.name, "carrier_short": self.carrier.called}
        for box in self.mailboxes:
            found[f"mail_{variable(box.id)}"] = box.address
        for desk in self.desks:
            for kind in ("name", "phone", "fax", "email"):
                found[f"{kind}_{variable(desk.id)}"] = getattr(desk, kind)
        for calendar in self.calendars:
            found[f"hours_{variable(calendar.id)}"] = calendar.text
        quota = self.lookups[0].quota if self.lookups else None
        found |= {
            "quota_limit": str(quota.limit) if quota else "",
            "quota_batch": str(quota.batch) if quota else "",
        }
        return found

    def _one(self, found: "tuple[E, ...] | list[E]", wanted: str, what: str, said: str = "") -> E:
        for entry in found:
            if not wanted or entry.id == wanted:
                return entry
        raise NotInGuide(f"The guide '{self.guide.name}' has no {what} '{wanted or said}'.")

    def on(self, collection: "tuple[E, ...]", day: date) -> "tuple[E, ...]":
        """Return the entries that hold on a day."""
        return tuple(entry for entry in collection if entry.holds(day))


COLLECTIONS: tuple[str, ...] = tuple(f.name for f in fields(Guide) if isinstance(f.default, tuple))
SINGLES: tuple[str, ...] = tuple(
    f.name for f in fields(Guide) if f.name not in COLLECTIONS and not f.metadata.get("hidden")
)
