"""What a report is in law, what a message of each sender may become, and what a formal report requires."""

from datetime import date
from functools import cache
from typing import Literal

import msgspec

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Name, Source, Struct, need_unique, refuse

StandingId = Literal["info", "laporan", "temuan"]
SenderId = Literal["anonymous", "named", "contestant", "observer", "supervisor", "agency", "machine"]
ShownBy = Literal["contact", "in_time", "place_and_time", "text", "files", ""]


class StandingRule(Struct, frozen=True, kw_only=True):
    """One standing, in words."""

    id: StandingId
    name: Name
    what: Name
    source: Source


class SenderRule(Struct, frozen=True, kw_only=True):
    """What a message of such a sender may become, and why not more."""

    id: SenderId
    may: tuple[StandingId, ...]
    why: Name
    source: Source


class Requirement(Struct, frozen=True, kw_only=True):
    """One requirement of a formal report; `shown_by` names what of a report can show it."""

    id: str
    kind: Literal["formal", "materiel"]
    regimes: tuple[Literal["pemilu", "pilkada"], ...]
    shown_by: ShownBy = msgspec.field(name="from")
    name: Name
    source: Source


class ReportStandings(Struct, frozen=True, kw_only=True):
    """The file `report_standings.yaml`."""

    reviewed: date | None
    standings: tuple[StandingRule, ...]
    senders: tuple[SenderRule, ...]
    requirements: tuple[Requirement, ...]

    def __post_init__(self) -> None:
        for what, ids in (
            ("standing", [one.id for one in self.standings]),
            ("sender", [one.id for one in self.senders]),
            ("requirement", [one.id for one in self.requirements]),
        ):
            need_unique(what, list(ids))
        for sender in self.senders:
            if "laporan" in sender.may and sender.id in ("anonymous", "agency", "machine", "supervisor"):
                raise refuse(
                    "no formal report from an anonymous tip, a note of an agency or a machine", sender.id
                )

    def sender(self, sender: SenderId) -> SenderRule:
        return next(one for one in self.senders if one.id == sender)

    def required(self, regime: str) -> list[Requirement]:
        """What a formal report requires in a regime; both regimes' when it is not known."""
        return [
            one for one in self.requirements if regime in one.regimes or regime not in ("pemilu", "pilkada")
        ]


@cache
def report_standings() -> ReportStandings:
    """The standings in force."""
    return load_file(LAW_ROOT / "report_standings.yaml", ReportStandings)
