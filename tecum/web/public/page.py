"""The public page as values, all of them from the guide in force: what is published cannot differ from what is done."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tecum.guide.entries import Source, Stated
from tecum.guide.model.desks import Desk, Mailbox
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.identity import Document
from tecum.guide.model.lookup import Lookup
from tecum.web.public import files, manual
from tecum.web.public.sections import Section, section
from tecum.web.public.vocabulary import COUNTRIES, PARTIES, ROLES, SHOWN, UNITS, WINDOWS, said, sentence, span

OURS = {"self", "subsidiary", "affiliate"}  # a partner is served by its own name, at its own desk


@dataclass(frozen=True, slots=True)
class File:
    """A document for applicants: what it is, and where; without an address of its own it is asked for by mail."""

    title: str
    address: str = ""
    says: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Landing:
    """Everything that the start page says."""

    portal: Lookup
    window: str
    ask_after: str
    link_life: str
    introduction: Section | None
    who: Section | None
    what: Section | None
    numbers: Section | None
    not_found: Section | None
    how: Section | None
    after: Section | None
    support: Section | None
    people: str
    countries: str
    psap: bool
    foreigners: str
    parties: str
    parties_hear: str
    shows: str
    in_service_date: bool
    does_not_show: tuple[str, ...]
    limit: str
    exports: str
    limit_decision: str
    files: tuple[File, ...]
    mailbox: Mailbox | None
    demands: Mailbox | None
    support_subject: str
    why_individual: str
    why_countries: str
    why_limit: str

    @property
    def asked_for(self) -> tuple[str, ...]:
        """The files that are not published here and are asked for by mail."""
        return tuple(file.title for file in self.files if not file.address)


@dataclass(frozen=True, slots=True)
class Serving:
    """Everything that the page on serving a Legal Demand says."""

    demands: Mailbox | None
    status: Mailbox | None
    portal: Mailbox | None
    companies: tuple[str, ...]
    missing: tuple[str, ...]
    words: Section | None
    non_result: Section | None
    desks: tuple[tuple[Desk, str], ...] = ()


def landing(guide: Guide) -> Landing:
    """
    Gather the start page.

    :raises NotInGuide: when the carrier offers no look-up
    """
    portal = guide.lookup
    who, answers, quota = portal.eligibility, portal.answers, portal.quota
    vetting = portal.vetting
    mailbox = _mailbox(guide, portal.mailbox or "portal")
    return Landing(
        portal=portal,
        window=span(vetting.window),
        ask_after=span(vetting.ask_after),
        link_life=span(vetting.link_life),
        introduction=section(guide, "page_introduction"),
        who=section(guide, "page_who_can_apply"),
        what=section(guide, "page_what_is"),
        numbers=section(guide, "page_what_numbers"),
        not_found=section(guide, "page_not_found"),
        how=section(guide, "page_how_to_apply"),
        after=section(
            guide, "page_after_applying", window=span(vetting.window), link_life=span(vetting.link_life)
        ),
        support=section(guide, "page_support"),
        people=sentence(said(who.roles, ROLES)) or "Personnel",
        countries=said(who.countries, COUNTRIES, "or"),
        psap=who.psap,
        foreigners=_hears(who.reply_to_other_countries),
        parties=said(who.refused_parties, PARTIES),
        parties_hear=_hears(who.reply_to_refused_parties),
        shows=said([field for field in answers.shows if field in SHOWN], SHOWN),
        in_service_date="in_service_date" in answers.shows,
        does_not_show=_not_shown(portal),
        limit=f"{quota.limit} {UNITS[quota.unit]} per person {WINDOWS[quota.window]}, up to {quota.batch} in one submission",
        exports=said([kind.upper() for kind in answers.exports], {}, "or"),
        limit_decision=_decided(guide, quota),
        files=tuple(_file(guide, document) for document in _documents(guide, portal)),
        mailbox=mailbox,
        demands=_mailbox(guide, portal.process_mailbox or "demands"),
        support_subject=mailbox.subject_lines.get("support", "") if mailbox else "",
        why_individual=_sentence(who.sources.get("individual_only")),
        why_countries=_sentence(who.source),
        why_limit=_sentence(quota.source),
    )


def serving(guide: Guide) -> Serving:
    """Gather the page that says how to serve a Legal Demand."""
    demands = _mailbox(guide, "demands")
    return Serving(
        demands=demands,
        status=_mailbox(guide, "status"),
        portal=_mailbox(guide, "portal"),
        companies=tuple(
            entity.name for entity in guide.entities if entity.status == "accepted" and entity.kind in OURS
        ),
        missing=_missing(guide),
        words=section(guide, "page_not_found"),
        non_result=section(guide, "non_result"),
        # Where no mailbox takes demands, the desks do: by mail, fax and telephone.
        desks=()
        if demands
        else tuple((desk, _hours(guide, desk)) for desk in guide.desks if desk.public and desk.subjects),
    )


def _hours(guide: Guide, desk: Desk) -> str:
    """Return when a desk is staffed; nothing where the guide does not say."""
    return guide.calendar(desk.calendar).text if desk.calendar else ""


def forms(guide: Guide, on: date) -> tuple[File, ...]:
    """Return the forms that agencies fill in."""
    return tuple(
        File(title, reverse("public:file", args=[name])) for name, title in files.published(guide, on)
    )


def _missing(guide: Guide) -> tuple[str, ...]:
    """Name the documents that the guide refers to and does not hold, each with the sections meant (A13)."""
    lines = []
    for document in guide.documents:
        if document.contained:
            continue
        sections = [ref.section for ref in guide.references if ref.to == document.id and ref.section]
        where = (
            f"{'sections' if len(sections) > 1 else 'section'} {said(sections, {})} of " if sections else ""
        )
        lines.append(sentence(f"{where}the {document.title}"))
    return tuple(lines)


def _mailbox(guide: Guide, purpose: str) -> Mailbox | None:
    try:
        return guide.mailbox(purpose)
    except NotInGuide:
        return None


def _file(guide: Guide, document: Document) -> File:
    """Return a document for applicants (R-054): two are made from the guide in force, any other is asked for."""
    if document.kind == "form":
        return File(
            document.title, reverse("public:file", args=[files.APPLICATION]), "Download the application form"
        )
    if document.kind == "manual" and manual.published(guide):
        address = reverse("public:file", args=[files.MANUAL])
        return File(document.title, address, "Download the user guide", reverse("public:manual"))
    return File(document.title)


def _documents(guide: Guide, portal: Lookup) -> tuple[Document, ...]:
    return tuple(document for document in guide.documents if document.id in portal.files)


def _hears(reply: str) -> str:
    return {
        "notice": "We answer with a refusal that names the rule.",
        "silent": "Inquiries from them receive no reply.",
        "person": "A person of ours reads each one.",
    }[reply]


def _not_shown(portal: Lookup) -> tuple[str, ...]:
    answers = portal.answers
    lines = []
    if "end_user" not in answers.shows:
        lines.append("End users: we sell to other providers and hold no subscriber information.")
    if answers.history == "current_only":
        lines.append("No earlier customer, no history.")
    if not answers.dates:
        lines.append("No other date than the day you ask, no range of dates.")
    return tuple(lines)


def _decided(guide: Guide, stated: Stated) -> str:
    return next((decision.text for decision in guide.decisions if decision.id == stated.decision), "")


def _sentence(source: Source | None) -> str:
    return source.sentence if source else ""
