"""The other forms of files that `ronda import sheets|recap` reads: Sirekap of 2024, and any table with a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ronda.config.cli.importing import console, proceed, progress_bar, stop
from ronda.config.cli.results import kept, read_file, say, show_placing, system

if TYPE_CHECKING:
    from ronda.kernel.imports import Checked
    from ronda.results.adapters.found import FoundSheet
    from ronda.results.adapters.mapped import Template

JSON, TABLE = "application/json", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Call:
    """What the operator asked for."""

    file: Path
    format_: str
    agency: str
    dry_run: bool
    rejects: Path | None
    election: str | None = None
    contest: str | None = None
    source: str | None = None
    map_: Path | None = None
    name: str | None = None


@dataclass(frozen=True)
class _Found:
    """A file read and checked, and what its copies are of."""

    checked: Checked[FoundSheet]
    election: str
    contest: str
    kind: str
    is_list: bool
    new_template: tuple[str, Template] | None = None


def import_found(call: Call) -> None:
    """Read a file of sheets, show what was found, write all or nothing."""
    from ronda.results.adapters.found import plan_found
    from ronda.results.adapters.registry import places_of
    from ronda.results.services import sheets_import

    found = _sirekap(call) if call.format_ == "sirekap" else _table(call)
    items = found.checked.items
    places, placing = system(lambda: places_of(items))
    plan = plan_found(items, places, is_list=found.is_list)
    show_placing(placing, held=plan.held)
    if not proceed(found.checked, dry_run=call.dry_run, rejects=call.rejects):
        return
    origin = kept(call.file, call.agency, found.election, found.contest, found.kind)
    if found.new_template is not None:
        _remember(call, *found.new_template)
    with progress_bar(call.file.name, None):
        done = system(lambda: sheets_import(plan=plan, origin=origin))
    say(done, stations=len(items))


def import_votes(file: Path, agency: str, *, dry_run: bool, rejects: Path | None) -> None:
    """Votes per district of the regional elections of 2024, contest by contest."""
    from ronda.results.adapters.recap2024 import ELECTION, SOURCE, read_votes, recaps_of
    from ronda.results.adapters.registry import areas_known
    from ronda.results.services import recaps_import

    checked = _table_read(lambda path: read_votes(path, rejects=rejects), file)
    known = system(lambda: areas_known({row.unit for row in checked.items}))
    recaps = recaps_of(checked.items, known)
    held = sum(row.is_held for rows in recaps.values() for row in rows)
    if held:
        words = f"{held} recaps are held until their area is loaded (`ronda places load`); none is lost."
        console().print(words, style="yellow", markup=False)
    if not proceed(checked, dry_run=dry_run, rejects=rejects):
        return
    for contest, rows in recaps.items():
        origin = kept(file, agency, ELECTION, contest)
        done = system(partial(recaps_import, rows=rows, origin=origin, source=SOURCE))
        console().print(f"{contest}:", end=" ")
        say(done, stations=None)


def _sirekap(call: Call) -> _Found:
    from ronda.results.adapters.mapped import header_of, read_mapped
    from ronda.results.adapters.sirekap2024 import ELECTION, SOURCE, is_json, read_json, shape_of

    election = call.election or ELECTION
    if not _is_book(call.file) and read_file(is_json, call.file):
        checked = read_file(lambda path: read_json(path, rejects=call.rejects), call.file)
        return _Found(checked, election, call.contest or "PPWP", JSON, is_list=True)
    header = _table_read(header_of, call.file)
    shape = shape_of(header)
    if shape is None:
        stop(
            f"{call.file.name} is no known table of Sirekap 2024; its columns are {', '.join(header)[:300]}. "
            "Use --format table --map FILE."
        )
    checked = _table_read(
        lambda path: read_mapped(path, shape.template, source=SOURCE, rejects=call.rejects), call.file
    )
    return _Found(checked, election, call.contest or shape.contest, _kind(call.file), is_list=shape.is_list)


def _table(call: Call) -> _Found:
    from ronda.results.adapters.mapped import fingerprint_of, header_of, read_mapped

    if not call.election or not call.contest:
        stop("--format table needs --election and --contest.")
    header = _table_read(header_of, call.file)
    fingerprint = fingerprint_of(header)
    template = _template(call, fingerprint, header)
    if call.source is None and "source" not in template.column_of:
        stop("Whose copies are these? Give --source, or map a column to source.")
    checked = _table_read(
        lambda path: read_mapped(path, template, source=call.source or "", rejects=call.rejects), call.file
    )
    new = (fingerprint, template) if call.map_ is not None else None
    return _Found(checked, call.election, call.contest, _kind(call.file), is_list=False, new_template=new)


def _template(call: Call, fingerprint: str, header: list[str]) -> Template:
    from ronda.results.adapters.mapped import TemplateRefused, read_template, template_of
    from ronda.results.selectors import template_columns

    try:
        if call.map_ is not None:
            return read_template(call.map_)
        columns = system(lambda: template_columns(fingerprint))
        if columns is None:
            stop(
                f"No table with these columns came before: {', '.join(header)[:300]}. "
                "Say once with --map FILE what they hold; the next file needs no mapping."
            )
        return template_of(columns)
    except TemplateRefused as refused:
        stop(f"The mapping cannot be used: {refused}.")


def _remember(call: Call, fingerprint: str, template: Template) -> None:
    from ronda.kernel import clock
    from ronda.results.adapters.mapped import TemplateRefused
    from ronda.results.services import template_remember

    name = call.name or call.file.name
    try:
        system(
            lambda: template_remember(name=name, fingerprint=fingerprint, template=template, at=clock.now())
        )
    except TemplateRefused as refused:
        stop(f"Nothing was written: {refused}; give another --name.")
    console().print(f"The columns are remembered as {name}.", style="green", markup=False)


def _table_read(reader: Any, file: Path) -> Any:
    from ronda.kernel.imports import ImportRefused

    try:
        return read_file(reader, file)
    except ImportRefused as refused:
        stop(f"{file.name}: {refused}")


def _is_book(file: Path) -> bool:
    return _start(file).startswith(b"PK\x03\x04")


def _kind(file: Path) -> str:
    return XLSX if _is_book(file) else TABLE


def _start(file: Path) -> bytes:
    try:
        with file.open("rb") as data:
            return data.read(4)
    except OSError as error:
        stop(f"{file.name} cannot be read: {error}")
