"""Reports from a table, each under its own key: bringing the same table again adds nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from ronda.channels import selectors
from ronda.channels.adapters.report_rows import ReportRow
from ronda.channels.domain import Content, State, message_id
from ronda.channels.services.handing import hand_in
from ronda.gate.domain import Grant

FORMS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H.%M", "%d-%m-%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y")


def reports_bring(
    *,
    rows: Sequence[ReportRow],
    source: str,
    grant: Grant,
    zone: tzinfo,
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> Counter[State]:
    """Hand in each row and say what became of how many. `zone` is that of times without an offset."""
    election = selectors.election_now(at=at)
    code, done = election.code if election else "", Counter[State]()
    for number, row in enumerate(rows, start=1):
        content = _content(row, source, code, zone)
        done[hand_in(content=content, grant=grant, at=at).state] += 1
        progress(number)
    return done


def _content(row: ReportRow, source: str, election: str, zone: tzinfo) -> Content:
    """What cannot be read as a time or a number stays as it came; the report carries a remark about it."""
    body = {
        "text": row.text,
        "kind": row.kind or None,
        "place_words": row.place_words,
        "happened_at": _moment(row.happened_at, zone),
    }
    is_number = row.station.isascii() and row.station.isdigit() and 0 < int(row.station) <= 999
    return Content(
        id=message_id("file", source, row.key),
        kind="report",
        body=body,
        place=row.place,
        station=int(row.station) if is_number else row.station or None,
        election=election,
        device=f"file:{source}"[:100],
    )


def _moment(text: str, zone: tzinfo) -> str | None:
    """An ISO time with its offset; dates as they are written here count on the clocks of `zone`."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat()
    except ValueError:
        pass
    for form in FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone).isoformat()
        except ValueError:
            continue
    return text or None
