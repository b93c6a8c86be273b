"""The environment is read once, and a bad value is refused with a sentence."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ronda.config import env
from ronda.config.declared import unknown_settings


def test_takes_the_default_when_the_setting_is_absent_or_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", " ")
    assert env.integer("RONDA_T", 8000, 1, 65535) == 8000
    assert env.flag("RONDA_ABSENT", True) is True


@pytest.mark.parametrize("came", ["x", "0", "65536", "1.5"])
def test_refuses_a_number_out_of_bounds_with_a_sentence(monkeypatch: pytest.MonkeyPatch, came: str) -> None:
    monkeypatch.setenv("RONDA_T", came)
    with pytest.raises(
        env.SettingError, match=r"RONDA_T must be a whole number from 1 to 65535, but it is '"
    ):
        env.integer("RONDA_T", 8000, 1, 65535)


def test_refuses_a_word_outside_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", "loud")
    with pytest.raises(env.SettingError, match="one of quiet, plain"):
        env.choice("RONDA_T", "plain", ["quiet", "plain"])


@pytest.mark.parametrize(("came", "value"), [("ya", True), ("1", True), ("off", False), ("FALSE", False)])
def test_reads_yes_and_no_in_both_languages(monkeypatch: pytest.MonkeyPatch, came: str, value: bool) -> None:
    monkeypatch.setenv("RONDA_T", came)
    assert env.flag("RONDA_T") is value


def test_refuses_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", "maybe")
    with pytest.raises(env.SettingError, match="1 or 0"):
        env.flag("RONDA_T")


def test_never_repeats_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", "hunter2")
    with pytest.raises(env.SettingError) as refusal:
        env.text("RONDA_T", secret=True, least=32)
    assert "hunter2" not in str(refusal.value)


def test_splits_words_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", "a, b ,,c")
    assert env.words("RONDA_T") == ["a", "b", "c"]


BAD = [
    (env.url, "ftp://sso.example.go.id", "https://sso.example.go.id"),
    (env.url, "sso.example.go.id", "https://sso.example.go.id"),
    (env.url, "https://", "https://sso.example.go.id"),
    (env.url, "https://sso.example.go.id:x/", "https://sso.example.go.id"),
    (env.url, "https://sso.example.go.id/a b", "https://sso.example.go.id"),
    (env.hosts, ",", "names like ronda.example.go.id"),
    (env.hosts, "https://ronda.example.go.id", "names like ronda.example.go.id"),
    (env.hosts, "ronda.example.go.id:443", "names like ronda.example.go.id"),
    (env.hosts, "*", "names like ronda.example.go.id"),
    (env.hosts, "ronda.example.go.id, a b", "names like ronda.example.go.id"),
    (env.regencies, "xx", "codes of regencies like 51.01"),
    (env.regencies, "51.01,51", "codes of regencies like 51.01"),
    (env.regencies, "51.01.02", "codes of regencies like 51.01"),
    (env.node_name, "a b<script>", "letters, digits"),
    (env.node_name, "ronda+a", "letters, digits"),
    (env.node_name, "n" * 61, "letters, digits"),
    (env.file, "/nonexistent/clock.json", "a folder that exists"),
    (env.file, "/tmp", "a folder that exists"),
    (env.folder, "/etc/passwd", "the path of a folder"),
]
GOOD = [
    (
        env.url,
        "https://sso.example.go.id:8443/realms/instansi",
        "https://sso.example.go.id:8443/realms/instansi",
    ),
    (env.url, "", ""),
    (env.hosts, "ronda.example.go.id,[::1],127.0.0.1", ["ronda.example.go.id", "[::1]", "127.0.0.1"]),
    (env.regencies, "51.01, 35.09", ["51.01", "35.09"]),
    (env.regencies, "", []),
    (env.node_name, "ronda/kab-jembrana.1", "ronda/kab-jembrana.1"),
    (env.file, "/tmp/clock.json", Path("/tmp/clock.json")),
    (env.file, "", None),
    (env.folder, "/nonexistent/var", Path("/nonexistent/var")),
]
NEEDS_DEFAULT = {env.hosts: ("localhost",), env.folder: "var"}


def read(reader: Callable[..., object]) -> object:
    return reader("RONDA_T", *([NEEDS_DEFAULT[reader]] if reader in NEEDS_DEFAULT else []))


@pytest.mark.parametrize(("reader", "came", "wanted"), BAD)
def test_every_reader_refuses_what_it_cannot_work_with(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[..., object], came: str, wanted: str
) -> None:
    monkeypatch.setenv("RONDA_T", came)
    with pytest.raises(env.SettingError, match=r"^RONDA_T must be ") as refusal:
        read(reader)
    assert wanted in str(refusal.value)


@pytest.mark.parametrize(("reader", "came", "value"), GOOD)
def test_every_reader_takes_what_it_can_work_with(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[..., object], came: str, value: object
) -> None:
    monkeypatch.setenv("RONDA_T", came)
    assert read(reader) == value


# What passed once though it was bad, and the words by which it is refused now.
REFUSED = {
    "RONDA_OIDC_URL": ("ftp://x", "an address like"),
    "RONDA_HOSTS": (",", "names like"),
    "RONDA_OFFICIAL_CHANNELS": ("xx", "codes of regencies"),
    "RONDA_NODE": ("a b<script>", "letters, digits"),
    "RONDA_CLOCK_FILE": ("/nonexistent/clock.json", "a folder that exists"),
    "RONDA_METRICS_PORT": ("70000", "from 0 to 65535"),
    "RONDA_VAR": ("/etc/passwd", "the path of a folder"),
    "DATABASE_URL": ("mysql://a:geheim@b/c", "must look like postgresql://"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_settings_of_an_installation_refuse_it(name: str, tmp_path: Path) -> None:
    came, wanted = REFUSED[name]
    script = "from ronda.config.declared import declare_all; declare_all()"
    environment = {"RONDA_VAR": str(tmp_path), "PATH": "", name: came}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    said = done.stderr.strip().splitlines()[-1]
    assert f"SettingError: {name} must " in said
    assert wanted in said
    assert "geheim" not in done.stderr


def test_an_unknown_setting_is_told_with_the_nearest_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_HTPS", "1")
    monkeypatch.setenv("RONDA_QQQQQQQQ", "1")
    told = unknown_settings()
    assert "RONDA_HTPS is no setting of Ronda and is ignored; did you mean RONDA_HTTPS?" in told
    assert any(one.startswith("RONDA_QQQQQQQQ ") and "settings.md" in one for one in told)
    assert not any(one.startswith("RONDA_VAR ") for one in told)
