"""
`tecum-verify-production DIR|ZIP`: whether a production is as it was made, and whether every row lies inside its scope.

Other code than the producer's, the standard library only: nothing of the carrier's is believed.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tecum_verify import papers
from tecum_verify.bags import About, Bag, Finding, NoBag, check, opened
from tecum_verify.scopes import BadScope, Contents, Scope, contents, coverage, within

UNCHECKED = 1
CODES = """\
exit codes: 0 good; 1 could not be checked; 2 a file was changed, is missing or was added;
3 a row or a file lies outside the scope; 4 statement, coverage or receipt contradict the files
(of several, the lowest; every finding is printed)"""
SHOWN = 200
SEARCHED = "data/searched.csv"


def verify(bag: Bag, *, scope: Scope | None = None) -> tuple[list[Finding], Contents]:
    """
    Return everything that is wrong with a production. `scope` is another one than it brings along, to hold it against.

    :raises NoBag: where there is too little to check
    :raises BadScope: where the scope or the list of contents cannot be read
    """
    found, payload = check(bag)
    own = Scope.read(bag.text("scope.json"))
    listed = contents(bag.text("production.json"))
    found += _listed(bag, listed, payload)
    rows, beyond = within(bag, listed, scope or own)
    found += beyond
    found += coverage(bag, listed, scope or own, rows)
    found += papers.check(bag, listed, scope=own)
    return found, listed


def _listed(bag: Bag, listed: Contents, payload: dict[str, str]) -> list[Finding]:
    """Hold production.json against the manifest."""
    said = {each.path: each.sha256 for each in listed.files}
    if not said and "coverage.csv" in bag.names:
        said = {SEARCHED: bag.digest("coverage.csv")}  # nothing was found: the bag holds what was searched
    found = [
        Finding(About.FILE, path, "production.json and the manifest say different things of this file.")
        for path in sorted(set(said) | set(payload))
        if said.get(path) != payload.get(path)
    ]
    return found


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the command line under a code that means nothing else."""

    def error(self, message: str) -> NoReturn:
        """Print and leave with 1: argparse's own 2 would read as "changed"."""
        self.print_usage(sys.stderr)
        self.exit(UNCHECKED, f"{self.prog}: {message}\n")


def parser() -> Parser:
    """Return the command line."""
    command = Parser(
        prog="tecum-verify-production",
        description="Check a production (folder or ZIP) with nothing of the carrier's.",
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("production", type=Path, help="the ZIP as it was fetched, or the folder it holds")
    command.add_argument(
        "--scope", type=Path, help="hold the rows against this scope.json instead of the production's own"
    )
    command.add_argument(
        "--receipt", default="", help="the receipt that the carrier told, such as 9F4C-21AE-70D3"
    )
    command.add_argument("--json", action="store_true", help="say it as JSON")
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    try:
        options = parser().parse_args(arguments)
        scope = Scope.read(options.scope.read_text()) if options.scope else None
        bag = opened(options.production)
        found, listed = verify(bag, scope=scope)
        if options.receipt:
            found += papers.told(bag, options.receipt)
    except (NoBag, BadScope, OSError, UnicodeDecodeError) as fault:
        sys.stderr.write(f"Could not be checked: {fault}\n")
        return UNCHECKED
    code = min((int(each.about) for each in found), default=0)
    sys.stdout.write(_as_json(code, found, listed) if options.json else _as_words(found, listed))
    return code


def _as_words(found: list[Finding], listed: Contents) -> str:
    lines = [f"{each}\n" for each in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"… and {len(found) - SHOWN:,} more findings.\n")
    if not found:
        rows = sum(each.rows or 0 for each in listed.files)
        lines.append(
            f"good: {len(listed.files)} files, {rows:,} rows: each is as it was made and lies inside the scope; the coverage "
            "accounts for all that was asked; statement and receipt are of these files.\n"
        )
        lines.append(
            f"Who signed {listed.statement}, and whether that certificate is to be trusted: pdfsig.\n"
        )
    return "".join(lines)


def _as_json(code: int, found: list[Finding], listed: Contents) -> str:
    said = {
        "code": code,
        "production": listed.production,
        "files": len(listed.files),
        "findings": [
            {"about": each.about.name.lower(), "path": each.path, "words": each.words} for each in found
        ],
    }
    return f"{json.dumps(said)}\n"


if __name__ == "__main__":
    raise SystemExit(main())
