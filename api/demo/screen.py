"""What the rehearsal shows while it works: stages with progress bars, and what happened in each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

Advance = Callable[[int, int], None]


class Screen:
    """Writes to one console; bars only when it is a terminal. No text is ever read as markup."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._number = 0
        self.seconds: dict[str, float] = {}
        self.trustee_seconds: list[float] = []

    @contextmanager
    def stage(self, title: str, when: str = "") -> Iterator[Advance]:
        """A numbered stage; yields what to call with (done, total). `when`: its date in the rehearsal."""
        self._number += 1
        self.say()
        self.say(Text(f"{self._number}. {title}", "bold"))
        if when:
            self.say(Text(f"   {when}", "dim"))
        begun = time.perf_counter()
        columns = (TextColumn("   "), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
        console = self.console
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            yield advance
        seconds = time.perf_counter() - begun
        self.seconds[title] = seconds
        self.say(Text(f"   {seconds:.1f} s", "dim"))

    def fact(self, text: str) -> None:
        """Something that happened, as it should."""
        self._item("✓", "green", text)

    def refusal(self, text: str) -> None:
        """Something that was refused, as it should."""
        self._item("✗", "yellow", text)

    def _item(self, mark: str, style: str, text: str) -> None:
        if not self.console.is_terminal:
            self.say(Text.assemble("   ", (mark, style), " ", text))
            return
        # On a screen the second line of a long text begins where the first one does.
        row = Table.grid(padding=(0, 1, 0, 0))
        row.add_column(no_wrap=True)
        row.add_column(overflow="fold")
        row.add_row(Text(f"   {mark}", style), Text(text))
        self.say(row)

    def say(self, what: RenderableType = "") -> None:
        """Words break at a screen's edge; in a file each line stays whole."""
        self.console.print(what, markup=False, soft_wrap=not self.console.is_terminal)
