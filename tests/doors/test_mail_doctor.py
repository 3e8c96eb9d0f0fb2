"""`tecum mail doctor`: what a filter will think, and the record to publish letter for letter."""

import shutil
from pathlib import Path

import dkim
import pytest

from tecum.cli import mail_doctor
from tecum.cli.main import main
from tecum.guide.loading import load
from tecum.notices.drivers import doctoring, signing
from tecum.notices.drivers.doctoring import NoAnswer, Verdict
from tests.conftest import NOON

ROOT = Path(__file__).resolve().parents[2]
MAIL = """
[mail]
bounces = "bounces+{id}@meadowlark.example"
servers = ["mx", "include:_spf.meadowlark.example"]
signers = [{ domain = "meadowlark.example", selector = "tecum" }]
"""


@pytest.fixture
def carrier(tmp_path: Path, settings) -> Path:
    """The example's guide with signed mail; returns the folder of its secrets."""
    folder = tmp_path / "guides" / "example"
    shutil.copytree(ROOT / "guides" / "example", folder)
    desks = folder / "desks.toml"
    desks.write_text(desks.read_text().partition("[mail]")[0] + MAIL)
    settings.TECUM_GUIDE = str(folder)
    settings.TECUM_SECRETS = str(tmp_path / "secrets")
    return tmp_path / "secrets"


def examine(carrier: Path, published: dict[str, list[str]] | None) -> dict[str, doctoring.Finding]:
    guide = load(carrier.parent / "guides" / "example", NOON.date())

    def ask(name: str) -> list[str]:
        if published is None:
            raise NoAnswer
        return published.get(name, [])

    return {each.about: each for each in doctoring.examine(guide, keys=carrier / "dkim", ask=ask)}


@pytest.mark.requirement("R-070")
def test_without_dns_the_records_to_publish_are_printed_letter_for_letter(carrier, capsys):
    assert main(["mail", "doctor", "--make-keys", "--no-dns"]) == 1

    shown = capsys.readouterr().out
    assert 'tecum._domainkey.meadowlark.example. IN TXT "v=DKIM1; k=rsa; p=' in shown
    assert 'meadowlark.example. IN TXT "v=spf1 mx include:_spf.meadowlark.example -all"' in shown
    assert "_dmarc.meadowlark.example. IN TXT" in shown
    key = carrier / "dkim" / "tecum.meadowlark.example.pem"
    assert key.stat().st_mode & 0o077 == 0


@pytest.mark.requirement("R-070")
def test_what_is_published_as_printed_is_found_good_and_verifies(carrier):
    signing.make_key(carrier / "dkim" / "tecum.meadowlark.example.pem")
    wanted = examine(carrier, None)
    records = {each.record.name: [each.record.text] for each in wanted.values() if each.record}

    found = examine(carrier, records)

    assert {each.verdict for each in found.values()} == {Verdict.GOOD}
    raw = b"From: a@meadowlark.example\r\nTo: b@c\r\nSubject: x\r\n\r\nText\r\n"
    signed = signing.sign(
        raw,
        path=carrier / "dkim" / "tecum.meadowlark.example.pem",
        domain="meadowlark.example",
        selector="tecum",
    )
    assert dkim.verify(signed, dnsfunc=lambda name, timeout=5: records[name.decode().rstrip(".")][0].encode())


def test_another_key_a_missing_server_and_two_spf_records_are_said(carrier):
    signing.make_key(carrier / "dkim" / "tecum.meadowlark.example.pem")

    found = examine(
        carrier,
        {
            "tecum._domainkey.meadowlark.example": ["v=DKIM1; k=rsa; p=AAAA"],
            "meadowlark.example": ["some other text", "v=spf1 mx -all"],
        },
    )
    twice = examine(carrier, {"meadowlark.example": ["v=spf1 mx -all", "v=spf1 a -all"]})

    assert found["DKIM"].verdict is Verdict.PUBLISH
    assert "Another key" in found["DKIM"].sentence
    assert "include:_spf.meadowlark.example" in found["SPF"].sentence
    assert found["DMARC"].verdict is Verdict.PUBLISH
    assert "More than one" in twice["SPF"].sentence


def test_a_return_path_of_another_domain_without_a_signature_fails_and_says_so(carrier):
    desks = carrier.parent / "guides" / "example" / "desks.toml"
    desks.write_text(
        desks.read_text().partition("[mail]")[0]
        + '[mail]\nbounces = "b+{id}@bulk.example"\nservers = ["mx"]\n'
    )

    found = examine(carrier, {})

    assert found["Alignment"].verdict is Verdict.MEND
    assert "DMARC fails" in found["Alignment"].sentence
    assert found["DKIM"].verdict is Verdict.MEND


def test_a_machine_without_dns_is_told_what_to_publish_and_waits_for_nobody(carrier, monkeypatch, capsys):
    def silent(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("spf.DNSLookup", silent)

    assert main(["mail", "doctor"]) == 1

    assert "DNS does not answer here" in capsys.readouterr().out
    with pytest.raises(NoAnswer):
        mail_doctor._dns("meadowlark.example")


def test_a_long_record_is_printed_in_pieces_that_a_zone_file_takes():
    record = doctoring.Record("x.example", "v=DKIM1; p=" + "A" * 400)

    assert record.line.count('"') == 4
    assert "".join(record.line.split('"')[1::2]) == record.text
