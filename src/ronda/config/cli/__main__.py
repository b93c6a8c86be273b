"""`python -m ronda.config.cli`, for where the console script is not installed."""

from ronda.config.cli import main

main()
