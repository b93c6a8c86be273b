"""`ronda import stations|boundaries|choices|vulnerable`: files in, checked whole before anything is written."""

from __future__ import annotations

from pathlib import Path

import click

from ronda.config.cli import setup_django
from ronda.config.cli.importing import (
    console,
    import_options,
    proceed,
    progress_bar,
    rejects_path,
    sha256_of,
    stop,
)
from ronda.config.installation import start_database

ELECTION = click.option("--election", required=True, help="Code of the election, such as pemilu-2024.")


@click.command("stations")
@import_options
@ELECTION
def stations(file: Path, election: str, dry_run: bool, skip_bad: bool, rejects: Path | None) -> None:
    """Bring in a registry of polling stations: KPU's list, counts per village, or the simple table."""
    start_database()
    setup_django()
    from ronda.elections.adapters.stations import stations_check
    from ronda.elections.selectors import election_for
    from ronda.elections.services import ElectionRefused, stations_import
    from ronda.kernel import clock
    from ronda.kernel.imports import ImportRefused
    from ronda.kernel.scope import Scope, scoped
    from ronda.places.selectors import codes_below

    aside = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
    with scoped(Scope.system()):
        found, known = election_for(election), codes_below("")
    if found is None:
        stop(
            f"There is no election {election} yet; make it with `ronda elections create {election} --area …`."
        )
    try:
        with progress_bar(file.name, file.stat().st_size if file.is_file() else None) as progress:
            read = stations_check(file, known, rejects=aside, progress=progress)
        if not proceed(read.checked, dry_run=dry_run, rejects=aside):
            return
        with progress_bar(election, len(read.stations)) as progress, scoped(Scope.system()):
            done = stations_import(
                election=found, file=read, file_sha256=sha256_of(file), at=clock.now(), progress=progress
            )
    except (ImportRefused, ElectionRefused) as refused:
        stop(f"{file.name}: {refused}")
    console().print(f"{done.rows} stations, {done.changed} new or changed.", style="green")


@click.command("boundaries")
@import_options
def boundaries(file: Path, dry_run: bool, skip_bad: bool, rejects: Path | None) -> None:
    """Bring in outlines of areas from GeoJSON or the published wilayah_boundaries SQL."""
    start_database()
    setup_django()
    from ronda.kernel import clock
    from ronda.kernel.imports import ImportRefused
    from ronda.kernel.scope import Scope, scoped
    from ronda.places.adapters.boundaries import rejects_write, shapes_check
    from ronda.places.selectors import codes_below
    from ronda.places.services import outlines_import

    aside = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
    with scoped(Scope.system()):
        known = codes_below("")
    try:
        with progress_bar(file.name, None):
            checked = shapes_check(file, known)
    except ImportRefused as refused:
        stop(f"{file.name}: {refused}")
    if aside is not None and checked.errors:
        rejects_write(aside, checked.errors)
    if not proceed(checked, dry_run=dry_run, rejects=aside):
        return
    with progress_bar("boundaries", None), scoped(Scope.system()):
        done = outlines_import(shapes=checked.items, file_sha256=sha256_of(file), at=clock.now())
    console().print(f"{done.rows} boundaries, {done.changed} new or changed.", style="green")


@click.command("choices")
@import_options
@ELECTION
def choices(file: Path, election: str, dry_run: bool, skip_bad: bool, rejects: Path | None) -> None:
    """Bring in the choices of contests: contest, area, ballot number, name."""
    start_database()
    setup_django()
    from ronda.elections.adapters.choices import choices_check
    from ronda.elections.selectors import election_for
    from ronda.elections.services import choices_import
    from ronda.kernel import clock
    from ronda.kernel.imports import ImportRefused
    from ronda.kernel.scope import Scope, scoped
    from ronda.results.services import lists_changed

    aside = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
    with scoped(Scope.system()):
        found = election_for(election)
        contests = frozenset(found.contests.values_list("code", "area")) if found else frozenset()
    if found is None:
        stop(
            f"There is no election {election} yet; make it with `ronda elections create {election} --area …`."
        )
    try:
        checked = choices_check(file, contests, rejects=aside)
    except ImportRefused as refused:
        stop(f"{file.name}: {refused}")
    if not proceed(checked, dry_run=dry_run, rejects=aside):
        return
    with scoped(Scope.system()):
        done = choices_import(election=found, choices=checked.items, at=clock.now())
        if done.changed:
            lists_changed(election=election, contests={row.contest for row in checked.items}, at=clock.now())
    console().print(f"{done.rows} choices, {done.changed} new or changed.", style="green")


@click.command("vulnerable")
@import_options
@ELECTION
def vulnerable(file: Path, election: str, dry_run: bool, skip_bad: bool, rejects: Path | None) -> None:
    """Bring in which stations were mapped as vulnerable, by which signs. A later file replaces what it names."""
    start_database()
    setup_django()
    from ronda.elections.selectors import election_for, station_list
    from ronda.kernel import clock
    from ronda.kernel.imports import ImportRefused
    from ronda.kernel.scope import Scope, scoped
    from ronda.readiness.adapters.risks import risks_check
    from ronda.readiness.services import risks_record

    aside = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
    with scoped(Scope.system()):
        found = election_for(election)
        known = set(station_list(found, area="").values_list("code", flat=True)) if found else set()
    if found is None:
        stop(
            f"There is no election {election} yet; make it with `ronda elections create {election} --area …`."
        )
    try:
        with progress_bar(file.name, file.stat().st_size if file.is_file() else None) as progress:
            checked = risks_check(file, known, rejects=aside, progress=progress)
    except ImportRefused as refused:
        stop(f"{file.name}: {refused}")
    if not proceed(checked, dry_run=dry_run, rejects=aside):
        return
    signs = {row.code: (row.village, row.signs) for row in checked.items}
    with scoped(Scope.system()):
        many = risks_record(election=found.code, area="", signs=signs, at=clock.now())
    console().print(f"{many} vulnerable stations.", style="green")
