"""The user guide for officers: posted beside the application form, from the guide in force, with the screens it explains."""

import hashlib
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader

from tecum.access.catalogue import ROLES
from tecum.policy import queries as policy
from tecum.web.public import manual, pictures
from tests import markup
from tests.conftest import NOON

ROOT = Path(__file__).resolve().parents[2]
OF_ITS_OWN = ("wholesale-portal", "example")
LARGEST = 60_000  # bytes of one picture
pytestmark = pytest.mark.django_db


@pytest.fixture(params=[*OF_ITS_OWN, "halyard"])
def guide(request, settings):
    settings.TECUM_GUIDE = str(ROOT / "guides" / request.param)
    return policy.at(NOON)


@pytest.fixture
def copied(tmp_path, settings, monkeypatch):
    """A carrier's own guide that two hands may change, without pictures of its own."""
    folder = tmp_path / "lapwing"
    shutil.copytree(ROOT / "guides" / "wholesale-portal", folder, ignore=shutil.ignore_patterns("pictures"))
    about = folder / "guide.toml"
    about.write_text(about.read_text().replace('name = "wholesale-portal"', 'name = "lapwing"'))
    settings.TECUM_GUIDE, settings.DATA = str(folder), tmp_path / "data"
    monkeypatch.setattr(policy, "_shelves", {})
    return folder


@pytest.mark.requirement("R-001", "R-054")
def test_the_public_page_lists_the_two_files_for_applicants(client: Client, guide):
    page = client.get("/").text

    files = page[page.index("Files for portal applicants") :].split("</aside>")[0]
    for name in ("application-form.pdf", "user-guide.pdf"):
        assert f'href="/files/{name}"' in files
        answer = client.get(f"/files/{name}")
        assert answer["Content-Type"] == "application/pdf"
        assert f'filename="{guide.guide.name}-{name}"' in answer["Content-Disposition"]
    assert 'href="/user-guide/"' in files


@pytest.mark.requirement("R-031")
def test_it_illustrates_the_screen_without_a_result_and_says_what_it_means(client: Client, guide):
    page = client.get("/user-guide/").text

    assert markup.problems(page) == []
    chapter = page[page.index('id="non-result"') :].split("</section>")[0]
    assert "It does <strong>not</strong> mean that the number is not ours." in chapter
    assert guide.say("non_result").body.split(".")[0] in chapter, "the very words of the screen"
    (address,) = re.findall(r'<img src="([^"]+)"', chapter)
    assert "that a Legal Demand is necessary" in chapter.split("<img")[1]
    picture = client.get(address)
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_every_number_and_address_in_it_is_the_guides(client: Client, copied):
    """Change the guide, and the user guide says the new thing: nothing in it is a constant."""
    before = client.get("/user-guide/").text
    for name, old, new in (
        ("lookup.toml", "limit = 25", "limit = 17"),
        ("lookup.toml", "batch = 25", "batch = 9"),
        ("lookup.toml", 'link_life = "24 hours"', 'link_life = "36 hours"'),
        ("lookup.toml", 'window = "3-5 business days"', 'window = "8-9 business days"'),
        ("desks.toml", 'hours = ["Mon-Fri 09:00-17:00"]', 'hours = ["Mon-Thu 07:00-11:00"]'),
        ("desks.toml", 'address = "LEAportal@sinch.com"', 'address = "help@lapwing.example"'),
    ):
        text = (copied / name).read_text()
        assert old in text
        (copied / name).write_text(text.replace(old, new))
    policy._shelves.clear()

    after = client.get("/user-guide/").text

    for new, old in (
        ("17 different numbers", "25 different numbers"), ("up to 9 numbers", "up to 25 numbers"), ("36 hours", "24 hours"),
        ("8–9 business days", "3–5 business days"), ("Mon-Thu 07:00-11:00", "Mon-Fri 09:00-17:00"), ("help@lapwing.example", "LEAportal@"),
    ):  # fmt: skip
        assert new in after, new
        assert old in before, old
        assert old not in after, old


@pytest.mark.requirement("R-044")
def test_it_tells_a_first_time_user_to_withdraw_a_demand_that_the_portal_answers(client: Client, guide):
    page = client.get("/user-guide/").text

    chapter = page[page.index('id="pending"') :].split("</section>")[0]
    assert "before you had access, and the portal now gives you its answer, please withdraw it" in chapter
    assert f'href="mailto:{guide.mailbox("status").address}"' in chapter
    assert "name the case number" in chapter


