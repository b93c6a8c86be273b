"""On what a verification of a report may rest: second reports, papers, officers who were there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ronda.agencies import selectors as agencies
from ronda.agencies.domain import legal_date
from ronda.kernel.scope import Scope
from ronda.reports.domain import ReportState, SourceCheck
from ronda.reports.domain.priority import source_of
from ronda.reports.models import Report

WORDS = 90


@dataclass(frozen=True)
class Grounds:
    """What may be chosen, each as pairs of value and words, and what the report itself suggests."""

    others: list[tuple[str, str]]
    documents: list[tuple[str, str]]
    officers: list[tuple[str, str]]
    suggested: dict[str, str]


def grounds_for(report: Report, near: Iterable[Report], *, by: Scope, at: datetime) -> Grounds:
    """Reports of other sources in the group or nearby, files of the report, officers of the own agency around it."""
    second = [one for one in near if one.pk != report.pk and _is_other_source(report, one)]
    others = [(str(one.pk), f"{one.get_source_display()} · {_beginning(one)}") for one in second]
    documents = [
        (str(file["sha256"]), f"{file.get('type', '')} {str(file['sha256'])[:12]}") for file in report.files
    ]
    posts = agencies.posts_on_duty(agency=by.agency, area=report.area[:8], today=legal_date(at))
    officers = [(str(post.pk), f"{post.display_name} · {post.unit.name}") for post in posts[:60]]
    own = next((str(post.pk) for post in posts if report.sent_by and post.person_id == report.sent_by), "")
    return Grounds(others, documents, officers, _suggested(others, own, documents))


def _beginning(report: Report) -> str:
    """The first words; lists carry an excerpt instead of the whole text."""
    return str(getattr(report, "excerpt", None) or report.text)[:WORDS]


def _is_other_source(report: Report, other: Report) -> bool:
    mine, theirs = (source_of(one.agency, one.source, one.sent_by) for one in (report, other))
    return mine != theirs and other.state != ReportState.REJECTED


def _suggested(others: Any, own_post: str, documents: Any) -> dict[str, str]:
    """The nearest ground: the officer who wrote it was there, then a second source, then a file."""
    if own_post:
        return {"source_check": SourceCheck.SEEN, "officer": own_post}
    if others:
        return {"source_check": SourceCheck.TWO_SOURCES, "other_report": others[0][0]}
    if documents:
        return {"source_check": SourceCheck.DOCUMENT, "document_file": documents[0][0]}
    return {}
