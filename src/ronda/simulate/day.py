"""The whole day as messages in order of time, made from the seed alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from ronda.simulate.cast import Player, key_of, players
from ronda.simulate.recaps import recap_messages, shift_planned
from ronda.simulate.seeded import seeded_uuid7, stream
from ronda.simulate.sheets import FIRST, SECOND, Sheet, copies_with_slips, true_sheets
from ronda.simulate.texts import CITIZEN, LEAK_NOTE, NOTES, OFFICER, STORE_NAME, WAREHOUSE_NAME, WITNESS
from ronda.simulate.truth import Truth
from ronda.simulate.world import Station, World

PUBLIC = "publik"
SILENT_FOR = timedelta(hours=5)
_STEPS = (  # step, day, from, to
    ("logistics", -1, "14:00", "17:30"),
    ("opened", 0, "06:50", "07:20"),
    ("queue", 0, "09:30", "10:45"),
    ("closed", 0, "13:00", "13:40"),
    ("counted", 0, "15:00", "19:30"),
)
_CHECKED = ("G01", "G02", "G03", "G04", "G05", "G06", "G07", "G10", "G12", "G15")


@dataclass(frozen=True, slots=True)
class Planned:
    """One message of the day: when it is sent, by whom, and its exact bytes."""

    at: datetime
    sender: str
    kind: str
    raw: bytes


@dataclass(frozen=True)
class Day:
    """All messages in order, who sends them, and what was planted."""

    world: World
    seed: int
    messages: tuple[Planned, ...]
    cast: tuple[Player, ...]
    truth: Truth

    @property
    def digest(self) -> str:
        """One hash over every message in order: the same seed gives the same digest."""
        whole = sha256()
        for message in self.messages:
            whole.update(message.sender.encode() + b"\x00" + message.raw + b"\n")
        return whole.hexdigest()


def day_planned(world: World, seed: int) -> Day:
    """The day of a regency, from the eve of the vote to the recapitulation."""
    truth, cast = Truth(), players(world, seed)
    makers = (_roll_calls, _warehouses, _station_steps, _sheets_and_recaps, _reports)
    messages = [message for make in makers for message in make(_Maker(world, seed, truth, tuple(cast)))]
    messages.sort(key=lambda one: (one.at, one.raw))
    return Day(world, seed, tuple(messages), tuple(cast), truth)


@dataclass(frozen=True, slots=True)
class _Maker:
    """What every part of the plan needs."""

    world: World
    seed: int
    truth: Truth
    cast: tuple[Player, ...]

    def rng(self, *names: str) -> Random:
        return stream(self.seed, *names)

    def message(
        self,
        *,
        at: datetime,
        sender: str,
        kind: str,
        place: str,
        body: dict[str, object],
        station: int | None = None,
    ) -> Planned:
        """A message with an id of its own from the seed."""
        at = at.replace(microsecond=0)
        mark = json.dumps(body, sort_keys=True, ensure_ascii=False)
        content: dict[str, object] = {
            "id": str(seeded_uuid7(self.seed, at, sender, kind, place, str(station), mark)),
            "kind": kind,
            "election": self.world.election,
            "place": place,
            "captured_at": at.isoformat(),
            "body": body,
        }
        if station is not None:
            content["station"] = station
        return Planned(
            at, sender, kind, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        )


def _moment(rng: Random, low: datetime, high: datetime) -> datetime:
    return low + timedelta(seconds=rng.randrange(max(1, int((high - low).total_seconds()))))


def _clock(at: datetime) -> str:
    return at.strftime("%H.%M")


def _roll_calls(maker: _Maker) -> Iterator[Planned]:
    """Morning and evening. One village officer of the police misses the morning one."""
    world, rng = maker.world, maker.rng("roll calls")
    callers = [one for one in maker.cast if one.kind in ("bawaslu", "polri", "satpolpp")]
    village_police = [one.key for one in callers if one.kind == "polri"]
    missing = rng.choice(village_police)
    maker.truth.missed_roll_call = missing
    for call, low, high in (("morning", "05:05", "05:40"), ("evening", "17:30", "18:05")):
        for one in callers:
            at = _moment(rng, world.at(low), world.at(high))
            if one.key == missing and call == "morning":
                continue
            body: dict[str, object] = {"step": "roll_call", "call": call, "note": rng.choice(NOTES)}
            maker.truth.checkins += 1
            yield maker.message(at=at, sender=one.key, kind="checkin", place=one.area, body=body)


def _warehouses(maker: _Maker) -> Iterator[Planned]:
    """The regency's store, which stands in one of its districts, leaks; the stores of the districts are in order."""
    world, rng = maker.world, maker.rng("warehouses")
    where = rng.choice(list(world.districts))
    maker.truth.leaking, maker.truth.leaking_area = ("G05",), where
    stores = [(world.area, where, WAREHOUSE_NAME), *((code, code, STORE_NAME) for code in world.districts)]
    for whose, place, template in stores:
        leaks = whose == world.area
        checks = {code: not (leaks and code in maker.truth.leaking) for code in _CHECKED}
        body: dict[str, object] = {
            "step": "warehouse",
            "name": template.format(area=world.name(whose)),
            "checks": checks,
            "note": LEAK_NOTE if leaks else "",
        }
        at = _moment(rng, world.at("05:20"), world.at("06:20"))
        maker.truth.checkins += 1
        yield maker.message(at=at, sender=key_of("kpu", whose), kind="checkin", place=place, body=body)


