"""What is logged helps whoever runs the machine, and tells nothing about anybody."""

import json
import logging

import structlog

from tecum.config import logs


def written(say) -> list[dict[str, object]]:
    lines: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(logs.formatter())
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    root = logging.getLogger("tests.logs")
    root.propagate = False
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        say()
    finally:
        root.removeHandler(handler)
    return [json.loads(line) for line in lines]


def fail() -> None:
    secret = "badge 4711"
    raise ValueError(f"duplicate key: (email)=(ruiz@police.example.gov), {secret}")


def test_an_exception_is_its_kind_and_its_way_never_its_words_or_values():
    def say() -> None:
        try:
            fail()
        except ValueError:
            structlog.get_logger("tests.logs").exception("mail.not_taken", message="abc")
            logging.getLogger("tests.logs").exception("plain")

    lines = written(say)

    assert len(lines) == 2
    for line in lines:
        assert str(line["exception"]).startswith("ValueError < tests/doors/test_logs.py:")
        assert "ruiz" not in json.dumps(line)
        assert "4711" not in json.dumps(line)
    assert lines[0]["message"] == "abc"


def test_logs_do_not_go_where_a_command_prints_its_answer(capsys):
    written(lambda: structlog.get_logger("tests.logs").info("something"))

    assert capsys.readouterr().out == ""
