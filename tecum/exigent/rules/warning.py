"""Warnings about a request, each with its reason: what a forger leaves behind. None of them decides; a person calls back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from tecum.exigent.rules.reading import every_number
from tecum.kernel.numbers import grouped
from tecum.vetting.rules.likeness import looks_like

SHINGLE = 5  # words
KEPT = 200  # prints of one text
ALIKE = 0.3  # share of a text's prints that it has in common with a forged one
NIGHT = range(6)


@dataclass(frozen=True, slots=True)
class Warning:
    """One warning: its code, a sentence with the reason, and the cases that it rests on, where there are any."""

    code: str
    sentence: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark of an earlier forged request that this one bears too."""

    kind: str
    case: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """
    What is known besides the request itself.

    `domains` are verified for the agency of the case, `every_domain` for any agency; `numbers` are the agency's in the
    directory. `before` counts the requests that came from the sender's domain before; `recent` those of the agency in
    the last day, `usual` the most that it made on any day before; `hours` are the local hours of its earlier requests.
    `others` are open requests about the same target; `free_mail` are mail services for everybody, by the guide.
    """

    agency: str = ""
    agency_name: str = ""
    domains: Collection[str] = ()
    every_domain: Collection[str] = ()
    numbers: Collection[str] = ()
    directory_numbers: Collection[str] = ()
    before: int = 0
    recent: int = 0
    usual: int = 0
    hours: Sequence[int] = ()
    marks: Sequence[Marked] = ()
    others: Sequence[str] = ()
    not_ours: Sequence[str] = ()
    free_mail: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """What of a request is looked at."""

    email: str = ""
    reply_to: str = ""
    verdict: str = ""
    phone: str = ""
    agency: str = ""
    words: str = ""
    targets: tuple[str, ...] = ()
    local: datetime | None = None
    unread: tuple[str, ...] = field(default=())


def warnings(asking: Asking, known: Known) -> tuple[Warning, ...]:
    """Return every warning, the gravest first."""
    found = [
        *_marks(known),
        *_sender(asking, known),
        *_numbers(asking, known),
        *_habits(asking, known),
        *_targets(asking, known),
    ]
    return tuple(found)


MARKS = {
    "sender": "It comes from an address that sent a forged request before.",
    "domain": "It comes from a domain that a forged request came from before.",
    "number": "It gives a telephone number that a forged request gave before.",
    "target": "It asks about a number that a forged request asked about before.",
}


def _marks(known: Known) -> list[Warning]:
    found = []
    for kind, sentence in MARKS.items():
        cases = tuple(dict.fromkeys(each.case for each in known.marks if each.kind == kind))
        if cases:
            found.append(Warning(f"forged_{kind}", sentence, cases))
    words = [each for each in known.marks if each.kind == "words"]
    if words:
        most = max(each.share for each in words)
        found.append(
            Warning(
                "forged_words",
                f"{most:.0%} of its wording stands in an earlier request that was forged.",
                tuple(dict.fromkeys(each.case for each in words)),
            )
        )
    return found


def _sender(asking: Asking, known: Known) -> list[Warning]:
    domain = asking.email.rpartition("@")[2]
    if not domain:
        return []
    found = []
    other = looks_like(domain, frozenset(known.every_domain))
    if other:
        found.append(
            Warning("look_alike", f"The domain {domain} can be taken for {other}, which is verified.")
        )
    if domain in known.free_mail:
        found.append(Warning("free_mail", f"{domain} is a mail service for everybody and not an agency's."))
    elif known.agency and known.domains and domain not in known.domains:
        found.append(Warning("other_domain", f"{domain} is not a domain verified for {known.agency_name}."))
    if not known.before and domain not in known.every_domain:
        found.append(Warning("new_domain", f"Nothing ever came from {domain} before."))
    found += _vouched(asking, domain)
    return found


def _vouched(asking: Asking, domain: str) -> list[Warning]:
    found = []
    if asking.verdict in {"failed", "unaligned"}:
        found.append(Warning("dmarc", f"The mail systems do not vouch for {domain}: its DMARC check failed."))
    elif asking.verdict == "none":
        found.append(Warning("unproven", f"No mail system vouches for {domain}: anybody can write as it."))
    answer = asking.reply_to.rpartition("@")[2]
    if answer and answer != domain:
        found.append(
            Warning("reply_to", f"An answer would go to another domain than it came from: {answer}.")
        )
    return found


def _numbers(asking: Asking, known: Known) -> list[Warning]:
    own = [
        each for each in {asking.phone, *every_number(asking.words)} if each and each not in asking.targets
    ]
    if not known.agency or not own or set(own) & set(known.numbers):
        return []
    shown = ", ".join(grouped(each) for each in sorted(own)[:3])
    return [
        Warning(
            "number",
            f"No number that it gives is one of {known.agency_name} in the directory. Never call {shown}.",
        )
    ]


def _habits(asking: Asking, known: Known) -> list[Warning]:
    found = []
    if known.agency and known.recent > max(2, 2 * known.usual):
        found.append(
            Warning(
                "volume",
                f"{known.recent} requests in a day from {known.agency_name}; never more than {known.usual} before.",
            )
        )
    hour = asking.local.hour if asking.local else None
    if hour in NIGHT and len(known.hours) >= 5 and not any(each in NIGHT for each in known.hours):
        found.append(
            Warning("hour", f"It came at night; none of {len(known.hours)} earlier ones of this agency did.")
        )
    return found


def _targets(asking: Asking, known: Known) -> list[Warning]:
    found = []
    if known.others:
        found.append(
            Warning("same_target", "Another open request asks about the same number.", tuple(known.others))
        )
    if known.not_ours:
        shown = ", ".join(grouped(each) for each in known.not_ours[:3])
        found.append(Warning("not_ours", f"Not ours by the lists that we hold: {shown}."))
    if asking.unread:
        found.append(Warning("unread", f"No telephone number: {', '.join(asking.unread[:3])}."))
    return found


def prints(text: str) -> tuple[str, ...]:
    """Return marks of the words of a text, in groups of five, that tell it again when it is reused in part."""
    words = ["".join(c for c in word if c.isalpha()) for word in text.casefold().split()]
    words = [word for word in words if word]
    groups = {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    return tuple(sorted(sha256(each.encode()).hexdigest() for each in groups)[:KEPT])


def share(mine: Collection[str], marked: Collection[str]) -> float:
    """Return which share of a text's prints stands in a marked one too, of the smaller of the two."""
    least = min(len(mine), len(marked))
    return len(set(mine) & set(marked)) / least if least else 0.0
