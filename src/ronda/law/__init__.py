"""Law as data: dated, sourced rules in YAML and the loader that refuses a rule without source or example.

Takes YAML files in this folder. Gives frozen, typed rules (`calendars`, `elections`, `incident_kinds`).
Never knows Django, a database or the clock: dates come in as arguments.
"""

from ronda.law.elections import ElectionLaw, election_laws
from ronda.law.incident_kinds import IncidentKind, incident_kinds
from ronda.law.loader import LAW_ROOT, LawError, load_file
from ronda.law.rules import InForce, Name, Rule, Source
from ronda.law.stages import Stage, StageCalendar, calendars

__all__ = [
    "LAW_ROOT",
    "ElectionLaw",
    "InForce",
    "IncidentKind",
    "LawError",
    "Name",
    "Rule",
    "Source",
    "Stage",
    "StageCalendar",
    "calendars",
    "election_laws",
    "incident_kinds",
    "load_file",
]
