"""Which connector a source of the guide has, and the address and token that only this machine knows."""

import stat
from pathlib import Path

from django.conf import settings

from tecum.guide.model.subscribers import SubscriberSource
from tecum.records.drivers.subscriber_sources.connector import CannotList, Connector
from tecum.records.drivers.subscriber_sources.csv_file import CsvFile
from tecum.records.drivers.subscriber_sources.http_list import HttpList
from tecum.records.drivers.subscriber_sources.sql_view import SqlView


def connector(source: SubscriberSource, *, file: Path | None, known: str) -> Connector:
    """
    Return the connector of a source: of the file that was laid down, or of what its kind says.

    :raises CannotList: where this machine was not told the address
    """
    if file is not None:
        return CsvFile(file, source)
    if source.kind == "csv":
        raise CannotList(f"{source.name} comes as a file: tecum subscribers load FILE.")
    address, token = _secret(source.id)
    if source.kind == "sql":
        return SqlView(address, source)
    return HttpList(address, source, token=token, known=known)


def _secret(source: str) -> tuple[str, str]:
    """Return the first two lines of the source's file among the secrets: the address, and a token where it needs one."""
    path = Path(settings.TECUM_SECRETS) / "subscribers" / source
    try:
        text, mode = path.read_text("utf-8"), stat.S_IMODE(path.stat().st_mode)
    except OSError:
        raise CannotList(
            f"This machine does not know where {source} is. Write its address into {path}, a token into the second line."
        ) from None
    if mode & 0o077:
        raise CannotList(f"Others than its owner may read {path}: chmod 600 {path}")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise CannotList(f"{path} is empty.")
    return lines[0], lines[1] if len(lines) > 1 else ""
