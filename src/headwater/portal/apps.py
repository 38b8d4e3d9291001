"""Registers the portal's templates."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """No models: the accounts room owns links and their proof."""

    name = "headwater.portal"
    label = "portal"
