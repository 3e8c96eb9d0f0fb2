"""`tecum-verify BUNDLE --checkpoint FILE --key FILE`: whether a trail is as it was when the checkpoint was signed."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tecum_verify.bundles import BadBundle, Bundle, check
from tecum_verify.checking import Held, Verdict
from tecum_verify.notes import BadNote, PublicKey, checkpoint
from tecum_verify.proofs import HEAD, Proof

UNCHECKED = 1
INCONSISTENT = 4
CODES = """\
exit codes: 0 good; 1 could not be checked; 2 an entry was edited; 3 entries are missing;
4 the histories contradict each other; 5 the end is not covered by a checkpoint from outside"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the command line under a code that means nothing else."""

    def error(self, message: str) -> NoReturn:
        """Print and leave with 1: argparse's own 2 would read as "edited"."""
        self.print_usage(sys.stderr)
        self.exit(UNCHECKED, f"{self.prog}: {message}\n")


def receipt(text: str) -> bytes:
    """
    Return the beginning of the leaf hash that a receipt writes.

    :raises ValueError: where it is not at least four hexadecimal bytes
    """
    start = bytes.fromhex(text.replace("-", ""))
    if len(start) < 4:
        raise ValueError
    return start


def parser() -> Parser:
    """Return the command line."""
    command = Parser(
        prog="tecum-verify",
        description="Recompute a bundle of the trail, or the proof of one entry, with nothing of the carrier's.",
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("bundle", type=Path, help="a bundle (folder or tar), or a .tlog-proof of one entry")
    command.add_argument(
        "--key", type=Path, required=True, help="the carrier's public key, from the carrier's own publication"
    )
    command.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        help="a checkpoint kept outside; may be given several times",
    )
    command.add_argument(
        "--receipt", type=receipt, help="also find the entry of this receipt, such as 9F4C-21AE-70D3"
    )
    command.add_argument("--json", action="store_true", help="say it as JSON")
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    options = parser().parse_args(arguments)
    try:
        key = PublicKey.read(options.key.read_text())
        if _is_proof(options.bundle):
            return _one(options, key)
        return _all(options, key)
    except (BadNote, BadBundle, OSError, UnicodeDecodeError) as fault:
        sys.stderr.write(f"Could not be checked: {fault}\n")
        return UNCHECKED


def _is_proof(path: Path) -> bool:
    """Tell whether a file is the proof of one entry."""
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return file.read(len(HEAD)) == HEAD.encode()


def _outside(options: argparse.Namespace, key: PublicKey) -> list[Held]:
    """Return the checkpoints that were kept outside, each signed by the key."""
    return [Held(checkpoint(path.read_text(), key), path.name, outside=True) for path in options.checkpoint]


def _one(options: argparse.Namespace, key: PublicKey) -> int:
    """Check the proof of one entry."""
    proof = Proof.read(options.bundle.read_text())
    signed = proof.check(key)
    for held in _outside(options, key):
        if signed and (held.checkpoint.size, held.checkpoint.origin) == (signed.size, signed.origin):
            signed = signed if held.checkpoint.root == signed.root else None
    if signed is None:
        sys.stdout.write("inconsistent: the entry does not stand under this checkpoint\n")
        return INCONSISTENT
    sys.stdout.write(
        f"good: entry {proof.index + 1:,} of {signed.origin}, under its checkpoint of {signed.size:,}\n"
    )
    sys.stdout.write(f"{proof.leaf.decode(errors='replace')}\n")
    return 0


def _all(options: argparse.Namespace, key: PublicKey) -> int:
    """Check a bundle."""
    held = _outside(options, key)
    if not held:
        raise BadNote("a bundle proves nothing without a checkpoint kept outside: give --checkpoint.")
    found: list[tuple[int, bytes]] = []
    wanted: bytes = options.receipt or b""

    def sees(place: int, leaf: bytes, stored: bytes) -> None:
        if stored.startswith(wanted):
            found.append((place, leaf))

    with Bundle(options.bundle) as bundle:
        verdict = check(bundle, key, held, sees if wanted else None)
    sys.stdout.write(_as_json(verdict) if options.json else as_words(verdict))
    if wanted:
        _tell_receipt(wanted.hex().upper(), found)
    return verdict.code or (0 if found or not wanted else 3)


def _tell_receipt(receipt: str, found: list[tuple[int, bytes]]) -> None:
    """Say which entry a receipt belongs to."""
    for place, leaf in found:
        sys.stdout.write(f"receipt {receipt} is entry {place:,}: {leaf.decode(errors='replace')}\n")
    if not found:
        sys.stdout.write(f"missing: no entry has the receipt {receipt}\n")


def as_words(verdict: Verdict) -> str:
    """Return the verdict for people."""
    lines = [str(finding) for finding in verdict.findings]
    if not lines:
        lines = [f"good: nothing altered, nothing missing: entries 1 to {verdict.entries:,}"]
    lines.append(
        f"{verdict.entries:,} entries, anchored up to {verdict.anchored:,}, root {verdict.root.hex() or 'unknown'}"
    )
    if verdict.withheld:
        lines.append(f"withheld: {verdict.withheld:,}, proved by their hash, not shown")
    if verdict.sealed or verdict.destroyed:
        lines.append(f"payloads: {verdict.sealed:,} sealed, {verdict.destroyed:,} destroyed")
    return "".join(f"{line}\n" for line in lines)


def _as_json(verdict: Verdict) -> str:
    """Return the verdict for programs."""
    said = {
        "code": verdict.code,
        "entries": verdict.entries,
        "anchored": verdict.anchored,
        "root": verdict.root.hex(),
        "withheld": verdict.withheld,
        "payloads": {"sealed": verdict.sealed, "destroyed": verdict.destroyed},
        "findings": [
            {"kind": each.kind.name.lower(), "first": each.first, "last": each.last, "words": each.words}
            for each in verdict.findings
        ],
    }
    return f"{json.dumps(said)}\n"


if __name__ == "__main__":
    raise SystemExit(main())
