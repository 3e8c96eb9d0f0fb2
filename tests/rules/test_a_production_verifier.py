"""
T8 for what leaves: producer, verifier and brute force agree about every row; whatever is tampered with is named.

The verifier is other code than the producer and uses the standard library alone; here both meet an oracle that is neither.
"""

import io
import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tecum.kernel.periods import Period
from tecum.production.drivers import archive, tables
from tecum.production.drivers.archive import Member
from tecum.production.rules import bag, checks
from tecum.production.rules.bag import Entry
from tecum.production.rules.checks import TableRow
from tecum.production.rules.facts import (
    CALLS,
    Asked,
    CaseFacts,
    Columns,
    Coverage,
    Declarant,
    Inputs,
    Outcome,
    Part,
)
from tecum.records.rules.scope import Grant, Scope
from tecum_verify import production as verifier
from tecum_verify.bags import About, NoBag, opened
from tecum_verify.merkle import leaf_hash
from tecum_verify.papers import short
from tecum_verify.scopes import Scope as Read
from tests.productions import csv_of, xlsx_of
from tests.sizes import size

BEGIN = datetime(2026, 7, 1, tzinfo=UTC)
NUMBERS = ["2925550142", "2925550143", "3925550101"]
PRODUCTS = ["cdr", "records"]
SPANS = Columns("Target Number", "Since", "Until")
CASES = size(ci=400, proof=10_000)
SIGNED = size(ci=60, proof=600)


def at(minutes: int) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def random_scope(dice: random.Random) -> Scope:
    grants = []
    for _ in range(dice.randint(1, 6)):
        start = dice.randint(0, 40)
        grants.append(
            Grant(
                dice.choice(PRODUCTS),
                dice.choice(NUMBERS),
                Period(at(start), at(start + dice.randint(1, 15))),
                "item",
            )
        )
    return Scope("m" * 26, "2026-1", tuple(grants))


def brute(scope: Scope, product: str, row: TableRow) -> bool:
    """Judge every minute by itself; all ends of these scopes and rows are whole minutes."""
    minute, judged = row.since, True
    while True:
        judged &= any(
            (grant.product, grant.number) == (product, row.number)
            and grant.period.start <= minute < grant.period.end
            for grant in scope.grants
        )
        minute += timedelta(minutes=1)
        if row.until is None or minute >= row.until or not judged:
            return judged