def _station_steps(maker: _Maker) -> Iterator[Planned]:
    """Every station through its day; the stations of one village say nothing until noon."""
    world = maker.world
    silent = _silent_village(maker)
    for village, stations in world.villages.items():
        rng = maker.rng("steps", village)
        for station in stations:
            for step, day, low, high in _STEPS:
                at = _moment(rng, world.at(low, day=day), world.at(high, day=day))
                if village == silent and step in ("opened", "queue"):
                    if step == "opened":
                        continue
                    at += timedelta(hours=2)
                yield _step(maker, rng, station, step, at)


def _silent_village(maker: _Maker) -> str:
    """A village with at least three stations, or the largest there is."""
    villages = maker.world.villages
    most = max(len(stations) for stations in villages.values())
    able = [village for village, stations in villages.items() if len(stations) >= min(3, most)]
    chosen = maker.rng("silent").choice(able)
    maker.truth.silent_village = chosen
    maker.truth.silent_stations = tuple(station.code for station in villages[chosen])
    return chosen


def _step(maker: _Maker, rng: Random, station: Station, step: str, at: datetime) -> Planned:
    body: dict[str, object] = {"step": step}
    if step == "queue":
        body["queue"] = rng.randint(0, 45)
    if note := rng.choice(NOTES):
        body["note"] = note
    maker.truth.checkins += 1
    sender = key_of("bawaslu", station.village)
    return maker.message(
        at=at, sender=sender, kind="checkin", place=station.village, station=station.number, body=body
    )


def _sheets_and_recaps(maker: _Maker) -> Iterator[Planned]:
    world, truth = maker.world, maker.truth
    sheets = true_sheets(world, maker.seed)
    shift, clean = shift_planned(world, maker.seed, sheets)
    truth.shift, truth.clean_recaps = shift, clean
    spared = frozenset((*([shift.district] if shift else []), *clean))
    copies = copies_with_slips(world, maker.seed, sheets, truth, spared)
    stations = {station.code: station for station in world.stations}
    for source in (FIRST, SECOND):
        rng = maker.rng("sheet times", source)
        for code, sheet in sorted(copies[source].items()):
            yield _sheet(maker, rng, stations[code], source, sheet)
    yield from _witness_sheets(maker, sheets, stations)
    for at, sender, district, body in recap_messages(world, maker.seed, sheets, shift, clean):
        truth.recaps += 1
        yield maker.message(at=at, sender=sender, kind="recap", place=district, body=body)


def _sheet(maker: _Maker, rng: Random, station: Station, source: str, sheet: Sheet) -> Planned:
    world = maker.world
    low, high = ("13:50", "19:00") if source == FIRST else ("14:30", "20:30")
    sender = key_of("bawaslu", station.village) if source == FIRST else key_of("kpu", station.district)
    maker.truth.sheets += 1
    return maker.message(
        at=_moment(rng, world.at(low), world.at(high)),
        sender=sender,
        kind="sheet",
        place=station.village,
        station=station.number,
        body=sheet.body(world.contest, source),
    )


