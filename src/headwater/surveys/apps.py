from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "headwater.surveys"
    label = "surveys"
