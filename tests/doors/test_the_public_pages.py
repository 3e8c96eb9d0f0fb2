"""What anybody may read, generated from the guide in force."""

import io
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from pypdf import PdfReader

from tecum.audit import queries as trail
from tecum.config import clock
from tecum.documents.drivers import markdown
from tecum.documents.drivers.pdf import NoPrinter
from tests import markup

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db
PAGES = ("/", "/serve-a-legal-demand/", "/accessibility/", "/privacy/", "/security/")


@pytest.fixture(params=["wholesale-portal", "example"])
def guide(request, settings):
    settings.TECUM_GUIDE = str(ROOT / "guides" / request.param)
    return request.param


@pytest.fixture
def source_guide(settings):
    settings.TECUM_GUIDE = str(ROOT / "guides" / "wholesale-portal")


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_in_order_for_each_carrier(client: Client, guide: str, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert markup.problems(answer.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_who_only_reads_gets_no_cookie_and_leaves_no_trace(client: Client, path: str) -> None:
    answer = client.get(path)

    assert not answer.cookies
    assert trail.since(clock.now() - timedelta(days=1)) == ()


@pytest.mark.parametrize("path", PAGES)
def test_what_anybody_may_read_stands_while_the_database_does_not(client: Client, path: str) -> None:
    with mock.patch("tecum.audit.queries.latest_checkpoint", side_effect=OperationalError("gone")):
        assert client.get(path).status_code == 200


@pytest.mark.usefixtures("source_guide")
class TestTheSourceCarrier:
    @pytest.mark.requirement("R-001", "R-003", "R-004", "R-005", "R-008")
    def test_who_may_apply_stands_beside_who_may_not(self, client: Client) -> None:
        text = client.get("/").text

        assert "based in the United States or Canada" in text
        assert "Officers, agents, investigators, attorneys and support staff" in text
        assert "Civil litigants and counsel of civil litigants. Inquiries from them receive no reply." in text
        assert "Agencies of any other country. We answer with a refusal that names the rule." in text
        assert "Shared or team accounts." in text

    def test_the_limit_shows_its_number_and_its_source(self, client: Client) -> None:
        text = client.get("/").text

        assert "25 different numbers per person per day, up to 25 in one submission." in text
        assert "up to 25 numbers [daily query maximum] can be queried in a single submission" in text

    @pytest.mark.requirement("R-013")
    def test_process_is_sent_elsewhere(self, client: Client) -> None:
        text = client.get("/").text

        assert "It does not accept" in text
        assert 'href="mailto:LEArequests@sinch.com"' in text

    @pytest.mark.requirement("R-047")
    def test_the_six_points_of_an_application_are_steps(self, client: Client) -> None:
        text = client.get("/").text

        steps = text[text.index('class="steps"') :].split("</ol>")[0]
        assert steps.count("<li>") == 6
        assert "Application Attached for Law Portal Access" in steps

    @pytest.mark.requirement("R-057", "R-059", "R-060", "R-063", "R-068")
    def test_what_follows_an_application_comes_from_the_guide(self, client: Client) -> None:
        text = client.get("/").text

        assert "3–5 business days" in text
        assert "An automatic confirmation. None? Look in junk mail." in text
        assert "24 hours" in text
        assert "portal_support@inteliquent.com" in text
        assert "mailto:portal_support" not in text  # nobody shall write to it
        assert "Please do not ask until at least a week has passed" in text
        assert "Subject <code>SUPPORT NEEDED</code>" in text

    @pytest.mark.requirement("R-015")
    def test_what_the_carrier_has_not_published_is_asked_for(self, client: Client) -> None:
        start, serve = client.get("/").text, client.get("/serve-a-legal-demand/").text

        assert "ask for it at" not in start, "both files for applicants are published (R-054)"
        assert "Sections 1.3 and 4.1 of the Law Enforcement Agency Support Guidelines" in serve
        assert "please ask for them at" in serve

    @pytest.mark.requirement("R-070")
    def test_one_address_serves_the_portal_and_should_be_let_through(self, client: Client) -> None:
        text = client.get("/").text

        assert "Any other address only delays attention" in text
        assert "to your address book" in text
        assert "white-list our domain" in text

    @pytest.mark.requirement("R-040", "R-043")
    def test_a_demand_is_served_at_one_address_and_withdrawn_at_another(self, client: Client) -> None:
        text = client.get("/serve-a-legal-demand/").text

        assert 'Send it to</dt><dd><a href="mailto:LEArequests@sinch.com">' in text
        assert "LEAstatus@sinch.com" in text
        assert "No information can be given about this number here." in text

    def test_the_privacy_page_says_how_long_and_why(self, client: Client) -> None:
        text = client.get("/privacy/").text

        assert "47 CFR 64.2009(c): at least one year" in text
        assert "90 days" in text

    def test_the_frame_names_the_carrier_the_zone_and_the_version(self, client: Client) -> None:
        text = client.get("/").text

        assert "<title>Law Enforcement Portal – Inteliquent</title>" in text
        assert "Central time" in text
        assert "wholesale-portal 2022-06" in text


@pytest.mark.requirement("R-052")
def test_the_application_form_is_downloaded_from_the_page_as_a_form_to_type_into(
    client: Client, guide: str
) -> None:
    address = client.get("/").text.split('class="usa-button" href="')[1].split('"')[0]

    answer = client.get(address)

    fields = PdfReader(io.BytesIO(answer.content)).get_fields() or {}
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert "applicant_name" in fields


def test_the_whole_guide_is_downloaded_as_a_tagged_file(client: Client) -> None:
    answer = client.get("/files/guide.pdf")

    assert PdfReader(io.BytesIO(answer.content)).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert client.get("/files/passwords.pdf").status_code == 404


def test_where_nothing_can_be_printed_the_page_says_whom_to_ask(client: Client) -> None:
    with mock.patch("tecum.web.public.files.file", side_effect=NoPrinter("apt-get install")):
        answer = client.get("/files/guide.pdf")

    assert answer.status_code == 503
    assert "Ask for it at" in answer.text
    assert "apt-get" not in answer.text


def test_security_txt_names_a_contact_and_expires(client: Client) -> None:
    answer = client.get("/.well-known/security.txt")

    assert answer["Content-Type"].startswith("text/plain")
    assert "Contact: mailto:portal@meadowlark.example" in answer.text
    assert "Expires: " in answer.text


def test_wording_cannot_bring_markup_scripts_or_pictures_into_a_page() -> None:
    html = markdown.to_html(
        '<script>x</script> [a](javascript:x) ![p](http://x.example/i.png) "a" <b@c.example>'
    )

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_mail_address_in_wording_becomes_a_link() -> None:
    assert (
        markdown.to_html("To a.b@c.example.")
        == '<p>To <a href="mailto:a.b@c.example">a.b@c.example</a>.</p>\n'
    )


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_clean_in_a_browser(visitor, source_guide, path: str) -> None:
    visitor.go(path)

    visitor.check(f"public-{path.strip('/') or 'start'}", printed=True)
