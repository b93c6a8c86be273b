"""What Django answers below /gate/v1; messages and files go to the bare handler (`door.py`)."""

from django.urls import include, path

from ronda.gate import views

app_name = "gate"
urlpatterns = [
    path("messages/<uuid:message_id>", views.message_status, name="message-status"),
    path("recipient", views.recipient, name="recipient"),
    path("tokens/public", views.token_public, name="token-public"),
    path("log/", include("ronda.ledger.urls")),
]
