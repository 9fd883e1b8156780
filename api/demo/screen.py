"""What the rehearsal shows while it works: stages with progress bars, and what happened in each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Advance = Callable[[int, int], None]


class Screen:
    """Writes to one console; bars only when it is a terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._number = 0
        self.seconds: dict[str, float] = {}
        self.trustee_seconds: list[float] = []

    @contextmanager
    def stage(self, title: str) -> Iterator[Advance]:
        """A numbered stage; yields what to call with (done, total)."""
        self._number += 1
        self.console.print(f"\n[bold]{self._number}. {title}[/bold]")
        begun = time.perf_counter()
        columns = (TextColumn("   "), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True) as progress:
            task = progress.add_task("", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            yield advance
        seconds = time.perf_counter() - begun
        self.seconds[title] = seconds
        self.console.print(f"   [dim]{seconds:.1f} s[/dim]")

    def fact(self, text: str) -> None:
        """Something that happened, as it should."""
        self.console.print(f"   [green]✓[/green] {escape(text)}", soft_wrap=True)

    def refusal(self, text: str) -> None:
        """Something that was refused, as it should."""
        self.console.print(f"   [yellow]✗[/yellow] {escape(text)}", soft_wrap=True)
