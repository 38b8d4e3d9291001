"""The folder of a lake in an object store: its manifest, its listing, its objects' bytes."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from obstore import store as stores
from obstore.exceptions import BaseError, PreconditionError

from headwater.evidence.errors import StoreNotFound
from headwater.evidence.folders import DataFile, Entry, is_data
from headwater.evidence.layout.manifest import MANIFEST, Manifest, parse_manifest
from headwater.evidence.objects.address import may_speak_plainly
from headwater.evidence.objects.blocks import Blocks
from headwater.evidence.objects.filesystem import PROTOCOL, ListedObjects

_CLIENT = {"connect_timeout": "5s", "timeout": "60s"}
_RETRY: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
# What a commit writes is never changed, so its time says nothing; the engine wants one.
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_CODES = (re.compile(r"<Code>(\w+)</Code>"), re.compile(r"status code: (\d{3} [A-Z][A-Za-z ]+)"))


@dataclass(frozen=True, slots=True)
class Listed:
    """An object that was listed: its size, when it was written, and its tag where known."""

    bytes: int
    modified: datetime
    tag: str | None


class ObjectFolder:
    """The objects below one address. Only what the last scan has listed can be opened."""

    root = f"{PROTOCOL}://objects"
    rescan_seconds = 30.0

    def __init__(self, address: str) -> None:
        self._address = address
        self._lists = urlsplit(address).scheme not in ("http", "https")
        self._store = _open(address)
        self._trouble: str | None = None
        self._blocks = Blocks()
        self.listed: dict[str, Listed] = {}

    def manifest(self) -> Manifest | None:
        """The manifest, with which a scan begins anew. Raises LakeDamaged, StoreNotFound."""
        self.listed = {}
        try:
            text = bytes(self._store.get(MANIFEST).bytes()).decode("utf-8", "replace")
        except FileNotFoundError as error:
            if self._lists:
                return None
            raise StoreNotFound(
                f"{self._address} has no {MANIFEST}, and a web server cannot be listed.",
                param="evidence",
                hint="Give the folder of a lake that Headwater has written, or an object store.",
            ) from error
        except (BaseError, OSError) as error:
            raise self._unreadable(error) from error
        manifest = parse_manifest(text, f"{self._address}/{MANIFEST}")
        for entries in manifest.tables.values():
            for each in entries:
                self.listed[each.path] = Listed(each.bytes, _LONG_AGO, None)
        return manifest

    def entries(self) -> list[Entry]:
        """What lies there directly, by name. Raises StoreNotFound."""
        if not self._lists:
            return []
        try:
            found = self._store.list_with_delimiter()
        except (BaseError, OSError) as error:
            raise self._unreadable(error) from error
        folders = [Entry(path, True) for path in found["common_prefixes"]]
        files = [Entry(each["path"], False) for each in found["objects"]]
        if not folders and not files:
            raise StoreNotFound(
                f"There is nothing at {self._address}.",
                param="evidence",
                hint="Give the address of the folder that holds a table's files or folder each.",
            )
        return sorted(folders + files, key=lambda each: each.name)

    def files(self, entry: Entry) -> list[DataFile]:
        """The Parquet files of an entry, sorted. Raises StoreNotFound."""
        try:
            found = (
                [each for part in self._store.list(f"{entry.name}/") for each in part]
                if entry.is_folder
                else [self._store.head(entry.name)]
            )
        except (BaseError, OSError) as error:
            raise self._unreadable(error) from error
        files = []
        for each in sorted(found, key=lambda each: each["path"]):
            path, tag = each["path"], each["e_tag"]
            if not path.endswith(".parquet") or not all(map(is_data, path.split("/"))):
                continue
            self.listed[path] = Listed(each["size"], each["last_modified"], tag)
            stamp = tag or each["last_modified"].isoformat()
            files.append(DataFile(f"{self.root}/{path}", each["size"], stamp))
        return files

    def let_in(self, connection: Any) -> None:
        """Gives an engine the listed objects under a scheme that nothing else claims."""
        connection.register_filesystem(ListedObjects(self))

    def read(self, path: str, start: int, size: int) -> bytes:
        """Bytes of a listed object. Raises OSError; the reason is told by `trouble`."""
        known = self.listed[path]
        end = min(start + size, known.bytes)
        if start >= end:
            return b""

        def fetch(low: int, high: int) -> bytes:
            return self._fetch(path, known, low, high)

        return self._blocks.read((path, known.tag), start, end, known.bytes, fetch)

    def _fetch(self, path: str, known: Listed, start: int, end: int) -> bytes:
        options: Any = {"range": (start, end), **({"if_match": known.tag} if known.tag else {})}
        try:
            data = bytes(self._store.get(path, options=options).bytes())
        except (FileNotFoundError, PreconditionError) as error:
            self._trouble = f"{path} was replaced in the object store while it was read."
            raise OSError(self._trouble) from error
        except (BaseError, OSError) as error:
            self._trouble = str(self._unreadable(error))
            raise OSError(self._trouble) from error
        if len(data) != end - start:
            self._trouble = f"{path} is shorter in the object store than the manifest says."
            raise OSError(self._trouble)
        return data

    def trouble(self) -> str | None:
        """Why reading last failed, as a sentence; told once."""
        told, self._trouble = self._trouble, None
        return told

    def _unreadable(self, error: Exception) -> StoreNotFound:
        """What to say of the store's answer. Its text is left out: it repeats the request."""
        found = next(filter(None, (code.search(str(error)) for code in _CODES)), None)
        said = f"the store answers {found[1]}" if found else "no answer"
        return StoreNotFound(
            f"{self._address} cannot be read: {said}.",
            param="evidence",
            hint="Check the address, the credentials and the region in the environment.",
        )


def _open(address: str) -> Any:
    parts = urlsplit(address)
    client: Any = {**_CLIENT, "allow_http": may_speak_plainly(address, os.environ)}
    prefix = parts.path.strip("/") or None
    options: dict[str, Any] = {"client_options": client, "retry_config": _RETRY}
    try:
        match parts.scheme:
            case "s3":
                return stores.S3Store(parts.netloc, prefix=prefix, **options)
            case "gs":
                return stores.GCSStore(parts.netloc, prefix=prefix, **options)
            case "az":
                return stores.AzureStore(parts.netloc, prefix=prefix, **options)
        return stores.HTTPStore.from_url(address, **options)
    except (BaseError, ValueError) as error:
        raise StoreNotFound(
            f"{address} cannot be opened with what the environment says.",
            param="evidence",
            hint="docs/evidence.md lists the variables for each kind of object store.",
        ) from error
