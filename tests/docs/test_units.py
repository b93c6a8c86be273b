"""The systemd units and the proxy's configuration fit together; they were run as they stand."""

import re
from pathlib import Path

import pytest

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto"
SERVICES = sorted((HOWTO / "systemd").glob("*.service"))
NGINX = (HOWTO / "nginx.conf").read_text()


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_a_service_that_may_write_nowhere_has_a_temporary_folder(unit: Path) -> None:
    """Python and PostgreSQL's tools refuse to start without one."""
    said = unit.read_text().splitlines()
    assert "ProtectSystem=strict" in said
    assert "PrivateTmp=yes" in said


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_a_service_runs_as_an_ordinary_user_that_can_gain_no_rights(unit: Path) -> None:
    said = unit.read_text().splitlines()
    assert "User=ronda" in said
    assert "NoNewPrivileges=yes" in said


def test_the_proxy_takes_the_largest_file_of_the_gate_and_holds_back_none_of_it() -> None:
    from ronda.gate.domain import MAX_FILE_BYTES

    (limit,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(limit) << 20 > MAX_FILE_BYTES
    (files,) = re.findall(r"location /gate/v1/files/ \{(.*?)\}", NGINX, re.S)
    assert "proxy_request_buffering off;" in files
    assert "proxy_buffering off;" in NGINX
