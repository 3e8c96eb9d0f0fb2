"""Machine facts from the environment: one prefix, and secrets also from files."""

import os
from pathlib import Path


def text(name: str, default: str = "") -> str:
    """Return TECUM_<name>, or the content of the file that TECUM_<name>_FILE names, or the default."""
    value = os.environ.get(f"TECUM_{name}")
    if value is not None:
        return value
    file = os.environ.get(f"TECUM_{name}_FILE")
    return Path(file).read_text().strip() if file else default


def flag(name: str, *, default: bool = False) -> bool:
    """Return whether TECUM_<name> says yes (1, true, yes, on)."""
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Return the words of TECUM_<name>, separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()
