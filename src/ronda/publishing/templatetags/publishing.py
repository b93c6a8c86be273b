"""Filters of the public site: `{% load publishing %}`. No clock: a version reads the same whenever it is written."""

from datetime import datetime

from django import template

from ronda.publishing.adapters.site_pages import VersionLine
from ronda.publishing.adapters.site_words import reason_words
from ronda.publishing.domain import State
from ronda.results.domain import Outcome, source_name
from ronda.web import localtime

register = template.Library()


@register.filter
def date_at(moment: datetime, area: str = "") -> str:
    """Rabu, 14 Februari 2024, 15.40 WITA."""
    day = localtime.day_words(localtime.local(moment, area).date())
    return f"{day}, {localtime.clock_words(moment, area)}"


@register.filter
def href_in(version: VersionLine, language: str) -> str:
    """Where a version begins in a language."""
    return version.href(language)


@register.filter
def copy_name(source: str) -> str:
    """The name of a copy: Salinan PTPS."""
    return source_name(source)


@register.filter
def outcome_name(outcome: str) -> str:
    return str(Outcome(outcome).label)


@register.filter
def reason(code: str) -> str:
    """Why a sheet is held."""
    return reason_words(code)


@register.filter
def mark_of(state: str) -> str:
    """The shape of the state of a version."""
    return {State.PROPOSED: "proc", State.PUBLISHED: "done"}.get(State(state), "no")


@register.filter
def grouped(digest: str) -> str:
    """A digest in groups of eight, so that two people can compare it and a narrow page can break it."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
