"""Handing a package to a program: piece by piece, with its hash and the trail's receipt in the headers."""

import base64

from django.http import StreamingHttpResponse

from tecum.production.operations import Fetched


def streamed(fetched: Fetched) -> StreamingHttpResponse:
    """Return the answer that streams a package."""
    answer = StreamingHttpResponse(fetched.pieces, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{fetched.name}"'
    answer["Content-Length"] = str(fetched.size)
    answer["Cache-Control"] = "no-store"
    answer["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(fetched.sha256)).decode()}:"
    answer["Tecum-SHA256"] = fetched.sha256
    answer["Tecum-Receipt"] = fetched.receipt
    return answer