@pytest.mark.requirement("R-031", "R-054")
def test_as_a_file_it_is_tagged_and_its_pictures_have_words(client: Client, guide, tmp_path):
    (tmp_path / "guide.pdf").write_bytes(client.get("/files/user-guide.pdf").content)

    root = PdfReader(tmp_path / "guide.pdf").trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"]
    images = subprocess.run(
        ["pdfimages", "-list", str(tmp_path / "guide.pdf")], capture_output=True, text=True
    )
    assert len([line for line in images.stdout.splitlines() if " image " in line]) >= len(pictures.SHOTS)
    figures = [one for one in _tagged(root["/StructTreeRoot"]) if one.get("/S") == "/Figure"]
    assert {str(one["/Alt"]) for one in figures} >= {alt for _, alt in pictures.SHOTS.values()}
    words = subprocess.run(
        ["pdftotext", str(tmp_path / "guide.pdf"), "-"], capture_output=True, text=True
    ).stdout
    assert "What “No result” means" in words


def _tagged(node, depth: int = 0):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from _tagged(each, depth + 1)
    elif isinstance(node, dict):
        yield node
        if "/K" in node and depth < 60:
            yield from _tagged(node["/K"], depth + 1)


@pytest.mark.parametrize("name", OF_ITS_OWN)
def test_each_picture_is_the_one_that_was_taken_and_small(name: str):
    folder = ROOT / "guides" / name / "pictures"
    listed = json.loads((folder / pictures.LIST).read_text("utf-8"))

    assert listed["guide"] == name
    assert set(listed["pictures"]) == set(pictures.SHOTS) == {path.stem for path in folder.glob("*.png")}
    assert {shot for _, shots in manual.CHAPTERS for shot in shots} == set(pictures.SHOTS)
    for shot, one in listed["pictures"].items():
        content = (folder / f"{shot}.png").read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"], f"{shot}: ./run pictures"
        assert len(content) <= LARGEST, shot


@pytest.mark.parametrize("name", OF_ITS_OWN)
def test_no_picture_shows_a_number_that_somebody_could_have(name: str):
    listed = json.loads((ROOT / "guides" / name / "pictures" / pictures.LIST).read_text("utf-8"))

    numbers = re.findall(r"\b\d{10}\b", " ".join(one["text"] for one in listed["pictures"].values()))
    assert numbers
    assert all(re.fullmatch(r"\d9\d55501\d\d", number) for number in numbers), numbers


def test_a_carrier_without_pictures_shows_others_and_says_whose(client: Client, copied):
    page = client.get("/user-guide/").text

    assert "<img" in page
    assert "The pictures show the running portal of Meadowlark" in page
    assert "where they differ, the words hold" in page


def test_a_carrier_that_wrote_no_user_guide_has_none(client: Client, copied):
    for text in (copied / "wording").glob("manual_*.md"):
        text.unlink()
    policy._shelves.clear()

    assert client.get("/user-guide/").status_code == 404
    assert client.get("/files/user-guide.pdf").status_code == 404
    assert "Law Enforcement Portal User Guide: ask for it at" in client.get("/").text


def test_only_the_pictures_of_the_list_can_be_asked_for(client: Client, guide):
    assert client.get("/user-guide/pictures.png").status_code == 404
    assert client.get("/user-guide/..%2Fguide.png").status_code == 404


@pytest.mark.requirement("R-011")
def test_the_page_says_who_monitors_the_mailbox_and_that_role_alone_works_on_it(client: Client, settings):
    settings.TECUM_GUIDE = str(ROOT / "guides" / "wholesale-portal")

    page = " ".join(client.get("/").text.split())

    assert "This mailbox is monitored by our legal department as the portal administrator." in page
    deciding = {
        name for name, role in ROLES.items() if {"application.decide", "mail.classify"} <= role.permissions
    }
    assert deciding == {"portal_administrator"}
    assert "legal department" in ROLES["portal_administrator"].says


@pytest.mark.requirement("R-039")
def test_legal_demands_go_where_the_support_guidelines_say_and_nowhere_else(client: Client, settings):
    settings.TECUM_GUIDE = str(ROOT / "guides" / "wholesale-portal")

    page = " ".join(client.get("/serve-a-legal-demand/").text.split())

    assert "consistent with Section 4.1 of our Law Enforcement Agency Support Guidelines" in page
    assert "and nowhere else" in page
    assert "Sections 1.3 and 4.1 of the Law Enforcement Agency Support Guidelines" in page, (
        "and how to get them"
    )


def test_the_file_is_the_page():
    """The PDF says every chapter's title that the page says; both come from one list."""
    on = NOON.date()
    made = manual.manual(policy.at(NOON))

    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(manual.as_pdf(policy.at(NOON), on))).pages
    )

    assert all(chapter.title.split()[0] in text for chapter in made.chapters)
    assert len(made.chapters) == len(manual.CHAPTERS)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_user_guide_in_a_browser(visitor, settings):
    settings.TECUM_GUIDE = str(ROOT / "guides" / "wholesale-portal")

    visitor.go("/user-guide/")
    visitor.page.locator("img").last.scroll_into_view_if_needed()

    visitor.check("public-user-guide", printed=True)
