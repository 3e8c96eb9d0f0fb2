"""A production is made from frozen inputs, checked by strangers' tools, and nothing outside the scope gets into it."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import Production, StoredFile, TrailLeaf
from tecum.production import operations as productions
from tecum.production import queries
from tecum.production.drivers import archive, sealing
from tecum.production.operations import CannotPrepare
from tecum.production.rules.facts import CALLS, BadInput, Coverage, Outcome, Part
from tecum.records.rules.scope import Grant, Scope
from tecum_verify import production as verifier
from tests.make import NOON
from tests.productions import (  # noqa: F401
    JULY,
    NUMBER,
    calls,
    case,
    csv_of,
    guide,
    package,
    signing,
    stored,
    unpacked,
    with_parts,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("signing")]
JOBS = Actor.system("jobs")


def run(*words, cwd=None):
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True)


def text_of(pdf) -> str:
    return " ".join(run("pdftotext", str(pdf), "-").stdout.split())


def state(id):
    return Production.objects.get(pk=id).state


def test_a_package_is_found_good_by_strangers_tools_and_by_ours(tmp_path):
    found = case()
    id = found.made()
    content = package(id)
    (tmp_path / "answer.zip").write_bytes(content)

    bag = unpacked(content, tmp_path / "unpacked")

    assert run("sha256sum", "-c", "--strict", "manifest-sha256.txt", cwd=bag).returncode == 0
    assert run("sha256sum", "-c", "--strict", "tagmanifest-sha256.txt", cwd=bag).returncode == 0
    assert run(sys.executable, "-m", "bagit", "--validate", str(bag)).returncode == 0
    signature = run("pdfsig", str(bag / "certificate.pdf")).stdout
    assert "Signature is Valid" in signature and "Total document signed" in signature
    assert verifier.main([str(bag)]) == 0
    assert verifier.main([str(tmp_path / "answer.zip")]) == 0
    row = Production.objects.get(pk=id)
    assert row.sha256 == hashlib.sha256(content).hexdigest() and row.size == len(content)


def test_the_certificate_names_every_file_its_hash_and_who_declares(tmp_path):
    id = case().made()

    bag = unpacked(package(id), tmp_path)

    said = text_of(bag / "certificate.pdf")
    manifest = (bag / "manifest-sha256.txt").read_bytes()
    assert "Ada Lindqvist" in said and "under penalty of perjury" in said
    assert hashlib.sha256(manifest).hexdigest() in said.replace(" ", "")
    for line in manifest.decode().splitlines():
        assert line[:64] in said.replace(" ", "")
    assert "Subpoena 26-114, item 1" in text_of(bag / "coverage.pdf")


def test_what_was_asked_and_not_produced_is_said_with_its_reason(tmp_path):
    found = case()
    half = Period(JULY.start, JULY.start + timedelta(days=10))
    rest = Period(half.end, JULY.end)
    lines = [
        Coverage("cdr", NUMBER, half, Outcome.EXPIRED, held=False, why="older than 30 days at receipt"),
        Coverage("cdr", NUMBER, rest, Outcome.PRODUCED, held=True, rows=2),
    ]
    content = csv_of(calls(2, begin=rest.start))
    part = Part(stored(content, matter=found.facts.matter), "late.csv", "cdr", NUMBER, CALLS)

    id = with_parts(found, [part], lines).made()

    bag = unpacked(package(id), tmp_path)
    assert verifier.main([str(bag)]) == 0
    assert "older than 30 days at receipt" in text_of(bag / "coverage.pdf")
    assert "older than 30 days at receipt" in (bag / "coverage.csv").read_text()


def test_a_letter_of_no_records_says_what_was_searched(tmp_path):
    id = case(files=()).made()

    bag = unpacked(package(id), tmp_path)

    said = text_of(bag / "no-records.pdf")
    assert "has none to produce" in said and "(292) 555-0142" in said and "none found" in said
    assert verifier.main([str(bag)]) == 0
    assert run(sys.executable, "-m", "bagit", "--validate", str(bag)).returncode == 0


@pytest.mark.requirement("R-104")
def test_a_report_of_the_fraud_system_carries_the_guides_disclaimer_and_no_certificate(tmp_path, settings):
    settings.TECUM_GUIDE = guide("wireless-2003")
    id = case(product="fraudbuster").made()

    bag = unpacked(package(id), tmp_path)

    assert not (bag / "certificate.pdf").exists()
    said = text_of(bag / "disclaimer.pdf")
    assert "not a transactional record" in said and "does not guarantee its accuracy" in said
    assert "penalty of perjury" not in said
    assert "Signature is Valid" in run("pdfsig", str(bag / "disclaimer.pdf")).stdout
    assert verifier.main([str(bag)]) == 0


def test_a_row_outside_the_scope_stops_the_production_and_is_named():
    found = case()
    content = csv_of([*calls(2), *calls(1, begin=JULY.end)])
    part = Part(stored(content, matter=found.facts.matter), "calls.csv", "cdr", NUMBER, CALLS)
    lines = [replace(found.inputs.coverage[0], rows=3)]

    id = with_parts(found, [part], lines).prepare()
    productions.make(production=id, by=JOBS, now=NOON)

    assert state(id) == "STOPPED"
    view = queries.opened(id=id, by=found.preparer, now=NOON)
    assert "calls.csv, line 5: no grant of the scope allows this row." in view.why
    assert not StoredFile.objects.filter(purpose="production").exists()


@pytest.mark.parametrize(
    ("what", "content"),
    [
        ("another number", csv_of(calls(3, number="2925550143"))),
        ("fewer rows than the coverage says", csv_of(calls(2))),
        ("no heading", b"Target,Start\n1,2\n"),
        ("a time that is none", csv_of([[NUMBER, "", "", "yesterday", ""]])),
        ("no UTF-8", b"\xff\xfe\x00"),
    ],
)
def test_a_table_that_is_not_what_it_should_be_stops_the_production(what, content):
    found = case()
    part = Part(stored(content, matter=found.facts.matter), "calls.csv", "cdr", NUMBER, CALLS)

    id = with_parts(found, [part]).prepare()
    productions.make(production=id, by=JOBS, now=NOON)

    assert state(id) == "STOPPED", what


def test_inputs_that_contradict_the_scope_or_themselves_are_refused():
    found = case()
    matter, part = found.facts.matter, found.inputs.parts[0]
    line = found.inputs.coverage[0]
    other = Scope(matter, found.scope.guide, (Grant("cdr", "2925550143", JULY, "another number"),))
    wrong = {
        "a number that is not granted": with_parts(found, [replace(part, number="2925550143")]),
        "a product that is not granted": with_parts(found, [replace(part, product="records")]),
        "a name twice": with_parts(found, [part, part]),
        "coverage with a gap": with_parts(
            found,
            found.inputs.parts,
            [replace(line, period=Period(JULY.start, JULY.end - timedelta(hours=1)))],
        ),
        "coverage twice": with_parts(found, found.inputs.parts, [line, line]),
        "files that the coverage does not know": with_parts(
            found, found.inputs.parts, [replace(line, outcome=Outcome.NONE, rows=0)]
        ),
        "a file that is not stored": with_parts(found, [replace(part, file="0" * 26)]),
        "a scope that is not in force": replace(found, scope=other),
    }
    for what, given in wrong.items():
        with pytest.raises(CannotPrepare):
            given.prepare()
            pytest.fail(what)

    with pytest.raises(BadInput):
        Part("x", "../../etc/passwd.csv", "cdr", NUMBER, CALLS)
    assert not Production.objects.exists()


def test_a_matter_that_is_sealed_to_a_person_is_unknown_to_them():
    from tecum.models import Matter

    found = case()
    id = found.made()

    Matter.objects.filter(pk=found.facts.matter).update(sealed=True)

    assert queries.productions(by=found.preparer, now=NOON) == []
    for act in (
        lambda: productions.open_production(production=id, by=found.preparer, now=NOON),
        lambda: productions.propose_release(
            production=id, receivers=found.receivers, by=found.preparer, now=NOON
        ),
        lambda: productions.withdraw(production=id, reason="x", by=found.preparer, now=NOON),
        found.prepare,
    ):
        with pytest.raises(NotYours):
            act()


def test_the_receipt_is_that_of_the_entry_in_the_trail(tmp_path, capsys):
    found = case()
    id = found.made()
    bag = unpacked(package(id), tmp_path)

    receipt = queries.opened(id=id, by=found.preparer, now=NOON).receipt

    leaf = TrailLeaf.objects.get(event="production.assembled")
    assert bytes(leaf.leaf_hash).hex().upper().startswith(receipt.replace("-", ""))
    assert verifier.main([str(bag), "--receipt", receipt]) == 0
    assert verifier.main([str(bag), "--receipt", "AAAA-BBBB-CCCC"]) == 4


def test_making_it_twice_makes_it_once():
    found = case()
    id = found.made()
    before = Production.objects.get(pk=id).sha256

    assert not productions.make(production=id, by=JOBS, now=NOON)

    assert Production.objects.get(pk=id).sha256 == before
    assert TrailLeaf.objects.filter(event="production.made").count() == 1


def test_a_supplement_names_what_it_supplements(tmp_path):
    found = case()
    first = found.released()

    second = found.prepare(supplements=first)
    productions.make(production=second, by=JOBS, now=NOON)

    row = Production.objects.get(pk=second)
    assert (row.ordinal, row.supplements_id) == (2, first)
    bag = unpacked(package(second), tmp_path)
    assert row.supplements.reference in (bag / "production.json").read_text()


def test_a_supplement_needs_something_that_left():
    found = case()
    first = found.made()

    with pytest.raises(CannotPrepare):
        found.prepare(supplements=first)


def test_without_a_signing_key_nothing_is_made_and_nothing_is_lost(settings, tmp_path):
    settings.TECUM_SIGNING_FILE = str(tmp_path / "nowhere.pem")
    found = case()
    id = found.prepare()

    with pytest.raises(sealing.NoSigningKey):
        productions.make(production=id, by=JOBS, now=NOON)

    assert state(id) == "PREPARING"
    sealing.create(tmp_path / "nowhere.pem", carrier="Example", now=NOON)
    assert productions.make(production=id, by=JOBS, now=NOON)
    assert TrailLeaf.objects.filter(event="production.assembled").count() == 1


def test_the_same_bag_gives_the_same_bytes_and_streams():
    pulled = []

    def slow(label):
        for n in range(40):
            pulled.append(label)
            yield hashlib.sha256(f"{label} {n}".encode()).digest() * 4096

    def packed():
        members = [archive.Member(f"data/{n}", slow(n), 40 * 131072) for n in (2, 1)]
        return archive.pack(members, folder="PR-1")

    stream = packed()
    next(stream)
    assert len(pulled) < 10, "the first bytes leave long before the last were read"
    assert b"".join(packed()) == b"".join(packed())
