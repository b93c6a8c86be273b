"""The nation reconciled and added up by Ronda without rules: areas as CSV, the figures on standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ronda.results.adapters.sheets_part import Plan
from ronda.results.adapters.sheets_tally import tally_sheets

if __name__ == "__main__":
    with Path(sys.argv[2]).open("wb") as areas:
        print(json.dumps(tally_sheets(Path(sys.argv[1]), Plan("pemilu-2024", with_rules=False), areas)))
