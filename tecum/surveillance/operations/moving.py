"""An order takes the place of an emergency: what it covers goes on under it, what it does not cover ends at once."""

from collections.abc import Iterable
from datetime import datetime

from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.surveillance.models import Authority, Surveillance, Tap, TapTarget
from tecum.surveillance.operations import tapping
from tecum.surveillance.operations.rows import said_of, say
from tecum.surveillance.rules import ordered as lines
from tecum.surveillance.rules.ordered import Line, Ordered, Service


def to_case(row: Surveillance, order: Authority) -> None:
    """Let a surveillance belong to the order's case: what identifies its targets is sealed under that matter from now on."""
    targets = list(TapTarget.objects.select_related("surveillance").filter(surveillance=row))
    said = {target.pk: said_of(target) for target in targets}
    row.case_id, row.matter = order.case_id, order.matter
    row.save(update_fields=["case", "matter"])
    for target in targets:
        target.surveillance = row
        say(target, said[target.pk])
        target.save(update_fields=["said", "print"])


def take_over(tap: Tap, order: Authority, covered: Iterable[Ordered], *, by: Actor, now: datetime) -> None:
    """Put one tap under the order, narrowed to what it covers, or end it: the intersection, never more."""
    number = said_of(tap.target).number
    line = Line(number, Service(tap.service), tap.switch, lines.read(tap.types))
    types = lines.covered(covered, line)
    if not types:
        tapping.stop([tap], why="not_covered", by=by, now=now)
        return
    audit.record(
        "surveillance.taken_over", by=by, at=now, matter=order.matter, surveillance=tap.target.surveillance_id,
        tap=tap.pk, authority=order.pk, narrowed=types != line.types,
    )  # fmt: skip
    if types == line.types:
        Tap.objects.filter(pk=tap.pk).update(authority=order)
        return
    tap.types, tap.authority = lines.written(types), order
    tapping.write_again(tap, proposer=order.proposed_by, why="narrowed", by=by, now=now)
