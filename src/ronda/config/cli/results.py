"""`ronda import sheets|recap` and `ronda export sheets`: copies of results in, checked whole, and out again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronda.config.cli import setup_django
from ronda.config.cli.importing import (
    console,
    import_options,
    proceed,
    progress_bar,
    rejects_path,
    stop,
)
from ronda.config.installation import start_database

if TYPE_CHECKING:
    from ronda.results.adapters.placing import Placing
    from ronda.results.adapters.rows import Origin
    from ronda.results.adapters.table import RowError, Table
    from ronda.results.services import Imported

FORMAT = click.option(
    "--format",
    "format_",
    type=click.Choice(["situng-2019", "sirekap", "table"]),
    default="situng-2019",
    help="Form of the file.",
)
RECAP_FORMAT = click.option(
    "--format",
    "format_",
    type=click.Choice(["situng-2019", "pilkada-2024"]),
    default="situng-2019",
    help="Form of the file.",
)
AGENCY = click.option("--agency", default="bawaslu", help="Agency that hands the copies in.")
SHOWN = 40


@click.command("sheets")
@import_options
@FORMAT
@AGENCY
@click.option("--election", help="table: code of the election, such as pemilu-2024.")
@click.option("--contest", help="table, sirekap: code of the contest, such as PPWP.")
@click.option("--source", help="table: whose copies they are: ptps, sirekap, saksi-02.")
@click.option(
    "--map",
    "map_",
    type=click.Path(dir_okay=False, path_type=Path),
    help="table: YAML or JSON with `column: field`.",
)
@click.option("--name", help="table: name under which the columns are remembered; else that of the file.")
def sheets(
    file: Path,
    format_: str,
    agency: str,
    dry_run: bool,
    skip_bad: bool,
    rejects: Path | None,
    **told: Any,
) -> None:
    """Bring in result sheets (C.Hasil), enter the stations they list, and check everything."""
    start_database()
    setup_django()
    if format_ != "situng-2019":
        from ronda.config.cli.sheet_files import Call, import_found

        aside = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
        import_found(Call(file, format_, agency, dry_run, aside, **told))
        return
    from ronda.results.adapters.registry import placed
    from ronda.results.adapters.situng2019 import CONTEST, ELECTION, read_sheets
    from ronda.results.adapters.situng_rows import plan_sheets
    from ronda.results.services import sheets_import

    stations = read_file(read_sheets, file)
    placing, area = system(lambda: placed(stations.table.names))
    plan = plan_sheets(stations, placing, held_in=area)
    show_placing(placing, held=plan.held)
    if not _passed(file, stations.table, plan.errors, dry_run=dry_run, skip_bad=skip_bad, rejects=rejects):
        return
    origin = kept(file, agency, ELECTION, CONTEST)
    with progress_bar(file.name, None):
        done: Imported = system(lambda: sheets_import(plan=plan, origin=origin))
    say(done, stations=len(plan.stations))


@click.command("recap")
@import_options
@RECAP_FORMAT
@AGENCY
def recap(file: Path, format_: str, agency: str, dry_run: bool, skip_bad: bool, rejects: Path | None) -> None:
    """Bring in recapitulations per district, and hold them against the stations."""
    start_database()
    setup_django()
    if format_ != "situng-2019":
        from ronda.config.cli.sheet_files import import_votes

        aside = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
        import_votes(file, agency, dry_run=dry_run, rejects=aside)
        return
    from ronda.results.adapters.recap2019 import read_recap
    from ronda.results.adapters.registry import placed_districts
    from ronda.results.adapters.situng2019 import CONTEST, ELECTION
    from ronda.results.adapters.situng_rows import plan_recaps
    from ronda.results.services import recaps_import

    read = read_file(read_recap, file)
    placing, area = system(lambda: placed_districts(read.table.names))
    rows = list(plan_recaps(read, placing, held_in=area))
    show_placing(placing, held=sum(row.is_held for row in rows))
    errors = read.table.errors
    if not _passed(file, read.table, errors, dry_run=dry_run, skip_bad=skip_bad, rejects=rejects):
        return
    origin = kept(file, agency, ELECTION, CONTEST)
    with progress_bar(file.name, None):
        done: Imported = system(lambda: recaps_import(rows=rows, origin=origin))
    say(done, stations=None)


@click.command("sheets")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--election", required=True, help="Code of the election, such as pemilu-2019.")
@click.option("--contest", required=True, help="Code of the contest, such as PPWP.")
@click.option("--area", default="", help="Area code; empty is everything.")
def export_sheets(file: Path, election: str, contest: str, area: str) -> None:
    """Write the last version of every copy as CSV, one row per copy."""
    start_database()
    setup_django()
    from ronda.kernel.areas import is_code
    from ronda.kernel.scope import Scope, scoped
    from ronda.results.adapters.export import csv_lines
    from ronda.results.selectors import sheet_table

    if not is_code(area):
        raise click.BadParameter(
            f"wanted an area code like 51, 51.01 or 51.01.02, came {area!r}", param_hint="--area"
        )
    rows = 0
    with scoped(Scope.system()), file.open("w", encoding="utf-8", newline="") as out:
        for piece in csv_lines(*sheet_table(election, contest, area)):
            rows += piece.count("\n")
            out.write(piece)
    console().print(f"{rows - 1} copies written to {file}.", style="green", markup=False)


@click.command("recount")
@click.option("--election", required=True, help="Code of the election, such as pemilu-2019.")
@click.option("--contest", required=True, help="Code of the contest, such as PPWP.")
@click.option("--area", default="", help="Area code; empty is everything that has results.")
def recount(election: str, contest: str, area: str) -> None:
    """Check every copy again and count every area anew; the copies stay as they are."""
    start_database()
    setup_django()
    from ronda.kernel import clock
    from ronda.results.selectors import villages_with_results
    from ronda.results.services import UnknownElectionError, checks_rebuild

    def work() -> int:
        villages = villages_with_results(election, contest, area)
        return checks_rebuild(election=election, contest=contest, areas=villages, at=clock.now())

    try:
        failed = system(work)
    except UnknownElectionError as refused:
        stop(str(refused))
    console().print(f"{failed} checks failed.", style="green")


def read_file(reader: Callable[[Path], Any], file: Path) -> Any:
    from ronda.results.adapters.source import FileError

    try:
        with progress_bar(file.name, None):
            return reader(file)
    except FileError as refused:
        stop(f"{file.name}: {refused}")


def system(work: Callable[[], Any]) -> Any:
    from ronda.elections.services import ElectionRefused
    from ronda.kernel.scope import Scope, scoped

    try:
        with scoped(Scope.system()):
            return work()
    except ElectionRefused as refused:
        stop(str(refused))


def kept(file: Path, agency: str, election: str, contest: str, kind: str = "text/csv") -> Origin:
    """The file goes into the evidence store, so that the log can name what the rows came from."""
    from ronda.gate.services import MACHINE, NotKept, file_hand_in
    from ronda.kernel import clock
    from ronda.results.adapters.rows import Origin

    at = clock.now()
    try:
        with file.open("rb") as content:
            digest = file_hand_in(content=content, kind=kind, grant=MACHINE, at=at)
    except NotKept as refused:
        stop(f"{file.name} was not kept, so nothing was imported: {refused}")
    return Origin(election, contest, agency, ("kpu",), digest, at, file.stat().st_size, kind)


def show_placing(placing: Placing, *, held: int) -> None:
    show = console()
    for alike in sorted(placing.alike)[:SHOWN]:
        words = (
            f"Not quite the same name: {alike.came} was read as {alike.name} ({alike.code}), {alike.share} %"
        )
        show.print(words, style="yellow", markup=False)
    for parts in list(placing.missing.values())[:SHOWN]:
        show.print(f"Not in the register of areas: {' / '.join(parts)}", style="yellow", markup=False)
    if held:
        words = f"{held} rows are held until their area is loaded (`ronda places load`); none is lost."
        show.print(words, style="yellow", markup=False)


def _passed(
    file: Path,
    table: Table,
    errors: list[RowError],
    *,
    dry_run: bool,
    skip_bad: bool,
    rejects: Path | None,
) -> bool:
    """The same end as every import: errors shown, all or nothing, rejects set aside."""
    from ronda.kernel.imports import Checked
    from ronda.kernel.imports import RowError as Shown

    aside = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
    refused = {error.row for error in errors}
    checked: Checked[object] = Checked(
        errors=[Shown(error.row, error.column, error.wanted, error.came) for error in errors],
        rows=len(table) + len({error.row for error in table.errors}),
        rows_refused=len(refused),
    )
    if aside is not None and refused:
        _set_aside(file, errors, aside)
    return proceed(checked, dry_run=dry_run, rejects=aside)


def _set_aside(file: Path, errors: list[RowError], aside: Path) -> None:
    from ronda.results.adapters.table import cells_of

    reasons: dict[int, list[str]] = {}
    for error in errors:
        reasons.setdefault(error.row, []).append(f"{error.column}: {error.wanted} | {error.came}")
    with aside.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for row, cells in cells_of(file, {1, *reasons}):
            writer.writerow([*cells, "_error" if row == 1 else "; ".join(reasons[row])])


def say(done: Imported, *, stations: int | None) -> None:
    words = f"{done.copies} copies, {done.copies_new} new or changed"
    if stations is not None:
        words = f"{stations} stations, {words}"
    failed = "nothing to count again" if done.failed is None else f"{done.failed} checks failed"
    console().print(f"{words}; {failed}.", style="green", markup=False)
