"""
What each column holds, said beside its model: `CLASSIFIED = classified(plain="…", personal="…", …)`.

A surface test walks every table and refuses a column without a class, so that exports, purges and logs can rely on it.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a column may reveal."""

    PLAIN = "plain"  # ids, states, instants of our own bookkeeping
    PERSONAL = "personal"  # tells something about a human being
    CPNI = "cpni"  # tells something about a customer's or subscriber's service (47 USC 222(h)(1))
    SEALED = "sealed"  # tells something about a matter: what was asked, about whom
    CREDENTIAL = "credential"  # lets somebody in: hashes, tokens, keys


def classified(
    *, plain: str = "", personal: str = "", cpni: str = "", sealed: str = "", credential: str = ""
) -> dict[str, Kind]:
    """
    Return column → class, from names separated by spaces.

    :raises ValueError: when a column is named twice
    """
    given = (
        (Kind.PLAIN, plain),
        (Kind.PERSONAL, personal),
        (Kind.CPNI, cpni),
        (Kind.SEALED, sealed),
        (Kind.CREDENTIAL, credential),
    )
    pairs = [(name, kind) for kind, names in given for name in names.split()]
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A column is classified twice.")
    return found
