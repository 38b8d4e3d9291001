"""What can go wrong in handling cases, in words a person can act on."""

from collections.abc import Sequence

from headwater.cases.errors import CaseError


class TagRefused(CaseError):
    """A tag that cannot be used, or that nobody has made known."""

    code = "tag_refused"
    http_status = 400


class FieldRefused(CaseError):
    """A field that does not exist, or a value that it does not take."""

    code = "field_refused"
    http_status = 400


class FieldsMissing(CaseError):
    """A case is to be solved, and a field that its queue requires is empty."""

    code = "fields_missing"

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(
            f"Before this case can be solved, fill in: {', '.join(labels)}.",
            param="fields",
            hint="They stand under Tags and fields of the case.",
        )
