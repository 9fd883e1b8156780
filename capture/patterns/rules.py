"""The rules of irregular patterns (APO-25). Pure. None decides about a record: they name what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, cos, inf, radians, sin, sqrt

from capture.calendar import ZONE
from capture.patterns.seen import Place
from capture.patterns.settings import PatternLimits

HOUR = timedelta(hours=1)
EARTH_KM = 6371.0088
"""Mean radius, kilometres."""
_BEST = 1_000_000.0
"""Kilometres an hour that stand for «at the same instant»."""


class Regla(StrEnum):
    """Which pattern. The values are stable: they are stored and told."""

    IMAGEN_IDENTICA = "imagen-identica"
    IMAGEN_PARECIDA = "imagen-parecida"
    ROSTRO = "rostro-repetido"
    FIRMA = "firma-repetida"
    RITMO = "ritmo-imposible"
    DISTANCIA = "distancia-imposible"
    DISPOSITIVO = "dispositivo-compartido"
    DISPOSITIVOS = "auxiliar-con-muchos-dispositivos"
    NOCHE = "capturas-de-noche"


UNIT = {
    Regla.IMAGEN_IDENTICA: "bits distintos",
    Regla.IMAGEN_PARECIDA: "bits distintos de 256",
    Regla.ROSTRO: "coseno",
    Regla.FIRMA: "bits distintos de 256",
    Regla.RITMO: "capturas en una hora",
    Regla.DISTANCIA: "km/h",
    Regla.DISPOSITIVO: "auxiliares",
    Regla.DISPOSITIVOS: "dispositivos",
    Regla.NOCHE: "capturas",
}
"""Of the measure of a pattern."""
ALIKE = (Regla.IMAGEN_IDENTICA, Regla.IMAGEN_PARECIDA, Regla.ROSTRO, Regla.FIRMA)
"""Of what records look like; the others are of how they came."""
_LESS_IS_WORSE = frozenset(ALIKE) - {Regla.ROSTRO}


@dataclass(frozen=True, slots=True)
class Patron:
    """One finding. `objeto`: which image, or `dispositivo`, `auxiliar`; `sujeto`: which of them.

    Findings with the same first three are one pattern, which grows. `measure` in UNIT of the rule.
    """

    rule: Regla
    objeto: str
    sujeto: str
    folios: tuple[str, ...]
    measure: float


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a record was captured, and where if that is known."""

    folio: str
    capturado: datetime
    place: Place | None = None


def worse(rule: Regla, one: float, other: float) -> float:
    """The measure of a pattern with both."""
    return min(one, other) if rule in _LESS_IS_WORSE else max(one, other)


def pace(objeto: str, sujeto: str, stamps: Sequence[Stamp], folio: str, most: int) -> Patron | None:
    """The fullest 60 minutes with `folio` in them, when more than `most` were captured in it.

    `stamps`: what the device or the auxiliar captured within an hour of it, itself among them.
    """
    ordered = sorted(stamps, key=lambda stamp: (stamp.capturado, stamp.folio))
    mine = next(at for at, stamp in enumerate(ordered) if stamp.folio == folio)
    fullest: Sequence[Stamp] = ()
    end = mine
    for start in range(mine + 1):
        while end < len(ordered) and ordered[end].capturado - ordered[start].capturado < HOUR:
            end += 1
        if end > mine and end - start > len(fullest):
            fullest = ordered[start:end]
    if len(fullest) <= most:
        return None
    return Patron(Regla.RITMO, objeto, sujeto, tuple(one.folio for one in fullest), float(len(fullest)))


def journey(device: str, one: Stamp, other: Stamp, limits: PatternLimits) -> Patron | None:
    """Two captures of a device, one right after the other, that nobody travels between so fast."""
    speed = speed_kmh(one, other, limits.distance_km)
    if speed is None or speed <= limits.speed_kmh:
        return None
    return Patron(Regla.DISTANCIA, "dispositivo", device, (one.folio, other.folio), round(speed, 1))


def speed_kmh(one: Stamp, other: Stamp, least_km: float) -> float | None:
    """Kilometres an hour, at least: both places are taken as close to each other as their radius allows.

    None without two places, or when they are less than `least_km` apart.
    """
    if one.place is None or other.place is None:
        return None
    radius = (one.place.exactitud + other.place.exactitud) / 1000
    apart = distance_km(one.place, other.place) - radius
    if apart < least_km:
        return None
    hours = abs(other.capturado - one.capturado) / HOUR
    return min(_BEST, apart / hours if hours else inf)


def distance_km(one: Place, other: Place) -> float:
    """Along the surface of the earth (haversine), as if it were a sphere: up to 0.6 % off."""
    north, south = radians(one.latitud), radians(other.latitud)
    east = radians(other.longitud - one.longitud)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))


def is_night(instant: datetime, limits: PatternLimits) -> bool:
    """Whether it is night in central Mexico."""
    hour = instant.astimezone(ZONE).hour
    start, end = limits.night_from_hour, limits.night_until_hour
    return start <= hour or hour < end if start > end else start <= hour < end
