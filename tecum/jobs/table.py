"""Which operation is called when a deadline of a kind is due. A surface test asks for every kind of the catalogue."""

from collections.abc import Mapping

from tecum.jobs.worker import Handler
from tecum.mailroom import routing

TABLE: Mapping[str, Handler] = {
    "mail.route": routing.route,
}
