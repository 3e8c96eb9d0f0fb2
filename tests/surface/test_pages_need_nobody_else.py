"""A page asks nothing of a stranger, runs nothing written into it, and says nothing of ours in its source."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "tecum" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
USWDS = WEB / "static" / "uswds"

FORBIDDEN = {
    "a style written into the page": r"\sstyle\s*=|<style\b",
    "a script written into the page": r"<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on|hx-vals=['\"]js:",
    "an address of somebody else": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
    "a button that only says Submit": r">\s*Submit\s*<|value=\"Submit\"",
    "the banner or seal of a government": r"usa-banner|us_flag|icon-dot-gov|\.gov\b",
    "an exclamation": r"(?<=\w)!(?=\s|<)",
}


def findings(text: str) -> Iterator[str]:
    for what, pattern in FORBIDDEN.items():
        if re.search(pattern, text, re.IGNORECASE):
            yield what


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_holds_no_style_script_or_address_of_others(template: Path) -> None:
    assert list(findings(template.read_text("utf-8"))) == []


@pytest.mark.sabotage("pages need nobody else")
@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color:red">',
        "<script>alert(1)</script>",
        '<a onclick="x()">',
        '<img src="//elsewhere.example/x.png">',
        "<button>Submit</button>",
        '<div class="usa-banner">',
        "<p>Done!</p>",
    ],
)
def test_each_of_these_would_be_noticed(planted: str) -> None:
    assert list(findings(planted)) != []


def test_the_vendored_look_is_what_the_vendoring_program_wrote() -> None:
    listed = dict(
        reversed(line.split("  ", 1)) for line in (USWDS / "SHA256SUMS").read_text("utf-8").splitlines()
    )

    found = {
        str(path.relative_to(USWDS)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in USWDS.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }

    assert found == listed
    assert "LICENSE.md" in found
    assert not [name for name in found if "flag" in name or "dot-gov" in name]


def test_no_script_or_stylesheet_of_ours_reaches_outside() -> None:
    for path in [*(WEB / "static").glob("*.js"), *(WEB / "static").glob("*.css"), *USWDS.rglob("*.css")]:
        text = path.read_text("utf-8")
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import|sourceMappingURL", text), path.name
