"""How the carrier's own messages leave: who signs them, where they come back to, who else is told."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide import phrases
from tecum.guide.entries import Entry, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.model.lookup import at_least_one, not_elapsed
from tecum.guide.model.words import FREE_MAIL, MACHINES, Words
from tecum.guide.values import Span, Unit


@dataclass(frozen=True, kw_only=True)
class Signer(Entry):
    """`[[mail.signers]]`: a domain whose messages are signed (DKIM). The key is a file of the machine, not of the guide."""

    id: str = maybe("", "Only needed when something refers to it.")
    domain: str = need("The domain of the sending address.", example="carrier.example")
    selector: str = need("The name under which its public key is published.", example="tecum")


@dataclass(frozen=True, kw_only=True)
class Hook(Entry):
    """`[[mail.hooks]]`: another system that is told by a signed web request. The secret is a file of the machine."""

    address: str = need("Where it is sent.", example="https://desk.carrier.example/tecum")


@dataclass(frozen=True, kw_only=True)
class Pager(Entry):
    """`[[mail.pagers]]`: how people on call are paged, besides mail. The key is a file of the machine, `pagers/ID`."""

    kind: Literal["pagerduty", "voice", "sms", "webhook"] = need(
        "PagerDuty's Events API v2, a voice or SMS interface shaped as Twilio's, or a signed web request."
    )
    address: str = need(
        "Where it is sent; of a voice or SMS interface without the path.",
        example="https://events.pagerduty.com/v2/enqueue",
    )
    account: str = maybe("", "The account at a voice or SMS interface.", example="AC0123")
    sender: str = maybe("", "The number that calls or writes, with +.", example="+12925550170")


@dataclass(frozen=True, kw_only=True)
class Retries(Stated):
    """`[mail.retries]`: when a notice that could not be delivered is tried again, and when a person is told instead."""

    first: int = maybe(30, "The pause after the first attempt; it doubles each time.", unit="seconds")
    longest: Span = maybe(Span(30, 30, Unit.MINUTE), "The longest pause.", example="30 minutes")
    tried_for: Span = maybe(
        Span(2, 2, Unit.DAY),
        "So long it is tried; a desk that is down over a weekend's maintenance still gets it.",
        example="2 days",
    )
    page: int = maybe(10, "The pause between attempts of a page, which does not double.", unit="seconds")
    page_for: Span = maybe(
        Span(2, 2, Unit.MINUTE),
        "So long a page is tried; then the ladder is told that this way is dead.",
        example="2 minutes",
    )

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the times by themselves."""
        lengths = {"longest": self.longest, "tried_for": self.tried_for, "page_for": self.page_for}
        return (*not_elapsed(lengths), *at_least_one({"first": self.first, "page": self.page}))


@dataclass(frozen=True, kw_only=True)
class Mail(Stated):
    """`[mail]`: outgoing messages."""

    signers: tuple[Signer, ...] = maybe((), "Domains whose messages are signed.")
    bounces: str = maybe(
        "",
        "Where messages come back to that cannot be delivered; `{id}` becomes the message's own mark. "
        "Left out, the sending address.",
        example="bounces+{id}@carrier.example",
    )
    servers: tuple[str, ...] = maybe(
        (),
        "What may send for these domains, in the words of an SPF record.",
        example='["mx", "include:_spf.carrier.example"]',
    )
    footer: str = maybe("", "The wording beneath every message.", ref="wording")
    fax_gateway: str = maybe(
        "",
        "The address that turns mail into fax; `{number}` becomes the ten digits.",
        example="{number}@fax.carrier.example",
    )
    hooks: tuple[Hook, ...] = maybe((), "Other systems that are told.")
    pagers: tuple[Pager, ...] = maybe((), "How people on call are paged, besides mail.")
    retries: Retries = maybe(Retries(), "When a notice is tried again.")
    storm: int = maybe(
        20, "So many messages of one sender within `storm_within` are read after all others.", unit="messages"
    )
    storm_within: Span = maybe(
        Span(10, 10, Unit.MINUTE), "The time in which they are counted.", example="10 minutes"
    )
    urgent_words: tuple[str, ...] = maybe(
        (),
        "Words of the carrier's own that put a message before all others, besides those of `words.urgent`.",
        example='["silver alert"]',
    )
    words: Words = maybe(Words(), "The words by which messages are told apart.")
    free_mail: tuple[str, ...] = maybe(
        FREE_MAIL,
        "Mail services for everybody: no address of theirs is an agency's. A list replaces this one.",
    )
    machines: tuple[str, ...] = maybe(
        MACHINES, "What stands before the @ of a scanner's or an automatic address (R-050), anywhere in it."
    )
    decided_within: int = maybe(
        1,
        "A person decides about a message that cannot be classified within so many days.",
        unit="business days",
    )
    replies_per_hour: int = maybe(
        5, "How many automatic replies one address gets within an hour; further ones wait for a person."
    )

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the length and the words by themselves."""
        return (
            *not_elapsed({"storm_within": self.storm_within}),
            *phrases.faults("urgent_words", self.urgent_words),
        )

    def signer(self, domain: str) -> Signer | None:
        """Return who signs for a domain, if anybody does."""
        return next((signer for signer in self.signers if signer.domain.lower() == domain.lower()), None)
