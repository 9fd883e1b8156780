"""A whole log against its checkpoint: every entry, every tile of every level, the root (VER-02).

Goes once through the entries in constant memory: of each level of tiles it keeps the one being filled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS
from certeza_verifier.tlog import merkle, tiles
from certeza_verifier.tlog.checkpoint import Checkpoint
from certeza_verifier.tlog.reader import Reader
from certeza_verifier.tlog.tiles import WIDTH

OnEntry = Callable[[int, bytes], None]
_AHEAD = 8
_LEVELS = 8
Half = list[bytes] | Failure


class _Enough(Exception):  # noqa: N818
    """Too much is broken to go on."""


def _or_failure(action: Callable[[int], list[bytes]], index: int) -> Half:
    try:
        return action(index)
    except Failure as failure:
        return failure


class Walk:
    """`run` fills `failures`; `on_entry` sees index and bytes of every entry, right or wrong."""

    def __init__(
        self,
        reader: Reader,
        checkpoint: Checkpoint,
        on_entry: OnEntry | None = None,
        advance: Callable[[int], None] | None = None,
    ) -> None:
        self._reader = reader
        self._checkpoint = checkpoint
        self._on_entry = on_entry
        self._tell = advance
        self._levels: list[list[bytes]] = [[] for _ in range(_LEVELS)]
        self._filled = [0] * _LEVELS
        self.failures: list[Failure] = []
        self.entries = self.tiles = 0

    @property
    def edge(self) -> merkle.CompactRange:
        """The compact range of what has been walked."""
        return edge_of(self._levels)

    def resume(self, size: int, known: merkle.CompactRange) -> bool:
        """Starts at the bundle of entry `size` if the tiles still hold the tree known of before, whose
        compact range is `known`; the entries of that bundle are all read again.
        """
        try:
            levels = [self._reader.tile(0, size // WIDTH)[: size % WIDTH] if size % WIDTH else []]
            for level in range(1, _LEVELS):
                width, index = tiles.span(size, level) % WIDTH, tiles.span(size, level) // WIDTH
                levels.append(self._reader.tile(level, index)[:width] if width else [])
        except Failure:
            return False
        if edge_of(levels).hashes != known.hashes:
            return False
        self._levels = [[], *levels[1:]]
        self._filled = [tiles.span(size, level) // WIDTH for level in range(_LEVELS)]
        return True

    def run(self) -> None:
        """To the end of the log, or until too much is broken. Raises NotJudged when it cannot be read."""
        try:
            self._bundles()
            self._edges()
            got = self.edge.root()
            if got != self._checkpoint.root:
                size = self._checkpoint.size
                expected = f"raíz {self._checkpoint.root.hex()} de {size} entradas"
                self._fail(Failure("bitacora-raiz", self._checkpoint.place, expected, got.hex()))
        except _Enough:
            pass

    def _fail(self, failure: Failure) -> None:
        self.failures.append(failure)
        if len(self.failures) >= LIMITS.findings:
            raise _Enough

    # --- entries and level 0 ---

    def _bundles(self) -> None:
        for index, hashes, entries in self._halves():
            leaves = self._leaves(index, hashes, entries)
            self.tiles += 1
            self.entries += len(leaves)
            if self._tell:
                self._tell(len(leaves))
            if len(leaves) < WIDTH:
                self._levels[0] = leaves
            else:
                self._filled[0] += 1
                self._push(1, merkle.perfect(leaves))

    def _halves(self) -> Iterator[tuple[int, Half, Half]]:
        """Each level-0 tile with its bundle; from an address, a few are asked for at once."""
        wanted = range(self._filled[0], -(-self._reader.size // WIDTH))
        read, source = self._read, self._reader.source
        if not source.remote:
            yield from map(read, wanted)
            return
        with ThreadPoolExecutor(_AHEAD) as executor:
            flying: deque[Future[tuple[int, Half, Half]]] = deque()
            try:
                for index in wanted:
                    flying.append(executor.submit(read, index))
                    if len(flying) > _AHEAD:
                        yield flying.popleft().result()
                while flying:
                    yield flying.popleft().result()
            finally:
                executor.shutdown(cancel_futures=True)

    def _read(self, index: int) -> tuple[int, Half, Half]:
        reader = Reader(self._reader.source, self._reader.size)  # its memory of tiles is not for threads
        return index, _or_failure(lambda i: reader.tile(0, i), index), _or_failure(reader.bundle, index)

    def _leaves(self, index: int, hashes: Half, entries: Half) -> list[bytes]:
        """Leaf hashes of a tile: the tile's own, or those of the entries when the tile is not there."""
        for half in (hashes, entries):
            if isinstance(half, Failure):
                self._fail(half)
        if isinstance(entries, Failure):
            if isinstance(hashes, Failure):
                raise _Enough  # nothing tells what is there
            return hashes
        leaves = [merkle.leaf(entry) for entry in entries]
        for i, entry in enumerate(entries):
            if self._on_entry:
                self._on_entry(index * WIDTH + i, entry)
        if isinstance(hashes, Failure):
            return leaves
        if leaves != hashes:
            self._differ(index, hashes, leaves)
        return hashes

    def _differ(self, index: int, hashes: list[bytes], leaves: list[bytes]) -> None:
        for i, (expected, got) in enumerate(zip(hashes, leaves, strict=True)):
            if expected != got:
                name = tiles.name(0, index, len(leaves))
                place = f"entrada {index * WIDTH + i} ({name}, hash {i})"
                self._fail(Failure("paquete-entrada", place, expected.hex(), got.hex()))

    # --- levels above ---

    def _push(self, level: int, value: bytes) -> None:
        row = self._levels[level]
        row.append(value)
        if len(row) < WIDTH:
            return
        self._compare(level, row)
        self._levels[level] = []
        self._filled[level] += 1
        self._push(level + 1, merkle.perfect(row))

    def _edges(self) -> None:
        for level in range(1, _LEVELS):
            if self._levels[level]:
                self._compare(level, self._levels[level])

    def _compare(self, level: int, row: list[bytes]) -> None:
        index = self._filled[level]
        self.tiles += 1
        published = _or_failure(lambda i: self._reader.tile(level, i), index)
        if isinstance(published, Failure):
            self._fail(published)
            return
        for i, (expected, got) in enumerate(zip(row, published, strict=True)):
            if expected != got:
                place = f"{tiles.name(level, index, len(row))}, hash {i}"
                self._fail(Failure("tesela-hash", place, expected.hex(), got.hex()))


def edge_of(levels: list[list[bytes]]) -> merkle.CompactRange:
    """The compact range of a tree from the last hashes of each level of tiles."""
    edge = merkle.CompactRange()
    for level in range(len(levels) - 1, -1, -1):
        for value in levels[level]:
            edge.push(8 * level, value)
    return edge
