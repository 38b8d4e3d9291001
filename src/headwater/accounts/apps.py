from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "headwater.accounts"
    label = "accounts"
