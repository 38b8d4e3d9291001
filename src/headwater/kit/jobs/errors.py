"""What goes wrong with background work."""

from headwater.kit.errors import HeadwaterError


class UnknownJob(HeadwaterError):
    """A job was enqueued under a name that no module registers."""

    code = "unknown_job"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No handler is registered for the job {name!r}.",
            param="name",
            hint="Decorate one with @job and list its module in settings.JOB_MODULES.",
        )


class GiveUp(HeadwaterError):
    """Raised by a handler when trying again cannot help: the job is dead at once."""

    code = "give_up"
