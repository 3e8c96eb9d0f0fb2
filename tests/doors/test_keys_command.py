"""`tecum keys`: made once, replaced without rewriting files, an epoch destroyed only on purpose."""

from pathlib import Path

import pytest

from tecum.cli.main import main
from tecum.kernel.actors import Actor
from tecum.secrecy import operations as secrecy
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_SEALING_KEY_FILE = str(tmp_path / "sealing.key")
    return tmp_path


def test_a_first_key_is_made_and_a_second_stands_before_it(places: Path, capsys):
    assert main(["keys", "create"]) == 0
    assert "Keep a copy elsewhere" in capsys.readouterr().out
    assert (places / "sealing.key").stat().st_mode & 0o777 == 0o600

    assert main(["keys", "create"]) == 0
    assert "tecum keys rotate" in capsys.readouterr().out
    assert len((places / "sealing.key").read_text().split()) == 2


def test_an_epoch_is_destroyed_only_when_that_is_said_twice(places: Path, capsys):
    main(["keys", "create"])
    matter = secrecy.open_matter(kind="mail", by=Actor.system("mail"), now=NOON)
    box = secrecy.seal_bytes(b"a badge", matter=matter, about="x")
    capsys.readouterr()

    assert main(["keys", "destroy", "mail-2026-09"]) == 1
    assert "1 matters of mail-2026-09 would be unreadable for ever" in capsys.readouterr().out
    assert secrecy.read_bytes(box, matter=matter, about="x") == b"a badge"

    assert main(["keys", "destroy", "mail-2026-09", "--yes"]) == 0
    assert main(["keys", "epochs"]) == 0
    assert "destroyed" in capsys.readouterr().out.splitlines()[-1]
    assert main(["keys", "destroy", "mail-1999-01", "--yes"]) == 1


def test_rotating_says_how_many_keys_it_wrapped(places: Path, capsys):
    main(["keys", "create"])
    secrecy.open_matter(kind="mail", by=Actor.system("mail"), now=NOON)
    main(["keys", "create"])
    capsys.readouterr()

    assert main(["keys", "rotate"]) == 0

    assert capsys.readouterr().out == "1 keys were wrapped by the newest sealing key.\n"


def test_a_signing_certificate_is_made_once_and_says_that_nobody_vouches_for_it(
    places: Path, settings, capsys
):
    settings.TECUM_SIGNING_FILE = str(places / "signing.pem")

    assert main(["keys", "signing"]) == 0
    first = capsys.readouterr().out
    assert main(["keys", "signing"]) == 0
    second = capsys.readouterr().out

    assert (
        first.startswith("Made") and second.startswith("Found") and "made this certificate itself" in second
    )
    assert first.splitlines()[2] == second.splitlines()[2], "the same certificate"
    assert (places / "signing.pem").stat().st_mode & 0o777 == 0o600
