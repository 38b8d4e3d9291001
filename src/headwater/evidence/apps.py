from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "headwater.evidence"
    label = "evidence"
