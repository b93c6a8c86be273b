"""The two steps of a public draw: freeze the list, then draw with a seed that was thrown afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.results.adapters.audit_lists import Frozen, missing_list, recap_list
from ronda.results.adapters.batch_draws import drawn_of, method_of
from ronda.results.adapters.batch_lists import batch_list_parse
from ronda.results.adapters.checking import Ballots
from ronda.results.adapters.coverage_words import has_one_winner
from ronda.results.adapters.lists import lists_of
from ronda.results.adapters.registry import ballots_of, stations_of
from ronda.results.domain import DRAWS_MOST, RISKS, SEED_DIGITS, AuditKind, AuditMethod
from ronda.results.events import AuditListFrozen, AuditStationsDrawn
from ronda.results.models import AuditDraw, AuditList
from ronda.results.selectors import first_votes, recap_columns
from ronda.results.services.checking import limits_of

LIST_LEAST = 2


class AuditRefused(ValueError):
    """Says in words what was wanted and what came."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided before the list is frozen. Missing stations are drawn without repeats and without a limit."""

    kind: str
    method: str = AuditMethod.ALPHA.value
    risk_percent: int = 0


@transaction.atomic
def audit_freeze(*, election: str, contest: str, area: str, plan: Plan, by: Scope, at: datetime) -> AuditList:
    """Freeze a list. The same list twice is frozen once."""
    frozen = _frozen(election, contest, area, plan)
    same = {
        "area": area,
        "election": election,
        "contest": contest,
        "kind": plan.kind,
        "digest": frozen.digest,
    }
    row = AuditList(
        **same,
        agency=by.agency,
        created_at=at,
        person=person_uuid(by.person),
        body=frozen.body,
        stations=frozen.stations,
        counted=frozen.counted,
        counted_votes=frozen.counted_votes,
        method=plan.method,
        risk_percent=plan.risk_percent,
        margin=frozen.margin,
        planned=frozen.planned,
    )
    AuditList.objects.bulk_create([row], ignore_conflicts=True)
    made = AuditList.objects.get(**same)
    if made.pk != row.pk:
        return _the_same(made, plan)
    event = AuditListFrozen(
        subject=made.pk,
        area=area,
        agency=made.agency,
        election=election,
        contest=contest,
        kind=plan.kind,
        digest=made.digest,
        stations=made.stations,
    )
    journal(event, at=at)
    return made


def _the_same(made: AuditList, plan: Plan) -> AuditList:
    if (made.method, made.risk_percent) != (plan.method, plan.risk_percent):
        raise AuditRefused(_("Daftar yang sama sudah dibekukan dengan cara atau batas risiko lain."))
    return made


def _frozen(election: str, contest: str, area: str, plan: Plan) -> Frozen:
    stations, limits = stations_of(election, area), limits_of(election)
    if not stations:
        raise AuditRefused(_("Daftar TPS wilayah ini belum ada; tanpa daftar tidak ada undian."))
    if lists_of(election, contest).are_several(area):
        raise AuditRefused(_("Wilayah ini memilih dari beberapa daftar calon. Undi per daerah pemilihan."))
    ballots = ballots_of(election, limits, code__in=stations)
    if plan.kind == AuditKind.MISSING:
        return _missing(stations, ballots, first_votes(election, contest, area))
    if not has_one_winner(election, contest):
        raise AuditRefused(_("Audit rekap di halaman ini hanya untuk pemilihan dengan satu pemenang."))
    return _recap(stations, ballots, recap_columns(election, contest, area), plan)


def _missing(stations: list[str], ballots: Ballots, counted: Mapping[str, Sequence[int]]) -> Frozen:
    frozen = missing_list(stations, ballots.of, counted)
    if not frozen.stations:
        raise AuditRefused(_("Semua TPS sudah masuk; tidak ada yang perlu diundi."))
    if frozen.stations < LIST_LEAST:
        raise AuditRefused(_("Tinggal satu TPS yang belum masuk; minta TPS itu saja."))
    return frozen


def _recap(stations: list[str], ballots: Ballots, columns: Mapping[str, Sequence[int]], plan: Plan) -> Frozen:
    if plan.risk_percent not in RISKS:
        raise AuditRefused(_("Pilih batas risiko 1, 5 atau 10 persen."))
    if missing := [code for code in stations if code not in columns]:
        words = _("Kolom D.Hasil belum lengkap: %(n)s dari %(all)s TPS belum dibaca atau diimpor di pleno.")
        raise AuditRefused(words % {"n": len(missing), "all": len(stations)})
    method = method_of(plan.method)
    try:
        return recap_list(stations, ballots.of, columns, method, plan.risk_percent / 100)
    except ValueError:
        raise AuditRefused(
            _("Dua suara teratas sama; hanya membandingkan semua TPS yang menolong.")
        ) from None


@transaction.atomic
def audit_draw(
    *, frozen: AuditList, seed: str, origin: str, number: int, by: Scope, at: datetime
) -> AuditDraw:
    """Draw from a frozen list, or draw more with the seed that it was first drawn with. The same draw twice is one."""
    seed, origin = "".join(seed.split()), " ".join(origin.split())[:200]
    last = frozen.draws.order_by("position").last()
    if last is not None:
        seed, origin = last.seed, last.origin
        if number == last.number:
            return last
    _require(frozen, last, seed, origin, number)
    listed = batch_list_parse(frozen.body.splitlines())
    drawn = [listed.units[unit] for unit in drawn_of(listed, seed, number, method_of(frozen.method))]
    position = last.position + 1 if last else 1
    row = AuditDraw(
        frozen=frozen,
        position=position,
        area=frozen.area,
        agency=by.agency,
        created_at=at,
        person=person_uuid(by.person),
        seed=seed,
        origin=origin,
        number=number,
        drawn=drawn,
    )
    AuditDraw.objects.bulk_create([row], ignore_conflicts=True)
    made = AuditDraw.objects.get(frozen=frozen, position=position)
    if made.pk != row.pk:  # somebody else drew a moment ago
        if (made.seed, made.number) == (seed, number):
            return made
        raise AuditRefused(_("Daftar ini baru saja diundi orang lain. Muat ulang halaman."))
    event = AuditStationsDrawn(
        subject=made.pk,
        area=made.area,
        agency=made.agency,
        election=frozen.election,
        contest=frozen.contest,
        kind=frozen.kind,
        digest=frozen.digest,
        seed=seed,
        number=number,
    )
    journal(event, at=at)
    return made


def _require(frozen: AuditList, last: AuditDraw | None, seed: str, origin: str, number: int) -> None:
    if not (seed.isascii() and seed.isdigit() and SEED_DIGITS <= len(seed) <= 80):
        words = _("Benih terdiri atas %(n)s angka atau lebih, misalnya dua puluh lemparan dadu.")
        raise AuditRefused(words % {"n": SEED_DIGITS})
    if not origin:
        raise AuditRefused(_("Tulis dari mana benih itu: siapa yang melempar, di mana, disaksikan siapa."))
    if last is not None and number < last.number:
        words = _("Sudah terundi %(n)s; yang sudah terundi tidak dapat dikurangi.")
        raise AuditRefused(words % {"n": last.number})
    most = frozen.stations if frozen.method == AuditMethod.ALPHA else DRAWS_MOST
    least = LIST_LEAST if frozen.kind == AuditKind.MISSING else 1
    if not least <= number <= most:
        raise AuditRefused(_("Jumlah undian %(least)s sampai %(most)s.") % {"least": least, "most": most})
