"""Where the database is, and the two roles Ronda uses: the weak one of the running system, the owner that migrates."""

from pathlib import Path
from typing import Any

from ronda.config import env
from ronda.config.installation import database_name
from ronda.config.postgres import PostgresServer
from ronda.config.postgres.external import Address
from ronda.kernel.postgresql.base import reset_connection

WEB, OWNER = "ronda_web", "ronda_own"


def databases(var: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` runs everything, `owner` only migrates."""
    web_url = env.text(
        "DATABASE_URL", secret=True, about="an external PostgreSQL 15 or newer, as role ronda_web"
    )
    owner_url = env.text("RONDA_OWNER_DATABASE_URL", secret=True, about="the same database as role ronda_own")
    pool = env.integer("RONDA_DB_POOL", 8, 1, 64, about="database connections of one process at most")
    if web_url:
        web = _entered(Address.read("DATABASE_URL", web_url))
        owner = _entered(Address.read("RONDA_OWNER_DATABASE_URL", owner_url or web_url))
    else:
        server = PostgresServer(var / "pg")
        name = database_name()
        web, owner = (
            {
                "NAME": name,
                "USER": role,
                "PASSWORD": "",
                "HOST": str(server.socket_dir),
                "PORT": "",
                "OPTIONS": {},
            }
            for role in (WEB, OWNER)
        )
    web["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10, "reset": reset_connection}
    return {
        "default": {**web, "ENGINE": "ronda.kernel.postgresql", "DISABLE_SERVER_SIDE_CURSORS": True},
        "owner": {**owner, "ENGINE": "django.db.backends.postgresql", "TEST": {"MIRROR": "default"}},
    }


class OwnerMigrates:
    """Tables are made by the owner only."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"


def _entered(address: Address) -> dict[str, Any]:
    return {
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "OPTIONS": dict(address.options),
    }
