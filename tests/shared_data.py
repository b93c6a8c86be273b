"""Where the real data lie that some tests run on; a test that needs a missing file fails with a clear word."""

import os
from pathlib import Path


def shared(path: str) -> Path:
    """A file of the shared data, as in `shared("results/pemilu2019_ppwp_tps_jembrana.csv")`."""
    folder = Path(os.environ.get("RONDA_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    found = folder / "data" / path
    if not found.exists():
        raise FileNotFoundError(
            f"this test needs the shared data file {path}; set RONDA_SHARED to its folder"
        )
    return found
