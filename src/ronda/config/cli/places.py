"""`ronda places load`: the official register of areas into the database."""

from __future__ import annotations

import click

from ronda.config.cli import setup_django
from ronda.config.cli.importing import console, progress_bar, stop
from ronda.config.installation import start_database

WHOLE_COUNTRY = 91_599


@click.command("load")
@click.argument("area", required=False, default="")
@click.option("--all", "everything", is_flag=True, help="The whole country, about 91,600 areas.")
def load(area: str, everything: bool) -> None:
    """Load AREA (51, 51.01 or 51.01.02) with all above and below it: codes, names, postal codes."""
    if bool(area) == everything:
        raise click.UsageError("name one area, such as 51.01, or say --all")
    start_database()
    setup_django()
    from ronda.kernel import clock
    from ronda.kernel.scope import Scope, scoped
    from ronda.places.adapters.register import UnknownArea
    from ronda.places.services import areas_load

    try:
        with (
            progress_bar(area or "Indonesia", WHOLE_COUNTRY if everything else None) as progress,
            scoped(Scope.system()),
        ):
            done = areas_load(area=area, at=clock.now(), progress=progress)
    except UnknownArea:
        stop(f"{area} is no area of the official register; areas are named like 51, 51.01, 51.01.02.")
    except ValueError as refused:
        stop(str(refused))
    console().print(f"{done.rows} areas, {done.changed} new or changed.", style="green")
