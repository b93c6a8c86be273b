"""Instruments of vulnerability: what is asked of which unit, how it is scored, weighted and put into categories.

Three classifications never meet: an index of areas, a map of stations, a scale for guarding. A value belongs to one
instrument in one version. What no source establishes stays open and says so: no text, weight or cut-off is made up.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import Literal

import msgspec

from ronda.law.instrument_scales import IndicatorGroups, Scale, Unit, UnitScale, need_figure
from ronda.law.loader import LAW_ROOT, load_folder
from ronda.law.rules import Name, Rule, Source, Struct, need_unique, refuse

Family = Literal["area_index", "station_map", "guarding_scale"]
Direction = Literal["higher_is_worse", "lower_is_worse"]
ScoringKind = Literal["event_times_level", "count", "share", "yes_no", "not_established"]
StepOf = Literal["indicator", "part", "dimension", "total"]
How = Literal["sum", "mean", "weighted_sum", "stations", "not_established"]
WeighedOf = Literal["dimension", "indicator"]

OPEN_TEXT = Name(id="belum ditetapkan sumbernya", en="not established in a source")
VERIFIED = Name(id="sumber ditemukan", en="source found")
UNVERIFIED = Name(id="belum diverifikasi", en="not verified")
EQUAL_WEIGHTS = Name(
    id="bobot sama, karena bobot resmi belum ditetapkan sumbernya",
    en="equal weights, because the official weights are not established in a source",
)
SOURCED_WEIGHTS = Name(id="bobot menurut sumbernya", en="weights as the source gives them")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")


def status_of(source: Source) -> Name:
    """Whether a page was found, in words."""
    return VERIFIED if source.is_verified else UNVERIFIED


def need_code(code: str) -> None:
    """Refuses a code that is no short word of letters, digits, points and dashes."""
    if len(code) > 40 or not CODE.fullmatch(code):
        raise refuse("a code of letters, digits, points and dashes", repr(code))


class Note(Struct, frozen=True, kw_only=True):
    """A contradiction between sources or a limit, in words."""

    text: Name
    source: Source | None = None


class Indicator(Struct, frozen=True, kw_only=True):
    """One thing asked of a unit. Without text it is an open slot: numbered, not established, not to be filled.

    `published` counts stations of the country; None where no source gives it. `inference` says what was concluded
    rather than read.
    """

    code: str
    text: Name | None = None
    part: str = ""
    unit: Name | None = None
    stated_direction: Direction = msgspec.field(name="direction", default="higher_is_worse")
    source: Source | None = None
    inference: Name | None = None
    group: str = ""
    published: int | None = None

    def __post_init__(self) -> None:
        need_code(self.code)
        if self.published is not None and self.published < 0:
            raise refuse("a count from 0 up", self.published)
        if self.text is None and (self.group or self.unit or self.published is not None):
            raise refuse("a text for an indicator with a unit, a group or a count", self.code)

    @property
    def is_open(self) -> bool:
        return self.text is None

    @property
    def direction(self) -> Direction | None:
        """Which way is worse; None for an open slot."""
        return None if self.is_open else self.stated_direction

    def text_in(self, language: str) -> str:
        return (self.text or OPEN_TEXT).in_language(language)


class Part(Struct, frozen=True, kw_only=True):
    """A sub-dimension; `slots` is how many indicators it has, None where no source says it."""

    code: str
    name: Name
    slots: int | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        need_code(self.code)


class Dimension(Struct, frozen=True, kw_only=True):
    """A dimension (in maps of stations a variable). `slots` is how many indicators the source counts in it."""

    code: str
    name: Name
    slots: int | None = None
    inference: Name | None = None
    source: Source | None = None
    parts: tuple[Part, ...] = ()
    listed: tuple[Indicator, ...] = msgspec.field(name="indicators", default=())

    def __post_init__(self) -> None:
        need_code(self.code)
        need_unique("part", [part.code for part in self.parts])
        self._need_room(self.slots, len(self.listed), self.code)
        for part in self.parts:
            self._need_room(part.slots, sum(one.part == part.code for one in self.listed), part.code)
        for one in self.listed:
            if one.part and one.part not in {part.code for part in self.parts}:
                raise refuse("a part of the dimension", f"{one.code}: {one.part}")

    def _need_room(self, slots: int | None, listed: int, code: str) -> None:
        if slots is not None and not listed <= slots <= 500:
            raise refuse("slots for every listed indicator, at most 500", f"{code}: {listed} of {slots}")

    def all_indicators(self) -> tuple[Indicator, ...]:
        """The listed ones, then open slots up to the number the source counts; the numbers of slots are ours."""
        upto = range(len(self.listed) + 1, (self.slots or 0) + 1)
        return (*self.listed, *(Indicator(code=f"{self.code}-{number:02}") for number in upto))

    @property
    def established(self) -> tuple[Indicator, ...]:
        """Those whose text a source gives."""
        return tuple(one for one in self.listed if not one.is_open)

    def equal_shares(self) -> Iterator[tuple[str, Fraction]]:
        """Code and weight of each established indicator: every part counts alike, in it every indicator."""
        counts = Counter(one.part for one in self.established)
        yield from ((one.code, Fraction(1, len(counts) * counts[one.part])) for one in self.established)


class EventLevel(Struct, frozen=True, kw_only=True):
    """How grave one event is, as a factor."""

    factor: Decimal
    name: Name

    def __post_init__(self) -> None:
        need_figure(self.factor)


class Scoring(Struct, frozen=True, kw_only=True):
    """How one indicator gets its value. `levels` is empty where the factors of events are not established."""

    kind: ScoringKind
    text: Name
    unit: Name
    source: Source
    levels: tuple[EventLevel, ...] = ()

    def __post_init__(self) -> None:
        if self.levels and self.kind != "event_times_level":
            raise refuse("levels only for event_times_level", self.kind)
        _need_both_open(self.kind, self.source)


class Step(Struct, frozen=True, kw_only=True):
    """How what stands below becomes this."""

    to: StepOf
    how: How
    text: Name
    source: Source

    def __post_init__(self) -> None:
        _need_both_open(self.how, self.source)


def _need_both_open(how: str, source: Source) -> None:
    if (how == "not_established") != (source.standing == "not_established"):
        raise refuse(
            "not_established in the rule and in its source, or in neither", f"{how}, {source.standing}"
        )


class Weights(Struct, frozen=True, kw_only=True):
    """Weights by code: of dimensions, summing to 1, or of indicators, summing to 1 inside each dimension.

    None: no source gives them, equal weights are used and called so.
    """

    of: WeighedOf
    values: dict[str, Decimal] | None
    source: Source

    def __post_init__(self) -> None:
        if (self.values is None) != (self.source.standing == "not_established"):
            raise refuse("weights with a source, or null with a source not_established", self.source.standing)
        for weight in (self.values or {}).values():
            need_figure(weight)

    @property
    def is_established(self) -> bool:
        return self.values is not None

    @property
    def name(self) -> Name:
        return SOURCED_WEIGHTS if self.is_established else EQUAL_WEIGHTS


class Coverage(Struct, frozen=True, kw_only=True):
    """What the maker says it covered, and when the data were taken."""

    text: Name
    data_from: date | None = None
    data_to: date | None = None
    provinces: int | None = None
    regencies: int | None = None
    villages: int | None = None
    stations: int | None = None


class PublishedLevels(Struct, frozen=True, kw_only=True):
    """How many units the maker counted in each level."""

    where: str
    unit: Unit
    counts: dict[str, int]
    stated_total: int | None = None
    source: Source
    note: Name | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class Instrument(Rule, frozen=True, kw_only=True, dict=True):
    """One instrument in one version. `indicator_count` is what its source says in total; None if it says nothing."""

    version: str
    name: Name
    family: Family
    maker: Name
    published_on: date | None = None
    units: tuple[Unit, ...]
    purpose: Name
    not_for: tuple[Name, ...]
    coverage: Coverage | None = None
    indicator_count: int | None = None
    scoring: Scoring
    steps: tuple[Step, ...] = ()
    weights: tuple[Weights, ...] = ()
    dimensions: tuple[Dimension, ...]
    scales: tuple[Scale, ...]
    published: tuple[PublishedLevels, ...] = ()
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.id) > 60 or not ID.fullmatch(self.id):
            raise refuse("an id of small letters, digits and dashes", repr(self.id))
        if not (self.units and self.not_for and self.version.strip() and self.scales):
            raise refuse("units, not_for, a version and a scale", self.id)
        self._need_unique_codes()
        self._need_counted()
        self._need_weights()
        self._need_units()
        self._need_levels()

    def _need_unique_codes(self) -> None:
        need_unique("dimension", [one.code for one in self.dimensions])
        need_unique("indicator", [one.code for one in self.indicators])
        need_unique("part", [part.code for one in self.dimensions for part in one.parts])
        need_unique("weights", [one.of for one in self.weights])
        need_unique("step", [one.to for one in self.steps])

    def _need_counted(self) -> None:
        if self.indicator_count is not None and self.indicator_count != len(self.indicators):
            raise refuse(
                "indicator_count equal to the indicators and slots",
                f"{self.indicator_count} and {len(self.indicators)}",
            )

    def _need_weights(self) -> None:
        for weights in self.weights:
            if weights.values is not None:
                self._need_weight_of_each(weights.of, weights.values)

    def _need_weight_of_each(self, of: WeighedOf, values: dict[str, Decimal]) -> None:
        groups = self._weighed(of)
        if strange := set(values) ^ {code for codes in groups for code in codes}:
            raise refuse("a weight for each code and no other", ", ".join(sorted(strange)))
        for codes in groups:
            if (total := sum(values[code] for code in codes)) != 1:
                raise refuse("weights that sum to 1", f"{total} in {', '.join(codes)}")

    def _need_units(self) -> None:
        scaled = [unit for scale in self.unit_scales for unit in scale.units]
        need_unique("unit of a scale", scaled)
        if strange := sorted({*scaled, *(one.unit for one in self.published)} - set(self.units)):
            raise refuse("units of the instrument", ", ".join(strange))

    def _need_levels(self) -> None:
        groups = {level.id for level in self.groups.levels} if self.groups else set()
        if strange := sorted({one.group for one in self.indicators if one.group} - groups):
            raise refuse("groups of the instrument", ", ".join(strange))
        for counted in self.published:
            scale = self.scale_for(counted.unit)
            known = {level.id for level in scale.levels} if scale else set()
            if strange := sorted(set(counted.counts) - known):
                raise refuse("levels of the instrument", ", ".join(strange))

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All, with open slots, in the order of the dimensions."""
        return tuple(one for dimension in self.dimensions for one in dimension.all_indicators())

    @property
    def established(self) -> tuple[Indicator, ...]:
        """Those whose text a source gives: only these can take a value."""
        return tuple(one for dimension in self.dimensions for one in dimension.established)

    @property
    def open_slots(self) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators if one.is_open)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for dimension in self.dimensions for part in dimension.parts)

    @property
    def unit_scales(self) -> tuple[UnitScale, ...]:
        return tuple(scale for scale in self.scales if not isinstance(scale, IndicatorGroups))

    @property
    def groups(self) -> IndicatorGroups | None:
        return next((scale for scale in self.scales if isinstance(scale, IndicatorGroups)), None)

    @property
    def is_local(self) -> bool:
        return self.id.startswith("lokal-")

    @property
    def status(self) -> Name:
        return status_of(self.source)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole content: two files of one id and version that differ are told apart."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    def scale_for(self, unit: Unit) -> UnitScale | None:
        """How units of that kind are put into categories; None where no source establishes one."""
        return next((scale for scale in self.unit_scales if unit in scale.units), None)

    def indicator(self, code: str) -> Indicator | None:
        return next((one for one in self.indicators if one.code == code), None)

    def dimension_of(self, code: str) -> Dimension | None:
        """The dimension an indicator stands in."""
        return next((d for d in self.dimensions if any(one.code == code for one in d.all_indicators())), None)

    def unit_of(self, indicator: Indicator) -> Name:
        return indicator.unit or self.scoring.unit

    def source_of(self, indicator: Indicator) -> Source:
        """The indicator's own source, or its dimension's, or the instrument's."""
        dimension = self.dimension_of(indicator.code)
        return indicator.source or (dimension.source if dimension else None) or self.source

    def status_of(self, indicator: Indicator) -> Name:
        """Open, not verified or with a source found, in words."""
        return OPEN_TEXT if indicator.is_open else status_of(self.source_of(indicator))

    @property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """Dimension and part of each established indicator, in their order; a part not known is an empty text."""
        return tuple(
            (dimension.code, one.part) for dimension in self.dimensions for one in dimension.established
        )

    def weights_of(self, of: WeighedOf) -> tuple[dict[str, Fraction], Name]:
        """Weights by code and what they must be called: as sourced, or equal because unknown.

        Those of dimensions sum to 1; those of established indicators sum to 1 inside each dimension. Equal means
        every dimension alike, in it every part alike, in that every indicator. A dimension whose indicators are all
        open keeps its weight: whoever leaves it out rescales the others and says so.
        """
        given = next((one for one in self.weights if one.of == of), None)
        if given and given.values is not None:
            return {code: Fraction(weight) for code, weight in given.values.items()}, given.name
        if of == "dimension":
            return {one.code: Fraction(1, len(self.dimensions)) for one in self.dimensions}, EQUAL_WEIGHTS
        return {code: share for one in self.dimensions for code, share in one.equal_shares()}, EQUAL_WEIGHTS

    def _weighed(self, of: WeighedOf) -> list[list[str]]:
        """The groups of codes inside which weights sum to 1."""
        if of == "dimension":
            return [[one.code for one in self.dimensions]] if self.dimensions else []
        return [[one.code for one in d.established] for d in self.dimensions if d.established]

    def open_points(self) -> tuple[Name, ...]:
        """Everything no source establishes, one sentence each; a page shows them beside the result."""
        return tuple(_open_points(self))


