"""A request as our pages see it: with the instant it arrived, who acts, and the visit it belongs to."""

from datetime import datetime

from django.http import HttpRequest

from tecum.kernel.actors import Actor


class Asked(HttpRequest):
    """What the middleware `Actors` adds; only for annotations."""

    actor: Actor
    now: datetime
    visit: str
    proved: bool
