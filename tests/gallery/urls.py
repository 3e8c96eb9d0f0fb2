"""`ROOT_URLCONF = "tests.gallery.urls"`: the gallery at `/`, broken pages beneath."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, engines
from django.urls import path

from tecum.web.forms import Day
from tecum.web.gates import EVERYBODY, opens
from tecum.web.navigation import Link
from tecum.web.shell import Checkpoint, Shell
from tecum.web.templatetags.frame import Crumb, Happening, View

NOW = datetime(2026, 9, 8, 17, 52, 8, tzinfo=UTC)
WEEK = [("mon", "Monday"), ("tue", "Tuesday")]
ENTRIES = ("Demands", "Orders", "Emergencies", "Mailroom", "Next 72 hours", "Trail")


class Everything(forms.Form):
    case = forms.CharField(
        label="Agency case number", help_text="It is kept with every answer.", max_length=12
    )
    numbers = forms.CharField(
        label="Numbers, one on each line", widget=forms.Textarea(attrs={"class": "mono"})
    )
    first = forms.DateField(label="First day", required=False, widget=Day)
    state = forms.ChoiceField(label="State", choices=[("any", "Any open"), ("new", "New")])
    days = forms.MultipleChoiceField(label="Days", choices=WEEK, widget=forms.CheckboxSelectMultiple)
    kind = forms.ChoiceField(
        label="Decision", choices=[("a", "Answer"), ("r", "Return")], widget=forms.RadioSelect
    )
    file = forms.FileField(label="Document", required=False)
    attest = forms.BooleanField(label="I attest that these numbers were developed in this investigation.")


class Filter(forms.Form):
    q = forms.CharField(
        label="Reference or agency", widget=forms.TextInput(attrs={"type": "search"}), required=False
    )
    state = forms.ChoiceField(label="State", choices=[("any", "Any open"), ("new", "New")], required=False)


def shell() -> Shell:
    return Shell(
        now=NOW,
        carrier="Halyard Wholesale",
        place="Response desk",
        zone=ZoneInfo("America/New_York"),
        entries=tuple(Link(label, "/", "page" if label == "Demands" else "") for label in ENTRIES),
        links=(Link("Accessibility", "/?a"), Link("Privacy", "/?p")),
        person="M. Okafor-Lund, subpoena analyst",
        sign_out="/",
        guide_name="example",
        guide_version="2026.3",
        guide_since=NOW.date(),
        checkpoint=Checkpoint(8431, NOW),
    )


def gallery(request: HttpRequest) -> HttpResponse:
    queue = [
        (NOW + timedelta(hours=hours), f"LD-7Q2M-40V{i}") for i, hours in enumerate((-1.4, 2, 9, 30, 100))
    ]
    context = {
        "shell": shell(),
        "form": Everything({"case": "much too long a number"}) if "wrong" in request.GET else Everything(),
        "crumbs": [Crumb("Legal demands", "/"), Crumb("LD-7Q2M-40VX", mono=True)],
        "views": [View("Due next", "/", 38, True), View("Mine", "/?owner=me", 9)],
        "filter": Filter(request.GET, auto_id="filter_%s"),
        "page": Paginator(range(950), 10).page(4),
        "queue": queue,
        "now": NOW,
        "happened": [
            Happening(NOW + timedelta(hours=3), "Answer due.", ahead=True),
            Happening(NOW, "opened the numbers, to review this demand.", "You", "3809-4924"),
            Happening(NOW, "received the demand by e-mail.", "Tecum", "1AF7-5177", document=True),
        ],
    }
    source = Path(__file__).with_name("gallery.html").read_text("utf-8")
    return HttpResponse(engines["django"].from_string(source).render(context, request))


def broken(body: str, head: str = "") -> HttpResponse:
    source = f"{{% extends 'base.html' %}}{{% block head %}}{head}{{% endblock %}}{{% block main %}}{body}{{% endblock %}}"
    return HttpResponse(
        Engine.get_default().from_string(source).render(Context({"shell": shell(), "title": "Broken"}))
    )


COMBO = (
    '<label class="usa-label" for="agency">Agency</label><div class="usa-combo-box"><select class="usa-select" name="agency"'
    ' id="agency"><option value="m">Marrow County</option></select></div>'
    '<label class="usa-label" for="file">Document</label><input class="usa-file-input" id="file" type="file" name="file">'
)


def asks(request: HttpRequest) -> HttpResponse:
    """A page with a fragment of its own, as a page that swaps parts does it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(f'<div id="part" role="group" aria-label="Swapped in">{COMBO}</div>')
    button = '<button type="button" class="usa-button" hx-get="/swap" hx-target="#part" hx-swap="outerHTML">Load</button>'
    return broken(f'<h1>Swap</h1>{button}<div id="part"></div>')


urlpatterns = [
    path("swap", asks),
    path("", gallery),
    path("script", lambda request: broken("<h1>Script</h1><script>document.title = 'run'</script>")),
    path("style", lambda request: broken('<h1 style="color: red">Style</h1>')),
    path(
        "stranger",
        lambda request: broken('<h1>Stranger</h1><img alt="" src="http://stranger.example/x.png">'),
    ),
    path("label", lambda request: broken('<h1>Label</h1><input name="x">')),
    path(
        "wide", lambda request: broken('<h1>Wide</h1><svg width="900" height="9" aria-hidden="true"></svg>')
    ),
    path("twice", lambda request: broken('<h1 id="a">Twice</h1><p id="a">The same id</p>')),
]
for _page in urlpatterns:
    opens(read=EVERYBODY)(_page.callback)
handler404 = "tecum.web.errors.not_found"
