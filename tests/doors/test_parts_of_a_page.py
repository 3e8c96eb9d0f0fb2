"""The parts that every page is made of."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from tecum.web.forms import Day
from tecum.web.shell import Shell

NOW = datetime(2026, 9, 8, 17, 52, 8, tzinfo=UTC)
SHELL = Shell(
    now=NOW, zone=ZoneInfo("America/New_York"), guide_name="wholesale-portal", guide_version="2026.3"
)


def shown(source: str, **values: object) -> str:
    return Template(source).render(Context({"shell": SHELL, **values}))


def test_a_time_shows_its_zone_and_keeps_utc_for_the_hover_and_the_print() -> None:
    text = shown("{% moment at %}", at=NOW)

    assert text == (
        '<time datetime="2026-09-08T13:52:08-04:00" title="2026-09-08 17:52 UTC">'
        "Tue 8 Sep 2026, 1:52 p.m. EDT (UTC−04:00)</time>"
    )


def test_a_telephone_number_is_grouped_for_the_eye_and_copied_as_digits() -> None:
    text = shown("{% tn '2925550142' %}")

    assert 'value="2925550142"' in text
    assert "<b>292</b><b>555</b><b>0142</b>" in text


def test_a_masked_number_keeps_its_middle_to_itself() -> None:
    text = shown("{% masked '2925550142' %}")

    assert "(292) •••-••42" in text
    assert "555" not in text


def test_what_stands_where_a_number_should_is_escaped_not_grouped() -> None:
    assert shown("{% tn number %}", number="<b>29") == "&lt;b&gt;29"


def test_a_due_time_says_in_words_what_its_colour_says() -> None:
    assert shown("{% due at %}", at=NOW + timedelta(hours=3, minutes=12)) == (
        '<span class="due due--hours">in 3 h 12 min</span>'
    )
    assert shown("{% due at %}", at=NOW - timedelta(minutes=82)) == (
        '<span class="due due--over">1 h 22 min over</span>'
    )


def test_a_reason_carries_its_sentence_its_rule_and_the_version_of_the_guide() -> None:
    text = shown('{% why topic="a limit" rule="portal.quota" cite="R-022" %}<p>Because.</p>{% endwhy %}')

    assert '<summary>Why?<span class="usa-sr-only"> a limit</span></summary>' in text
    assert "<p>Because.</p>" in text
    assert "<cite>Rule portal.quota · guide 2026.3 · R-022</cite>" in text


class Asked(forms.Form):
    case = forms.CharField(label="Agency case number", help_text="It is kept.", max_length=5)
    numbers = forms.CharField(label="Numbers", widget=forms.Textarea)
    first = forms.DateField(label="First day", required=False, widget=Day)
    attest = forms.BooleanField(label="I attest")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_a_field_ties_its_hint_and_its_complaint_to_itself() -> None:
    form = Asked({"case": "too long for it", "kind": "a"})
    form.is_valid()

    text = str(form)

    assert 'aria-describedby="id_case_helptext id_case_error"' in text
    assert 'id="id_case_helptext"' in text
    assert 'id="id_case_error"' in text
    assert 'class="usa-input usa-input--error"' in text
    assert 'aria-invalid="true"' in text
    assert '<label class="usa-checkbox__label" for="id_attest">I attest</label>' in text
    assert '<legend class="usa-legend">Kind</legend>' in text
    assert 'class="usa-radio__input"' in text
    assert 'type="date"' in text


def test_the_summary_leads_to_each_field_that_has_to_be_corrected() -> None:
    form = Asked({"case": "MC-26", "numbers": "", "attest": ""})
    form.is_valid()

    text = shown("{% error_summary form %}", form=form)

    assert "3 things to correct" in text
    assert 'href="#id_numbers"' in text
    assert 'href="#id_attest"' in text
    assert 'href="#id_kind_0"' in text


def test_a_form_not_yet_sent_complains_of_nothing() -> None:
    assert "correct" not in shown("{% error_summary form %}", form=Asked())


def test_the_pages_of_a_list_keep_the_filter_in_their_address() -> None:
    request = RequestFactory().get("/queue", {"state": "open", "page": "2"})
    page = Paginator(range(95), 10).page(2)

    text = shown("{% pages page 'demands' %}", page=page, request=request)

    assert "11 to 20 of 95 demands" in text
    assert "?state=open&amp;page=3" in text
    assert text.count('aria-current="page"') == 1


@pytest.mark.parametrize("bad", ["{% mk 'green' 'Yes' %}", "{% tag 'x' 'red' %}"])
def test_no_sign_beyond_the_agreed_ones(bad: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        shown(bad)
