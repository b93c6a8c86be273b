#!/usr/bin/env python3
"""Make .venv and install what the lock file names; with an unchanged lock, do nothing and need no network.

Runs on the system's Python with nothing installed. Usage: tools/install.py [--dev]
"""

import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


def main() -> None:
    """Install for running, or with --dev for testing too."""
    if sys.version_info < OLDEST:
        found = sys.version.split()[0]
        sys.exit(f"Ronda needs Python 3.11 or newer, and this is {found}: make PYTHON=python3.12 ...")
    lock = ROOT / ("requirements-dev.lock" if "--dev" in sys.argv else "requirements.lock")
    stamp = VENV / f".installed-{lock.stem}"
    wanted = digest(lock)
    if works() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not works():
        make_venv()
    install(lock)
    step("Linking this checkout")
    pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    stamp.write_text(wanted)
    if "--dev" in sys.argv:
        runtime = ROOT / "requirements.lock"
        (VENV / f".installed-{runtime.stem}").write_text(digest(runtime))


def digest(lock: Path) -> str:
    """Changes when the lock, the project file, the interpreter or the place of the checkout does."""
    told = [
        lock.read_bytes(),
        (ROOT / "pyproject.toml").read_bytes(),
        sys.version.encode(),
        os.fsencode(ROOT),
    ]
    return hashlib.sha256(b"\0".join(told)).hexdigest()


def works() -> bool:
    """Whether .venv has a Python that runs and is new enough."""
    if not PYTHON.exists():
        return False
    ask = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([PYTHON, "-c", ask], check=False, capture_output=True).returncode == 0


def make_venv() -> None:
    """A fresh virtual environment with this interpreter."""
    step("Making .venv")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], check=False, capture_output=True, text=True
    )
    if made.returncode:
        said = made.stdout + made.stderr
        sys.exit(f"{said}Python cannot make a virtual environment: install Debian's python3-venv.")


def install(lock: Path) -> None:
    """Install the lock file, showing how far it is."""
    total = len(re.findall(r"^[a-z0-9._-]+==", lock.read_text(), re.M | re.I))
    began, seen, kept = time.monotonic(), 0, []
    step(f"Installing {total} Python packages (the first time takes a few minutes)")
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--progress-bar", "off", "-r", lock]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            kept.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                progress(f"Fetching Python packages … {min(seen, total)}/{total}")
            elif line.startswith("Installing collected"):
                progress(f"Installing Python packages … {total}")
    progress("", end=True)
    if process.returncode:
        sys.exit("".join(kept[-25:]) + "pip could not install the packages of " + lock.name + ".")
    step(f"Installed {total} packages in {time.monotonic() - began:.0f} s")


def pip(*arguments: str) -> None:
    """Run pip quietly, and aloud if it fails."""
    done = subprocess.run(
        [PYTHON, "-m", "pip", "--quiet", *arguments], check=False, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def step(text: str) -> None:
    """One line of progress."""
    print(f"  {text}", flush=True)


def progress(text: str, end: bool = False) -> None:
    """A line that rewrites itself on a terminal, and stays silent in a log."""
    if sys.stdout.isatty():
        print(f"\r\033[K{'' if end else '  ' + text}", end="", flush=True)


if __name__ == "__main__":
    main()
