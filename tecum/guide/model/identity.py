"""Dimension 1: who the carrier is, its documents, legal entities and brands, and what was decided."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tecum.guide.entries import Entry, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Zone


@dataclass(frozen=True, kw_only=True)
class About(Stated):
    """`[guide]`: this version of the guide."""

    name: str = need("The guide's short name, the same as its folder.", example="example")
    version: str = need("The name of this version.", example="2026-01")
    effective_from: date = need("The first day on which this version is in force.", example="2026-01-01")
    effective_until: date | None = maybe(
        None, "The first day on which it no longer is; left out, it runs until the next version begins."
    )
    inherits: str = maybe(
        "",
        "Another guide (a folder beside this one) or, in `versions/`, another version of this one; "
        "what is not written here is taken from there.",
    )
    title: str = maybe("", "The title printed on the published guide.", example="Guide for Law Enforcement")


@dataclass(frozen=True, kw_only=True)
class Carrier(Stated):
    """`[carrier]`: the company whose guide this is."""

    name: str = need("The carrier's name.", example="Example Telephone Company")
    short_name: str = maybe("", "The name in running text; left out, the name.")
    country: str = maybe("US", "The country assumed when a question names none (ISO code).")
    zone: Zone = need("The zone in which days begin and dates are read.", example="America/Chicago")
    currency: str = maybe("USD", "The currency of amounts that name none (ISO 4217).")
    website: str = maybe("", "The public address of the carrier.")
    address: str = maybe("", "The carrier's postal address, one line per line.")

    @property
    def called(self) -> str:
        """Return the name in running text."""
        return self.short_name or self.name


@dataclass(frozen=True, kw_only=True)
class Document(Entry):
    """`[[documents]]`: a document that the guide was made from or that it publishes."""

    title: str = need("The document's title.", example="Guide for Law Enforcement")
    dated: date | None = maybe(None, "The date it bears or from which it holds.", example="2003-08-01")
    kind: Literal["guide", "schedule", "form", "manual", "policy", "page", "law", "other"] = maybe(
        "guide", "What it is."
    )
    sections: tuple[str, ...] = maybe((), "The chapters it has, as printed.")
    contained: bool = maybe(True, "Whether its content is at hand; a document only referred to is not.")


@dataclass(frozen=True, kw_only=True)
class Reference(Entry):
    """`[[references]]`: a place where a document refers to something by a printed label."""

    printed: str = need("The words that refer.", example="see Attachment A")
    to: str = maybe(
        "",
        "The id of the form or document meant; empty when there is nothing it can mean.",
        ref="forms|documents",
    )
    section: str = maybe("", "The section of that document, when one is named.", example="1.3")


@dataclass(frozen=True, kw_only=True)
class Entity(Entry):
    """`[[entities]]`: a legal entity that a demand may name."""

    name: str = need("Its legal name.", example="Example Telephone Company of Ohio, LLC")
    kind: Literal["self", "subsidiary", "affiliate", "partner", "former", "stranger"] = maybe(
        "self", "How it stands to the carrier."
    )
    status: Literal["accepted", "rejected", "redirected"] = maybe(
        "accepted", "What happens to process that names it."
    )
    redirect_to: str = maybe("", "Where redirected process must be addressed.", ref="entities")
    aliases: tuple[str, ...] = maybe((), "Other names that mean it; compared without case or punctuation.")
    services: tuple[str, ...] = maybe((), "The services for which the status holds; left out, all.")
    countries: tuple[str, ...] = maybe((), "The countries for which it holds; left out, all.")
    regions: tuple[str, ...] = maybe((), "The states or provinces for which it holds; left out, all.")
    desk: str = maybe("", "The desk that takes its process.", ref="desks")
    copy_to: tuple[str, ...] = maybe((), "Desks that must get a copy.", ref="desks")
    copy_processes: tuple[str, ...] = maybe(
        (), "The kinds of process of which a copy is due; left out, all.", ref="process_types"
    )
    must_be_named: bool = maybe(False, "Whether the process must name this entity as the provider.")
    message: str = maybe("", "The wording that explains a rejection or redirection.", ref="wording")
    about: str = maybe("", "Who it is, for the published guide.")


@dataclass(frozen=True, kw_only=True)
class Brand(Entry):
    """`[[brands]]`: a brand; it inherits every rule of another brand, or of the carrier, and may override it."""

    name: str = need("The brand's name.", example="Example Mobile")
    inherits: str = maybe("", "The brand whose rules it shares where it has none of its own.", ref="brands")
    entity: str = maybe("", "The legal entity behind it.", ref="entities")
    desk: str = maybe("", "Its desk; left out, the inherited one.", ref="desks")


@dataclass(frozen=True, kw_only=True)
class Market(Entry):
    """`[[markets]]`: places that one entity serves. The key is country, region and city, never the city alone."""

    entity: str = need("The entity that serves them.", ref="entities")
    country: str = maybe("", "ISO code; left out, the carrier's.")
    region: str = maybe("", "State or province.", example="AL")
    cities: tuple[str, ...] = maybe(
        (), "The cities; left out, the whole region.", example='["Auburn", "Mobile"]'
    )
    technologies: tuple[str, ...] = maybe((), "The technologies in use there.")
    switches: tuple[str, ...] = maybe((), "The switches of the market.")


@dataclass(frozen=True, kw_only=True)
class Decision(Entry):
    """`[[decisions]]`: what was settled about a contradiction or a gap, shown beside the finding."""

    text: str = need("What was decided.", example="The body is later than the appendix and rules.")
    settles: tuple[str, ...] = maybe(
        (), "The findings it settles: a code, or `code:id` for one entry.", example='["two-readings:install"]'
    )
    by: str = maybe("", "The role that decided.", example="counsel")
    on: date | None = maybe(None, "When it was decided.")
