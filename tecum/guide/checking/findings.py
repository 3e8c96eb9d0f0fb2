"""What a check finds, and how a decision settles it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tecum.guide.entries import Entry, Stated
from tecum.guide.model.guide import Guide
from tecum.guide.model.identity import Decision
from tecum.guide.problems import Place

Severity = Literal["contradiction", "gap", "doubt", "remark"]
ORDER: tuple[Severity, ...] = ("contradiction", "gap", "doubt", "remark")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """
    One thing to settle: a contradiction, a gap, a doubt or a remark.

    `about` is the id it concerns; a decision settles `code` or `code:about`.
    """

    code: str
    severity: Severity
    about: str
    sentence: str
    places: tuple[Place, ...]
    decision: Decision | None = None

    @property
    def name(self) -> str:
        """Return how decisions call the finding."""
        return f"{self.code}:{self.about}" if self.about else self.code

    def as_dict(self) -> dict[str, object]:
        """Return the finding as JSON carries it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "about": self.about,
            "finding": self.sentence,
            "places": [{"file": p.file, "line": p.line, "key": p.key} for p in self.places],
            "settled": self.decision is not None,
            "decision": {"id": self.decision.id, "text": self.decision.text} if self.decision else None,
        }


def finding(
    code: str, severity: Severity, about: "Entry | str", sentence: str, *places: "Stated | Place"
) -> Finding:
    """Return a finding; the first place is that of the entry itself."""
    where = [about.place] if isinstance(about, Entry) else []
    where += [place.place if isinstance(place, Stated) else place for place in places]
    name = about.id if isinstance(about, Entry) else about
    known = tuple(dict.fromkeys(place for place in where if place.file))
    return Finding(code=code, severity=severity, about=name, sentence=sentence, places=known)


def settled(guide: Guide, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings with their decisions, and one for each decision that settles nothing; worst first."""
    found = list(found)
    by_name = {name: decision for decision in guide.decisions for name in decision.settles}
    known = [replace(one, decision=by_name.get(one.name) or by_name.get(one.code)) for one in found]
    known += _idle(guide.decisions, {name for one in found for name in (one.name, one.code)})
    return tuple(
        sorted(
            known, key=lambda one: (one.decision is not None, ORDER.index(one.severity), one.code, one.about)
        )
    )


def _idle(decisions: Iterable[Decision], names: set[str]) -> Iterator[Finding]:
    for decision in decisions:
        for name in decision.settles:
            if name not in names:
                sentence = f"Decision '{decision.id}' settles '{name}', which is not found (any more)."
                yield finding("decision-settles-nothing", "remark", decision, sentence)
