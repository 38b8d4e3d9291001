from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "headwater.channels"
    label = "channels"
