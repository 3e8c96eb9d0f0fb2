"""HTML becomes PDF: tagged for screen readers (PDF/UA), with fields that can be filled in. Nothing is fetched."""

import base64
import importlib
import io
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from pypdf import PdfReader, PdfWriter

from tecum.kernel.refusals import Refused

FONTS = Path(__file__).resolve().parents[2] / "web" / "static" / "uswds" / "fonts" / "source-sans-pro"
FACES = (("regular", 400, "normal"), ("bold", 700, "normal"), ("italic", 400, "italic"))
READ_ONLY, REQUIRED = 1, 2  # PDF 32000-1, table 221


class NoPrinter(Refused):
    """This machine lacks the libraries that print; the sentence names the packages."""


@lru_cache(maxsize=1)
def faces() -> str:
    """Return the shipped fonts as CSS whose sources are data."""
    return _as_css([_font(name) for name, *_ in FACES], "woff2")


@lru_cache(maxsize=1)
def _unpacked() -> str:
    """Return the same fonts unpacked, as the printer needs them: unpacking took longer than printing a page."""
    woff2: Any = importlib.import_module("fontTools.ttLib.woff2")  # comes with the printer
    found = []
    for name, *_ in FACES:
        out = io.BytesIO()
        woff2.decompress(io.BytesIO(_font(name)), out)
        found.append(out.getvalue())
    return _as_css(found, "ttf")


def _font(name: str) -> bytes:
    return (FONTS / f"sourcesanspro-{name}-webfont.woff2").read_bytes()


def _as_css(fonts: Sequence[bytes], kind: str) -> str:
    return "".join(
        f'@font-face{{font-family:"Source Sans Pro";font-weight:{weight};font-style:{style};'
        f"src:url(data:font/{kind};base64,{base64.b64encode(font).decode()})}}"
        for font, (_, weight, style) in zip(fonts, FACES, strict=True)
    )


def render(html: str, *, forms: bool = False) -> bytes:
    """
    Return a page as PDF.

    :raises NoPrinter: where the libraries are missing
    """
    try:
        # Not at the top: look-ups and spreadsheets must run on a machine without Pango.
        weasyprint: Any = importlib.import_module("weasyprint")
    except OSError:
        raise NoPrinter(
            "PDF files cannot be made here: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from None
    nothing_but_data = weasyprint.urls.URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    page = weasyprint.HTML(string=html.replace(faces(), _unpacked()), url_fetcher=nothing_but_data)
    # The font's ligatures (ft, ffi) have no letters of their own: who copies or listens would miss them.
    plain = weasyprint.CSS(string="html { font-variant-ligatures: none }")
    made: bytes = page.write_pdf(stylesheets=[plain], pdf_forms=forms, pdf_variant="pdf/ua-1", pdf_tags=True)
    return made


def with_rules(
    pdf: bytes,
    *,
    required: Collection[str],
    fixed: Collection[str],
    title: str,
    groups: Mapping[str, str] | None = None,
) -> bytes:
    """
    Return a form whose fields know that they must be filled in, or cannot be changed; tabbing follows the reading order.

    `groups` are the labels of the questions of which one answer is chosen, by the names of their fields.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.obj["/Tabs"] = pikepdf.Name("/S")
            for widget in page.obj.get("/Annots", []):
                if "/Parent" in widget:
                    _choice(document, widget, groups or {}, required)
                    continue
                name = str(widget.get("/T", ""))
                if widget.get("/FT") == "/Btn":
                    _tick(document, widget)
                flags = (REQUIRED if name in required else 0) | (READ_ONLY if name in fixed else 0)
                if flags:
                    widget["/Ff"] = int(widget.get("/Ff", 0)) | flags
        questions = [field for field in document.Root.AcroForm.Fields if "/Parent" not in field]
        document.Root.AcroForm.Fields = pikepdf.Array(questions)
        document.Root.AcroForm.DR.Font["/ZaDb"] = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.ZapfDingbats
        )
        document.Root["/ViewerPreferences"] = pikepdf.Dictionary(DisplayDocTitle=True)
        document.docinfo["/Title"] = title
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def with_values(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """Return a form with values typed into its fields, by their names."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(values), auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _choice(
    document: pikepdf.Pdf, widget: pikepdf.Object, groups: Mapping[str, str], required: Collection[str]
) -> None:
    """Make one answer of a question a part of its question: the name stands there alone, and so does what it asks."""
    question = widget["/Parent"]
    name = str(question["/T"])
    question["/TU"] = groups.get(name, name)
    if name in required:
        question["/Ff"] = int(question["/Ff"]) | REQUIRED
    place = int(next(str(key) for key in widget["/AP"]["/N"].keys()).removeprefix("/"))  # noqa: SIM118
    widget["/TU"] = str(question["/Opt"][place])
    for key in ("/T", "/FT"):
        if key in widget:
            del widget[key]
    _empty(document, widget)


def _tick(document: pikepdf.Pdf, widget: pikepdf.Object) -> None:
    """Give a box what viewers that draw ticks themselves ask for: a font, a sign, and a look while it is empty."""
    widget["/DA"] = pikepdf.String("/ZaDb 0 Tf 0 g")
    widget["/MK"]["/CA"] = pikepdf.String("4")
    _empty(document, widget)


def _empty(document: pikepdf.Pdf, widget: pikepdf.Object) -> None:
    empty = document.make_stream(b"")
    empty["/Type"], empty["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
    left, bottom, right, top = (float(number) for number in widget["/Rect"].as_list())
    empty["/BBox"] = pikepdf.Array([0, 0, abs(right - left), abs(top - bottom)])
    widget["/AP"]["/N"]["/Off"] = empty
