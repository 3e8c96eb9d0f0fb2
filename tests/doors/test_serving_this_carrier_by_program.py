"""A program asks how to serve this carrier, and gets what the published guide says: no more, in documented keys."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tecum.guide.loading import load
from tecum.web.public import serving

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 9, 8, 16, tzinfo=UTC)
PAGE = (ROOT / "docs" / "reference" / "well-known.md").read_text()
GUIDES = sorted(path.parent for path in (ROOT / "guides").glob("*/guide.toml"))
CARRIERS = sorted(path.parent for path in (ROOT / "tests" / "carriers").glob("*/guide.toml"))


def keys(value) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys(each)}
    return {key for each in value for key in keys(each)} if isinstance(value, list) else set()


def said(folder, on=date(2026, 9, 8)):
    return serving.serving(load(folder, on), now=NOW, address="https://le.carrier.example")


@pytest.mark.django_db
def test_anybody_may_ask_and_the_answer_is_of_the_guide_in_force(client, settings):
    settings.TECUM_GUIDE = "wireless-2003"

    answer = client.get("/.well-known/serve-this-carrier.json")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    told = answer.json()
    assert told["format"] == "serve-this-carrier/1"
    pings = [fee for fee in told["fees"]["schedule"] if fee.get("per") == ["ping"]]
    assert [fee["amount"] for fee in pings] == ["150.00"]
    assert client.post("/.well-known/serve-this-carrier.json").status_code in {403, 404, 405}


@pytest.mark.parametrize("folder", [*GUIDES, *CARRIERS], ids=lambda folder: folder.name)
def test_every_key_is_documented_and_nothing_that_is_not_published_stands_in_it(folder):
    guide, told = load(folder, date(2026, 9, 8)), said(folder)

    documented = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert keys(told) <= documented
    text = json.dumps(told)
    silent = [desk.name for desk in guide.desks if not desk.public] + [box.address for box in guide.mailboxes if not box.public]  # fmt: skip
    assert [name for name in silent if json.dumps(name) in text] == []


def test_a_program_finds_the_desk_the_words_and_the_price_of_a_fraud_report():
    told = said(ROOT / "guides" / "wireless-2003")

    [report] = [one for one in told["products"] if one["id"] == "fraudbuster"]
    assert any("raudbuster" in phrase for rule in report["requires"] for phrase in rule.get("must_say", ()))
    [desk] = [one for one in told["desks"] if one["name"] == "Subpoena Compliance"]
    assert desk["hours"].startswith("Monday") or "8" in desk["hours"]
    assert {"label": "Fraudbuster report", "amount": "50.00"}.items() <= next(fee for fee in told["fees"]["schedule"] if fee.get("products") == ["fraudbuster"]).items()  # fmt: skip
