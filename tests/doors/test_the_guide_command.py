"""`tecum guide`: what it prints, how it exits, and the pages that it writes."""

import json
import shlex
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tecum.cli.main import main
from tests.browser import AXE

Out = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]


def test_the_fee_of_a_surveillance_is_quoted_line_by_line_with_rule_and_source(capsys: Out) -> None:
    code = main(
        [
            "guide",
            "explain",
            "wireless-2003",
            "fee",
            "--product",
            "surveillance",
            "--targets",
            "2",
            "--services",
            "interconnect,dispatch",
            "--switches-outside-market",
            "3",
            "--from",
            "2003-09-20",
            "--to",
            "2003-12-05",
        ],
    )

    said = capsys.readouterr().out
    assert code == 0
    assert "$7,500.00, in 3 lines." in said
    assert "No pro-rating will be done by Nextel." in said
    assert "would give: $10,500.00" in said


def test_a_faulty_guide_exits_with_three_and_names_its_mistakes(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "guide.toml").write_text('[guide]\nname = "x"\nversion = 1\n')

    code = main(["guide", "check", str(tmp_path), "--json"])

    answer = json.loads(capsys.readouterr().out)
    assert code == 3
    assert answer["error"] == "faulty_guide"
    assert {"missing-key", "wrong-value"} == {problem["code"] for problem in answer["problems"]}


def test_an_unknown_guide_is_a_refusal_with_a_suggestion(capsys: Out) -> None:
    code = main(["guide", "check", "wirless-2003"])

    assert code == 1
    assert "Did you mean 'wireless-2003'?" in capsys.readouterr().err


def test_a_new_guide_is_a_copy_that_reads_and_is_never_written_over(tmp_path: Path, capsys: Out) -> None:
    target = str(tmp_path / "mine")

    assert main(["guide", "new", target, "--from", "example"]) == 0
    assert main(["guide", "check", target, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.split("\n", 3)[3])["guide"] == "mine"
    assert main(["guide", "new", target]) == 1


def test_show_gives_one_entry_with_its_values(capsys: Out) -> None:
    assert main(["guide", "show", "wireless-2003", "fees:ping", "--json"]) == 0

    (ping,) = json.loads(capsys.readouterr().out)["fees:ping"]
    assert (ping["amount"], ping["per"]) == ("150", ["ping"])


def test_compare_names_the_versions_it_knows(capsys: Out) -> None:
    (versions,) = (ROOT / "tests" / "carriers").glob("*/versions")
    carrier = str(versions.parent)

    assert main(["guide", "compare", carrier, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["changes"]) == 4
    assert main(["guide", "compare", carrier, "1", "2"]) == 1
    assert "2024, 2025" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["wireless-2003", "wholesale-portal", "example"])
def test_the_published_guide_is_a_tagged_pdf_that_another_reader_opens(name: str, tmp_path: Path) -> None:
    assert main(["guide", "render", name, "--to", str(tmp_path), "--what", "guide", "--format", "pdf"]) == 0

    reader = pypdf.PdfReader(tmp_path / f"{name}-guide.pdf")
    text = " ".join(page.extract_text() for page in reader.pages)
    assert reader.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert reader.root_object["/Lang"] == "en"
    assert "Whom to contact" in text


@pytest.mark.requirement("R-071", "R-072", "R-073", "R-074")
def test_the_published_guide_says_whom_to_contact_and_that_nobody_else_is_authorised(tmp_path: Path) -> None:
    main(["guide", "render", "wireless-2003", "--to", str(tmp_path), "--what", "guide", "--format", "html"])

    page = (tmp_path / "wireless-2003-guide.html").read_text()
    assert page.index("Is a life in danger?") < page.index("Contents") < page.index("Subpoena Compliance")
    assert "1 August 2003" in page
    assert "or any of its operating subsidiaries" in page
    for desk, way in (
        ("Subpoena Compliance", "(703) 433-8860"),
        ("Court Order Compliance", "(703) 433-4398"),
        ("Nextel Partners, Law Enforcement Compliance Officer", "(702) 614-2310"),
    ):
        assert way in page[page.rindex("Whom to contact") :].split(f"{desk}</h3>")[1].split("<h3")[0]
    assert "are neither authorised nor endorsed" in page
    assert "acts on only contacts made with, and information received from, identified" in page
    assert "$250.00 per target and month" in page


@pytest.mark.browser
def test_the_published_pages_are_clean_in_a_browser(tmp_path: Path, chromium: Browser) -> None:
    for name in ("wireless-2003", "wholesale-portal", "example"):
        assert main(["guide", "render", name, "--to", str(tmp_path), "--format", "html"]) == 0
    page = chromium.new_page(viewport={"width": 375, "height": 812})
    for file in sorted(tmp_path.glob("*.html")):
        page.goto(file.as_uri())
        found = Axe().run(page, options=AXE).response["violations"]
        assert [(file.name, v["id"], v["nodes"][0]["html"]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, file.name
    page.close()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("expiry --types title_iii --order-date 9999-12-31 --days 30", 2, "too far away"),
        ("expiry --types title_iii --order-date 2003-10-01 --days many", 2, "a whole number"),
        ("payment --total abc", 2, "a number such as"),
        ("process --product toll --text-file /nowhere/at-all", 1, "cannot be read"),
        ("fee --product ping --pings NaN", 1, "between 0 and"),
        ("fee --product ping --pings", 1, "needs a number"),
        ("fee --product ping --from 2003-10-01", 1, "A period needs --from and --to"),
        ("retention --product toll --from yesterday", 2, "is no date"),
        ("hours --desk nobody", 1, "has no desk 'nobody'"),
        ("clock", 1, "There is no clock"),
        ("clock --clock emergency-order --event order_received=soon", 1, "is no date"),
        ("route --process 'carrier pigeon'", 1, "There is no process type"),
    ],
)
def test_a_question_that_cannot_be_understood_gets_a_sentence(
    words: str, code: int, said: str, capsys: Out
) -> None:
    try:
        found = main(["guide", "explain", "wireless-2003", *shlex.split(words)])
    except SystemExit as usage:
        found = int(usage.code or 0)

    assert (found, said in capsys.readouterr().err) == (code, True)


def test_a_desk_that_is_never_staffed_is_a_refusal_not_an_endless_search(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "guide.toml").write_text(
        '[guide]\nname = "x"\nversion = "1"\neffective_from = 2026-01-01\n[carrier]\nname = "X"\nzone = "UTC"\n'
        '[[calendars]]\nid = "c"\nhours = []\n[[turnarounds]]\nid = "t"\ntime = "2 business days"\ncalendar = "c"\n'
        '[[clocks]]\nid = "k"\nstarts = "a"\ntime = "99999 years"\n',
    )

    assert main(["guide", "explain", str(tmp_path), "turnaround"]) == 1
    assert "no staffed moment" in capsys.readouterr().err
    assert main(["guide", "explain", str(tmp_path), "clock", "--clock", "k", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["ends"].startswith("9000-")
