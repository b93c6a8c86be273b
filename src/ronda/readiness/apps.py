from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "ronda.readiness"
    label = "readiness"
    verbose_name = "Ronda readiness"

    def ready(self) -> None:
        from ronda.readiness import subscribers
        from ronda.readiness.services import leaving

        subscribers.connect()
        leaving.connect()
