"""What an officer hands in: by which door it may come, and what can be refused before anything is kept."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from tecum.cases.facts import Asked, Contact
from tecum.cases.states import Identifier
from tecum.guide.calculators import routing
from tecum.guide.calculators.routing import Route
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question, find_process
from tecum.kernel import numbers
from tecum.process.facts import Brought, Said
from tecum.process.rules.checklist import Aim

DOORS = {"portal": "the page", "api": "a program"}
MOST_PAPERS = 10
MOST_TARGETS = 200
LARGEST_PAPER = 25 << 20
LARGEST_WHOLE = 100 << 20
SHORTEST_KEY, LONGEST_KEY = 8, 80


@dataclass(frozen=True, slots=True)
class Submission:
    """A legal demand as an officer hands it in. The agency is the officer's own; nothing typed can change it."""

    said: Said
    targets: tuple[Asked, ...] = ()
    papers: tuple[Brought, ...] = ()
    contact: Contact = field(default_factory=Contact)

    def content(self) -> bytes:
        """Return everything that makes it this one and no other, to be marked with a key: it names numbers."""
        said = {
            "said": self.said.as_dict(),
            "contact": self.contact.as_dict(),
            "targets": [
                [
                    each.value,
                    each.product,
                    each.identifier.value,
                    each.period and [each.period.start.isoformat(), each.period.end.isoformat()],
                ]
                for each in self.targets
            ],
            "papers": [[each.name, sha256(each.content).hexdigest()] for each in self.papers],
        }
        return json.dumps(said, sort_keys=True, ensure_ascii=False).encode()


def door_open(guide: Guide, door: str, *, on: date) -> bool:
    """Tell whether the guide names a channel of this kind at all; one that it does not name is closed (A17)."""
    return any(each.kind == door and each.accepted and each.holds(on) for each in guide.channels)


def way_in(guide: Guide, submission: Submission, door: str, *, on: date) -> Route | None:
    """Return where this process belongs and whether it may come by this door; None where the guide cannot say."""
    said = submission.said
    question = Question(
        on=on, process=said.process, country=said.country, region=said.region, city=said.city,
        product=next((each.product for each in submission.targets if each.product), ""),
    )  # fmt: skip
    try:
        return routing.route(guide, question, entity=said.entity, channel=door)
    except NotInGuide:
        return None


def aims(targets: Iterable[Asked]) -> tuple[Aim, ...]:
    """Return the targets as the checklist looks at them."""
    return tuple(
        Aim(
            label=numbers.grouped(each.value) if numbers.is_canonical(each.value) else f"target {place}",
            number=each.value, product=each.product, period=each.period,
            is_number=each.identifier is Identifier.NUMBER,
        )
        for place, each in enumerate(targets, 1)
    )  # fmt: skip


def faults(guide: Guide, submission: Submission, *, papers_needed: bool = True) -> list[tuple[str, str]]:
    """Return what is wrong with a submission before anything is kept: the part it is about, and a sentence."""
    return [
        *_of_the_kind(guide, submission.said),
        *_of_the_targets(guide, submission.targets),
        *of_the_papers(submission.papers, needed=papers_needed),
    ]


def _of_the_kind(guide: Guide, said: Said) -> list[tuple[str, str]]:
    if not said.process:
        return [("process", "Say which kind of legal process it is.")]
    try:
        find_process(guide, said.process, said.country)
    except NotInGuide as unknown:
        return [("process", str(unknown))]
    return []


def _of_the_targets(guide: Guide, targets: tuple[Asked, ...]) -> list[tuple[str, str]]:
    products = {each.id for each in guide.products}
    found = [
        ("targets", f"The guide knows no records called “{each}”.")
        for each in dict.fromkeys(each.product for each in targets if each.product)
        if each not in products
    ]
    if len(targets) > MOST_TARGETS:
        found.append(
            (
                "targets",
                f"At most {MOST_TARGETS} numbers and kinds of records at once; these are {len(targets)}.",
            )
        )
    for place, each in enumerate(targets, 1):
        if each.identifier is not Identifier.NUMBER:
            continue
        try:
            numbers.read(each.value)
        except numbers.NotANumber as wrong:
            found.append(("targets", f"Number {place}: {wrong}"))
    return found


def of_the_papers(papers: tuple[Brought, ...], *, needed: bool) -> list[tuple[str, str]]:
    """Return what is wrong with the files that came: none, too many, empty, too large."""
    if needed and not papers:
        return [("papers", "Add the legal process itself, as a PDF or a picture.")]
    found = []
    if len(papers) > MOST_PAPERS:
        found.append(("papers", f"At most {MOST_PAPERS} files at once; these are {len(papers)}."))
    for each in papers:
        if not each.content:
            found.append(("papers", f"{each.name} is empty."))
        elif len(each.content) > LARGEST_PAPER:
            found.append(
                ("papers", f"{each.name} is larger than 25 MB. Send it in parts, or in black and white.")
            )
    if sum(len(each.content) for each in papers) > LARGEST_WHOLE:
        found.append(("papers", "Together the files are larger than 100 MB. Send some of them later."))
    return found
