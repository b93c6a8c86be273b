"""How an instrument turns figures into categories. Higher is always more vulnerable; levels stand from low to high."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Protocol

from ronda.law.rules import Name, Source, Struct, need_examples, need_unique, refuse

Unit = Literal["province", "regency", "district", "village", "station"]
SdKind = Literal["sample", "population"]
ZERO, HUNDRED, THOUSAND = Decimal(0), Decimal(100), Decimal(1000)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


def need_score(what: str, value: Decimal) -> None:
    """Refuses what is no figure from 0 to 100."""
    if not (value.is_finite() and ZERO <= value <= HUNDRED):
        raise refuse("a figure from 0 to 100", f"{what} {value}")


def need_figure(value: Decimal) -> None:
    """Refuses what is no figure from 0 to 1000 with at most six decimals, so that sums of figures are exact."""
    exponent = value.as_tuple().exponent
    if not (isinstance(exponent, int) and exponent >= -6 and ZERO <= value <= THOUSAND):
        raise refuse("a figure from 0 to 1000 with at most six decimals", value)


def need_levels(levels: Sequence[_HasId]) -> None:
    """Refuses fewer than two levels and a level given twice."""
    if len(levels) < 2:
        raise refuse("at least two levels", len(levels))
    need_unique("level", [level.id for level in levels])


class Level(Struct, frozen=True, kw_only=True):
    """One category by name."""

    id: str
    name: Name


class Band(Struct, frozen=True, kw_only=True):
    """One category with the highest score that still belongs to it."""

    id: str
    name: Name
    up_to: Decimal


class FixedExample(Struct, frozen=True, kw_only=True):
    """That score is of that level."""

    score: Decimal
    level: str

    def __post_init__(self) -> None:
        need_figure(self.score)


class FixedCutoffs(Struct, frozen=True, kw_only=True, tag_field="kind", tag="fixed"):
    """Cut-offs that stand beforehand. Scores are rounded half up to `decimals` before they are compared."""

    units: tuple[Unit, ...]
    dated: date
    levels: tuple[Band, ...]
    decimals: int = 2
    source: Source
    examples: tuple[FixedExample, ...]

    def __post_init__(self) -> None:
        need_levels(self.levels)
        need_examples(self.examples)
        self._need_rising()
        for example in self.examples:
            if (came := self.level_of(example.score)) != example.level:
                raise refuse("examples that hold", f"{example.score} is {came}, not {example.level}")

    def _need_rising(self) -> None:
        if not 0 <= self.decimals <= 6:
            raise refuse("0 to 6 decimals", self.decimals)
        tops = [level.up_to for level in self.levels]
        for top in tops:
            need_figure(top)
        if tops != sorted(set(tops)) or tops[-1] != HUNDRED:
            raise refuse("up_to rising to 100", ", ".join(map(str, tops)))

    def level_of(self, score: Decimal | None) -> str | None:
        """The level of a score from 0 to 100; None for a missing score. Raises ValueError outside."""
        if score is None:
            return None
        need_score("score", score)
        rounded = score.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        return next(level.id for level in self.levels if rounded <= level.up_to)


class PublishedCutoffs(Struct, frozen=True, kw_only=True):
    """What the maker printed for a unit: under `below` is the first level, from `at_least` up the last."""

    unit: Unit
    below: Decimal
    at_least: Decimal
    dated: date
    source: Source
    note: Name | None = None

    def __post_init__(self) -> None:
        need_figure(self.below)
        need_figure(self.at_least)
        if self.below >= self.at_least:
            raise refuse("below under at_least", f"{self.below} and {self.at_least}")


class MeanSdExample(Struct, frozen=True, kw_only=True):
    """With that mean and standard deviation, that score is of that level."""

    score: Decimal
    mean: Decimal
    sd: Decimal
    level: str

    def __post_init__(self) -> None:
        for figure in (self.score, self.mean, self.sd):
            need_figure(figure)


class MeanSd(Struct, frozen=True, kw_only=True, tag_field="kind", tag="mean_sd"):
    """Three levels around the mean of all areas: below mean - k SD, between, from mean + k SD up."""

    units: tuple[Unit, ...]
    dated: date
    levels: tuple[Level, Level, Level]
    k: Decimal
    sd: SdKind
    sd_inference: Name | None = None
    published: tuple[PublishedCutoffs, ...] = ()
    source: Source
    examples: tuple[MeanSdExample, ...]

    def __post_init__(self) -> None:
        need_levels(self.levels)
        need_examples(self.examples)
        need_unique("unit", [one.unit for one in self.published])
        need_figure(self.k)
        if self.k == 0:
            raise refuse("k above 0", self.k)
        for example in self.examples:
            came = self.level_of(example.score, mean=example.mean, sd=example.sd)
            if came != example.level:
                raise refuse("examples that hold", f"{example.score} is {came}, not {example.level}")

    def cutoffs(self, *, mean: Decimal, sd: Decimal) -> tuple[Decimal, Decimal]:
        """The lower and the upper cut-off. Raises ValueError for a negative or endless figure."""
        if not (mean.is_finite() and sd.is_finite() and sd >= 0):
            raise refuse("a mean and a standard deviation from 0 up", f"{mean} and {sd}")
        return mean - self.k * sd, mean + self.k * sd

    def level_of(self, score: Decimal | None, *, mean: Decimal, sd: Decimal) -> str | None:
        """The level of a score among areas of that mean and SD; None for a missing score."""
        return self._between(score, *self.cutoffs(mean=mean, sd=sd))

    def published_for(self, unit: Unit) -> PublishedCutoffs | None:
        return next((one for one in self.published if one.unit == unit), None)

    def published_level_of(self, score: Decimal | None, *, unit: Unit) -> str | None:
        """The level by the printed cut-offs; None for a missing score or where none were printed."""
        printed = self.published_for(unit)
        return self._between(score, printed.below, printed.at_least) if printed else None

    def _between(self, score: Decimal | None, below: Decimal, at_least: Decimal) -> str | None:
        if score is None:
            return None
        need_score("score", score)
        low, middle, high = self.levels
        if score < below:
            return low.id
        return high.id if score >= at_least else middle.id


class IndicatorGroups(Struct, frozen=True, kw_only=True, tag_field="kind", tag="indicator_groups"):
    """Groups of indicators by how many stations have them: no category of a station and none of an area.

    `cutoffs` gives the limits between groups in words, None where no source does; which indicator is in which group
    stands with the indicator, as published.
    """

    dated: date
    levels: tuple[Level, ...]
    source: Source
    cutoffs: Name | None = None

    def __post_init__(self) -> None:
        need_levels(self.levels)


class NamedLevels(Struct, frozen=True, kw_only=True, tag_field="kind", tag="named"):
    """Levels that people assign: no figure leads to them, or the figure is not established."""

    units: tuple[Unit, ...]
    dated: date
    levels: tuple[Level, ...]
    assigned_by: Name
    criteria: tuple[Name, ...] = ()
    source: Source

    def __post_init__(self) -> None:
        need_levels(self.levels)


UnitScale = FixedCutoffs | MeanSd | NamedLevels
Scale = UnitScale | IndicatorGroups
