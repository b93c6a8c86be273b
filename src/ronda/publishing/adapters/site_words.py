"""Names of elections, contests and reasons in the language of the page."""

from __future__ import annotations

from django.utils.translation import get_language

from ronda.law import election_laws
from ronda.law.elections import ContestLaw
from ronda.law.forms import form_rules
from ronda.results.domain import Held


def election_name(election: str) -> str:
    law = election_laws().get(election)
    return law.name.in_language(_language()) if law else election


def contest_law(election: str, contest: str) -> ContestLaw | None:
    law = election_laws().get(election)
    return next((one for one in law.contests if one.code == contest), None) if law else None


def contest_name(election: str, contest: str) -> str:
    law = contest_law(election, contest)
    return law.name.in_language(_language()) if law else contest


def reason_words(reason: str) -> str:
    """Why a sheet is held, as people read it."""
    if reason in Held.values:
        return str(Held(reason).label)
    return form_rules()[reason].name.in_language(_language())


def _language() -> str:
    return get_language() or "id"