def _open_points(one: Instrument) -> Iterator[Name]:
    if one.open_slots:
        yield _open_texts(len(one.open_slots), len(one.indicators))
    if empty := sum(not dimension.all_indicators() for dimension in one.dimensions):
        yield _open_dimensions(empty)
    if one.scoring.kind == "not_established":
        yield Name(id=f"Cara menilai: {OPEN_TEXT.id}", en=f"How values are scored: {OPEN_TEXT.en}")
    if one.scoring.kind == "event_times_level" and not one.scoring.levels:
        yield Name(
            id=f"Bobot tingkat kejadian: {OPEN_TEXT.id}", en=f"Factors of event levels: {OPEN_TEXT.en}"
        )
    yield from (step.text for step in one.steps if step.how == "not_established")
    yield from (_open_weights(weights) for weights in one.weights if not weights.is_established)
    if one.groups and one.groups.cutoffs is None:
        yield Name(id=f"Batas antarkelompok: {OPEN_TEXT.id}", en=f"Cut-offs between groups: {OPEN_TEXT.en}")
    yield from (_open_scale(unit) for unit in one.units if one.scale_for(unit) is None)


def _open_texts(open_: int, total: int) -> Name:
    return Name(
        id=f"{open_} dari {total} indikator: {OPEN_TEXT.id}",
        en=f"{open_} of {total} indicators: {OPEN_TEXT.en}",
    )


