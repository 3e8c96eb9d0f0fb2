"""Settings of the tests: an in-tree SQLite file, or the PostgreSQL that `python -m tests.postgres` started."""

import os
import tempfile
from pathlib import Path

_folder = Path(os.environ.setdefault("TECUM_DATA", tempfile.mkdtemp(prefix="tecum-tests-")))
os.environ.setdefault("TECUM_SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("TECUM_INSECURE_LOOPBACK", "1")
os.environ.setdefault("TECUM_LOG_LEVEL", "WARNING")

from tecum.config.settings import *  # noqa: E402, F403
from tecum.config.settings import DATABASES, STORAGES  # noqa: E402

TESTING = True
# A file, not memory: races and crashes need several connections to one database.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / f"test-{os.getpid()}.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = (
    True  # static files from the tree, not from a collected folder
)
