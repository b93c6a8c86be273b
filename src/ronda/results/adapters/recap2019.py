"""Official recapitulation per district of the 2019 presidential election: one row per kecamatan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ronda.methods.tally import Count
from ronda.results.adapters.table import Columns, Table, read_table

RECAP = Columns(
    required=("kec_id",), optional=("n_tps", "rekap_pas1", "rekap_pas2"), names=("prov", "kab", "kec")
)


@dataclass(frozen=True, eq=False)
class RecapRows:
    """Recapitulated votes of districts, in file order; `unit` holds the KPU 2019 district ids."""

    table: Table
    votes: Count

    @property
    def unit(self) -> list[int]:
        return [int(number) for number in self.table.value["kec_id"]]

    def aligned(self, units: list[int]) -> Count:
        """The votes of the wanted units in their order; a unit without a row is not present."""
        at = {unit: row for row, unit in enumerate(self.unit)}
        rows = np.array([at.get(unit, -1) for unit in units], dtype=np.int64)
        known = rows >= 0
        value, present = np.zeros((len(units), 2), np.int64), np.zeros((len(units), 2), np.bool_)
        value[known], present[known] = self.votes.value[rows[known]], self.votes.present[rows[known]]
        return Count(value, present)


def read_recap(path: Path) -> RecapRows:
    """The districts of a recap CSV or CSV.gz; see `table.read_table` for what is refused."""
    table = read_table(path, RECAP)
    names = ("rekap_pas1", "rekap_pas2")
    value = np.stack([table.value[name].astype(np.int64) for name in names], axis=1)
    return RecapRows(table, Count(value, np.stack([table.present[name] for name in names], axis=1)))
