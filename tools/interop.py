#!/usr/bin/env python3
"""Make sure the other people's programs that `make test-interop` talks to are here."""

import os
import shutil
import subprocess
import sys

PROGRAMS = {"khal": "khal"}  # program -> Debian package


def main() -> None:
    """Install what is missing as root, else say in one sentence what to install."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"  Installing {', '.join(missing)} …", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
            subprocess.run(
                ["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL, check=False
            )
        missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if missing:
        sys.exit(
            f"These tests need {', '.join(missing)}: install it (Debian: apt install {' '.join(missing)})."
        )


if __name__ == "__main__":
    main()
