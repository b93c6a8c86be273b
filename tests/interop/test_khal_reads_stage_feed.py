"""`khal`, a calendar of other people's making, imports and lists our stage feed."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ronda.law import calendars
from ronda.law.feed import ZONES, stage_feed

pytestmark = pytest.mark.interop

CONFIG = """
[calendars]
[[tahapan]]
path = {folder}/calendar
[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = tahapan
"""


def khal(folder: Path, *words: str) -> str:
    program = shutil.which("khal")
    assert program, "khal is not installed: run `make test-interop`, which says how to install it"
    command = [program, "--config", str(folder / "config"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("zone", sorted(ZONES))
def test_khal_imports_and_lists_every_stage(tmp_path: Path, zone: str) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "config").write_text(CONFIG.format(folder=tmp_path, zone=zone), encoding="utf-8")
    for code, calendar in calendars().items():
        feed = tmp_path / f"{code}.ics"
        feed.write_bytes(stage_feed(calendar, zone=zone, made_at=datetime(2024, 11, 1, tzinfo=UTC)))
        khal(tmp_path, "import", "--batch", str(feed))
    listed = khal(tmp_path, "list", "--format", "{start-date} {title}", "2024-11-24", "3d")
    assert "Pilkada 2024: Masa tenang (3 hari)" in listed
    on_voting_day = khal(tmp_path, "list", "--format", "{title}", "2024-11-27", "1d")
    assert "Pilkada 2024: Pemungutan dan penghitungan suara" in on_voting_day
    assert "Masa tenang" not in on_voting_day
    assert "Pemilu 2019: Masa tenang (3 hari)" in khal(
        tmp_path, "list", "--format", "{title}", "2019-04-16", "1d"
    )
