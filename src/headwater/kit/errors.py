"""One error tree. Every error says what was wrong and what to do next."""


class HeadwaterError(Exception):
    """A failure that a person can act on.

    `code` is stable and machine-readable, `param` names the input at fault, `hint` the next step.
    """

    code = "error"
    http_status = 400

    def __init__(self, message: str, *, param: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    def as_dict(self) -> dict[str, str | None]:
        """The same object for web, API and command line."""
        return {
            "code": self.code,
            "message": self.message,
            "param": self.param,
            "hint": self.hint,
        }
