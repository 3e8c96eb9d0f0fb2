"""
Every public function in an `operations` module leads to `audit.record`, `audit.record_many` or `audit.note` (poster, rule 9).

Read from the source: from each function, everything it names is followed through modules and packages. What does
not lead to the trail stands below with its reason; a line that is no longer needed fails too.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRAIL = {("tecum.audit.operations", name) for name in ("record", "record_many", "note")}

CLOCKWORK = "clockwork: arms, leases and gives back; the operation it serves writes the event"
FILES = "keeps or drops the bytes of a file inside the transaction of its caller, whose event names the file"
THE_TRAIL = "the trail itself: its passes add no entry, what they do is proved by their result"
LISTS = "keeps the list of a matter; the capability that the matter belongs to writes the event"
ENDS = "undoes what a crash left; each delivery that it ends is recorded where it is ended"
READS = "reads and locks inside the transaction of its caller, who writes the event"
PURE = "computes, and touches no table"
EXEMPT = {
    "tecum.cases.operations.register.refuse_outside_register": "only refuses; the door records the refusal",
    "tecum.audit.operations.seal": THE_TRAIL,
    "tecum.audit.operations.publish_checkpoint": THE_TRAIL,
    "tecum.accounts.operations.beginning.count_from": CLOCKWORK,
    "tecum.accounts.operations.beginning.terms": PURE,
    "tecum.accounts.operations.beginning.watch_inactivity": CLOCKWORK,
    "tecum.accounts.operations.people.locked": READS,
    "tecum.accounts.operations.standing.stand": READS,
    "tecum.agencies.operations.stand": READS,
    "tecum.cases.operations.gates.refuse_while_gated": READS,
    "tecum.cases.operations.opening.locked": READS,
    "tecum.customers.operations.cards.checked_card": PURE,
    "tecum.customers.operations.consents.consents_for_reveal": READS,
    "tecum.customers.operations.customers.locked": READS,
    "tecum.customers.operations.customers.stand": READS,
    "tecum.deadlines.operations.arm": CLOCKWORK,
    "tecum.deadlines.operations.arm_many": CLOCKWORK,
    "tecum.deadlines.operations.claim": CLOCKWORK,
    "tecum.deadlines.operations.claim_many": CLOCKWORK,
    "tecum.deadlines.operations.complete_many": CLOCKWORK,
    "tecum.deadlines.operations.disarm_many": CLOCKWORK,
    "tecum.deadlines.operations.complete": CLOCKWORK,
    "tecum.deadlines.operations.disarm": CLOCKWORK,
    "tecum.deadlines.operations.fail": CLOCKWORK,
    "tecum.demands.operations.forms.desk_of": PURE,
    "tecum.demands.operations.forms.form_of": PURE,
    "tecum.demands.operations.forms.recognised": PURE,
    "tecum.demands.operations.gated.refuse_while_gated": READS,
    "tecum.exigent.operations.rows.held": READS,
    "tecum.deadlines.operations.finish": CLOCKWORK,
    "tecum.deadlines.operations.work_all": CLOCKWORK,
    "tecum.deadlines.operations.work_one": CLOCKWORK,
    "tecum.demands.operations.holding.lapse_later": CLOCKWORK,
    "tecum.demands.operations.holding.lapse_no_more": CLOCKWORK,
    "tecum.demands.operations.rows.locked": READS,
    "tecum.demands.operations.searching.scope_in": READS,
    "tecum.documents.operations.discard": FILES,
    "tecum.documents.operations.enter": FILES,
    "tecum.documents.operations.put": FILES,
    "tecum.documents.operations.read": READS,
    "tecum.documents.operations.remove": FILES,
    "tecum.documents.operations.remove_strays": FILES,
    "tecum.documents.operations.store": FILES,
    "tecum.documents.operations.stream": READS,
    "tecum.inbox.operations.routing.advance_mark": CLOCKWORK,
    "tecum.inbox.operations.routing.mark_of": READS,
    "tecum.inbox.operations.routing.rearm": CLOCKWORK,
    "tecum.lookup.operations.digest": PURE,
    "tecum.notices.operations.claim": CLOCKWORK,
    "tecum.notices.operations.own_addresses": PURE,
    "tecum.production.operations.preparing.found": READS,
    "tecum.production.operations.scopes.locked_scope": READS,
    "tecum.production.operations.scopes.readable": READS,
    "tecum.records.operations.keeping.recover": ENDS,
    "tecum.recovery.operations.refuse": "only refuses; the door records the refusal",
    "tecum.secrecy.operations.fingerprint": PURE,
    "tecum.process.operations.by_hand.look_at": PURE,
    "tecum.process.operations.by_hand.weigh": PURE,
    "tecum.process.operations.letters.deficiency": READS,
    "tecum.process.operations.letters.redirection": READS,
    "tecum.process.operations.letters.turn": READS,
    "tecum.process.operations.receiving.locked": READS,
    "tecum.surveillance.operations.orders.deciding.letter": READS,
    "tecum.exigent.operations.disclosing.content": PURE,
    "tecum.exigent.operations.disclosing.location": PURE,
    "tecum.exigent.operations.surveilling.content": PURE,
    "tecum.exigent.operations.deciding.refuse_unready": READS,
    "tecum.exigent.operations.following.about": PURE,
    "tecum.exigent.operations.deciding.waiting": READS,
    "tecum.exigent.operations.ending.runs": READS,
    "tecum.exigent.operations.rows.locked": READS,
    "tecum.exigent.operations.rows.locked_for_counsel": READS,
    "tecum.exigent.operations.rows.say": PURE,
    "tecum.exigent.operations.rows.changed": "counts a change; the operation that made it writes the event",
    "tecum.surveillance.operations.orders.rows.locked": READS,
    "tecum.surveillance.operations.orders.rows.say": PURE,
    "tecum.secrecy.operations.forget": LISTS,
    "tecum.secrecy.operations.keys_of": READS,
    "tecum.secrecy.operations.end_hold": LISTS,
    "tecum.secrecy.operations.hold_matter": LISTS,
    "tecum.secrecy.operations.let_know": LISTS,
    "tecum.secrecy.operations.make_part": LISTS,
    "tecum.secrecy.operations.fingerprinter": PURE,
    "tecum.secrecy.operations.read_bytes": READS,
    "tecum.secrecy.operations.read_stream": READS,
    "tecum.secrecy.operations.seal_bytes": PURE,
    "tecum.secrecy.operations.seal_matter": LISTS,
    "tecum.secrecy.operations.seal_payload": PURE,
    "tecum.secrecy.operations.seal_stream": PURE,
    "tecum.surveillance.operations.carrying.carry": "speaks to a switch; what it shows is recorded where it is settled",
    "tecum.surveillance.operations.carrying.carry_all": "speaks to a switch; what it shows is recorded where it is settled",
    "tecum.surveillance.operations.carrying.commands": "reads what two people approved, and writes when it left",
    "tecum.surveillance.operations.carrying.task_of": READS,
    "tecum.surveillance.operations.charging.product": PURE,
    "tecum.surveillance.operations.differing.overruns": PURE,
    "tecum.surveillance.operations.proposing.refuse_while_gated": READS,
    "tecum.surveillance.operations.noticing.plan": CLOCKWORK,
    "tecum.surveillance.operations.reconciling.listing": "reads a switch; what differs is recorded where it is compared",
    "tecum.surveillance.operations.moving.to_case": "moves rows inside its caller, who writes the event",
    "tecum.surveillance.operations.proposing.line_data": PURE,
    "tecum.surveillance.operations.proposing.line_of": PURE,
    "tecum.surveillance.operations.proposing.standing_in": READS,
    "tecum.surveillance.operations.rows.in_force": READS,
    "tecum.surveillance.operations.rows.locked": READS,
    "tecum.surveillance.operations.rows.said_of": READS,
    "tecum.surveillance.operations.rows.say": "writes a row inside its caller, who writes the event",
    "tecum.surveillance.operations.rows.surveillance_of": READS,
    "tecum.surveillance.operations.rows.turned": "counts inside its caller, who writes the event",
    "tecum.surveillance.operations.tapping.target_of": "makes a row inside its caller, who writes the event",
    "tecum.vetting.operations.applying.proved_address": READS,
    "tecum.vetting.operations.codes.door_must_be_open": PURE,
    "tecum.vetting.operations.codes.is_proved": PURE,
    "tecum.secrecy.operations.unseal_matter": LISTS,
}


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the capabilities' operations by its dotted name."""
    files = [*ROOT.glob("tecum/*/operations.py"), *ROOT.glob("tecum/*/operations/**/*.py")]
    return {_name(file): ast.parse(file.read_text()) for file in files}


