"""A day's figures as short sentences and tables, in the language of the page. No name of a person, no vote count."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.incidents.domain import ACTIVE, IncidentState
from ronda.kernel.areas import Level
from ronda.law.checkins import checkin_rules
from ronda.law.incident_kinds import incident_kinds
from ronda.situation.domain import Daily, Figure, Row, Section, Sentence, Table
from ronda.situation.selectors import Facts
from ronda.web.frame import agency_name, area_name
from ronda.web.localtime import clock_words, day_words, local
from ronda.web.numbers import number_words


def daily_of(facts: Facts, *, reader: str) -> Daily:
    """The report in words. `reader` is the unit in whose name it is read."""
    moments = facts.moments
    clock = clock_words(moments.until, facts.area)
    sections = [_incidents(facts)]
    if facts.waiting is not None or facts.received is not None:
        sections.append(_reports(facts))
    if facts.ready is not None and facts.ready.stations:
        sections.append(_ready(facts))
    return Daily(
        title=_("Lapor cepat"),
        place=area_name(facts.area) or _("Indonesia"),
        day=day_words(moments.on),
        moment=_("Keadaan %(clock)s") % {"clock": clock},
        compared=_("Dibanding %(day)s pada jam yang sama.")
        % {"day": day_words(local(moments.before_until, facts.area).date(), year=False)},
        reader=reader,
        sections=tuple(sections),
        source=_("Dihitung Ronda dari yang boleh dilihat %(reader)s. Bukan pernyataan resmi.")
        % {"reader": reader},
    )


def list_href(facts: Facts, **wanted: str) -> str:
    """The list behind a number: the same area, the same moment."""
    return moment_href(facts.area, facts.moments.until.isoformat(), **wanted)


def moment_href(area: str, at: str, **wanted: str) -> str:
    query = {"wilayah": area, "pada": at, **wanted}
    return f"{reverse('situation:incident-list')}?{urlencode({k: v for k, v in query.items() if v})}"


def kind_name(code: str) -> str:
    """An incident kind in words; a code the law does not know stays a code."""
    kind = incident_kinds().get(code)
    return kind.name_in(get_language() or "id") if kind else code


def _incidents(facts: Facts) -> Section:
    now, before = facts.now, facts.before
    sentences = (
        _say(len(now.open), len(before.open), _("kejadian terbuka"), list_href(facts)),
        _say(
            sum(now.opened.values()),
            sum(before.opened.values()),
            _("kejadian dibuka hari ini") if facts.moments.is_running else _("kejadian dibuka hari itu"),
            list_href(facts, hal="dibuka"),
        ),
        _say(
            sum(now.closed.values()),
            sum(before.closed.values()),
            _("kejadian ditutup hari ini") if facts.moments.is_running else _("kejadian ditutup hari itu"),
        ),
        _say(
            len(now.late),
            len(before.late),
            _("kejadian lewat waktu"),
            list_href(facts, hal="lewat"),
            late=True,
        ),
        _say(
            now.waiting.count,
            before.waiting.count,
            _("serah terima belum dijawab, %(late)s lewat waktu") % {"late": number_words(now.waiting.late)},
            list_href(facts, keadaan=IncidentState.HANDED.value),
        ),
    )
    tables = (_by_kind(facts), _by_state(facts), _by_agency(facts), _by_area(facts))
    return Section("incidents", _("Kejadian"), sentences, tuple(table for table in tables if table.rows))


def _say(value: int, before: int | None, words: str, href: str = "", *, late: bool = False) -> Sentence:
    return Sentence(Figure(value, before, href, is_late=late), words)


def _by_kind(facts: Facts) -> Table:
    now, before = facts.now, facts.before
    opened, late = now.opened, Counter(one.kind for one in now.late)
    here, then = now.by_kind(), before.by_kind()
    rows = [
        Row(
            kind_name(kind),
            (
                Figure(here[kind], then[kind], list_href(facts, jenis=kind)),
                Figure(
                    opened.get(kind, 0),
                    before.opened.get(kind, 0),
                    list_href(facts, jenis=kind, hal="dibuka"),
                ),
                Figure(late[kind], None, list_href(facts, jenis=kind, hal="lewat"), is_late=True),
            ),
        )
        for kind in sorted({*here, *then, *opened})
    ]
    opened_word = _("Dibuka hari ini") if facts.moments.is_running else _("Dibuka hari itu")
    heads = (_("Terbuka"), opened_word, _("Lewat waktu"))
    return Table("kind", _("Menurut jenis"), _("Jenis"), heads, _heaviest(rows))


def _by_state(facts: Facts) -> Table:
    now, before = facts.now.by_state(), facts.before.by_state()
    rows = tuple(
        Row(
            str(IncidentState(state).label),
            (Figure(now[state], before[state], list_href(facts, keadaan=state.value)),),
        )
        for state in ACTIVE
        if now[state] or before[state]
    )
    return Table("state", _("Menurut keadaan"), _("Keadaan"), (_("Terbuka"),), rows)


def _by_agency(facts: Facts) -> Table:
    """Who holds the open ones, and whose answer is waited for."""
    now, before = facts.now.by_agency(), facts.before.by_agency()
    late = Counter(one.holder.agency for one in facts.now.late)
    asked = Counter[str]()
    for desk, many in facts.now.waiting.by_desk.items():
        asked[desk.agency] += many
    rows = [
        Row(
            agency_name(code),
            (
                Figure(now[code], before[code], list_href(facts, lembaga=code)),
                Figure(late[code], None, list_href(facts, lembaga=code, hal="lewat"), is_late=True),
                Figure(asked[code]),
            ),
        )
        for code in sorted({*now, *before, *asked})
    ]
    heads = (_("Dipegang"), _("Lewat waktu"), _("Belum dijawab"))
    return Table("agency", _("Menurut lembaga"), _("Lembaga"), heads, _heaviest(rows))


def _by_area(facts: Facts) -> Table:
    """Parts of the area with anything open or silent."""
    length = facts.part_length
    now, before = facts.now.by_area(length), facts.before.by_area(length)
    late = Counter(one.area[:length] for one in facts.now.late)
    silent = {one.area: one.silent for one in facts.ready.areas} if facts.ready else None
    codes = {*now, *before, *(code for code, many in (silent or {}).items() if many)}
    rows = [_area_row(facts, code, (now, before, late), silent) for code in sorted(codes)]
    heads = (_("Terbuka"), _("Lewat waktu")) + ((_("TPS tanpa kabar"),) if silent is not None else ())
    return Table("area", _("Menurut wilayah"), _level_word(facts.below), heads, tuple(rows))


def _area_row(
    facts: Facts, code: str, counts: tuple[Counter[str], ...], silent: Mapping[str, int] | None
) -> Row:
    now, before, late = counts
    is_part = len(code) == facts.part_length
    href = moment_href(code, facts.moments.until.isoformat()) if is_part else ""
    late_href = moment_href(code, facts.moments.until.isoformat(), hal="lewat") if is_part else ""
    cells = [Figure(now[code], before[code], href), Figure(late[code], None, late_href, is_late=True)]
    if silent is not None:
        to = reverse("readiness:coverage-area", args=[code]) if is_part else ""
        cells.append(Figure(silent.get(code, 0), None, to, is_late=True))
    name = area_name(code) if is_part else _("Tanpa %(level)s") % {"level": _level_word(facts.below).lower()}
    return Row(name, tuple(cells))


def _heaviest(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.cells[0].value, -row.weight, row.name)))


def _level_word(of: Level) -> str:
    return {
        Level.PROVINCE: _("Provinsi"),
        Level.REGENCY: _("Kabupaten/kota"),
        Level.DISTRICT: _("Kecamatan"),
        Level.VILLAGE: _("Desa/kelurahan"),
        Level.NATION: _("Negara"),
    }[of]


def _reports(facts: Facts) -> Section:
    to = reverse("reports:report-list")
    sentences = []
    if facts.received is not None:
        sentences.append(
            _say(
                facts.received,
                facts.received_before,
                _("laporan masuk hari ini") if facts.moments.is_running else _("laporan masuk hari itu"),
            )
        )
    if facts.waiting is not None:
        sentences.append(_say(facts.waiting, facts.waiting_before, _("laporan menunggu diperiksa"), to))
    return Section("reports", _("Laporan"), tuple(sentences))


def _ready(facts: Facts) -> Section:
    ready, before = facts.ready, facts.ready_before
    assert ready is not None
    assert before is not None
    board = (
        reverse("readiness:coverage-area", args=[facts.area]) if facts.area else reverse("readiness:coverage")
    )
    to = board if facts.moments.is_running else ""
    all_ = {"all": number_words(ready.stations)}
    sentences = [
        _say(
            ready.heard,
            before.heard,
            _("TPS memberi kabar, dari %(all)s") % all_,
            f"{to}#langkah" if to else "",
        )
    ]
    if ready.step:
        step = {"step": _step_name(ready.step)}
        words = _("TPS tanpa kabar tentang “%(step)s”, lewat waktu") % step
        sentences.append(_say(ready.silent, before.silent, words, f"{to}#sunyi" if to else "", late=True))
        missing = ready.stations - ready.heard
        sentences.append(
            _say(
                missing,
                before.stations - before.heard,
                _("TPS belum melaporkan logistik tiba"),
                to,
                late=True,
            )
        )
    if ready.stores:
        words = _("gudang tidak memenuhi syarat, dari %(all)s diperiksa") % {
            "all": number_words(ready.stores)
        }
        sentences.append(
            _say(ready.stores_failing, before.stores_failing, words, f"{to}#gudang" if to else "", late=True)
        )
    if facts.roll_call_missed:
        words = _("petugas lembaga Anda tidak menjawab apel")
        sentences.append(_say(facts.roll_call_missed, None, words, f"{to}#apel" if to else "", late=True))
    return Section("ready", _("Kesiapan TPS"), tuple(sentences))


def _step_name(code: str) -> str:
    step = checkin_rules().step(code)
    return step.name.in_language(get_language() or "id") if step else code


def day_param(text: str, today: date) -> date:
    """A day from an address; today when none is named. ValueError for anything else."""
    return date.fromisoformat(text) if text else today
