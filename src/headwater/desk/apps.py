"""Registers the desk's templates and static files."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """No models: everything the desk shows lives in the rooms below."""

    name = "headwater.desk"
    label = "desk"
