from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "headwater.kit.outbox"
    label = "outbox"
