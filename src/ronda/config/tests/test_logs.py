"""Whoever writes a log line, nothing personal is in it (promise S13: 0 client addresses, 0 sealed words)."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from ronda.config import logs

CANARY = "kenari-Fajar-192.0.2.77"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    monkeypatch.delenv("RONDA_LOG", raising=False)
    before, written = structlog.get_config(), io.StringIO()
    root = logging.getLogger()
    kept = root.handlers[:], root.level
    config = logs.logging_config()
    config["handlers"]["stderr"]["stream"] = written
    logging.config.dictConfig(config)
    yield written
    root.handlers[:], root.level = kept
    structlog.configure(**before)


def written(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_keeps_known_keys_and_drops_all_others(lines: io.StringIO) -> None:
    structlog.get_logger("ronda.t").info("request", route="laporan/<uuid:id>", status=200, person=CANARY)
    (line,) = written(lines)
    assert (line["event"], line["route"], line["status"]) == ("request", "laporan/<uuid:id>", 200)
    assert CANARY not in lines.getvalue()


def test_keeps_only_the_template_of_a_library_line(lines: io.StringIO) -> None:
    logging.getLogger("library").warning("refused %s", CANARY, extra={"client": CANARY})
    assert written(lines)[0]["event"] == "refused %s"
    assert CANARY not in lines.getvalue()


def test_keeps_the_type_and_place_of_an_error_but_not_its_words(lines: io.StringIO) -> None:
    def fail() -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as cause:
            raise ValueError(f"row {CANARY}") from cause

    for logger in (logging.getLogger("library"), structlog.get_logger("ronda.t")):
        try:
            fail()
        except ValueError:
            logger.exception("failed\n" + CANARY if isinstance(logger, logging.Logger) else "failed")
    for line in written(lines):
        assert line["error"] == "ValueError < KeyError"
        assert line["places"][-1].endswith(" fail")
    assert CANARY not in lines.getvalue()


def test_control_an_ordinary_handler_would_have_written_it(lines: io.StringIO) -> None:
    plain = io.StringIO()
    handler = logging.StreamHandler(plain)
    logging.getLogger("library").addHandler(handler)
    logging.getLogger("library").warning("refused %s", CANARY)
    logging.getLogger("library").removeHandler(handler)
    assert CANARY in plain.getvalue()
