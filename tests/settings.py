"""Settings of the tests: an in-tree SQLite file, or the PostgreSQL that `python -m tests.postgres` started."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _folder_of_this_run() -> Path:
    """Return the folder of this run, which goes with the process that made it; whom a test starts is told of it."""
    if told := os.environ.get("TECUM_DATA"):
        return Path(told)
    made = Path(os.environ.setdefault("TECUM_DATA", tempfile.mkdtemp(prefix="tecum-tests-")))
    atexit.register(_take_away, made, os.getpid())
    return made


def _take_away(folder: Path, owner: int) -> None:
    """Remove a folder, unless a process asks that was forked from the one that made it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


_folder = _folder_of_this_run()
os.environ.setdefault("TECUM_SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("TECUM_INSECURE_LOOPBACK", "1")
os.environ.setdefault("TECUM_LOG_LEVEL", "WARNING")
os.environ.setdefault("TECUM_TRAIL_ORIGIN", "example.net/trail")

from tecum.config.settings import *  # noqa: E402, F403
from tecum.config.settings import DATABASES, STORAGES, TECUM_SEALING_KEY_FILE  # noqa: E402
from tecum.secrecy.drivers import keyring  # noqa: E402

TESTING = True
# Workers side by side have epochs of the same names: one that destroys its own must not destroy the other's.
_keys = _folder / f"keys-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
TECUM_EPOCH_KEYS = os.environ.get(
    "TECUM_EPOCH_KEYS", str(_keys)
)  # a command that a test starts is told the test's own
# The invented signing key of tests/trails.py. No place outside: each test that wants one names its own.
TECUM_TRAIL_KEY_FILE = str(_folder / "trail-of-tests.key")
TECUM_TRAIL_ANCHORS: list[str] = []
with open(os.open(TECUM_TRAIL_KEY_FILE, os.O_WRONLY | os.O_CREAT, 0o600), "w") as _key:
    _key.write("PRIVATE+KEY+example.net/trail+a0eda66b+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")
if not Path(TECUM_SEALING_KEY_FILE).exists():
    keyring.create(Path(TECUM_SEALING_KEY_FILE))
# A file, not memory: races and crashes need several connections to one database.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / f"test-{os.getpid()}.sqlite3")}
    # Nothing is forced to disk: what outlives a killed process does so anyway, and no test cuts the power.
    _start = DATABASES["default"]["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"]["OPTIONS"], "init_command": _start}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = (
    True  # static files from the tree, not from a collected folder
)
