"""`ronda forms ...`: the forms of the field for other form apps."""

from __future__ import annotations

from pathlib import Path

import click

from ronda.config.cli import setup_django
from ronda.config.cli.importing import stop
from ronda.config.installation import start_database


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--form", "form_id", default="report", show_default=True, help="Which form; `?` lists them.")
@click.option("--area", default="", help="Area whose villages and contests it has, like 51.01.")
def xlsform(file: Path, form_id: str, area: str) -> None:
    """Write a form of the field as an XLSForm workbook, as KoboToolbox and pyxform read it."""
    start_database()
    setup_django()
    from ronda.channels.adapters.xlsform import xlsform_write
    from ronda.channels.selectors import forms_in
    from ronda.kernel import clock
    from ronda.kernel.areas import is_code

    if not is_code(area):
        stop(f"{area} is no area code like 51.01.")
    forms = {form.id: form for form in forms_in(area, may_send=lambda kind: True, at=clock.now())}
    if form_id not in forms:
        stop(f"There is no form {form_id}; there are {', '.join(forms)}.")
    xlsform_write(forms[form_id], file)
    click.echo(f"{file}: form {form_id}, version {forms[form_id].version}")
