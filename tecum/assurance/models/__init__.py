"""The tables of assurance: checks of the trail, the watcher and what it found."""

from tecum.assurance.models.checks import TrailCheck
from tecum.assurance.models.watching import Finding, Watch

__all__ = ["Finding", "TrailCheck", "Watch"]
