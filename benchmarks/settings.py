"""The real settings with one more address; everything else is as served."""

from tecum.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.served"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
