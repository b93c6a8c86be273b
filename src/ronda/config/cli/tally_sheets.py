"""`ronda tally --format sheets`: all contests and copies of a nation, from Parquet, here or on a Spark cluster."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from ronda.results.adapters.sheets_part import Plan
    from ronda.results.adapters.sheets_result import ContestFigures, SheetsSummary


@dataclass(frozen=True)
class Asked:
    """The words of the command."""

    sheets: Path
    election: str | None
    totals: Path | None
    engine: str
    master: str | None
    as_json: bool


def tally_of_sheets(asked: Asked) -> None:
    from ronda.results.adapters.sheets_part import Plan
    from ronda.results.adapters.source import FileError

    plan = Plan(_election(asked.election))
    try:
        found = _written(asked, plan, asked.totals) if asked.totals else _found(asked, plan, None)
    except FileError as error:
        _stop(f"{asked.sheets}: {error}")
    if not found["contests"]:
        _stop(f"{asked.sheets}: the files hold no sheets")
    if asked.as_json:
        click.echo(json.dumps(found))
    else:
        _told(found)


def _election(given: str | None) -> str:
    from ronda.law.elections import election_laws

    if given not in election_laws():
        came = f"came {given}" if given else "none was given"
        raise click.UsageError(f"--election: wanted one of {', '.join(sorted(election_laws()))}; {came}")
    return given


def _written(asked: Asked, plan: Plan, target: Path) -> SheetsSummary:
    """The figures; the areas stand under their name only when all is done."""
    half = target.with_name(f"{target.name}.part")
    try:
        with half.open("wb") as totals:
            found = _found(asked, plan, totals)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
    return found


def _found(asked: Asked, plan: Plan, totals: IO[bytes] | None) -> SheetsSummary:
    if asked.engine == "local":
        from ronda.results.adapters.sheets_tally import tally_sheets

        return tally_sheets(asked.sheets, plan, totals)
    if not asked.master:
        raise click.UsageError("--engine spark wants --master, as in spark://host:7077")
    try:
        from ronda.results.adapters.sheets_spark import tally_on_spark
    except ModuleNotFoundError as error:
        _stop(f"--engine spark needs the package {error.name}: install Ronda with its extra, `ronda[spark]`")
    return tally_on_spark(asked.sheets, plan, totals, master=asked.master)


def _told(found: SheetsSummary) -> None:
    for code, contest in found["contests"].items():
        _contest(code, contest)
    click.echo(f"not tested, the files cannot hold what they need: {', '.join(found['rules_left_out'])}")
    click.echo("A flag is a reason to look at the paper, not an accusation.")


def _contest(code: str, contest: ContestFigures) -> None:
    click.echo(f"{code}: {contest['stations']} stations")
    for source, figures in contest["sources"].items():
        votes = " / ".join(str(number) for number in figures["votes"])
        flags = ", ".join(f"{name} {number}" for name, number in figures["flags"].items() if number)
        click.echo(
            f"  {source}: {figures['sheets']} sheets, {figures['present']} complete, votes {votes}; {flags}"
        )
    for pair in contest["pairs"]:
        net = " / ".join(f"{number:+d}" for number in pair["net"])
        click.echo(
            f"  {pair['a']} and {pair['b']}: {pair['both']} in both, {pair['differ']} differ, net {net}"
        )
    for level, figures_ in contest["levels"].items():
        complete = ", ".join(f"{source} {number}" for source, number in figures_["complete"].items())
        click.echo(f"  {level}: {figures_['units']} areas, complete in {complete}")


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(1)
