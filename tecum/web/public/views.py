"""The pages that anybody may read."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tecum.config import clock
from tecum.documents.drivers.pdf import NoPrinter
from tecum.guide.model.guide import NotInGuide
from tecum.policy import queries as policy
from tecum.web.gates import EVERYBODY, opens
from tecum.web.navigation import address_of
from tecum.web.public import files, manual, page, pictures, serving
from tecum.web.public.vocabulary import RECORDS, sentence, span

SECURITY_TXT_GOOD_FOR = timedelta(days=180)  # RFC 9116 asks for less than a year


@opens(read=EVERYBODY)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show what the portal is and who may apply, generated from the guide in force."""
    guide = policy.at(clock.now())
    if not guide.lookups:
        return _serving(request)  # without a portal, how to serve process is all there is to say
    return render(
        request, "public/start.html", {"page": page.landing(guide), "sign_in": address_of("account_login")}
    )


@opens(read=EVERYBODY)
@require_safe
def serve(request: HttpRequest) -> HttpResponse:
    """Show how to serve a Legal Demand."""
    return _serving(request)


def _serving(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    guide = policy.at(now)
    today = now.astimezone(guide.carrier.zone.tz).date()
    return render(
        request,
        "public/serve.html",
        {"page": page.serving(guide), "forms": page.forms(guide, today), "emergencies": guide.emergencies},
    )


@opens(read=EVERYBODY)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show how far these pages can be used by everybody, and whom to tell where they cannot."""
    return render(request, "public/accessibility.html", {"page": page.serving(policy.at(clock.now()))})


@opens(read=EVERYBODY)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is recorded of the people who use these pages, and for how long."""
    guide = policy.at(clock.now())
    kept = [
        (RECORDS.get(own.id, sentence(own.id.replace("_", " "))), span(own.keep), own.from_event, own.basis)
        for own in guide.own_records
    ]
    return render(request, "public/privacy.html", {"page": page.serving(guide), "kept": kept})


@opens(read=EVERYBODY)
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Show how to report a weakness."""
    return render(request, "public/security.html", {"page": page.serving(policy.at(clock.now()))})


@opens(read=EVERYBODY)
@require_safe
def user_guide(request: HttpRequest) -> HttpResponse:
    """Show how the portal is used, with pictures of its screens; a carrier without a user guide has no such page."""
    guide = policy.at(clock.now())
    try:
        made = manual.manual(guide)
    except NotInGuide:
        raise Http404 from None
    return render(request, "public/manual.html", {"manual": made, "page": page.landing(guide)})


@opens(read=EVERYBODY)
@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Hand over a picture of the user guide."""
    found = pictures.album().pictures.get(name)
    if found is None or not found.file.is_file():
        raise Http404
    return HttpResponse(
        found.file.read_bytes(), content_type="image/png", headers={"Cache-Control": "public, max-age=3600"}
    )


@opens(read=EVERYBODY)
@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """Hand over a file for applicants; where it cannot be printed, say whom to ask for it."""
    now = clock.now()
    guide = policy.at(now)
    today = now.astimezone(guide.carrier.zone.tz).date()
    if not files.offered(name, guide, today):
        raise Http404
    try:
        content = files.file(name, guide, today)
    except NotInGuide:
        raise Http404 from None
    except NoPrinter:
        return render(request, "public/no_file.html", {"page": page.serving(guide)}, status=503)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{guide.guide.name}-{name}"'},
    )


@opens(read=EVERYBODY)
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say the same for programs (RFC 9116)."""
    now = clock.now()
    contact = page.serving(policy.at(now)).portal
    lines = [
        f"Contact: mailto:{contact.address}" if contact else "",
        f"Expires: {(now + SECURITY_TXT_GOOD_FOR):%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Policy: {settings.PUBLIC_ADDRESS}{address_of('public:security')}",
    ]
    return HttpResponse(
        "\n".join(line for line in lines if line) + "\n", content_type="text/plain; charset=utf-8"
    )


@opens(read=EVERYBODY)
@require_safe
def serve_this_carrier(request: HttpRequest) -> JsonResponse:
    """Say for programs how to serve this carrier: what the published guide says, and nothing else."""
    now = clock.now()
    return JsonResponse(serving.serving(policy.at(now), now=now, address=settings.PUBLIC_ADDRESS))
