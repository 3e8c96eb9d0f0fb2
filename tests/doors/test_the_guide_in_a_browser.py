"""The guide's files before they are in force: looked at, proposed by one person and activated by another."""

import shutil
from pathlib import Path

import pytest

from tecum.config import clock
from tecum.policy import queries
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GUIDES = Path(__file__).parents[2] / "guides"


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    shutil.copytree(GUIDES / "wholesale-portal", tmp_path / "wholesale-portal")
    settings.TECUM_GUIDE = str(tmp_path / "wholesale-portal")
    settings.DATA = tmp_path / "data"
    monkeypatch.setattr(queries, "_shelves", {})
    return tmp_path / "wholesale-portal"


def begin_version(folder):
    later = folder / "versions" / "2027"
    later.mkdir(parents=True)
    (later / "guide.toml").write_text(
        '[guide]\nversion = "2027-01"\neffective_from = 2027-01-01\n'
        '[[lookups]]\nid = "portal"\n[lookups.quota]\nlimit = 40\n'
    )


@pytest.fixture
def edda(visitor):
    return visitor.sign_in(make.person("Edda Vance", roles=["guide_editor"], now=clock.now()))


def test_a_version_is_looked_at_proposed_and_activated_by_another_person(folder, edda):
    edda.go("/desk/guide/")
    edda.page.get_by_text("Never activated").wait_for()
    edda.check("desk-guide-never-activated")

    begin_version(folder)
    edda.go("/desk/guide/")
    edda.page.get_by_text("was 25, is now 40").first.wait_for()
    edda.check("desk-guide")
    edda.page.get_by_role("link", name="Propose these files").click()
    edda.check("desk-guide-propose")
    edda.page.get_by_role("button", name="Propose these files").click()
    edda.page.get_by_text("You proposed it: another person activates it.").wait_for()
    edda.check("desk-guide-proposed")

    cora = edda.sign_in(make.person("Cora Ravensworth", roles=["counsel"], now=clock.now()))
    cora.go("/desk/guide/")
    cora.page.get_by_role("link", name="Activate").click()
    cora.check("desk-guide-activate")
    cora.page.get_by_role("button", name="Put these files in force").click()
    cora.page.get_by_text("Activated by two people").wait_for()
    cora.check("desk-guide-activated")


def test_files_with_mistakes_show_each_mistake_with_its_place(folder, edda):
    edda.go("/desk/guide/")
    begin_version(folder)
    (folder / "versions" / "2027" / "guide.toml").write_text(
        '[guide]\nversion = "2027-01"\neffective_from = 2027-01-01\nsurprise = 1\n'
    )

    edda.go("/desk/guide/")

    edda.page.get_by_role("heading", name="Mistakes").wait_for()
    edda.page.get_by_text("surprise").first.wait_for()
    edda.check("desk-guide-mistakes")


def test_files_that_change_after_the_proposal_cannot_be_activated(folder, edda):
    edda.go("/desk/guide/")
    edda.page.get_by_role("link", name="Propose these files").click()
    edda.page.get_by_role("button", name="Propose these files").click()
    begin_version(folder)

    cora = edda.sign_in(make.person("Cora Ravensworth", roles=["counsel"], now=clock.now()))
    cora.go("/desk/guide/")

    cora.page.get_by_text("The files changed since.").wait_for()
    assert cora.page.get_by_role("link", name="Activate").count() == 0
