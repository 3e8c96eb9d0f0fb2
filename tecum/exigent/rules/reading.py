"""From a form, or from the words of a letter, to what a request says; and which pathway that is (D7)."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tecum.exigent.rules.facts import LEA, PSAP, Said
from tecum.guide import phrases
from tecum.guide.model.emergency import Emergency, Ground
from tecum.guide.model.guide import Guide
from tecum.guide.model.words import Words
from tecum.kernel import numbers
from tecum.kernel.numbers import NotANumber

LONGEST = 4_000
A_NUMBER = re.compile(r"(?<!\d)(?:\+?1[\s.-]*)?\(?[2-9]\d{2}\)?[\s./-]*\d{3}[\s./-]*\d{4}(?!\d)")
GROUND_WORDS = re.compile(r"[^a-z ]+")
Values = Mapping[str, Sequence[str]]
SURVEILS = frozenset({"surveillance"})


def of_form(
    values: Values, guide: Guide, *, requester: str = "", circumstances: str = "", email: str = ""
) -> Said:
    """Return what a filled form says, by the stable ids of its fields; choices in the form's own words."""

    def one(name: str) -> str:
        return " ".join(" ".join(values.get(name, ())).split())[:LONGEST]

    agency, words = one("from_agency"), guide.mail.words
    known, unknown = grounds(values.get("grounds", ()), guide)
    targets, unread = read_numbers(values.get("targets", ()))
    wanted = tuple(each.strip() for each in values.get("assistance", ()) if each.strip())
    return Said(
        requester=requester or _requester(agency, words),
        name=one("from_name"), title=one("from_title"), agency=agency, phone=phone(one("from_phone")), email=email.strip().lower(),
        designation=one("designation"), grounds=known, other_grounds=unknown, assistance=wanted, types=types(wanted, words),
        targets=targets, unread=unread, services=tuple(services(values.get("services", ()), words)), interval=one("interval"),
        recipient=one("recipient"), circumstances=circumstances.strip()[:LONGEST],
        signatures=tuple(
            found for name in ("signature_1", "signature_2") if (found := "; ".join(filter(None, map(str.strip, values.get(name, ())))))
        ),
    )  # fmt: skip


def phone(text: str) -> str:
    """Return a telephone number as ten digits where it is one, else as it was written."""
    good, _ = read_numbers([text])
    return good[0] if len(good) == 1 else text.strip()[:40]


def of_letter(
    text: str, guide: Guide, *, name: str = "", email: str = "", reply_to: str = "", verdict: str = ""
) -> Said:
    """
    Return what the words of a letter, a cover sheet or a mail suggest: its numbers, grounds and wants (R-094).

    A person reads it and corrects this. Of the numbers that stand in it the ones behind a word for the sender's own
    telephone are left out; everything else is a target until somebody says otherwise.
    """
    words = guide.mail.words
    own = own_numbers(text, words)
    found = dict.fromkeys(number for number in every_number(text) if number not in own)
    number = next(iter(own), "")
    known, _ = grounds([text], guide, within=True)
    return Said(
        requester=_requester(text, words), name=name, email=email.lower(), phone=number,
        grounds=known, types=types([text], words), targets=tuple(found), circumstances="", words=text.strip()[:20_000],
        reply_to=reply_to.lower(), verdict=verdict,
    )  # fmt: skip


def own_numbers(text: str, words: Words) -> tuple[str, ...]:
    """Return the numbers of a text that it gives as the writer's own: behind a word of the guide for one's telephone."""
    found = []
    for match in A_NUMBER.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()].split()
        while before and (not _plain(before[-1]) or _plain(before[-1]) in words.own_number_joins):
            before.pop()
        if phrases.ends(words.own_number, " ".join(before)):
            found.append(match[0])
    return tuple(read_numbers(found)[0])


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def _requester(text: str, words: Words) -> str:
    return PSAP if phrases.found(words.dispatchers, text) else LEA


def every_number(text: str) -> tuple[str, ...]:
    """Return every telephone number that stands in a text, once each."""
    return read_numbers(A_NUMBER.findall(text))[0]


def read_numbers(given: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of some lines, and what is none."""
    good: dict[str, None] = {}
    bad: list[str] = []
    for line in given:
        for part in re.split(r"[,;\n]|\s{2,}", line):
            if not part.strip():
                continue
            try:
                good[numbers.read(part)] = None
            except NotANumber:
                bad.append(" ".join(part.split())[:60])
    return tuple(good), tuple(bad)


def types(wanted: Iterable[str], words: Words) -> tuple[str, ...]:
    """Return the types of surveillance that some words ask for, by the guide's words for them (D3)."""
    said = "\n".join(wanted)
    known = {
        "title_iii": words.title_iii,
        "pen_register": words.pen_register,
        "trap_and_trace": words.trap_and_trace,
    }
    return tuple(name for name, theirs in known.items() if phrases.found(theirs, said))


def services(given: Iterable[str], words: Words) -> Iterable[str]:
    """Yield the services that a form names, in the controlled vocabulary (D3)."""
    for each in given:
        if phrases.found(words.dispatch_service, each):
            yield "dispatch"
        elif each.strip():
            yield "interconnect"


def grounds(
    given: Iterable[str], guide: Guide, *, within: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the guide's grounds that some words name, and the words that name none of them."""
    known: dict[str, None] = {}
    unknown: list[str] = []
    every: dict[str, Ground] = {each.id: each for one in guide.emergencies for each in one.grounds}
    for text in given:
        said = _bare(text)
        mine = [
            each.id
            for each in every.values()
            if _stem(each) in said
            or phrases.found(each.words, text)
            or (not within and said == _bare(each.id))
        ]
        known.update(dict.fromkeys(mine))
        if not mine and said and not within:
            unknown.append(" ".join(text.split())[:200])
    return tuple(known), tuple(unknown)


def _stem(ground: Ground) -> str:
    """Return the words of a ground up to its first comma or bracket: forms add examples and exceptions behind them."""
    return _bare(re.split(r"[,(]", ground.label)[0])


def _bare(text: str) -> str:
    return " ".join(GROUND_WORDS.sub(" ", text.casefold().replace("_", " ")).split())


def pathway(said: Said, guide: Guide, wanted: str = "") -> Emergency | None:
    """
    Return the pathway of a request: what the guide calls `wanted`, else the one for what it asks; none without any.

    What asks for an interception is never taken for a disclosure, and the other way round.
    """
    if wanted:
        return next((each for each in guide.emergencies if each.id == wanted), None)
    kinds = SURVEILS if said.surveils else frozenset({"disclosure", "location"})
    return next((each for each in guide.emergencies if each.kind in kinds), None)


def is_surveillance(pathway: Emergency) -> bool:
    """Tell whether a pathway starts a surveillance."""
    return pathway.kind in SURVEILS
