"""`ronda tally`: checks a file of result sheets without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from ronda.law.elections import StationLimits
    from ronda.results.adapters.situng2019 import Stations
    from ronda.results.adapters.summary import Summary
    from ronda.results.adapters.table import RowError

SHOWN = 20


@click.command("tally")
@click.argument("sheets", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["situng-2019", "sheets"]),
    required=True,
    help="What the columns are: situng-2019 (CSV, CSV.gz or Parquet), or sheets of any contests (Parquet).",
)
@click.option(
    "--recap",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With situng-2019: official recap per district (CSV or CSV.gz).",
)
@click.option("--skip-bad", is_flag=True, help="With situng-2019: go on without rows that do not fit.")
@click.option("--election", help="With sheets: the election whose contests and limits hold (pemilu-2024).")
@click.option(
    "--totals",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With sheets: write every area from village to nation to this CSV.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    help="With sheets: where to work, here or on a Spark cluster.",
)
@click.option("--master", help="With --engine spark: the cluster, as in spark://host:7077.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def tally(
    sheets: Path,
    format_: str,
    recap: Path | None,
    skip_bad: bool,
    election: str | None,
    totals: Path | None,
    engine: str,
    master: str | None,
    as_json: bool,
) -> None:
    """Check the result sheets in one file or a folder of files, without a database."""
    if format_ == "sheets":
        from ronda.config.cli.tally_sheets import Asked, tally_of_sheets

        if recap or skip_bad:
            raise click.UsageError("--recap and --skip-bad go with --format situng-2019")
        tally_of_sheets(Asked(sheets, election, totals, engine, master, as_json))
    else:
        if election or totals or master or engine != "local":
            raise click.UsageError("--election, --totals, --engine and --master go with --format sheets")
        _situng2019(sheets, recap, skip_bad=skip_bad, as_json=as_json)


def _situng2019(sheets: Path, recap: Path | None, *, skip_bad: bool, as_json: bool) -> None:
    from ronda.law.elections import election_laws
    from ronda.results.adapters.recap2019 import read_recap
    from ronda.results.adapters.situng2019 import ELECTION
    from ronda.results.adapters.situng_files import joined, tables_of
    from ronda.results.adapters.source import FileError
    from ronda.results.adapters.summary import summarise

    station_law = election_laws()[ELECTION].station
    try:
        tables = tables_of(sheets)
        rows = read_recap(recap) if recap else None
    except FileError as error:
        _stop(f"{error}" if recap is None else f"{sheets} or {recap}: {error}")
    for path, table in tables.items():
        _row_errors(path, table.errors, skip_bad=skip_bad)
    stations = joined(list(tables.values()))
    _rows_told(sheets, stations)
    if recap and rows:
        _row_errors(recap, rows.table.errors, skip_bad=skip_bad)
    found = summarise(stations, rows, reserve_share=station_law.reserve_share)
    if as_json:
        click.echo(json.dumps(found))
    else:
        _table(found)
        _leads(stations, station_law)
        _notes(stations, voters_max=station_law.voters_max)


def _row_errors(path: Path, errors: list[RowError], *, skip_bad: bool) -> None:
    if not errors:
        return
    for error in errors[:SHOWN]:
        click.echo(f"{path.name}: {error}", err=True)
    if len(errors) > SHOWN:
        click.echo(f"{path.name}: and {len(errors) - SHOWN} errors more", err=True)
    if not skip_bad:
        _stop(f"{len(errors)} errors, nothing was counted; mend the file or use --skip-bad")


def _rows_told(path: Path, stations: Stations) -> None:
    """No rows are refused; rows of a station that stood before are counted, and said."""
    from ronda.results.adapters.situng2019 import repeated_rows

    if not len(stations):
        _stop(f"{path.name}: the file holds no rows that can be counted, at most a header")
    if again := repeated_rows(stations):
        words = f"{again} rows name a station that an earlier row names too (same kel_id and tps); all are counted"
        click.echo(f"{path.name}: {words}", err=True)


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


def _table(found: Summary) -> None:
    click.echo(f"stations: {found['stations']}")
    for source, figures in found["sources"].items():
        votes = " / ".join(str(number) for number in figures["votes"])
        flags = ", ".join(f"{code} {number}" for code, number in figures["flags"].items())
        click.echo(f"{source}: {figures['present']} stations present, votes {votes}; {flags}")
    for pair in found["pairs"]:
        net = " / ".join(f"{number:+d}" for number in pair["net"])
        both = f"{pair['both']} in both, {pair['differ']} differ"
        click.echo(f"{pair['a']} and {pair['b']}: {both}, net {net}")
    if recap := found["recap"]:
        click.echo(f"recap: {recap['units']} districts, {recap['complete']} complete, {recap['equal']} equal")


def _leads(stations: Stations, law: StationLimits) -> None:
    """For each source what its missing stations could still turn, if every vote went to the runner-up."""
    from ronda.methods.coverage import worst_case
    from ronda.results.adapters.summary import open_votes

    for copy in stations.copies.values():
        present = copy.votes.complete()
        missing = open_votes(stations, ~present, law.voters_max, law.reserve_share)
        lead = worst_case(copy.votes.value[present].sum(axis=0), missing)
        words = "can no longer turn it" if lead.is_decided else "can still turn it"
        there = f"{int(present.sum())} of {len(stations)} stations, lead {lead.lead_votes}"
        click.echo(f"{copy.source}: {there}; the missing ones hold at most {missing} votes and {words}")


def _notes(stations: Stations, *, voters_max: int) -> None:
    from ronda.results.adapters.situng2019 import wide_figures

    wide = int(wide_figures(stations).failed.sum())
    above = int((stations.registered.present & (stations.registered.value > voters_max)).sum())
    click.echo(f"RANGE_DIGITS (above 999): {wide} stations; DPT_CAP (above {voters_max}): {above} stations")
    click.echo("A flag is a reason to look at the paper, not an accusation.")


commands = [tally]
