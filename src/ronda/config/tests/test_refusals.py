"""What the operator can mend ends in one sentence and exit code 1; a fault of ours keeps its traceback."""

import os
import subprocess
import sys
from errno import EACCES, ECHILD, ENOSPC
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from ronda.config.cli.refusals import sentence
from ronda.config.env import SettingError
from ronda.config.postgres import PostgresError
from ronda.config.postgres.external import Address

URL = "postgresql://nobody:geheim@127.0.0.1:1/x"
RONDA = [sys.executable, "-m", "ronda.config.cli"]


def refused(*words: str, **settings: str) -> str:
    """What a command says on standard error; one sentence, without a traceback, exit code 1."""
    environment = {**os.environ, **settings}
    done = subprocess.run([*RONDA, *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


@pytest.mark.parametrize(
    "words", [("serve", "--port", "18471"), ("places", "load", "51.01"), ("worker", "--once"), ("migrate",)]
)
def test_a_database_that_does_not_answer_is_named_with_the_reason_and_without_its_password(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    said = refused(*words, DATABASE_URL=URL, RONDA_VAR=str(tmp_path))
    assert "x at 127.0.0.1:1 as nobody cannot be used" in said
    assert "Connection refused" in said
    assert "Check DATABASE_URL" in said
    assert "geheim" not in said


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a:geheim@b/c",
        "postgresql://a:geheim@b:port/c",
        "postgresql://a:geheim@[b/c",
        "postgresql://b",
    ],
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingError, match="must look like") as refusal:
        Address.read("DATABASE_URL", url)
    assert "geheim" not in str(refusal.value)


def test_a_reason_that_quotes_the_password_is_told_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(conninfo: str) -> None:
        raise psycopg.OperationalError("connection failed: bad word geheim.\nmore")

    monkeypatch.setattr(psycopg, "connect", connect)
    with pytest.raises(PostgresError, match=r"bad word …\. Check DATABASE_URL"):
        Address.read("DATABASE_URL", URL).require_answer()


def django_error(cause: psycopg.Error) -> OperationalError:
    problem = OperationalError(str(cause))
    problem.__cause__ = cause
    return problem


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (
            PermissionError(EACCES, "Permission denied", "/srv/tps.csv"),
            "/srv/tps.csv: the user that runs Ronda",
        ),
        (
            FileNotFoundError(2, "No such file", "/nonexistent/a.csv"),
            "/nonexistent/a.csv: there is no such file",
        ),
        (OSError(ENOSPC, "No space left on device"), "no space is left"),
        (OSError(36, "File name too long", "/tmp/" + "n" * 9), "File name too long; name another."),
        (django_error(psycopg.OperationalError("the connection is closed")), "`ronda doctor` says more"),
        (django_error(psycopg.errors.UndefinedTable("no relation")), "run `ronda migrate` first"),
        (
            django_error(psycopg.errors.InsufficientPrivilege("ronda: the scope is not signed by this node")),
            "made with other keys than those in",
        ),
    ],
)
def test_a_problem_that_can_be_mended_is_one_sentence(problem: Exception, told: str) -> None:
    said = sentence(problem)
    assert said is not None
    assert told in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "problem",
    [
        ValueError("a fault"),
        OSError("no number"),
        ChildProcessError(ECHILD, "No child processes"),
        django_error(psycopg.errors.UniqueViolation("twice")),
        django_error(psycopg.errors.InsufficientPrivilege("permission denied for table x")),
    ],
)
def test_a_fault_of_ours_keeps_its_traceback(problem: Exception) -> None:
    assert sentence(problem) is None


@pytest.mark.parametrize(
    "words", [("db", "start"), ("log", "key"), ("places", "load", "51.01"), ("db", "status")]
)
def test_a_folder_of_the_node_that_is_a_file_is_refused(words: tuple[str, ...]) -> None:
    said = refused(*words, RONDA_VAR="/etc/passwd")
    assert said == "RONDA_VAR must be the path of a folder, but it is '/etc/passwd'."
