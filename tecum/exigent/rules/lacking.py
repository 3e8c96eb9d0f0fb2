"""What a request still lacks before anything may be decided: words, a person who may ask, writing, a certificate."""

from dataclasses import dataclass

from tecum.exigent.rules.facts import REQUESTERS, Said
from tecum.exigent.rules.reading import is_surveillance
from tecum.guide.calculators.summaries import EmergencyRules
from tecum.guide.model.emergency import Emergency

ORAL = frozenset({"telephone", "voicemail"})
PAPER = frozenset({"signed_form", "certification"})


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing or wrong; `hard` where no person can go on without it."""

    code: str
    sentence: str
    citation: str = ""
    hard: bool = True


def counts_as_written(pathway: Emergency, *, channel: str) -> bool:
    """
    Tell whether what came by a channel is by itself what the guide wants in writing (R-094, R-096).

    A form that must be signed, or a certificate, is never there before a person looked at the paper.
    """
    if pathway.release_gate in PAPER or is_surveillance(pathway):
        return False
    return channel not in ORAL


def lacking(
    said: Said,
    pathway: Emergency,
    rules: EmergencyRules,
    *,
    written: bool,
    stops: tuple[str, ...],
    counsel: bool,
) -> tuple[Lack, ...]:
    """
    Return what stands between a request and a decision, the hard ones first.

    `stops` are those of its grounds that wait for somebody further; `counsel` tells that they decided.
    """
    found: list[Lack] = []
    if not said.targets:
        found.append(Lack("no_target", "It names no target: ask for the number.", "R-094"))
    if rules.may_ask is False:
        who = REQUESTERS.get(said.requester, "Whoever asks").lower()
        found.append(
            Lack("may_not_ask", f"{who.capitalize()} cannot ask for this: {pathway.name.lower()}.", "D7")
        )
    if not said.grounds:
        found.append(Lack("no_ground", "It gives no ground that the law recognises.", pathway.citation))
    elif stops and not counsel:
        found.append(Lack("counsel", f"This ground waits for {stops[0]}: {pathway.citation}.", "D7"))
    found += _in_writing(said, pathway, written=written)
    return tuple(found)


def _in_writing(said: Said, pathway: Emergency, *, written: bool) -> list[Lack]:
    found = []
    if not written:
        what = "the signed certificate" if is_surveillance(pathway) else "the written request"
        late = "Nothing is released before" if pathway.first == "oral" else "Nothing starts before"
        found.append(Lack("not_written", f"{late} {what} is in.", "R-096", hard=pathway.first != "oral"))
    if pathway.certifiers and not said.designation:
        found.append(
            Lack("no_designation", "Nobody says by whom the official is specially designated.", "R-176")
        )
    if not is_surveillance(pathway) and not (said.circumstances or said.words):
        found.append(Lack("no_circumstances", "It does not say what the emergency is.", "R-094"))
    return found
