"""What a process says, in and out of its case's seal."""

from tecum.cases import sealed as cases_seal
from tecum.process.facts import Said
from tecum.process.models import Received
from tecum.secrecy.operations import Key


def close(row: Received, said: Said, *, key: Key, agency: str) -> None:
    """Put what a process says under the seal, with the columns that lists and comparisons need beside it."""
    row.said = cases_seal.close(key, f"received {row.pk}", said.as_dict())
    row.process, row.return_on = said.process, said.return_on
    row.number_print = number_print(said.number, agency or said.issuer.lower())


def number_print(number: str, whose: str) -> str:
    """Return the mark of a process number of somebody, which tells equal from different; none without a number."""
    bare = "".join(character for character in number.lower() if character.isalnum())
    return cases_seal.fingerprint(f"{whose} {bare}", purpose="process") if bare else ""


def opened(row: Received, key: Key | None) -> Said:
    """Return what a process says; nothing where its retention is over."""
    return Said.read(cases_seal.opened(key, f"received {row.pk}", row.said) or {})
