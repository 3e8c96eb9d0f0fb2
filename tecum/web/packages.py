"""Handing a package to a browser: as an attachment, piece by piece."""

from django.http import StreamingHttpResponse

from tecum.production.operations import Fetched


def streamed(fetched: Fetched) -> StreamingHttpResponse:
    """Return the answer that streams a package; what it is, and its hash, stand in its headers."""
    answer = StreamingHttpResponse(fetched.pieces, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{fetched.name}"'
    answer["Content-Length"] = str(fetched.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    answer["Tecum-SHA256"] = fetched.sha256
    answer["Tecum-Receipt"] = fetched.receipt
    return answer
