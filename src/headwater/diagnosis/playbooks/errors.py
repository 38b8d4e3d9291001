"""What can be wrong with a playbook page or its test data."""

from pathlib import Path

from headwater.kit.errors import HeadwaterError


class PlaybookInvalid(HeadwaterError):
    """A page that cannot be used. `file` and `line` (1-based) say where to look."""

    code = "playbook_invalid"

    def __init__(
        self, message: str, *, file: Path, line: int, param: str | None = None, hint: str = ""
    ) -> None:
        super().__init__(f"{file}:{line}: {message}", param=param, hint=hint or None)
        self.file = file
        self.line = line


class PlaybooksMissing(HeadwaterError):
    """The playbook folder, or one playbook in it, is not there."""

    code = "playbooks_missing"
    http_status = 404


class PlaybooksRefused(HeadwaterError):
    """A page that cannot be started under that name."""

    code = "playbooks_refused"
