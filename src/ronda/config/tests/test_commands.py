"""Every command explains itself, stands in the reference, and the light ones stay light."""

import ast
import re
import subprocess
import sys
from errno import EACCES
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.utils.translation import gettext

from ronda.config import env
from ronda.config.cli import COMMANDS, cli, main, setup_django
from ronda.config.installation import ROOT
from ronda.config.manual import (
    commands,
    commands_page,
    groups_without_help,
    settings_in_source,
    settings_page,
)
from ronda.config.reference import NOTE

REFERENCE = ROOT / "docs" / "reference"
SPOKEN = re.compile(r"(?<![\w/.-])(?:bin/)?(?:ronda|\br) ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")


def test_the_table_of_commands_is_in_order() -> None:
    assert list(COMMANDS) == sorted(COMMANDS)


@pytest.mark.parametrize("words", sorted(COMMANDS))
def test_every_command_has_help_for_itself_and_each_option(words: str) -> None:
    said = CliRunner().invoke(cli, [*words.split(), "--help"])
    assert said.exit_code == 0, said.output
    command = dict(commands())[f"ronda {words}"]
    assert command.help
    assert command.get_short_help_str(200).endswith((".", ")", "?"))
    options = [p for p in command.params if p.param_type_name == "option"]
    assert [p.name for p in options if not getattr(p, "help", None)] == []


INDONESIAN = re.compile(
    r"\b(yang|tidak|dan|atau|baris|berkas|kolom|sudah|belum|untuk|dengan|perlu|salinan|kecamatan|bukan|harus)\b"
)


def literals(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [text for text in found if isinstance(text, str)]


def test_no_command_says_anything_in_indonesian() -> None:
    """Sentences of the contexts are translated; those of the command line and of the light readers are English."""
    source = ROOT / "src" / "ronda"
    readers = [source / f"results/adapters/{name}.py" for name in ("source", "table", "situng_rows")]
    said = {
        f"{path.name}: {text}"
        for path in [*(source / "config/cli").glob("*.py"), *readers, source / "config/diagnosis.py"]
        for text in literals(path)
        if INDONESIAN.search(text.lower())
    }
    assert said == set()


def test_the_search_for_indonesian_finds_it(tmp_path: Path) -> None:
    path = tmp_path / "said.py"
    path.write_text('def say(rows):\n    return f"{rows} baris diperiksa"\n')
    assert any(INDONESIAN.search(text) for text in literals(path))


def test_sentences_of_the_contexts_are_english_while_a_command_runs_and_no_longer() -> None:
    heard: list[str] = []

    @click.command()
    @click.option("--records", is_flag=True)
    def speak(records: bool) -> None:
        setup_django(in_english=not records)
        heard.append(gettext("Foto atau PDF"))

    for words in ([], ["--records"]):
        assert CliRunner().invoke(speak, words).exit_code == 0
    assert [*heard, gettext("Foto atau PDF")] == ["Photo or PDF", "Foto atau PDF", "Foto atau PDF"]


def test_every_group_has_help() -> None:
    assert groups_without_help() == set()


def test_the_reference_of_commands_is_what_the_commands_say() -> None:
    assert (REFERENCE / "commands.md").read_text() == NOTE + commands_page(), "run `ronda reference`"


def test_the_reference_of_settings_is_what_the_readers_say() -> None:
    assert (REFERENCE / "settings.md").read_text() == NOTE + settings_page(), "run `ronda reference`"


def test_every_setting_is_in_the_reference_and_says_what_it_is_for() -> None:
    settings_page()
    assert settings_in_source() <= set(env.SETTINGS)
    assert [name for name in settings_in_source() if not env.SETTINGS[name].about] == []


@pytest.mark.parametrize(
    "words", ["db status", "db start --help", "tally --help", "verify --help", "build --help", "--version"]
)
def test_light_commands_import_no_django(words: str, tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        f"sys.argv = ['ronda', *{words.split()!r}]\n"
        f"os.environ['RONDA_VAR'] = {str(tmp_path)!r}\n"
        "from ronda.config.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "assert 'django' not in sys.modules, 'Django was imported'\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_the_documents_speak_of_exists() -> None:
    known = set(COMMANDS) | {name.split()[0] for name in COMMANDS}
    files = [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/howto/systemd/*")]
    for path in files:
        for code in re.findall(r"`([^`\n]+)`|^((?:r|ExecStart\w*=\S*/ronda) .*)$", path.read_text(), re.M):
            spoken = (code[0] or re.sub(r"^ExecStart\w*=\S*/", "", code[1])).strip()
            if match := re.match(r"(?:ronda|r) ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?", spoken):
                first, second = match.groups()
                assert first in known or f"{first} {second}" in known, f"{path.name}: {spoken}"


def test_a_file_that_may_not_be_reached_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def reads() -> None:
        raise PermissionError(EACCES, "Permission denied", "/srv/tertutup/tps.csv")

    monkeypatch.setattr("ronda.config.cli.cli", reads)
    monkeypatch.setattr(sys, "argv", ["ronda"])
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("/srv/tertutup/tps.csv: the user that runs Ronda may not reach it")
    assert said.count("\n") == 1


def test_a_bad_setting_is_one_sentence(tmp_path: Path) -> None:
    environment = {"RONDA_VAR": str(tmp_path), "RONDA_METRICS_PORT": "many", "RONDA_DB_POOL": "0", "PATH": ""}
    command = [sys.executable, "-m", "ronda.config.cli", "doctor"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 1
    assert "RONDA_DB_POOL must be a whole number from 1 to 64, but it is '0'." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
