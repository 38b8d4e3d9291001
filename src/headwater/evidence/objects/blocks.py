"""Bytes of objects in blocks, the latest kept, since one diagnosis asks for the same again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

# A row group's column is smaller than a block, and neighbours are mostly asked for next.
BLOCK = 128 * 1024
_KEPT_BYTES = 256 * 1024 * 1024
# A scan of everybody passes by: it would only drive out what is asked for again.
_LARGEST = 32 * BLOCK

Fetch = Callable[[int, int], bytes]


class Blocks:
    """Keeps the blocks used last. Safe to share between threads."""

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self._most = max(kept_bytes // BLOCK, 1)
        self._kept: OrderedDict[tuple[Hashable, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, of: Hashable, start: int, end: int, size: int, fetch: Fetch) -> bytes:
        """The bytes from `start` to `end` of an object of `size` bytes.

        `of` names the object and its content; `fetch` gets a span that lies in it, and may raise.
        """
        if end - start > _LARGEST:
            return fetch(start, end)
        first, last = start // BLOCK, (end - 1) // BLOCK
        found = {at: self._take((of, at)) for at in range(first, last + 1)}
        missing = [at for at, data in found.items() if data is None]
        if missing:
            low, high = missing[0], missing[-1] + 1
            data = fetch(low * BLOCK, min(high * BLOCK, size))
            for at in range(low, high):
                found[at] = data[(at - low) * BLOCK : (at - low + 1) * BLOCK]
                self._keep((of, at), found[at] or b"")
        whole = b"".join(data or b"" for data in found.values())
        return whole[start - first * BLOCK : end - first * BLOCK]

    def _take(self, key: tuple[Hashable, int]) -> bytes | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: tuple[Hashable, int], data: bytes) -> None:
        with self._lock:
            self._kept[key] = data
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
