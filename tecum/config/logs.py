"""
Logs are JSON lines on standard error, with a request id and without numbers, names or tokens. Of an exception its kind
and its way through the code are written, never its words: a database's error holds the row that it refused, and a
parser's the bytes of a stranger.
"""

import logging
import traceback
from pathlib import Path

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

ROOT = Path(__file__).resolve().parents[2]
FRAMES = 12


def formatter() -> logging.Formatter:
    """Return the formatter that settings name: one JSON object per line, times in UTC; structlog speaks through it too."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(way),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            wordless,
            structlog.processors.JSONRenderer(),
        ],
    )


def way(exc_info: ExcInfo) -> str:
    """Return an exception's kind, and where it came from, the innermost place first."""
    kind, _, trace = exc_info
    frames = traceback.extract_tb(trace)[-FRAMES:]
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
    return " < ".join([kind.__name__, *places])


def wordless(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Leave out what a library's own traceback would say."""
    event.pop("exc_text", None)
    return event


def _short(file: str) -> str:
    path = Path(file)
    return (
        str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) and ".venv" not in path.parts else path.name
    )
