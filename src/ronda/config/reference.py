"""Reference pages that are made from the code, so that they cannot drift: permissions, events, law."""

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from ronda.config.manual import commands_page, settings_page
from ronda.kernel.journal import Event
from ronda.law import calendars, election_laws, incident_kinds
from ronda.law.forms import form_rules
from ronda.law.incident_kinds import outcomes
from ronda.law.instruments import FAMILY_NAMES, UNIT_NAMES, Instrument, instruments
from ronda.law.mandates import ACTIONS, Action, Mandates, mandates
from ronda.law.report_standings import report_standings

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"
NOTE = "<!-- Made from the code by `ronda reference`; edit the code, not this page. -->\n\n"
CONTEXTS = (
    "agencies",
    "places",
    "elections",
    "ledger",
    "gate",
    "reports",
    "incidents",
    "results",
    "readiness",
    "entry",
    "plenum",
    "publishing",
    "simulate",
)


def pages() -> dict[str, str]:
    """File name to text of each page that is made from the code."""
    makers: dict[str, Callable[[], str]] = {
        "permissions.md": permissions_page,
        "events.md": events_page,
        "law.md": law_page,
        "commands.md": commands_page,
        "settings.md": settings_page,
    }
    return {name: NOTE + make() for name, make in makers.items()}


def permissions_page() -> str:
    """Every class of record with who may read, add, change or remove it."""
    law = mandates()
    rows = (
        [f"`{name}`", record.about, *(_reach(law, name, action) for action in ACTIONS)]
        for name, record in sorted(law.records.items())
    )
    intro = (
        "# Who may do what\n\nFrom `law/mandates.yaml`. An agency reaches only rows inside the area of its unit and of"
        " the data classes of the role. *all*: every such row; *shared*: its own and those handed over to it;"
        " *own*: its own. What is not listed is denied.\n\n"
    )
    return intro + _table(["record", "what", "read", "add", "change", "remove"], rows)


def events_page() -> str:
    """Every event with its fields beyond the frame."""
    for context in CONTEXTS:
        if find_spec(f"ronda.{context}.events"):
            import_module(f"ronda.{context}.events")
    frame = set(Event.__dataclass_fields__)
    found = {kind.name: kind for kind in _subclasses(Event) if hasattr(kind, "name")}
    rows = (
        [
            f"`{name}`",
            f"`{kind.record}`",
            ", ".join(f for f in kind.__dataclass_fields__ if f not in frame),
            _line(kind),
        ]
        for name, kind in sorted(found.items())
    )
    return "# Events\n\nEach is one row, written in the transaction of the change.\n\n" + _table(
        ["event", "record", "data", "when"], rows
    )


def law_page() -> str:
    """Every rule of the law folder with its source and whether it is established."""
    stages = (
        [f"`{calendar.id}`", f"`{stage.code}`", stage.name.id, str(stage.start or ""), str(stage.end or "")]
        for calendar in calendars().values()
        for stage in calendar.stages
    )
    kinds = (
        [
            *(f"`{name}`", kind.name.id, kind.agency, _due(kind.due.hours), ", ".join(kind.becomes)),
            kind.source.instrument,
        ]
        for name, kind in incident_kinds().items()
    )
    ends = ([f"`{name}`", one.name.id, one.source.instrument] for name, one in outcomes().items())
    standings = ([f"`{one.id}`", one.what.id, one.source.instrument] for one in report_standings().standings)
    senders = ([f"`{one.id}`", ", ".join(one.may), one.why.id] for one in report_standings().senders)
    rules = (
        [f"`{name}`", f"`{rule.code}`", rule.name.id, rule.severity, rule.source.instrument]
        for name, rule in form_rules().items()
    )
    contests = (
        [f"`{name}`", election.name.id, str(len(election.contests))]
        for name, election in election_laws().items()
    )
    return "\n".join((
        "# Law as data\n\nThe files stand in `src/ronda/law/`; each rule carries its source and worked examples.\n",
        "## Elections\n\n" + _table(["id", "name", "contests"], contests),
        "## Stages\n\n" + _table(["election", "stage", "name", "from", "to"], stages),
        "## Kinds of incident\n\n" + _table(["id", "name", "agency", "time to act", "may become", "source"], kinds),
        "## What may come of a confirmed report\n\n" + _table(["id", "what", "source"], ends),
        "## What a report is in law\n\n" + _table(["id", "what", "source"], standings),
        "## What a message of each sender may become\n\n" + _table(["sender", "may become", "why"], senders),
        "## Rules of the result sheets\n\n" + _table(["id", "code", "name", "severity", "source"], rules),
        _instruments(),
    ))  # fmt: skip


def _instruments() -> str:
    """Every instrument of vulnerability, what of it is established, and its indicators."""
    head = ["id", "name", "what", "units", "indicators with text", "weights", "open", "source"]
    indicators = (
        [f"`{one.id}`", f"`{each.code}`", each.text_in("id"), one.status_of(each).id]
        for one in instruments().values()
        for each in one.established
    )
    return (
        "## Instruments of vulnerability\n\nNever mixed: a value belongs to one instrument in one version. What no"
        " source establishes stays open; a local instrument is added by a file of the same form.\n\n"
        + _table(head, (_instrument(one) for one in instruments().values()))
        + "\n## Indicators with an established text\n\n"
        + _table(["instrument", "code", "text", "status"], indicators)
    )


def _instrument(one: Instrument) -> list[str]:
    weights = "; ".join(weights.name.id for weights in one.weights)
    return [
        f"`{one.id}` {one.version}",
        one.name.id,
        FAMILY_NAMES[one.family].id,
        ", ".join(UNIT_NAMES[unit].id for unit in one.units),
        f"{len(one.established)} / {len(one.indicators)}",
        weights,
        "; ".join(point.id for point in one.open_points()),
        one.source.instrument,
    ]


def _reach(law: Mandates, record: str, action: Action) -> str:
    reach = law.reach(record, action)
    groups: dict[str, list[str]] = {}
    for kind, rows in reach.items():
        groups.setdefault(rows, []).append(kind)
    return (
        "; ".join(f"*{rows}* {', '.join(sorted(found))}" for rows, found in sorted(groups.items()))
        or "nobody"
    )


def _subclasses(kind: type[Event]) -> Iterable[type[Event]]:
    for below in kind.__subclasses__():
        yield below
        yield from _subclasses(below)


def _line(kind: type) -> str:
    return (
        (kind.__doc__ or "").strip().splitlines()[0] if kind.__doc__ and "(" not in kind.__doc__[:60] else ""
    )


def _due(hours: float) -> str:
    return f"{hours} h"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