def _name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Source:
    """Follows names through modules."""

    def __init__(self, trees: Mapping[str, ast.Module]) -> None:
        self.functions = {
            (module, node.name): node
            for module, tree in trees.items()
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        }
        self.imports = {module: dict(self._imported(module, tree)) for module, tree in trees.items()}
        self.trees = trees

    def _imported(self, module: str, tree: ast.Module) -> Iterator[tuple[str, tuple[str, str]]]:
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield alias.asname or alias.name, (node.module, alias.name)

    def public(self) -> list[tuple[str, str]]:
        """Return the functions that other capabilities and doors may call."""
        return [key for key in self.functions if not key[1].startswith("_")]

    def leads(
        self, key: tuple[str, str], seen: frozenset[tuple[str, str]] = frozenset(), within: str = ""
    ) -> bool:
        """Tell whether a function comes, by whatever it names (or names in one module), to an event of the trail."""
        if key in TRAIL:
            return True
        if key in seen or key not in self.functions or within not in {"", key[0]}:
            return False
        return any(self.leads(other, seen | {key}, within) for other in self.named(*key))

    def named(self, module: str, function: str) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.functions[module, function]):
            if isinstance(node, ast.Name):
                yield self._resolved(module, node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                package, name = self.imports[module].get(node.value.id, ("", ""))
                yield self._resolved(f"{package}.{name}", node.attr)

    def _resolved(self, module: str, name: str) -> tuple[str, str]:
        """Return where a name of a module is defined, through the packages that pass it on."""
        for _ in range(5):
            if (module, name) in self.functions or name not in self.imports.get(module, {}):
                break
            module, name = self.imports[module][name]
        return module, name


SOURCE = Source(modules())


@pytest.mark.parametrize("key", SOURCE.public(), ids=".".join)
def test_a_write_leads_to_the_trail(key):
    assert SOURCE.leads(key) or ".".join(key) in EXEMPT, "record or note an event, or exempt it with a reason"


def test_nothing_is_exempt_that_leads_to_the_trail_or_is_gone():
    known = {".".join(key): key for key in SOURCE.public()}

    assert [name for name in EXEMPT if name not in known] == []
    assert [name for name in EXEMPT if name in known and SOURCE.leads(known[name])] == []


@pytest.mark.sabotage("control 9: an operation without its event")
@pytest.mark.parametrize("module", sorted(name for name in modules() if name != "tecum.audit.operations"))
def test_an_operation_whose_event_is_taken_away_is_noticed(module):
    spoilt = Source(
        {**modules(), module: ast.parse(ast.unparse(modules()[module]).replace("audit.", "nothing."))}
    )

    # An act that is made of other capabilities' acts still writes an event of its own: looked for in the module alone too.
    lost = [
        key
        for key in spoilt.public()
        for where in ("", module)
        if key[0] == module and SOURCE.leads(key, within=where) and not spoilt.leads(key, within=where)
    ]

    own = [key for key in SOURCE.functions if key[0] == module]
    direct = any(named in TRAIL for key in own for named in SOURCE.named(*key))
    assert bool(lost) == direct
