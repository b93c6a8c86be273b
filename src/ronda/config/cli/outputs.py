"""`ronda export results` and `ronda checksheet`: results as files that other people and programs read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ronda.config.cli import setup_django
from ronda.config.cli.importing import console, stop
from ronda.config.installation import start_database

if TYPE_CHECKING:
    from ronda.results.adapters.files import Form

ELECTION = click.option("--election", required=True, help="Code of the election, such as pemilu-2019.")
CONTEST = click.option("--contest", required=True, help="Code of the contest, such as PPWP.")


@click.command("results")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["tidy", "nist", "xlsx"]),
    required=True,
    help="tidy: ZIP of CSV tables and datapackage.json; nist: NIST SP 1500-100r2 JSON; xlsx: workbook.",
)
@ELECTION
@CONTEST
@click.option("--area", default="", help="Area code; empty is everything.")
def export_results(file: Path, format_: str, election: str, contest: str, area: str) -> None:
    """Write the results of an area with its stations, as they stand now."""
    start_database()
    setup_django()
    from ronda.kernel.areas import is_code
    from ronda.results.adapters.files import NIST, TIDY, WORKBOOK

    if not is_code(area):
        raise click.BadParameter(f"wanted an area code like 51, 51.01 or 51.01.02, came {area!r}")
    form = {"tidy": TIDY, "nist": NIST, "xlsx": WORKBOOK}[format_]
    _write(file, form, election=election, contest=contest, area=area)


@click.command("checksheet")
@ELECTION
@CONTEST
@click.option("--district", required=True, help="Code of the district, such as 51.01.02.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    help="File to write; its ending decides: .pdf or .xlsx.",
)
def checksheet(election: str, contest: str, district: str, out: Path) -> None:
    """Write what the recapitulation of a district should say, station by station: for before its plenum."""
    start_database()
    setup_django()
    from ronda.kernel.areas import Level, is_code, level
    from ronda.results.adapters.files import SHEET_PDF, SHEET_XLSX

    form = {".pdf": SHEET_PDF, ".xlsx": SHEET_XLSX}.get(out.suffix.lower())
    if form is None:
        raise click.BadParameter(f"wanted a file that ends in .pdf or .xlsx, came {out.name!r}")
    if not is_code(district) or level(district) != Level.DISTRICT:
        raise click.BadParameter(f"wanted the code of a district like 51.01.02, came {district!r}")
    _write(out, form, election=election, contest=contest, area=district)


def _write(file: Path, form: Form, *, election: str, contest: str, area: str) -> None:
    from ronda.kernel import clock
    from ronda.kernel.scope import Scope, scoped
    from ronda.results.adapters.files import Wanted
    from ronda.results.selectors import summary_for

    with scoped(Scope.system()):
        is_known = summary_for(election, contest, area) is not None
        content = form.make(Wanted(election, contest, area, clock.now())) if is_known else None
    if content is None:
        stop(f"Nothing is known of {contest} in {election} for {area or 'the country'}.")
    file.write_bytes(content)
    console().print(f"{len(content):,} bytes written to {file}.", style="green", markup=False)
