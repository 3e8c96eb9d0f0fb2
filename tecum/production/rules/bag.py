"""The text files of a bag (RFC 8493)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tecum.documents import spreadsheets
from tecum.production.rules.facts import Asked, Columns, Coverage, Inputs

BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SCOPE, CONTENTS, RECEIPT = "scope.json", "production.json", "receipt.json"
SEARCHED = (
    "data/searched.csv"  # a bag must not be empty (RFC 8493): what was searched, where nothing was found
)
COVERAGE_CSV, COVERAGE_PDF = "coverage.csv", "coverage.pdf"
MANIFEST, TAGMANIFEST, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
STAMP = "manifest-sha256.txt.tsr"
COVERAGE_HEAD = ("Product", "Number", "From (UTC)", "Until (UTC)", "Outcome", "Held", "Rows", "Why")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of data/, as it was found."""

    path: str
    file: str
    sha256: str
    size: int
    product: str
    number: str
    certified: bool
    rows: int | None = None
    columns: Columns | None = None
    since: str = ""
    until: str = ""


def manifest(hashes: Mapping[str, str]) -> str:
    """Return the lines of a manifest, sorted by path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))


def info(inputs: Inputs, sizes: Sequence[int], *, carrier: str, reference: str, at: datetime) -> str:
    """Return bag-info.txt."""
    lines = {
        "Source-Organization": carrier,
        "External-Identifier": reference,
        "Bag-Group-Identifier": inputs.case.reference,
        "Internal-Sender-Identifier": inputs.case.process,
        "Bagging-Date": f"{at.astimezone(UTC):%Y-%m-%d}",
        "Payload-Oxum": f"{sum(sizes)}.{len(sizes)}",
    }
    return "".join(f"{key}: {_line(value)}\n" for key, value in lines.items())


def _line(text: str) -> str:
    return " ".join(text.split())


def contents(
    entries: Sequence[Entry],
    *,
    statement: str,
    kind: str,
    reference: str,
    inputs: Inputs,
    supplements: str,
    at: datetime,
) -> str:
    """Return production.json: what each file is, for programs."""
    said = {
        "version": 1,
        "production": reference,
        "case": inputs.case.reference,
        "process": inputs.case.process,
        "supplements": supplements,
        "made_at": at.astimezone(UTC).isoformat(),
        "statement": {"path": statement, "kind": kind},
        "asked": [_asked(each) for each in inputs.asked],
        "files": [_file(each) for each in entries],
    }
    return json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _asked(each: Asked) -> dict[str, str]:
    return {
        "product": each.product,
        "number": each.number,
        "from": each.period.start.isoformat(),
        "until": each.period.end.isoformat(),
    }


def _file(entry: Entry) -> dict[str, object]:
    said: dict[str, object] = {
        "path": entry.path,
        "product": entry.product,
        "number": entry.number,
        "sha256": entry.sha256,
        "size": entry.size,
        "certified": entry.certified,
    }
    if entry.columns is None:
        return {**said, "from": entry.since, "until": entry.until}
    columns = {"number": entry.columns.number, "from": entry.columns.since, "until": entry.columns.until}
    return {**said, "rows": entry.rows, "columns": columns}


def coverage_csv(coverage: Sequence[Coverage]) -> bytes:
    """Return the coverage as CSV; what people wrote cannot become a formula."""
    rows = [
        (
            each.product, each.number, each.period.start.isoformat(), each.period.end.isoformat(),
            each.outcome.value, "yes" if each.held else "no", str(each.rows), each.why,
        )
        for each in coverage
    ]  # fmt: skip
    return spreadsheets.as_csv(notes=(), header=COVERAGE_HEAD, rows=rows)


def receipt(*, text: str, leaf: str, entry: bytes, origin: str) -> str:
    """Return receipt.json: the promise of the trail, and the entry that it is a promise of."""
    said = {"version": 1, "receipt": text, "leaf": leaf, "log": origin, "entry": entry.decode()}
    return json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


README = """\
{carrier}
Production {reference} in case {case}

data/                     the files that were produced
{statement:<25} what {carrier} states of them, signed
coverage.pdf, .csv        what was asked, held, produced, expired, withheld, and why
scope.json                what was authorised, each part with its words
production.json           what each file is, for programs
receipt.json              the entry of the carrier's trail of audit, and its receipt
manifest-sha256.txt       the SHA-256 of every file in data/
tagmanifest-sha256.txt    the SHA-256 of every other file
{stamp}
How to check it, in the folder that holds this file:

  sha256sum -c manifest-sha256.txt
  sha256sum -c tagmanifest-sha256.txt
  pdfsig {statement}
{stamp_command}
From the folder above it:

  bagit.py --validate {reference}
  tecum-verify-production {reference}

The last one also reads every row of every table and names each that lies outside scope.json.
"""


def readme(*, carrier: str, reference: str, case: str, statement: str, stamped: bool) -> str:
    """Return README.txt."""
    stamp = f"{STAMP:<25} the time-stamp of an authority on the manifest\n" if stamped else ""
    command = (
        f"  openssl ts -verify -data manifest-sha256.txt -in {STAMP} -CAfile AUTHORITY.pem\n"
        if stamped
        else ""
    )
    return README.format(
        carrier=_line(carrier),
        reference=reference,
        case=case,
        statement=statement,
        stamp=stamp,
        stamp_command=command,
    )
