"""`ronda elections create`: an election out of the law files, with its stages and the contests of an area."""

from __future__ import annotations

import click

from ronda.config.cli import setup_django
from ronda.config.cli.importing import console, stop
from ronda.config.installation import start_database


@click.command("create")
@click.argument("law")
@click.option("--area", required=True, help="Area whose contests are set up, such as 51.01.")
def create(law: str, area: str) -> None:
    """Set up the election LAW (such as pilkada-2024) for an area; again for another area adds its contests."""
    start_database()
    setup_django()
    from ronda.elections.services import ElectionRefused, election_create
    from ronda.kernel import clock
    from ronda.kernel.areas import is_code
    from ronda.kernel.scope import Scope, scoped

    if not is_code(area):
        raise click.BadParameter(f"wanted an area code like 51 or 51.01, came {area!r}", param_hint="--area")
    try:
        with scoped(Scope.system()):
            election = election_create(law=law, area=area, at=clock.now())
            contests = election.contests.count()
    except ElectionRefused as refused:
        stop(str(refused))
    console().print(f"{election.code}: stages ready, {contests} contests.", style="green")
