"""The table of vulnerable stations: what is read, what is refused."""

from pathlib import Path

from ronda.readiness.adapters.risks import RiskRow, risks_check, signs_of

KNOWN = {"5101022003001", "5101022003002"}


def _file(folder: Path, *rows: str) -> Path:
    path = folder / "rawan.csv"
    path.write_text("\n".join(("tps,tanda", *rows)), encoding="utf-8")
    return path


def test_a_station_with_its_signs(tmp_path: Path) -> None:
    checked = risks_check(_file(tmp_path, "5101022003001,HP-TMS; LG-LAMBAT"), KNOWN)

    assert checked.items == [RiskRow("5101022003001", "51.01.02.2003", ("HP-TMS", "LG-LAMBAT"))]


def test_a_station_that_is_not_registered_is_refused_with_its_line(tmp_path: Path) -> None:
    checked = risks_check(_file(tmp_path, "5101022003001,HP-TMS", "5101022003099,HP-TMS"), KNOWN)

    assert [error.column for error in checked.errors] == ["tps"]
    assert len(checked.items) == 1


def test_the_same_station_twice_is_refused(tmp_path: Path) -> None:
    checked = risks_check(_file(tmp_path, "5101022003001,HP-TMS", "5101022003001,LG-LAMBAT"), KNOWN)

    assert checked.errors


def test_signs_are_told_once() -> None:
    assert signs_of(" HP-TMS;;LG-LAMBAT | HP-TMS ") == ("HP-TMS", "LG-LAMBAT")
