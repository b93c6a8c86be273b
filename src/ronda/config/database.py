"""Where the database is, and the two roles Ronda uses: the weak one of the running system, the owner that migrates."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ronda.config import env
from ronda.config.postgres import PostgresServer
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
        web, owner = _from_url(web_url), _from_url(owner_url or web_url)
    else:
        server = PostgresServer(var / "pg")
        name = os.environ.get("RONDA_DB_NAME", "ronda")
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


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise env.SettingError("DATABASE_URL must look like postgresql://role:password@host:port/name.")
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }
