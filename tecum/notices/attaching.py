"""Files that go with a message: stored files of its own matter, read and held against their hash by whoever delivers."""

from collections.abc import Mapping
from hashlib import sha256

from tecum.documents import operations as documents
from tecum.documents.queries import FileView
from tecum.kernel.refusals import Refused
from tecum.notices import rules
from tecum.notices.models import Notice
from tecum.notices.rules import Attached
from tecum.notices.states import NoticeChannel
from tecum.secrecy.operations import Tampered


class CannotAttach(Refused):
    """A file of another matter, too many bytes, or a channel that carries no files."""


class NotAsAttached(Refused):
    """A file that goes with a notice is not what was put there."""


def attached(files: Mapping[str, FileView], row: Notice) -> list[Attached]:
    """Return the files that may go with a notice. :raises CannotAttach: where one may not"""
    if not files:
        return []
    if row.channel not in (NoticeChannel.MAIL, NoticeChannel.FAX):
        raise CannotAttach(f"No file goes by {row.channel}.")
    if any(each.matter != row.matter for each in files.values()):
        raise CannotAttach("A file goes only with a message of its own case.")
    if sum(each.size for each in files.values()) > rules.MOST_ATTACHED:
        raise CannotAttach("These files are too large for a message; hand them over another way.")
    return [Attached(name, each.id, each.sha256, each.size, each.media_type) for name, each in files.items()]


def opened(row: Notice) -> list[tuple[Attached, bytes]]:
    """
    Return the files that go with a notice, opened now and held against what was put with it.

    :raises NotAsAttached: where one is another, or cannot be read
    """
    return [(each, _content(each)) for each in map(Attached.read, row.attached)]


def _content(each: Attached) -> bytes:
    try:
        content = documents.read(each.file)
    except Tampered:
        content = b""
    if sha256(content).hexdigest() != each.sha256:
        raise NotAsAttached("A file that goes with it is not what was put there.")
    return content
