"""What the engine sees of an object store: the listed objects, to be read and nothing else.

The engine itself has no network and no credentials; every byte it asks for passes here.
"""

import threading
from datetime import datetime
from typing import Any, Protocol

from fsspec import AbstractFileSystem

PROTOCOL = "lake"
_ROOT = "objects/"


class Source(Protocol):
    """What was listed, by path, and how its bytes are read."""

    listed: dict[str, Any]

    def read(self, path: str, start: int, size: int) -> bytes:
        """Bytes of a listed object. Raises OSError."""
        ...


class ListedObjects(AbstractFileSystem):  # type: ignore[misc]
    """A filesystem of listed objects. Whatever else is asked for does not exist."""

    protocol = (PROTOCOL,)
    cachable = False

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Size and time of one object. Raises FileNotFoundError."""
        key = self._key(path)
        known = self._source.listed[key]
        return {"name": path, "size": known.bytes, "type": "file", "mtime": known.modified}

    def exists(self, path: str, **_: Any) -> bool:
        """Whether the object was listed."""
        return path.removeprefix(f"{PROTOCOL}://").removeprefix(_ROOT) in self._source.listed

    def modified(self, path: str) -> datetime:
        """When the object was written."""
        moment: datetime = self._source.listed[self._key(path)].modified
        return moment

    def glob(self, path: str, **_: Any) -> list[str]:
        """The object of that very name: patterns are never followed."""
        return [path] if self.exists(path) else []

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        """Nothing can be listed from here."""
        raise PermissionError(path)

    def _open(self, path: str, mode: str = "rb", **_: Any) -> "_Reader":
        if mode != "rb":
            raise PermissionError("The lake is read-only.")
        key = self._key(path)
        return _Reader(self._source, key, self._source.listed[key].bytes)

    def _key(self, path: str) -> str:
        key: str = path.removeprefix(f"{PROTOCOL}://").removeprefix(_ROOT)
        if key not in self._source.listed:
            raise FileNotFoundError(path)
        return key


class _Reader:
    """An open object. Each thread has its own place in it: the engine seeks, then reads."""

    def __init__(self, source: Source, path: str, size: int) -> None:
        self._source = source
        self._path = path
        self.size = size
        self._at = threading.local()

    def seek(self, offset: int, whence: int = 0) -> int:
        """The new place in bytes."""
        start = {0: 0, 1: self.tell(), 2: self.size}[whence]
        self._at.place = start + offset
        return start + offset

    def tell(self) -> int:
        """The place in bytes."""
        place: int = getattr(self._at, "place", 0)
        return place

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises OSError."""
        place = self.tell()
        data = self._source.read(self._path, place, self.size if size < 0 else size)
        self._at.place = place + len(data)
        return data

    def close(self) -> None:
        """Nothing is held."""
