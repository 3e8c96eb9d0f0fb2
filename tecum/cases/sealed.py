"""What a case says, in and out of its seal. One key opens everything of one case: the database is asked once."""

import json
from typing import Any

from tecum.secrecy import operations as secrecy
from tecum.secrecy.operations import Key


def close(key: Key, about: str, said: object) -> bytes:
    """Put something under the seal of its matter."""
    return key.seal(json.dumps(said, ensure_ascii=False).encode(), about=about)


def opened(key: Key | None, about: str, sealed: "bytes | memoryview[int]") -> Any:
    """Return what was put under the seal; nothing where the key was destroyed at the end of its retention."""
    if key is None or not sealed:
        return None
    return json.loads(key.read(sealed, about=about))


def key_of(matter: str) -> Key:
    """
    Return the key of a case's matter.

    :raises Destroyed: at the end of its retention
    """
    found = secrecy.keys_of([matter]).get(matter)
    if found is None:
        raise secrecy.Destroyed("This was destroyed at the end of its retention.")
    return found


def fingerprint(text: str, *, purpose: str) -> str:
    """Return a mark that tells equal from different and nothing else; none for nothing."""
    return secrecy.fingerprint(text.strip().lower().encode(), purpose=purpose) if text.strip() else ""
