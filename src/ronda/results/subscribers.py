"""The gate's batches of kinds `sheet` and `recap` become copies."""


def connect() -> None:
    """Called once when the application is ready."""
