"""What can go wrong with answers and macros, in words a person can act on."""

from headwater.kit.errors import HeadwaterError


class LibraryRefused(HeadwaterError):
    """An answer or a macro that cannot be kept as it is written."""

    code = "library_refused"
    http_status = 400


class NotInLibrary(HeadwaterError):
    """No answer or macro of that name."""

    code = "not_in_library"
    http_status = 404


class NotYours(HeadwaterError):
    """Only leads change what everybody sends."""

    code = "library_not_yours"
    http_status = 403


class CannotFill(HeadwaterError):
    """The case does not know what a text needs, so it would have a hole."""

    code = "cannot_fill"
    http_status = 409


class CannotUse(HeadwaterError):
    """The case, or what was done meanwhile, does not allow it."""

    code = "cannot_use"
    http_status = 409
