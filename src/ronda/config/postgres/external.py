"""A database that is not ours to start: its address read, tried once, and told without its password."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ronda.config.env import SettingError
from ronda.config.postgres.binaries import PostgresError

PATIENCE_S = 10


@dataclass(frozen=True)
class Address:
    """Where a database is and as whom it is entered; as text it keeps the password to itself."""

    setting: str
    name: str
    user: str
    host: str
    port: str
    password: str = field(repr=False)
    options: dict[str, str]

    @classmethod
    def read(cls, setting: str, url: str) -> Address:
        """The address in a setting; SettingError when it is none."""
        wanted = f"{setting} must look like postgresql://role:password@host:port/name."
        try:
            parts = urlsplit(url)
            port = str(parts.port or "")
        except ValueError:
            raise SettingError(wanted) from None
        if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
            raise SettingError(wanted)
        return cls._of(setting, parts, port)

    @classmethod
    def _of(cls, setting: str, parts: SplitResult, port: str) -> Address:
        query = dict(parse_qsl(parts.query))
        return cls(
            setting=setting,
            name=parts.path.strip("/"),
            user=unquote(parts.username or ""),
            host=query.pop("host", "") or parts.hostname or "",
            port=query.pop("port", "") or port,
            password=unquote(parts.password or ""),
            options=query,
        )

    def __str__(self) -> str:
        where = self.host or "the local socket"
        return (
            f"{self.name} at {where}{f':{self.port}' if self.port else ''} as {self.user or 'nobody named'}"
        )

    def require_answer(self) -> None:
        """Enter once, so that what is wrong is said at once and by its reason."""
        import psycopg
        from psycopg.conninfo import make_conninfo

        known = {"dbname": self.name, "user": self.user, "password": self.password}
        where = {"host": self.host, "port": self.port, **self.options}
        wanted = {name: value for name, value in (known | where).items() if value}
        try:
            psycopg.connect(make_conninfo("", **{"connect_timeout": str(PATIENCE_S), **wanted})).close()
        except psycopg.Error as problem:
            raise PostgresError(
                f"The database {self} cannot be used: {self._reason(problem)}. "
                f"Check {self.setting}, and whether that server runs and lets this role in."
            ) from None

    def _reason(self, problem: Exception) -> str:
        told = str(problem).strip() or type(problem).__name__
        reason = told.splitlines()[0].rstrip(".")
        return reason.replace(self.password, "…") if self.password else reason
