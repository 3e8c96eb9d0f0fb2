"""
The pictures of the user guide, taken from the running portal by `./run pictures` and kept beside the guide they show.

`pictures/pictures.json` in a guide's folder says for each what it showed: a test takes the screens again and compares. A
guide that inherits another shows that one's pictures, any other those of the invented carrier.
"""

import base64
import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tecum.guide.loading import sources
from tecum.guide.problems import FaultyGuide
from tecum.policy import queries as policy

LIST = "pictures.json"
HOUSE = "example"  # whose pictures a guide without any of its own shows
#: What each picture shows: a caption, and the words for who does not see it.
SHOTS: dict[str, tuple[str, str]] = {
    "set-password": (
        "The page behind the link of the second message.",
        "A page headed Set your password, with one field for the password, one to repeat it, and a button.",
    ),
    "second-factor": (
        "The first sign-in asks for a second factor.",
        "A page headed Add a second factor, which offers a passkey on the left and an authenticator app on the right.",
    ),
    "welcome": (
        "The welcome page: what you can do, and the terms to accept.",
        "A page headed Welcome, with what one can do, the terms of use, and a button to accept them.",
    ),
    "sign-in": (
        "Signing in.",
        "A page headed Sign in, with fields for user name and password, and a button to sign in with a passkey.",
    ),
    "look-up": (
        "A look-up, ready to be sent.",
        "A page headed Look up numbers: case number, attestation and a field with numbers; beside it how many are left today.",
    ),
    "answers": (
        "A result: whom to serve next, and since when.",
        "A table of answers. The first line names a service provider with its details and an in-service date.",
    ),
    "non-result": (
        "The screen of a number without result.",
        "A table of answers whose only line says No result, and that a Legal Demand is necessary.",
    ),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a screen."""

    name: str
    caption: str
    alt: str
    width: int
    height: int
    file: Path

    @property
    def data(self) -> str:
        """The picture as an address that fetches nothing, for print."""
        return f"data:image/png;base64,{base64.b64encode(self.file.read_bytes()).decode()}"


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of one guide, with the version they were taken under."""

    guide: str = ""
    version: str = ""
    carrier: str = ""
    pictures: dict[str, Picture] = field(default_factory=dict)


def album() -> Album:
    """Return the pictures that fit the guide in force: its own, those of a guide it inherits, or the house's."""
    house = Path(settings.ROOT) / "guides" / HOUSE
    for folder in (*_folders(policy.folder()), house):
        listed = folder / "pictures" / LIST
        if listed.is_file():
            return read(listed, listed.stat().st_mtime_ns)
    return Album()


@lru_cache(maxsize=8)
def _inherited(folder: Path) -> tuple[Path, ...]:
    return sources(folder)


def _folders(folder: Path) -> tuple[Path, ...]:
    """Return a guide's folder and those that it inherits; a faulty edit leaves its own pictures where they are."""
    try:
        return _inherited(folder)
    except FaultyGuide:
        return (folder,)


@lru_cache(maxsize=8)
def read(listed: Path, _changed: int) -> Album:
    """Read an album; a picture that nobody listed here is left out."""
    said = json.loads(listed.read_text("utf-8"))
    found = {
        name: Picture(name, *SHOTS[name], one["width"], one["height"], listed.parent / f"{name}.png")
        for name, one in said["pictures"].items()
        if name in SHOTS
    }
    return Album(said["guide"], said["version"], said["carrier"], found)
