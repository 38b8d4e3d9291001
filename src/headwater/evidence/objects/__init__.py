"""A lake in an object store: listed and read by a library of ours, never by the engine itself."""

from typing import TYPE_CHECKING

from headwater.evidence.errors import StoreNotFound

if TYPE_CHECKING:
    from headwater.evidence.objects.folder import ObjectFolder


def open_objects(address: str) -> "ObjectFolder":
    """The lake at a checked address. Raises StoreNotFound where the extra is not installed."""
    try:
        from headwater.evidence.objects.folder import ObjectFolder
    except ImportError as error:
        raise StoreNotFound(
            f"To read {address} the packages obstore and fsspec are needed.",
            param="evidence",
            hint="Install Headwater with its extra `objectstore`: "
            "pip install 'headwater[objectstore]'.",
        ) from error
    return ObjectFolder(address)


__all__ = ["open_objects"]
