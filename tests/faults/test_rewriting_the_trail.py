"""
T9: every single edit, deletion, insertion, swap and truncation, by an administrator who holds the signing
key and recomputes everything, against one checkpoint in one old e-mail.
"""

import contextlib
from hashlib import sha256

import pytest
from django.db import transaction

from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.drivers import bundles
from tecum.audit.models import TrailLeaf, TrailLog
from tecum_verify import checking, merkle
from tests.sizes import size
from tests.trails import NOON, RUIZ, attacks, bundle, leaf, lift_guards, rewrite, signed, verify

ENTRIES = size(fast=20, ci=30, proof=62)  # 62 entries: 2,079 attacks
LATER = 5


@pytest.mark.sabotage("control 9: the same attacks against a hash chain")
def test_every_attack_by_somebody_who_recomputes_everything_is_found_and_a_plain_chain_finds_none(
    tmp_path, capsys
):
    trail = [leaf(n) for n in range(ENTRIES)]
    mailed = signed(trail)
    after = [leaf(1000 + n) for n in range(LATER)]
    missed, believed_by_a_chain, codes = [], 0, set()

    for name, forged in attacks(trail).items():
        forged = [*forged, *after]
        code = verify(bundle(tmp_path / "b", forged, notes=[signed(forged)]), mailed)
        codes.add(code)
        if code not in {2, 3, 4}:
            missed.append(name)
        believed_by_a_chain += chain_holds(chained(forged))

    count = len(attacks(trail))
    assert missed == []
    assert codes <= {3, 4}
    assert believed_by_a_chain == count  # what a chain without an outside checkpoint is worth
    assert verify(bundle(tmp_path / "b", [*trail, *after], notes=[signed([*trail, *after])]), mailed) == 5
    capsys.readouterr()


def chained(leaves: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Return each leaf with the hash over it and the hash before: what a plain hash chain keeps."""
    rows, last = [], b""
    for each in leaves:
        last = sha256(last + each).digest()
        rows.append((each, last))
    return rows


def chain_holds(rows: list[tuple[bytes, bytes]]) -> bool:
    """Tell whether a chain verifies, as its own verifier would say."""
    return [row[1] for row in chained([row[0] for row in rows])] == [row[1] for row in rows]


def test_everything_cut_off_at_the_end_down_to_nothing_is_found_as_missing(tmp_path, capsys):
    trail = [leaf(n) for n in range(ENTRIES)]

    for kept in range(ENTRIES):
        assert verify(bundle(tmp_path / "b", trail[:kept], notes=[signed(trail[:kept])]), signed(trail)) == 3

    assert f"entry {ENTRIES}: missing at the end" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_every_attack_on_the_tables_themselves_is_found_in_a_bundle_made_afterwards(
    outside, tmp_path, capsys
):
    mailed = sealed_trail(7)
    log = TrailLog.objects.get()
    whole = bodies()
    missed = []

    for name, forged in attacks(whole).items():
        with undone():
            rewrite(log, forged)
            path = tmp_path / "forged.tar"
            notes = [each.note for each in queries.checkpoints()]
            bundles.write(path, log=log, notes=notes, shows=lambda row: True, at=NOON)
            if verify(path, mailed) not in {2, 3, 4}:
                missed.append(name)
        log.refresh_from_db()

    assert missed == []
    assert bodies() == whole
    capsys.readouterr()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_verify_now_names_what_was_rewritten_from_the_copy_that_was_kept_outside(outside):
    sealed_trail(7)
    log = TrailLog.objects.get()
    assert queries.verify_now().code == 0

    with undone():
        rewrite(log, attacks(bodies())["edit 3"])
        verdict = queries.verify_now()

    assert verdict.code == checking.Kind.INCONSISTENT
    assert "signed over" in str(verdict.findings[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.sabotage("control 9: no copy outside")
def test_without_a_copy_outside_the_same_rewriting_stays_unseen(outside, settings):
    sealed_trail(7)
    log = TrailLog.objects.get()
    settings.TECUM_TRAIL_ANCHORS = []

    with undone():
        rewrite(log, attacks(bodies())["edit 3"])
        verdict = queries.verify_now()

    assert verdict.code == checking.Kind.UNANCHORED  # all it can say is that nobody outside vouches for it


@pytest.mark.sabotage("control 9: the outside checkpoint is not compared")
def test_a_verifier_that_does_not_compare_roots_would_let_a_forgery_pass(tmp_path, monkeypatch, capsys):
    trail = [leaf(n) for n in range(8)]
    forged = bundle(tmp_path / "b", attacks(trail)["edit 3"])
    assert verify(forged, signed(trail)) == 4

    believed = merkle.root_of(merkle.leaf_hash(each) for each in trail)
    note = signed(trail)
    monkeypatch.setattr(checking.Tree, "root", lambda tree: believed)

    assert verify(forged, note) == 0
    capsys.readouterr()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_nothing_more_is_left_outside_once_the_trail_was_rewritten(outside):
    sealed_trail(7)
    log = TrailLog.objects.get()

    with undone():
        rewrite(log, attacks(bodies())["edit 3"])
        with pytest.raises(audit.TrailDamaged, match="another checkpoint of 7"):
            audit.publish_checkpoint(now=NOON)


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
@pytest.mark.parametrize("hit", [1, 4, 9])
def test_an_entry_altered_in_place_is_named_and_stops_the_signature_over_it(outside, hit):
    sealed_trail(3)
    for _ in range(6):
        audit.note("trail.searched", by=RUIZ, at=NOON, found=1, shown=1)
    audit.seal(now=NOON)
    altered = TrailLeaf.objects.get(position=hit)

    with undone():
        lift_guards()
        TrailLeaf.objects.filter(pk=altered.pk).update(body=bytes(altered.body).replace(b"ruiz", b"rios"))
        verdict = queries.verify_now()
        if hit > 3:
            with pytest.raises(audit.TrailDamaged, match=f"Entry {hit} was edited"):
                audit.publish_checkpoint(now=NOON)

    assert verdict.code == checking.Kind.EDITED
    assert verdict.findings[0].first == verdict.findings[0].last == hit


def bodies() -> list[bytes]:
    """Return the bytes of the sealed entries."""
    return [bytes(body) for body in TrailLeaf.objects.order_by("position").values_list("body", flat=True)]


def sealed_trail(entries: int) -> str:
    """Make a trail through its own operations and return the checkpoint that went out by mail."""
    for n in range(entries):
        audit.note("trail.searched", by=RUIZ, at=NOON, found=n, shown=1)
    audit.seal(now=NOON)
    return audit.publish_checkpoint(now=NOON).note


@contextlib.contextmanager
def undone():
    """Let something be done to the database and take it back; operations see no transaction around them."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