@pytest.mark.requirement("R-110")
def test_producer_verifier_and_brute_force_agree_about_every_row():
    dice = random.Random(20260908)
    out = 0
    for _ in range(CASES):
        scope = random_scope(dice)
        read = Read.read(scope.json())
        for _ in range(20):
            start = dice.randint(-3, 60)
            end = at(start + dice.randint(0, 9)) if dice.random() < 0.5 else None
            row = TableRow(1, dice.choice(NUMBERS), at(start), end)
            product = dice.choice(PRODUCTS)
            micros = [
                (each - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
                for each in (row.since, end)
                if each
            ]

            said = checks.inside(scope, product, row)

            until = micros[1] if len(micros) == 2 and micros[1] != micros[0] else None
            assert said == brute(scope, product, row)
            assert said == read.allows((product, row.number), micros[0], until)
            out += not said
    assert out > CASES, "the dice must also throw rows that are outside"


def paper(facts: dict[str, str]) -> bytes:
    """Return what the verifier needs of a signed statement, without a printer: facts, and a signature over all bytes."""
    head = b"%PDF-1.7\n" + b"".join(f"/{name} ({value})\n".encode() for name, value in facts.items())
    attribute = bytes.fromhex("06092a864886f70d010904") + b"\x31\x22\x04\x20"
    width = (len(attribute) + 32) * 2 + 2
    line = b"/ByteRange [0 %010d %010d %010d] /Contents "
    start = len(head) + len(line % (0, 0, 0))
    tail = b"\n%%EOF\n"
    before = head + line % (start, start + width, len(tail))
    digest = sha256(before + tail).digest()
    return before + b"<" + (attribute + digest).hex().encode() + b">" + tail


def made(dice: random.Random, rows: int = 6) -> tuple[dict[str, bytes], Scope]:
    """Return the files of a production as `operations.making` puts them together, and its scope."""
    number, product = dice.choice(NUMBERS), dice.choice(PRODUCTS)
    whole = Period(at(0), at(60))
    granted = Period(at(dice.randint(0, 10)), at(dice.randint(40, 60)))
    scope = Scope("m" * 26, "2026-1", (Grant(product, number, granted, "item 1"),))
    minutes = granted.elapsed // timedelta(minutes=1)
    calls = [
        [
            number,
            "outgoing",
            "3925550101",
            (granted.start + timedelta(minutes=dice.randrange(minutes))).isoformat(),
            "60",
        ]
        for _ in range(rows)
    ]
    contents = {"calls.csv": csv_of(calls), "calls.xlsx": xlsx_of(calls), "letter.pdf": b"%PDF-1.7 letter"}
    lines = [
        Coverage(product, number, each, Outcome.WITHHELD, True, why="not authorised")
        for each in whole.minus([granted])
    ]
    lines.append(Coverage(product, number, granted, Outcome.PRODUCED, True, rows=rows))
    facts = CaseFacts("c", "L-1", "m" * 26, "a", "Agency", "subpoena")
    parts = [
        Part(
            "f",
            name,
            product,
            number,
            CALLS if name != "letter.pdf" else None,
            None if name != "letter.pdf" else granted,
        )
        for name in contents
    ]
    inputs = Inputs(facts, tuple(parts), (Asked(product, number, whole),), tuple(lines), Declarant("A", "B"))
    checks.check(inputs, scope)
    files = {f"data/{name}": content for name, content in contents.items()}
    return bagged(inputs, scope, files), scope


def bagged(inputs: Inputs, scope: Scope, files: dict[str, bytes]) -> dict[str, bytes]:
    entries = []
    for part in sorted(inputs.parts, key=lambda each: each.path):
        content = files[part.path]
        rows = None
        if part.columns:
            rows = len(list(tables.rows([content], name=part.name, columns=part.columns)))
        ends = (part.period.start.isoformat(), part.period.end.isoformat()) if part.period else ("", "")
        entries.append(
            Entry(part.path, part.file, sha256(content).hexdigest(), len(content), part.product, part.number, True, rows,
                  part.columns, *ends)
        )  # fmt: skip
    manifest = bag.manifest({each.path: each.sha256 for each in entries})
    digest = sha256(manifest.encode()).hexdigest()
    said = {
        "event": "production.assembled",
        "matter": scope.matter,
        "data": {"manifest": digest, "scope": scope.digest()},
    }
    entry = json.dumps(said).encode()
    leaf = leaf_hash(entry).hex()
    facts = {"TecumProduction": "PR-1", "TecumManifest": digest, "TecumScope": scope.digest()}
    tags = {
        "bagit.txt": bag.BAGIT.encode(),
        bag.INFO: bag.info(
            inputs, [each.size for each in entries], carrier="C", reference="PR-1", at=BEGIN
        ).encode(),
        bag.MANIFEST: manifest.encode(),
        bag.SCOPE: scope.json().encode(),
        bag.CONTENTS: bag.contents(
            entries,
            statement="certificate.pdf",
            kind="certificate",
            reference="PR-1",
            inputs=inputs,
            supplements="",
            at=BEGIN,
        ).encode(),
        bag.RECEIPT: bag.receipt(text=short(leaf), leaf=leaf, entry=entry, origin="log").encode(),
        bag.COVERAGE_CSV: bag.coverage_csv(inputs.coverage),
        bag.COVERAGE_PDF: paper(facts),
        "certificate.pdf": paper(facts),
    }
    tags[bag.TAGMANIFEST] = bag.manifest(
        {name: sha256(data).hexdigest() for name, data in tags.items()}
    ).encode()
    return {**files, **tags}


def zipped(files: dict[str, bytes], path: Path) -> Path:
    members = [Member(name, [data], len(data)) for name, data in files.items()]
    path.write_bytes(b"".join(archive.pack(members, folder="PR-1")))
    return path


def findings(files: dict[str, bytes], path: Path):
    return verifier.verify(opened(zipped(files, path)))[0]


def resealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with manifests made afresh, as somebody would who knows how a bag works."""
    data = {name: sha256(content).hexdigest() for name, content in files.items() if name.startswith("data/")}
    rest = {**files, bag.MANIFEST: bag.manifest(data).encode()}
    rest.pop(bag.TAGMANIFEST)
    tags = {
        name: sha256(content).hexdigest() for name, content in rest.items() if not name.startswith("data/")
    }
    return {**rest, bag.TAGMANIFEST: bag.manifest(tags).encode()}


def test_what_was_made_is_found_good(tmp_path):
    dice = random.Random(1)
    for _ in range(SIGNED):
        files, _scope = made(dice, dice.randint(1, 9))
        assert findings(files, tmp_path / "a.zip") == []


ONE, _ = made(
    random.Random(2)
)  # made once: a workbook says when it was made, so that no two are the same bytes


@settings(max_examples=size(ci=150, proof=5000))
@given(data=st.data())
def test_one_changed_byte_anywhere_is_named(data, tmp_path_factory):
    files = ONE
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[name]) - 1))
    flip = data.draw(st.integers(1, 255))
    content = bytearray(files[name])
    content[place] ^= flip
    path = tmp_path_factory.getbasetemp() / "changed.zip"

    try:
        found = findings({**files, name: bytes(content)}, path)
    except Exception as fault:
        assert type(fault).__name__ in {"NoBag", "BadScope"}, repr(fault)
        return

    wanted = {name} if name != bag.TAGMANIFEST else {each.path for each in found}
    assert any(
        each.path in wanted | {bag.MANIFEST, bag.TAGMANIFEST} or name == bag.MANIFEST for each in found
    ), name
    assert found


def test_the_manifest_that_nothing_hashes_is_read_to_the_letter(tmp_path):
    tags = ONE[bag.TAGMANIFEST]
    letter = next(place for place, each in enumerate(tags) if each in b"abcdef")
    for place in (letter, 64, 65, tags.index(b"\n"), len(tags) - 1):
        for flip in (1, 10, 32):
            content = bytearray(tags)
            content[place] ^= flip

            assert findings({**ONE, bag.TAGMANIFEST: bytes(content)}, tmp_path / "a.zip"), (place, flip)


@pytest.mark.parametrize("name", ["data/calls.csv", "data/letter.pdf", "scope.json", "receipt.json", "certificate.pdf",
                                  "coverage.csv", "coverage.pdf", "tagmanifest-sha256.txt"])  # fmt: skip
def test_a_missing_file_is_named(name, tmp_path):
    files, _ = made(random.Random(3))
    files.pop(name)

    try:
        found = [each.path for each in findings(files, tmp_path / "a.zip")]
    except NoBag as fault:
        found = [str(fault).partition(" ")[0]]

    assert name in found


@pytest.mark.parametrize("name", ["data/more.csv", "data/deep/er.txt", "notes.txt"])
def test_an_added_file_is_named(name, tmp_path):
    files, _ = made(random.Random(4))

    found = findings({**files, name: b"x"}, tmp_path / "a.zip")

    assert (name, About.FILE) in [(each.path, each.about) for each in found]


def test_every_row_that_is_injected_is_named_even_when_the_manifests_are_made_afresh(tmp_path):
    dice = random.Random(5)
    for _ in range(SIGNED):
        files, scope = made(dice)
        (grant,) = scope.grants
        late = (grant.period.end + timedelta(minutes=dice.randint(0, 99))).isoformat()
        other = next(each for each in NUMBERS if each != grant.number)
        row = dice.choice([[grant.number, late], [other, grant.period.start.isoformat()]])
        line = f"{row[0]},outgoing,3925550101,{row[1]},60\r\n".encode()
        rows = files["data/calls.csv"].splitlines(keepends=True)
        place = dice.randint(2, len(rows))
        rows.insert(place, line)

        found = findings(resealed({**files, "data/calls.csv": b"".join(rows)}), tmp_path / "a.zip")

        named = [each for each in found if each.about is About.ROW and each.path == "data/calls.csv"]
        assert any(f"line {place + 1} " in each.words for each in named), found


def test_an_injected_row_in_a_workbook_is_named_too(tmp_path):
    files, scope = made(random.Random(6))
    (grant,) = scope.grants
    late = [[grant.number, "", "", grant.period.end.isoformat(), ""]]

    found = findings(resealed({**files, "data/calls.xlsx": xlsx_of(late)}), tmp_path / "a.zip")

    assert any(each.path == "data/calls.xlsx" and "line 4" in each.words for each in found)


def test_a_hidden_sheet_and_a_formula_are_refused(tmp_path):
    import xlsxwriter

    files, _ = made(random.Random(7))
    for what in ("sheet", "formula"):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out)
        sheet = book.add_worksheet("Calls")
        for column, title in enumerate(("Target Number", "Start Time (UTC)")):
            sheet.write_string(0, column, title)
        if what == "sheet":
            book.add_worksheet("More").hide()
        else:
            sheet.write_formula(1, 0, "=1+1")
        book.close()

        found = findings(resealed({**files, "data/calls.xlsx": out.getvalue()}), tmp_path / "a.zip")

        assert any(each.path == "data/calls.xlsx" and what in each.words for each in found), found


def test_a_wider_scope_put_in_its_place_is_named_by_the_papers(tmp_path):
    files, scope = made(random.Random(8))
    (grant,) = scope.grants
    wider = Scope(scope.matter, scope.guide, (grant, Grant("cdr", "2925550143", grant.period, "made up")))

    found = findings(resealed({**files, "scope.json": wider.json().encode()}), tmp_path / "a.zip")

    assert {"certificate.pdf", "coverage.pdf", "receipt.json"} <= {each.path for each in found}


def test_papers_of_another_production_are_named(tmp_path):
    files, _ = made(random.Random(9))
    others, _ = made(random.Random(10))
    for name in ("certificate.pdf", "coverage.pdf", "receipt.json", "coverage.csv"):
        found = findings(resealed({**files, name: others[name]}), tmp_path / "a.zip")

        assert name in {each.path for each in found if each.about is About.PAPER}, name


def test_a_statement_that_was_changed_after_its_signature_is_named(tmp_path):
    files, _ = made(random.Random(11))
    for before, after in ((b"%PDF-1.7", b"%PDF-1.6"), (b"%%EOF\n", b"%%EOF\nmore")):
        changed = files["certificate.pdf"].replace(before, after)

        found = findings(resealed({**files, "certificate.pdf": changed}), tmp_path / "a.zip")

        assert any(each.path == "certificate.pdf" and "sign" in each.words for each in found)


def test_a_table_that_passes_for_a_document_is_named(tmp_path):
    files, scope = made(random.Random(12))
    said = json.loads(files["production.json"])
    for each in said["files"]:
        if each["path"] == "data/calls.csv":
            each.pop("columns")
            each |= {
                "from": scope.grants[0].period.start.isoformat(),
                "until": scope.grants[0].period.end.isoformat(),
            }

    found = findings(resealed({**files, "production.json": json.dumps(said).encode()}), tmp_path / "a.zip")

    assert any(each.path == "data/calls.csv" and each.about is About.ROW for each in found)


def test_exit_codes_and_sentences(tmp_path, capsys):
    files, _ = made(random.Random(13))
    good = zipped(files, tmp_path / "good.zip")

    assert verifier.main([str(good)]) == 0
    assert "good: 3 files, 12 rows" in capsys.readouterr().out
    assert verifier.main([str(tmp_path / "nowhere")]) == 1
    with pytest.raises(SystemExit) as left:
        verifier.main([])
    assert left.value.code == 1
    changed = zipped({**files, "data/letter.pdf": b"x"}, tmp_path / "changed.zip")
    assert verifier.main([str(changed), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert "data/letter.pdf" in {each["path"] for each in said["findings"]}


def test_a_zip_that_would_write_elsewhere_or_twice_is_not_checked(tmp_path):
    for names in (["PR-1/../../etc/x"], ["a/x", "b/y"], ["x"], ["PR-1/x", "PR-1/x"]):
        path = tmp_path / "evil.zip"
        with (
            pytest.warns(UserWarning) if len(set(names)) < len(names) else _nothing(),
            zipfile.ZipFile(path, "w") as out,
        ):
            for name in names:
                out.writestr(name, "x")
        assert verifier.main([str(path)]) == 1


class _nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False
