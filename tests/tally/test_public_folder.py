"""The public folder while it is being written: what a crash leaves is never among the published files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tally.public_folder import PublicFolder
from tally.setup import Unidad

UNIDAD = Unidad("01-001", "Norte", "UNO", ("Parque",))


class Killed(BaseException):
    """SIGKILL: nothing after it runs."""


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends when the temporary file is whole and has not got its name yet."""

    def kill(self: Path, target: Path) -> None:
        raise Killed

    monkeypatch.setattr(Path, "replace", kill)
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)


@pytest.mark.usefixtures("killed")
def test_a_killed_writer_leaves_nothing_in_the_folders_that_are_counted(tmp_path: Path) -> None:
    public = PublicFolder(tmp_path / "consulta")
    with pytest.raises(Killed):
        public.write(public.acta_file(UNIDAD), b"{}")
    with pytest.raises(Killed):
        public.create_archive(UNIDAD, b"BELENIOS")
    assert list((public.root / "actas").iterdir()) == []
    assert list((public.root / "urna").iterdir()) == []
    assert len(list(public.unfinished.iterdir())) == 2


def test_what_is_written_outside_stays_on_its_own_medium(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[tuple[Path, Path]] = []
    real = Path.replace
    monkeypatch.setattr(Path, "replace", lambda a, b: (moved.append((a, b)), real(a, b))[1])
    public = PublicFolder(tmp_path / "consulta")
    public.write(tmp_path / "memoria" / "aportacion.jsonl", b"{}")
    public.write(public.consultation_file, b"{}")
    assert [a.parent == b.parent for a, b in moved] == [True, True]
    assert not public.unfinished.exists()
