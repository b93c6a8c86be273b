"""What every import command shares: check all first, show row errors, write all or nothing."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import Console

    from ronda.kernel.imports import Checked

SHOWN = 30
F = TypeVar("F", bound=Callable[..., Any])
Progress = Callable[[int], None]


def import_options(command: F) -> F:
    """FILE, --dry-run, --skip-bad and --rejects."""
    for decorate in (
        click.option(
            "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where refused rows go."
        ),
        click.option(
            "--skip-bad", is_flag=True, help="Write the good rows, and the bad ones to a rejects file."
        ),
        click.option("--dry-run", is_flag=True, help="Check everything, write nothing."),
        click.argument("file", type=click.Path(dir_okay=False, path_type=Path)),
    ):
        command = decorate(command)
    return command


def rejects_path(file: Path, *, skip_bad: bool, rejects: Path | None) -> Path | None:
    """Beside the file unless told otherwise; none when bad rows stop the import."""
    if not skip_bad:
        return None
    name = file.name.removesuffix(".gz")
    return rejects or file.with_name(f"{name}.ditolak.{'json' if name.endswith('.json') else 'csv'}")


def console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


@contextmanager
def progress_bar(words: str, total: int | None) -> Iterator[Progress]:
    """A bar on a terminal, silence elsewhere."""
    from rich.progress import Progress as Bar

    with Bar(console=console(), transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, completed=done)


def stop(message: str) -> NoReturn:
    """End a command that is refused: one sentence, exit code 1. Wrong words on the command line are click's, code 2."""
    console().print(message, style="red", markup=False)
    sys.exit(1)


def proceed(checked: Checked[Any], *, dry_run: bool, rejects: Path | None) -> bool:
    """Show what the check found; whether to write. Bad rows end the command unless they are to be skipped."""
    show = console()
    for note in checked.notes:
        show.print(note, style="yellow", markup=False)
    if not checked.rows:
        stop("The file holds no rows, at most a header: nothing was checked and nothing was written.")
    if checked.errors:
        _show_errors(checked)
    show.print(f"{checked.rows} rows checked, {checked.rows_refused} refused.", markup=False)
    if dry_run:
        show.print("Dry run: nothing was written.", markup=False)
        if checked.rows_refused:
            sys.exit(1)
        return False
    if checked.rows_refused and rejects is None:
        stop("Nothing was written. Mend the file, or use --skip-bad.")
    if checked.rows_refused:
        show.print(f"Refused rows: {rejects}", markup=False)
    return True


def _show_errors(checked: Checked[Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for title in ("Row", "Column", "Wanted", "Came"):
        table.add_column(title)
    for error in checked.errors[:SHOWN]:
        table.add_row(str(error.row), *(Text(cell) for cell in (error.column, error.wanted, error.came)))
    console().print(table)
    if len(checked.errors) > SHOWN or checked.rows_refused > len(checked.errors):
        console().print("… and other rows.", markup=False)


def sha256_of(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
