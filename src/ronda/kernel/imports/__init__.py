"""Tables that people send: CSV in any usual dress, CSV.gz and XLSX, checked before anything is written.

`open_table` finds encoding, separator and columns, or raises `ImportRefused` with what to do. `check` runs a
parser over every row and keeps what fits and what does not. An importer writes only after that, all or nothing.
"""

from ronda.kernel.imports.checking import Checked, check
from ronda.kernel.imports.rows import Row, RowError
from ronda.kernel.imports.tables import Column, ImportRefused, Table, open_table

__all__ = ["Checked", "Column", "ImportRefused", "Row", "RowError", "Table", "check", "open_table"]
