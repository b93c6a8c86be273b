from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "ronda.evidence"

    def ready(self) -> None:
        from ronda.evidence.subscribers import connect

        connect()
