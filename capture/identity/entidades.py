"""The catalogue of entidades federativas: two digits, name and the two letters of the CURP."""

from __future__ import annotations

from dataclasses import dataclass

from capture.identity.errors import IdentityRefusal, described


@dataclass(frozen=True, slots=True)
class Entidad:
    """A state of the federation. `curp`: its two letters in a CURP; `siglas`: three letters for folios."""

    clave: str
    nombre: str
    curp: str
    siglas: str


_ROWS = """\
01 AS AGS Aguascalientes
02 BC BCN Baja California
03 BS BCS Baja California Sur
04 CC CAM Campeche
05 CL COA Coahuila
06 CM COL Colima
07 CS CHS Chiapas
08 CH CHI Chihuahua
09 DF CMX Ciudad de México
10 DG DGO Durango
11 GT GTO Guanajuato
12 GR GRO Guerrero
13 HG HGO Hidalgo
14 JC JAL Jalisco
15 MC MEX México
16 MN MIC Michoacán
17 MS MOR Morelos
18 NT NAY Nayarit
19 NL NLE Nuevo León
20 OC OAX Oaxaca
21 PL PUE Puebla
22 QT QRO Querétaro
23 QR ROO Quintana Roo
24 SP SLP San Luis Potosí
25 SL SIN Sinaloa
26 SR SON Sonora
27 TC TAB Tabasco
28 TS TAM Tamaulipas
29 TL TLX Tlaxcala
30 VZ VER Veracruz
31 YN YUC Yucatán
32 ZS ZAC Zacatecas"""

ENTIDADES = {row[:2]: Entidad(row[:2], row[10:], row[3:5], row[6:9]) for row in _ROWS.splitlines()}
"""The 32, by their two digits."""
ABROAD = frozenset({"87", "88"})
"""Births abroad in a clave de elector."""
CURP_ABROAD = "NE"
"""Births abroad in a CURP."""
BY_CURP = {entidad.curp: entidad for entidad in ENTIDADES.values()}


def entidad(text: str, field: str = "Entidad") -> str:
    """The two digits of one of the 32; a single digit is completed («7» is «07»)."""
    clave = text.strip().zfill(2)
    if clave not in ENTIDADES:
        raise IdentityRefusal("entidad", field, "una clave de entidad de 01 a 32", described(text))
    return clave
