from django.apps import AppConfig


class DiagnosisConfig(AppConfig):
    name = "headwater.diagnosis"
    label = "diagnosis"
