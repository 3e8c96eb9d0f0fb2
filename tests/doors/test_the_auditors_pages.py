"""An auditor at the trail: search, verification, one entry with its proof, a bundle that a stranger checks."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from tecum.assurance import operations as assurance
from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.models import TrailLeaf
from tecum.kernel.actors import Actor
from tecum.secrecy.models import Matter, NeedToKnow, RetentionEpoch
from tecum_verify.trail import main as verifier
from tests import make, people
from tests.make import NOON
from tests.trails import KEY, lift_guards

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = Actor.system("jobs")


@pytest.fixture
def auditor(freeze, outside):
    freeze(NOON)
    with time_machine.travel(NOON, tick=False):
        yield people.sign_in(make.person("Saskia Vantongeren", roles=["auditor"]), at=NOON)


def happened(*, matter: str = "", **data):
    with transaction.atomic():
        return audit.record(
            "notice.sent", by=CLOCK, at=NOON, matter=matter, notice="NT-1", attempts=1, **data
        )


def signed():
    while audit.seal(now=NOON):
        pass
    return audit.publish_checkpoint(now=NOON)


def entries_shown(page: str) -> int:
    return page.count('data-label="Who did what"')


def test_the_latest_entries_are_told_with_names_and_reading_them_is_recorded(auditor):
    page = auditor.get("/trail/").text

    assert "<strong>Saskia Vantongeren</strong> signed in" in page
    assert "created the account Saskia Vantongeren" in page
    last = queries.since(NOON)[-1]
    assert (last.event, last.by) == ("trail.searched", f"person:{auditor.who.id}")


def test_a_person_is_found_by_name_and_the_name_does_not_get_into_the_trail(auditor):
    make.officer("Ines Barrowclough")

    page = auditor.get("/trail/?q=Barrowclough").text

    assert "created the account Ines Barrowclough" in page
    assert "Saskia" not in page.split("<tbody>")[1]
    assert b"Barrowclough" not in b"".join(
        bytes(body) for body in TrailLeaf.objects.values_list("body", flat=True)
    )


@pytest.mark.parametrize(
    "typed", ["(292) 555-0142", "2925550142", "ines@agency.example.gov", "nobody of this name"]
)
def test_what_can_name_nothing_in_the_trail_is_said_and_neither_searched_nor_kept(auditor, typed):
    before = TrailLeaf.objects.filter(event="trail.searched").count()

    page = auditor.get("/trail/", data={"q": typed}).text

    assert "Entries hold references, never telephone numbers" in page
    assert TrailLeaf.objects.filter(event="trail.searched").count() == before


def test_kind_day_reference_receipt_and_event_each_narrow_the_list(auditor):
    receipt = happened()

    assert entries_shown(auditor.get("/trail/?q=NT-1").text) == 1
    assert entries_shown(auditor.get(f"/trail/?q={receipt}").text) == 1
    assert entries_shown(auditor.get("/trail/?q=notice.sent").text) == 1
    assert entries_shown(auditor.get("/trail/?kind=clock&q=NT-1").text) == 1
    assert entries_shown(auditor.get("/trail/?kind=access&q=NT-1").text) == 0
    assert entries_shown(auditor.get("/trail/?on=2026-09-08&q=NT-1").text) == 1
    assert "No entry answers this." in auditor.get("/trail/?on=2026-09-07&q=NT-1").text
    assert auditor.get("/trail/?on=nonsense&kind=nonsense").status_code == 200


def test_older_entries_follow_on_the_next_page(auditor):
    for _ in range(60):
        happened()

    first = auditor.get("/trail/?q=NT-1").text
    older = re.search(r'href="(\?[^"]*before=\d+[^"]*)">Older', first)[1].replace("&amp;", "&")
    second = auditor.get(f"/trail/{older}").text

    assert (entries_shown(first), entries_shown(second)) == (50, 10)
    assert "60 entries, 50 shown" in first


def verified(auditor) -> str:
    """Press the button, let the jobs check, and return the page that says what was found."""
    where = auditor.post("/trail/verify/")["Location"]
    waiting = auditor.get(where)
    assert "waits for the jobs" in waiting.text
    assert waiting["Refresh"]
    assert "A check is under way" in auditor.get("/trail/").text
    assurance.check_one(clock=lambda: NOON, by=CLOCK)
    return auditor.get(where).text


def test_verify_recomputes_and_says_what_is_not_kept_outside_yet(auditor):
    happened()
    signed()

    page = verified(auditor)

    assert "<h1>Nothing altered, nothing missing</h1>" in page
    assert "agree with a checkpoint read back from outside" in page
    assert "1 of 1 good" in auditor.get("/trail/").text


def test_an_altered_entry_is_named_on_the_page(auditor):
    happened()
    signed()
    altered = TrailLeaf.objects.get(position=2)
    block = transaction.atomic()
    block._from_testcase = True

    with block:
        lift_guards()
        TrailLeaf.objects.filter(pk=altered.pk).update(body=bytes(altered.body).replace(b'"v":1', b'"v":2'))
        page = verified(auditor)
        list_ = auditor.get("/trail/").text
        transaction.set_rollback(True)

    assert "<h1>Something was found</h1>" in page
    assert "entry 2" in page
    assert "the bytes no longer give the hash they were sealed with" in page
    assert "Something was found" in list_


def test_an_entry_is_shown_as_it_was_stored_and_its_proof_is_good_without_us(auditor, tmp_path, capsys):
    receipt = happened()
    waiting = auditor.get(f"/trail/entries/{receipt}/").text
    signed()

    page = auditor.get(f"/trail/entries/{receipt}/").text
    file = tmp_path / "one.tlog-proof"
    file.write_bytes(auditor.get(f"/trail/entries/{receipt.leaf}/proof/").content)
    key = tmp_path / "trail.pub"
    key.write_bytes(auditor.get("/trail/key/").content)

    assert "Not final yet" in waiting
    assert "Proved" in page
    assert "&quot;notice&quot;:&quot;NT-1&quot;" in page
    assert verifier([str(file), "--key", str(key)]) == 0
    assert str(KEY.public) in key.read_text()
    assert auditor.get("/trail/entries/0000-0000-0000/").status_code == 404


def test_a_bundle_leaves_with_a_reason_and_is_good_without_us(auditor, outside, tmp_path, capsys):
    happened()
    signed()

    asked = auditor.post("/trail/bundle/")
    answer = auditor.post("/trail/bundle/", {"reason": "court"})
    bundle, kept, key = tmp_path / "b.tar", tmp_path / "kept", tmp_path / "key"
    bundle.write_bytes(b"".join(answer.streaming_content))
    kept.write_bytes(auditor.get("/trail/checkpoint/").content)
    key.write_text(str(KEY.public))

    assert (asked.status_code, answer.status_code) == (422, 200)
    assert "Say what the bundle is for" in asked.text
    assert "attachment" in answer["Content-Disposition"]
    assert verifier([str(bundle), "--checkpoint", str(kept), "--key", str(key)]) in (0, 5)
    last = [entry for entry in queries.since(NOON) if entry.event == "trail.exported"][-1]
    assert last.data["reason"] == "court"


@pytest.mark.parametrize("on_the_list", [False, True])
def test_a_matter_sealed_to_others_is_neither_listed_nor_counted_nor_opened_nor_exported(
    auditor, tmp_path, on_the_list
):
    epoch = RetentionEpoch.objects.create(id="demand-2026-09", kind="demand", opened_at=NOON, closes_at=NOON)
    matter = Matter.objects.create(
        epoch=epoch, wrapped=b"x", opened_at=NOON, opened_by="person:x", sealed=True
    )
    if on_the_list:
        NeedToKnow.objects.create(
            matter=matter, reader=f"person:{auditor.who.id}", given_at=NOON, given_by="person:x"
        )
    receipt = happened(matter=matter.id)
    signed()

    listed = auditor.get("/trail/?q=NT-1").text
    opened = auditor.get(f"/trail/entries/{receipt}/").status_code
    bundle = b"".join(auditor.post("/trail/bundle/", {"reason": "audit"}).streaming_content)

    assert (entries_shown(listed), opened) == ((1, 200) if on_the_list else (0, 404))
    assert (matter.id.encode() in bundle) is on_the_list


def test_titles_and_addresses_carry_no_name(auditor):
    make.officer("Ines Barrowclough")

    page = auditor.get("/trail/?q=Barrowclough").text

    assert "Barrowclough" not in page.split("<title>")[1].split("</title>")[0]
    addresses = re.findall(r'href="([^"]*)"', page)
    assert not [address for address in addresses if "Barrowclough" in address]


@pytest.mark.browser
def test_the_auditors_pages_in_a_browser(auditor, visitor, tmp_path: Path):
    make.officer("Ines Barrowclough")
    audit.note("access.refused", by=Actor.stranger(), at=NOON, act="lookup.run")
    receipt = happened()
    signed()
    audit.seal(now=NOON + timedelta(seconds=1))
    visitor.sign_in(auditor.who).go("/trail/")
    visitor.check("auditor-trail-unverified")

    visitor.page.get_by_role("button", name="Verify the whole trail now").click()
    visitor.check("auditor-checking")
    assurance.check_one(clock=lambda: NOON, by=CLOCK)
    visitor.page.wait_for_selector("h1:has-text('Nothing altered')")
    visitor.check("auditor-verified")
    visitor.go("/trail/")
    visitor.check("auditor-trail", printed=True)
    visitor.go(f"/trail/entries/{receipt}/")
    visitor.check("auditor-entry")
    visitor.go("/trail/bundle/")
    visitor.check("auditor-bundle")
    visitor.go("/trail/?q=nothing-like-it")
    visitor.check()
