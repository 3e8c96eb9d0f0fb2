"""
The user guide for officers (R-031, R-054): the guide's own chapters, what the guide in force says, and pictures.

One list of chapters serves the page and the PDF. A chapter whose wording a carrier's guide does not hold is left out; a
carrier that holds none publishes no user guide.
"""

from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tecum.documents.drivers import pdf
from tecum.documents.guide import parts
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.lookup import Lookup
from tecum.kernel import words
from tecum.web.public import pictures
from tecum.web.public.pictures import Album, Picture
from tecum.web.public.sections import section
from tecum.web.public.vocabulary import SHOWN, UNITS, WINDOWS, said, sentence, span

TITLE = "User guide"
BEGINS = "manual_purpose"  # a carrier that holds this text publishes a user guide
#: The wording of each chapter, in order, with the pictures that stand in it.
CHAPTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (BEGINS, ()),
    ("manual_first_visit", ("set-password", "second-factor", "welcome")),
    ("manual_signing_in", ("sign-in",)),
    ("manual_asking", ("look-up",)),
    ("manual_answers", ("answers",)),
    ("manual_non_result", ("non-result",)),
    ("manual_pending", ()),
    ("manual_help", ()),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of the guide in force, under the chapter it belongs to."""

    term: str
    value: SafeString


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: the carrier's words, what the guide says, the pictures."""

    anchor: str
    title: str
    html: SafeString
    facts: tuple[Fact, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """The user guide of one carrier under one version of its guide."""

    title: str
    chapters: tuple[Chapter, ...]
    about_pictures: str


def published(guide: Guide) -> bool:
    """Tell whether the carrier has a user guide: it holds the wording of the first chapter."""
    return bool(guide.lookups) and BEGINS in guide.wording


def manual(guide: Guide, album: Album | None = None) -> Manual:
    """
    Gather the user guide; the pictures are those that fit the guide in force best.

    :raises NotInGuide: when the carrier publishes none
    """
    if not published(guide):
        raise NotInGuide(f"The guide '{guide.guide.name}' holds no user guide.")
    album = album if album is not None else pictures.album()
    chapters = [found for name, shots in CHAPTERS if (found := _chapter(guide, name, shots, album))]
    return Manual(title(guide), tuple(chapters), _about(guide, album))


def title(guide: Guide) -> str:
    """Return the user guide's title, as the guide's list of documents prints it."""
    wanted = guide.lookup.files
    named = [one.title for one in guide.documents if one.id in wanted and one.kind == "manual"]
    return named[0] if named else TITLE


def as_pdf(guide: Guide, on: date) -> bytes:
    """
    Return the user guide as a tagged PDF, its pictures inside.

    :raises NotInGuide: when the carrier publishes none
    :raises NoPrinter: where this machine lacks the libraries that print
    """
    made = manual(guide)
    dated = f"In force on {on:%-d %B %Y}, version {guide.version} of the guide"
    links = [f'<a href="#{one.anchor}">{escape(one.title)}</a>' for one in made.chapters]
    contents = f'<nav class="toc" aria-label="Contents"><h2>Contents</h2>{parts.listed(links, "ol")}</nav>'
    body = contents + "".join(_printed(one) for one in made.chapters)
    body += parts.paragraph(made.about_pictures, "quiet")
    return pdf.render(parts.html(made.title, guide.carrier.name, dated, body, fonts=pdf.faces()))


def _printed(chapter: Chapter) -> str:
    rows = "".join(f"<dt>{escape(fact.term)}</dt><dd>{fact.value}</dd>" for fact in chapter.facts)
    shown = "".join(
        f'<figure><img src="{one.data}" alt="{escape(one.alt)}"><figcaption>{escape(one.caption)}</figcaption></figure>'
        for one in chapter.pictures
    )
    facts = f'<dl class="facts">{rows}</dl>' if rows else ""
    return parts.section(chapter.anchor, chapter.title, chapter.html, facts, shown)


def _chapter(guide: Guide, name: str, shots: tuple[str, ...], album: Album) -> Chapter | None:
    text = section(guide, name, link_life=span(guide.lookup.vetting.link_life))
    if text is None:
        return None
    facts = FACTS[name](guide) if name in FACTS else []
    shown = tuple(album.pictures[shot] for shot in shots if shot in album.pictures)
    return Chapter(name.removeprefix("manual_").replace("_", "-"), text.title, text.html, tuple(facts), shown)


def _fact(term: str, value: str) -> Fact:
    return Fact(term, format_html("{}", value))


def _first_visit(guide: Guide) -> list[Fact]:
    vetting = guide.lookup.vetting
    return [
        _fact("From applying to the messages", span(vetting.window)),
        _fact("Please ask about it only after", span(vetting.ask_after)),
    ]


def _signing_in(guide: Guide) -> list[Fact]:
    upkeep, visits = guide.lookup.upkeep, guide.sessions
    facts = [
        _fact(
            "You are signed out",
            f"after {span(visits.idle)} without a request, and after {span(visits.absolute)} in any case",
        ),
        _fact("At one place only", "signing in anywhere else ends the visit before it"),
    ]
    if upkeep.attested_every:
        facts.append(
            _fact(
                "Your supervisor confirms you",
                f"every {span(upkeep.attested_every)}; supervisors are reminded {span(upkeep.warned_before)} before. "
                "Without it look-ups pause, and nothing else.",
            )
        )
    if upkeep.inactive_after:
        facts.append(
            _fact("An account that is not used", f"is suspended after {span(upkeep.inactive_after)}")
        )
    return facts


def _asking(guide: Guide) -> list[Fact]:
    quota = guide.lookup.quota
    zone = quota.zone.tz if quota.zone else guide.carrier.zone.tz
    facts = [
        _fact("Your limit", f"{quota.limit} {UNITS[quota.unit]} per person {WINDOWS[quota.window]}"),
        _fact("In one submission", f"up to {quota.batch} numbers"),
    ]
    if quota.window.startswith("calendar"):
        facts.append(_fact("The count begins anew", f"at midnight, {words.zone_name(zone)}"))
    if quota.unit == "distinct_numbers":
        facts.append(
            _fact("What counts", "each different valid number, found or not; the same one again is free")
        )
    return facts


def _answers(guide: Guide) -> list[Fact]:
    answers = guide.lookup.answers
    facts = [_fact("A result shows", sentence(said([one for one in answers.shows if one in SHOWN], SHOWN)))]
    if answers.coverage_verdict:
        facts.append(
            _fact(
                "Compare", "draws the time of your investigation beside the in-service date; it costs nothing"
            )
        )
    if answers.exports:
        facts.append(
            _fact("To keep", f"a spreadsheet ({said([one.upper() for one in answers.exports], {}, 'or')})")
        )
    return facts


def _non_result(guide: Guide) -> list[Fact]:
    text = section(guide, guide.lookup.answers.non_result)
    if text is None:
        return []
    return [
        Fact(
            "The screen says",
            format_html("{}{}", format_html("<p><strong>{}</strong></p>", text.title), text.html),
        )
    ]


def _help(guide: Guide) -> list[Fact]:
    portal: Lookup = guide.lookup
    try:
        box = guide.mailbox(portal.mailbox or "portal")
    except NotInGuide:
        return []
    facts = [Fact("Address", format_html('<a href="mailto:{0}">{0}</a>', box.address))]
    if box.subject_lines.get("support"):
        facts.append(_fact("Subject line", box.subject_lines["support"]))
    desk = guide.desk(box.desk) if box.desk else None
    if desk is not None and desk.calendar:
        facts.append(_fact("Hours", guide.calendar(desk.calendar).text))
    if desk is not None and desk.phone:
        facts.append(_fact("Telephone", desk.phone))
    return facts


FACTS = {
    "manual_first_visit": _first_visit,
    "manual_signing_in": _signing_in,
    "manual_asking": _asking,
    "manual_answers": _answers,
    "manual_non_result": _non_result,
    "manual_help": _help,
}


def _about(guide: Guide, album: Album) -> str:
    """Say honestly what the pictures show: the running portal, with people and companies who do not exist."""
    if not album.pictures:
        return ""
    mine = (album.guide, album.version) == (guide.guide.name, guide.version)
    whose = (
        ""
        if mine
        else f" of {album.carrier}, under version {album.version} of its guide; where they differ, the words hold"
    )
    return f"The pictures show the running portal{whose}. The people, companies and numbers in them are invented."
