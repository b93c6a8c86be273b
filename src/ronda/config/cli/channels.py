"""`ronda reports import` and `ronda mail take`: what comes by file and by e-mail, through the gate."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

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
    from ronda.gate.domain import Grant

AGAIN, NO_MAIL = 75, 65  # EX_TEMPFAIL and EX_DATAERR of sysexits.h, which mail servers understand


@click.command("import")
@import_options
@click.option(
    "--source", default="file", show_default=True, help="Name of the other system; keys count within it."
)
@click.option(
    "--column", "columns", multiple=True, metavar="OURS=THEIRS", help="How a column is called there."
)
@click.option("--post", type=click.UUID, default=None, help="In the name of this post; else of the public.")
@click.option("--area", default="", help="Regency of the public's reports, like 51.01.")
def reports_import(
    file: Path,
    source: str,
    columns: tuple[str, ...],
    post: UUID | None,
    area: str,
    dry_run: bool,
    skip_bad: bool,
    rejects: Path | None,
) -> None:
    """Bring in reports of another system from CSV or XLSX. The same file again adds nothing."""
    start_database()
    setup_django()
    from ronda.channels.adapters.report_rows import rows_check
    from ronda.channels.services import reports_bring
    from ronda.kernel import clock
    from ronda.kernel.imports import ImportRefused
    from ronda.web.localtime import zone_of

    named, grant = _columns(columns), _grant(post, area)
    aside = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
    try:
        with progress_bar(file.name, file.stat().st_size if file.is_file() else None) as progress:
            checked = rows_check(file, columns=named, rejects=aside, progress=progress)
        if not proceed(checked, dry_run=dry_run, rejects=aside):
            return
    except ImportRefused as refused:
        stop(f"{file.name}: {refused}")
    zone = zone_of(grant.area)
    with progress_bar(source, len(checked.items)) as progress:
        done = reports_bring(
            rows=checked.items, source=source, grant=grant, zone=zone, at=clock.now(), progress=progress
        )
    told = ", ".join(f"{count} {state}" for state, count in sorted(done.items()))
    console().print(f"{len(checked.items)} reports: {told}.", style="green", markup=False)


def _columns(words: Iterable[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    if any(not ours or not theirs for ours, _sign, theirs in pairs):
        raise click.BadParameter("wanted OURS=THEIRS, like teks=Uraian", param_hint="--column")
    return {ours.strip(): theirs.strip() for ours, _sign, theirs in pairs}


def _grant(post: UUID | None, area: str) -> Grant:
    from ronda.agencies import selectors
    from ronda.agencies.domain import legal_date
    from ronda.gate.domain import Grant, kinds_of
    from ronda.kernel import clock
    from ronda.kernel.areas import is_code
    from ronda.kernel.scope import Scope, scoped

    if not is_code(area):
        stop(f"{area} is no area code like 51.01.")
    if post is None:
        return Grant.public(area)
    with scoped(Scope.system()):
        held = selectors.post_held(post, today=legal_date(clock.now()))
        if held is None:
            stop(f"{post} is no post held today; `ronda people list` shows them.")
        kind = held.unit.agency.kind
    return Grant(held.agency, kind, held.area, person=held.person_id, kinds=kinds_of(kind))


@click.command("take")
@click.option("--area", default="", help="Regency that this address serves, like 51.01.")
def mail_take(area: str) -> None:
    """Take one e-mail from standard input as a report, as a mail server pipes it. 75 asks the server to try again."""
    from ronda.channels.adapters.mail import MAIL_MAX, MailRefused

    raw = sys.stdin.buffer.read(MAIL_MAX + 1)
    try:
        start_database()
        setup_django()
        _grant(None, area)
        from ronda.channels.services import mail_take as take
        from ronda.kernel import clock

        taken = take(raw=raw, area=area, at=clock.now())
    except MailRefused as refused:
        click.echo(str(refused), err=True)
        sys.exit(NO_MAIL)
    except Exception as problem:
        # Whatever failed on our side, the mail server is to keep the e-mail and bring it again.
        click.echo(f"not taken now: {type(problem).__name__}", err=True)
        sys.exit(AGAIN)
    click.echo(f"{taken.id} {taken.state}")
