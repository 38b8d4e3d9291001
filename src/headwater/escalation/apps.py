from django.apps import AppConfig


class EscalationConfig(AppConfig):
    name = "headwater.escalation"
    label = "escalation"