def _open_dimensions(empty: int) -> Name:
    return Name(
        id=f"Indikator {empty} dimensi: {OPEN_TEXT.id}",
        en=f"Indicators of {empty} dimensions: {OPEN_TEXT.en}",
    )


def _open_weights(weights: Weights) -> Name:
    of = {"dimension": ("dimensi", "dimensions"), "indicator": ("indikator", "indicators")}[weights.of]
    return Name(
        id=f"Bobot {of[0]}: {OPEN_TEXT.id}; dipakai bobot sama",
        en=f"Weights of {of[1]}: {OPEN_TEXT.en}; equal weights are used",
    )


def _open_scale(unit: Unit) -> Name:
    words = UNIT_NAMES[unit]
    return Name(id=f"Kategori per {words.id}: {OPEN_TEXT.id}", en=f"Categories by {words.en}: {OPEN_TEXT.en}")


UNIT_NAMES: dict[Unit, Name] = {
    "province": Name(id="provinsi", en="province"),
    "regency": Name(id="kabupaten/kota", en="regency or city"),
    "district": Name(id="kecamatan", en="district"),
    "village": Name(id="desa/kelurahan", en="village"),
    "station": Name(id="TPS", en="polling station"),
}
FAMILY_NAMES: dict[Family, Name] = {
    "area_index": Name(id="indeks wilayah", en="index of areas"),
    "station_map": Name(id="pemetaan TPS", en="map of stations"),
    "guarding_scale": Name(id="skala pengamanan", en="scale for guarding"),
}


@cache
def instruments() -> dict[str, Instrument]:
    """The shipped instruments by id, in order of file name."""
    return {one.id: one for one in load_folder(LAW_ROOT / "instruments", Instrument)}
