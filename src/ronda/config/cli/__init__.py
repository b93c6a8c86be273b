"""The `ronda` command: one table of commands, each module loaded only when its command is used.

So `ronda verify`, `ronda tally` and `ronda db start` import no Django, and help is always quick.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import cast

import click

from ronda.config.cli.refusals import sentence

ROOT = Path(__file__).resolve().parents[4]

# Words on the command line -> "module:attribute" of a click command. Keep it in alphabetical order.
COMMANDS: dict[str, str] = {
    "audit draw": "ronda.config.cli.audit:draw",
    "audit estimate": "ronda.config.cli.audit:estimate",
    "audit evaluate": "ronda.config.cli.audit:evaluate",
    "audit plan": "ronda.config.cli.audit:plan",
    "build": "ronda.config.cli.build:build",
    "check": "ronda.config.cli.check:check",
    "checksheet": "ronda.config.cli.outputs:checksheet",
    "db backup": "ronda.config.cli.db:backup",
    "db psql": "ronda.config.cli.db:psql",
    "db restore": "ronda.config.cli.db:restore",
    "db start": "ronda.config.cli.db:start",
    "db status": "ronda.config.cli.db:status",
    "db stop": "ronda.config.cli.db:stop",
    "demo": "ronda.config.cli.demo:demo",
    "devices add": "ronda.config.cli.devices:add",
    "devices odk": "ronda.config.cli.devices:odk",
    "devices revoke": "ronda.config.cli.devices:revoke",
    "doctor": "ronda.config.cli.doctor:doctor",
    "elections create": "ronda.config.cli.elections:create",
    "export results": "ronda.config.cli.outputs:export_results",
    "export sheets": "ronda.config.cli.results:export_sheets",
    "forms xlsform": "ronda.config.cli.forms:xlsform",
    "import boundaries": "ronda.config.cli.imports:boundaries",
    "import choices": "ronda.config.cli.imports:choices",
    "import recap": "ronda.config.cli.results:recap",
    "import sheets": "ronda.config.cli.results:sheets",
    "import stations": "ronda.config.cli.imports:stations",
    "import vulnerable": "ronda.config.cli.imports:vulnerable",
    "index": "ronda.config.cli.index:index",
    "log export": "ronda.config.cli.log:export",
    "log key": "ronda.config.cli.log:key",
    "mail take": "ronda.config.cli.channels:mail_take",
    "migrate": "ronda.config.cli.migrate:migrate",
    "people appoint": "ronda.config.cli.people:appoint",
    "people end": "ronda.config.cli.people:end",
    "people invite": "ronda.config.cli.people:invite",
    "people list": "ronda.config.cli.people:list_posts",
    "people renew": "ronda.config.cli.people:renew",
    "people unit": "ronda.config.cli.people:unit",
    "places load": "ronda.config.cli.places:load",
    "publish": "ronda.config.cli.publish:publish",
    "reference": "ronda.config.cli.reference:reference",
    "reports import": "ronda.config.cli.channels:reports_import",
    "results recount": "ronda.config.cli.results:recount",
    "screens": "ronda.config.cli.screens:screens",
    "serve": "ronda.config.cli.serve:serve",
    "simulate": "ronda.config.cli.simulate:simulate",
    "tally": "ronda.config.cli.tally:tally",
    "verify": "ronda.config.cli.verify:verify",
    "worker": "ronda.config.cli.worker:worker",
}

# First words that hold further commands.
GROUPS: dict[str, str] = {
    "audit": "Is a recapitulation what the forms say? Draws that anyone can repeat.",
    "db": "The embedded database: start, stop, look, save and bring back.",
    "devices": "Phones and gateways that send through the gate.",
    "elections": "Elections and their contests.",
    "export": "Write records out to files.",
    "forms": "The forms of the field for other form apps.",
    "import": "Bring files in: polling stations, boundaries, sheets, recaps.",
    "log": "The node's log for the outside.",
    "mail": "E-mails that become reports.",
    "people": "People, posts and invitations.",
    "places": "The register of places.",
    "reports": "Reports from other systems.",
    "results": "Counts of results.",
}


class LazyGroup(click.Group):
    """A group whose commands are the entries of COMMANDS below its own words."""

    def __init__(self, words: str = "", **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]  # click's own keywords, passed on
        self.words = words

    def list_commands(self, ctx: click.Context) -> list[str]:
        below = (name.removeprefix(self.words).split()[0] for name in COMMANDS if name.startswith(self.words))
        return sorted(set(below))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = self.words + cmd_name
        if name in COMMANDS:
            return _load(COMMANDS[name])
        if any(other.startswith(name + " ") for other in COMMANDS):
            return LazyGroup(name + " ", name=cmd_name, help=GROUPS.get(name, ""))
        return None


def _load(target: str) -> click.Command:
    module, _, attribute = target.partition(":")
    return cast(click.Command, getattr(importlib.import_module(module), attribute))


cli = LazyGroup(
    name="ronda",
    help="Ronda, the shared watch over an election: where trouble is and who must act by when.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
cli = click.version_option(package_name="ronda", message="Ronda %(version)s")(cli)


def setup_django(*, in_english: bool = True) -> None:
    """Make Django ready for a command that needs the records.

    The command line speaks English, so until the command ends the sentences of the contexts are English too. What
    serves pages or writes sentences into records by itself keeps the language of the site: `in_english=False`.
    """
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronda.config.settings")
    import django
    from django.utils import translation

    django.setup()
    running = click.get_current_context(silent=True)
    if in_english and running is not None:
        running.with_resource(translation.override("en"))


def main() -> None:
    """Run a command; what the operator can mend is said in one sentence, without a traceback."""
    try:
        cli(prog_name="ronda")
    except Exception as problem:
        told = sentence(problem)
        if told is None:
            raise
        click.secho(told, fg="red", err=True)
        sys.exit(1)
