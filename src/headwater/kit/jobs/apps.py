from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "headwater.kit.jobs"
    label = "jobs"