def _witness_sheets(
    maker: _Maker, sheets: dict[str, Sheet], stations: dict[str, Station]
) -> Iterator[Planned]:
    """Witnesses of two parties hand in a correct copy of one station in twelve."""
    world, rng = maker.world, maker.rng("witness sheets")
    for party in ("01", "02"):
        for code in rng.sample(sorted(sheets), max(1, len(sheets) // 12)):
            station = stations[code]
            maker.truth.sheets += 1
            yield maker.message(
                at=_moment(rng, world.at("14:20"), world.at("20:00")),
                sender=key_of(f"partai-{party}", station.district),
                kind="sheet",
                place=station.village,
                station=station.number,
                body=sheets[code].body(world.contest, f"saksi-{party}"),
            )


def _reports(maker: _Maker) -> Iterator[Planned]:
    """Officers, witnesses and citizens report; about one report for every twelve stations."""
    world, rng = maker.world, maker.rng("reports")
    groups = (("officer", OFFICER, 4), ("citizen", CITIZEN, 3), ("witness", WITNESS, 1))
    yield _situation(maker)
    wanted = max(12, len(world.stations) // 12)
    for _number in range(wanted):
        who, texts, _ = rng.choices(groups, weights=[weight for *_rest, weight in groups])[0]
        station = rng.choice(world.stations)
        kind = rng.choice(sorted(texts))
        at = _moment(rng, world.at("06:10"), world.at("20:30"))
        maker.truth.reports += 1
        yield _report(maker, rng, who, kind, rng.choice(texts[kind]), station, at)


def _situation(maker: _Maker) -> Planned:
    """Kesbangpol tells what goes round in the regency."""
    world, rng = maker.world, maker.rng("situation")
    at = _moment(rng, world.at("09:00"), world.at("10:00"))
    text = (
        "Beredar pesan bahwa pemungutan di beberapa desa ditunda. KPU sudah membantah, mohon desa menyiarkan."
    )
    body: dict[str, object] = {"kind": "disinformation", "text": text, "happened_at": at.isoformat()}
    maker.truth.reports += 1
    sender = key_of("kesbangpol", world.area)
    place = next(iter(world.districts))
    return maker.message(at=at, sender=sender, kind="report", place=place, body=body)


def _report(
    maker: _Maker, rng: Random, who: str, kind: str, text: str, station: Station, at: datetime
) -> Planned:
    happened = at - timedelta(minutes=rng.randint(2, 90))
    body: dict[str, object] = {
        "kind": kind,
        "text": text.format(
            tps=f"TPS {station.number:02d}",
            desa=maker.world.name(station.village),
            n=rng.randint(2, 9),
            jam=_clock(happened),
        ),
        "happened_at": happened.replace(microsecond=0).isoformat(),
        "known_at": at.replace(microsecond=0).isoformat(),
    }
    if kind in ("mass_disturbance", "intimidation") and rng.random() < 0.3:
        body["danger"] = True
    sender = _reporter(maker, rng, who, station)
    if who == "citizen" and rng.random() < 0.2:
        # Citizens often do not know the village: they choose the regency and write the rest, a person places it.
        body["place_words"] = f"dekat balai desa {maker.world.name(station.village)}"
        return maker.message(at=at, sender=sender, kind="report", place=maker.world.area, body=body)
    return maker.message(
        at=at, sender=sender, kind="report", place=station.village, station=station.number, body=body
    )


def _reporter(maker: _Maker, rng: Random, who: str, station: Station) -> str:
    if who == "citizen":
        return PUBLIC
    if who == "witness":
        return key_of(rng.choice(("partai-01", "partai-02")), station.district)
    choices = [
        key_of("bawaslu", station.village),
        key_of("bawaslu", station.village),
        key_of("polri", station.village),
        key_of("satpolpp", station.district),
        key_of("kesbangpol", maker.world.area),
    ]
    return rng.choice(choices)
