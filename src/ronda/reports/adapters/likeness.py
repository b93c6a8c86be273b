"""Reports to what the comparison takes, and back."""

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from ronda.law.similarity import similarity_rules
from ronda.methods.similarity import (
    Account,
    PairScore,
    Vocabulary,
    Weights,
    band_keys,
    features,
    normalise,
    sketch,
)
from ronda.reports.models import ReportSketch

if TYPE_CHECKING:
    from ronda.reports.models import Report

BAND_FIELDS = tuple(f"b{number:02d}" for number in range(16))
_SIGN = 1 << 63


@cache
def vocabulary() -> Vocabulary:
    """The words of `law/similarity.yaml`."""
    law = similarity_rules()
    return Vocabulary(law.written_out, frozenset(law.kept), frozenset(law.passed))


@cache
def weights() -> Weights:
    """The numbers of `law/similarity.yaml`."""
    return Weights(**msgspec.structs.asdict(similarity_rules().weights))


def sketch_of(report: "Report", photos: tuple[int, ...] = ()) -> ReportSketch:
    """The row that is compared with others."""
    made = sketch(features(normalise(report.text, vocabulary())))
    keys = band_keys(made)
    return ReportSketch(
        report=report,
        area=report.area,
        sensitivity=report.sensitivity,
        agency=report.agency,
        created_at=report.received_at,
        at=report.happened_at or report.received_at,
        is_stated=report.happened_at is not None,
        kind=report.kind,
        station_code=report.station_code,
        size=made.size,
        signature=made.to_bytes(),
        photos=[_signed(photo) for photo in photos],
        **dict(zip(BAND_FIELDS, keys, strict=True)) if keys else {},
    )


def with_photos(row: ReportSketch, look: int) -> bool:
    """Put what one more photo shows into the row; false when it is there already."""
    if _signed(look) in row.photos:
        return False
    row.photos = [*row.photos, _signed(look)]
    return True


def _signed(look: int) -> int:
    return look - 2 * _SIGN if look >= _SIGN else look


def account_of(row: ReportSketch) -> Account:
    """The account that a row stands for."""
    return Account(
        signature=bytes(row.signature),
        size=row.size,
        place=row.area,
        station=row.station_code,
        at=row.at,
        is_stated=row.is_stated,
        kind=row.kind,
        photos=tuple(photo % (2 * _SIGN) for photo in row.photos),
    )


def grounds_of(score: PairScore) -> dict[str, float]:
    """The parts of a score as they are kept, with the version of the weights."""
    parts = msgspec.to_builtins(score)
    return {name: round(float(part), 3) for name, part in parts.items() if name != "value"} | {
        "version": similarity_rules().version
    }
