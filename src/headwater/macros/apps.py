from django.apps import AppConfig


class MacrosConfig(AppConfig):
    name = "headwater.macros"
    label = "macros"
