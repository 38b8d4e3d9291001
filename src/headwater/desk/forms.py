"""What the desk's forms accept. They check shape only; rules are the acts' business."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from headwater.diagnosis.playbooks import Playbook

UNKNOWN_CAUSE = "unknown"


def _styled(field: forms.Field, **attrs: str) -> forms.Field:
    field.widget.attrs.update({"class": "input", **attrs})
    return field


class SignInForm(forms.Form):
    """Address and password."""

    email = _styled(
        forms.EmailField(label=_("Email"), widget=forms.EmailInput),
        autocomplete="username",
        autofocus="autofocus",
    )
    password = _styled(
        forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput),
        autocomplete="current-password",
    )


class SolveForm(forms.Form):
    """The confirmed cause and its area; with `sending`, also the reply that goes out with it."""

    reply_body = _styled(
        forms.CharField(label=_("Your reply, sent as you solve"), widget=forms.Textarea)
    )

    cause = _styled(forms.ChoiceField(label=_("Cause")))
    area = _styled(
        forms.CharField(
            label=_("Area"),
            max_length=64,
            help_text=_("The part of the product, such as webhooks or payouts."),
        )
    )

    def __init__(
        self,
        *args: Any,
        playbooks: dict[str, Playbook],
        likely: list[str],
        sending: bool,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.sending = sending
        if not sending:
            del self.fields["reply_body"]
        cause = self.fields["cause"]
        assert isinstance(cause, forms.ChoiceField)  # noqa: S101 - narrows the type only
        found = [(name, playbooks[name].title) for name in likely if name in playbooks]
        rest = sorted(
            ((name, page.title) for name, page in playbooks.items() if name not in likely),
            key=lambda item: item[1],
        )
        cause.choices = [
            *([(str(_("Found in the evidence")), found)] if found else []),
            (str(_("Other playbooks")), rest),
            (
                str(_("Something else")),
                [(UNKNOWN_CAUSE, str(_("A cause that no playbook knows yet")))],
            ),
        ]
        self.areas = sorted({page.area for page in playbooks.values()})
