"""The folder of a rehearsal: never somebody else's, one rehearsal at a time, whatever killed the last one."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from api.demo.output_folder import MARK, reserved
from api.demo.screen import Screen
from keys.errors import FormatRefusal

FINISHED = "tiempos.json"
HOLD = """
import sys, time
from pathlib import Path
from rich.console import Console
from api.demo.output_folder import reserved
from api.demo.screen import Screen
with reserved(Path(sys.argv[1]), Screen(Console()), "tiempos.json"):
    Path(sys.argv[1], "custodios").mkdir()
    print("listo", flush=True)
    time.sleep(60)
"""


def hold(folder: Path) -> str:
    """Reserve the folder for an instant, and say what the person read."""
    told = io.StringIO()
    with reserved(folder, Screen(Console(file=told)), FINISHED):
        assert [path.name for path in folder.iterdir()] == [MARK]
        (folder / "publico").mkdir()
        (folder / "publico" / "consulta.json").write_text("{}")
    return told.getvalue()


def test_an_earlier_rehearsal_is_removed_aloud_and_one_cut_short_is_told_apart(tmp_path: Path) -> None:
    assert hold(tmp_path / "nueva" / "salida") == ""
    assert "que quedó a medias" in hold(tmp_path / "nueva" / "salida")
    (tmp_path / "nueva" / "salida" / FINISHED).write_text("{}")
    told = hold(tmp_path / "nueva" / "salida")
    assert "Se borra el ensayo anterior: " in told
    assert "a medias" not in told


@pytest.mark.parametrize("what", ["archivo", "ajena"])
def test_what_no_rehearsal_made_stays(tmp_path: Path, what: str) -> None:
    mine = tmp_path / "mía"
    if what == "archivo":
        mine.write_text("años de trabajo")
    else:
        mine.mkdir()
        (mine / "tesis.txt").write_text("años de trabajo")
    with pytest.raises(FormatRefusal):
        hold(mine)
    kept = mine if what == "archivo" else mine / "tesis.txt"
    assert kept.read_text() == "años de trabajo"


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "ajeno").mkdir()
    (tmp_path / "ajeno" / "tesis.txt").write_text("años de trabajo")
    hold(tmp_path / "real")
    (tmp_path / "real" / "enlace").symlink_to(tmp_path / "ajeno")
    (tmp_path / "salida").symlink_to(tmp_path / "real")
    hold(tmp_path / "salida")
    assert (tmp_path / "salida").is_symlink()
    assert (tmp_path / "ajeno" / "tesis.txt").read_text() == "años de trabajo"


def test_a_second_rehearsal_waits_for_nobody_and_spoils_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "salida"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE) as first:
        assert first.stdout is not None and first.stdout.readline() == b"listo\n"
        with pytest.raises(FormatRefusal, match="otro ensayo en marcha"):
            hold(folder)
        assert (folder / "custodios").is_dir()
        os.kill(first.pid, signal.SIGKILL)
    assert "que quedó a medias" in hold(folder)


def test_killed_while_removing_the_next_one_may_still_remove(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(tmp_path / "salida")
    (tmp_path / "salida" / FINISHED).write_text("{}")

    def killed(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.demo.output_folder.shutil.rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        hold(tmp_path / "salida")
    monkeypatch.undo()
    assert not (tmp_path / "salida" / FINISHED).exists()
    assert "que quedó a medias" in hold(tmp_path / "salida")


def test_who_interrupts_learns_what_becomes_of_the_folder(tmp_path: Path) -> None:
    told = io.StringIO()
    with pytest.raises(KeyboardInterrupt), reserved(tmp_path, Screen(Console(file=told)), FINISHED):
        raise KeyboardInterrupt
    assert "quedó a medias" in told.getvalue()
