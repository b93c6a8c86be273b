"""The reference of commands and settings, made from the commands and settings themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from ronda.config import env
from ronda.config.cli import GROUPS, cli
from ronda.config.declared import declare_all
from ronda.config.installation import ROOT

READERS = (
    *("text", "node_name", "url", "integer", "decimal", "flag", "choice"),
    *("words", "hosts", "regencies", "folder", "file"),
)


def commands_page() -> str:
    """Every command with its arguments and options."""
    context = click.Context(cli, info_name="ronda")
    parts = [
        "# Commands\n",
        "`ronda COMMAND --help` says the same. Each ends with exit code 0 when it is done, with 1 and one sentence\n"
        "about what to do when it was refused or failed, and with 2 when it was called with wrong words;\n"
        "those that say more by their code tell so.\n",
        "The command line is the operator's tool: help, results and errors are in English, whatever `LANG` says. Only\n"
        "the pages, and what the worker writes into records, follow the language of the site.\n",
    ]
    parts += [_command(words, command, context) for words, command in commands()]
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its words, below groups too."""
    yield from _below(cli, "ronda", click.Context(cli))


def _below(group: click.Group, words: str, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _below(command, f"{words} {name}", context)
        elif command is not None and not command.hidden:
            yield f"{words} {name}", command


def _command(words: str, command: click.Command, context: click.Context) -> str:
    here = click.Context(command, info_name=words)
    usage = " ".join([words, *command.collect_usage_pieces(here)])
    lines = [
        f"## `{words}`\n",
        cleandoc(command.help or ""),
        "",
        f"```\n{usage}\n```\n",
    ]
    records = [p.get_help_record(here) for p in command.params]
    rows = [record for record in records if record is not None and record[1]]
    if rows:
        cells = ((f"`{name}`".replace("|", "\\|"), " ".join(told.split())) for name, told in rows)
        lines += ["| option | meaning |", "|---|---|", *(f"| {name} | {told} |" for name, told in cells), ""]
    return "\n".join(lines)


def settings_page() -> str:
    """Every setting the environment can hold."""
    declare_all()
    shown = sorted(env.SETTINGS.values(), key=lambda setting: setting.name)
    rows = (
        f"| `{s.name}` | {s.about}{' (secret)' if s.secret else ''} | {s.wanted} | {_default(s)} |"
        for s in shown
    )
    head = "# Settings\n\nRead from the environment; a value that cannot be used stops the start with a sentence.\n"
    return "\n".join([head, "| name | what | wanted | default |", "|---|---|---|---|", *rows, ""])


def _default(setting: env.Setting) -> str:
    return f"`{setting.default}`" if setting.default else ""


def settings_in_source() -> set[str]:
    """Names that the code asks the readers for; the page must have them all."""
    return {name for path in sorted((ROOT / "src").rglob("*.py")) for name in _asked(path)}


def _asked(path: Path) -> Iterator[str]:
    if "/tests/" in path.as_posix():
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in READERS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "env"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


def groups_without_help() -> set[str]:
    """First words that hold commands and have no sentence of their own."""
    words = {
        words.removeprefix("ronda ").rsplit(" ", 1)[0] for words, _ in commands() if words.count(" ") > 1
    }
    return words - set(GROUPS)
