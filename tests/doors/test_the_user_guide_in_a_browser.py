"""
The user guide's pictures are the screens as they are: taken anew from the running portal, and compared.

`./run pictures` takes them (TECUM_PICTURES=1) and writes, beside each guide's own files, the picture and its words. Without
it these tests take the same screens again and are red when a pictured screen says something else than its picture.
"""

import hashlib
import io
import json
import os
import re
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tecum.accounts import operations as accounts
from tecum.policy import queries as policy
from tecum.web.public.pictures import LIST, SHOTS
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
TAKE = os.environ.get("TECUM_PICTURES") == "1"
OWN = os.environ.get("TECUM_PICTURES_OF", "")  # another guide's folder
GUIDES = [OWN] if OWN else [str(ROOT / "guides" / name) for name in ("wholesale-portal", "example")]
HIT, NO_RESULT = "2925550142", "3925550163"
SIZE = {"width": 1040, "height": 700}
COLOURS = 64
# What no two look-ups have in common.
CHANCE = re.compile(r"LK-[0-9A-Z]{4}-[0-9A-Z]{4}|(?<=Receipt )\S+")


@pytest.fixture(params=GUIDES, ids=lambda path: Path(path).name)
def guide(request, settings, numbers, freeze):
    """A carrier with one provider who agreed, one who did not, and an officer who was never here."""
    settings.TECUM_GUIDE = request.param
    freeze(NOON)
    make.customer(
        "C-TERN", name="Tern & Plover Voice, Inc.", phone="292-555-0110", email="process@ternplover.example"
    )
    make.consent("C-TERN")
    make.customer("C-SHY", name="Shy Voice LLC")
    numbers({HIT: ("C-TERN", date(2022, 6, 1)), NO_RESULT: ("C-SHY", date(2020, 1, 1))})
    return Path(request.param)


class Camera:
    """Takes the screens: what each says, and where pictures are wanted the picture too."""

    def __init__(self, visitor, folder: Path) -> None:
        self.visitor, self.folder = visitor, folder
        self.said: dict[str, str] = {}
        self.taken: dict[str, dict[str, object]] = {}

    def take(self, name: str) -> None:
        page = self.visitor.page
        assert name in SHOTS
        text = " ".join(page.locator(part).inner_text() for part in ("header", "main"))
        self.said[name] = CHANCE.sub("…", " ".join(text.split()))
        if TAKE:
            end = page.evaluate("document.querySelector('main').getBoundingClientRect().bottom + scrollY")
            clip = {"x": 0, "y": 0, "width": SIZE["width"], "height": min(end, 1400)}
            self._keep(name, page.screenshot(full_page=True, clip=clip))

    def _keep(self, name: str, shot: bytes) -> None:
        picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        made = io.BytesIO()
        picture.save(made, "PNG", optimize=True)
        (self.folder / "pictures").mkdir(exist_ok=True)
        (self.folder / "pictures" / f"{name}.png").write_bytes(made.getvalue())
        digest = hashlib.sha256(made.getvalue()).hexdigest()
        self.taken[name] = {"width": picture.width, "height": picture.height, "sha256": digest}

    def write(self) -> None:
        now = policy.at(NOON)
        pictures = {name: {**one, "text": self.said[name]} for name, one in self.taken.items()}
        album = {
            "guide": now.guide.name,
            "version": now.version,
            "carrier": now.carrier.called,
            "pictures": pictures,
        }
        (self.folder / "pictures" / LIST).write_text(
            json.dumps(album, indent=1, ensure_ascii=False) + "\n", "utf-8"
        )


@pytest.fixture
def said(guide, visitor):
    """What each pictured screen says now, by its name: an officer's first day, from the link to the first answers."""
    camera, page = Camera(visitor, guide), visitor.page
    page.set_viewport_size(SIZE)
    agency = make.agency("Marrow County Sheriff", domain="marrow.example.gov")
    officer = make.newcomer("Ines Barrowclough", at=agency)
    link = accounts.issue_link(person=officer.id, by=make.ROOT, now=NOON)

    visitor.go(f"/set-password/{link.token}/")
    camera.take("set-password")
    page.get_by_label("New password").fill(make.PASSWORD)
    page.get_by_label("The same again").fill(make.PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_url("**/sign-in/")
    visitor.go("/sign-in/")
    camera.take("sign-in")
    page.get_by_label("User name").fill(officer.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account/second-factor/**")
    camera.take("second-factor")

    visitor.sign_in(officer).go("/home/")
    page.wait_for_url("**/welcome/")
    camera.take("welcome")
    page.get_by_role("button", name="Accept the terms and begin").click()
    page.wait_for_url("**/look-up/")
    _fill(page, "(292) 555-0142")
    camera.take("look-up")
    page.get_by_role("button", name="Look up these numbers").click()
    page.wait_for_url(re.compile(r"/look-ups?/.+"))
    camera.take("answers")
    visitor.go("/look-up/")
    _fill(page, "392-555-0163")
    page.get_by_role("button", name="Look up these numbers").click()
    page.wait_for_url(re.compile(r"/look-ups?/.+"))
    camera.take("non-result")
    if TAKE:
        camera.write()
    return camera.said


def _fill(page, numbers: str) -> None:
    page.get_by_label("Agency case number").fill("MC-26-004417")
    page.get_by_text("I attest that these numbers").click()
    page.get_by_label("Paste up to").fill(numbers)


@pytest.mark.requirement("R-031")
def test_each_pictured_screen_still_says_what_its_picture_shows(guide, said):
    listed = json.loads((guide / "pictures" / LIST).read_text("utf-8"))["pictures"]

    assert {name: one["text"] for name, one in listed.items()} == said, "take them again: ./run pictures"
    assert "A Legal Demand is necessary" in said["non-result"]
    assert "Shy Voice" not in " ".join(said.values())
