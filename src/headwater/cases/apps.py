from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "headwater.cases"
    label = "cases"
