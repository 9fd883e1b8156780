"""The Jornada presencial over HTTP: who already opined, what Mesas counted, sums of small urns, actas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api.demo.actas import district_folder
from api.demo.acting import Staff
from api.demo.errors import UnexpectedOutcome
from api.demo.mesas import invented, own_key, signer_of
from api.demo.plan import ABSENT, WRONG
from api.demo.sei import machines
from api.demo.sei.custodios import Custodio, opened
from api.demo.sei.form import district_of
from api.demo.sei.offices import Offices
from api.demo.sei.people import Voter
from api.demo.sei.plan import Territory
from api.demo.sei.town import SeiTown
from keys.group import group_named
from keys.randomness import SystemRandomness
from tally.consulta.cronograma import local
from tally.consultation import Consultation, Urn
from tally.mesa.count import MesaCount
from tally.public_folder import PublicFolder
from tally.small_urns_mesa import seal_totals
from tally.small_urns_totals import TotalsMaker


def set_mesa_keys(town: SeiTown, offices: Offices, territory: Territory) -> None:
    """Who captures the Mesas of each demarcación makes a key; the private part stays there."""
    for demarcacion in sorted({u.demarcacion for u in territory.unidades if u.proyectos}):
        public = own_key(town.plan.base, demarcacion)
        client = offices.districts[district_of(demarcacion)].client
        client.put(f"{town.consulta}/mesas/llave", {"demarcacion": demarcacion, "llave": public})


@dataclass
class Jornada:
    """What the Mesas of a consultation do. `counts`: on paper, invented, by clave of the UT."""

    town: SeiTown
    offices: Offices
    consultation: Consultation
    counts: dict[str, MesaCount]
    small: tuple[str, ...] = ()

    @classmethod
    def of(cls, town: SeiTown, offices: Offices) -> Jornada:
        """Of the consultation that was published."""
        consultation = PublicFolder(town.plan.base.public).consultation()
        counts = {urn.unidad.clave: invented(town.plan.base, urn) for urn in consultation.urns}
        return cls(town, offices, consultation, counts)

    def district(self, urn: Urn) -> Staff:
        """The Dirección Distrital of a UT."""
        return self.offices.districts[district_of(urn.unidad.demarcacion)]

    def look_up(self, opined: Voter, silent: Voter) -> None:
        """Who opined by internet must not opine again, and nobody else is turned away (SEI-24)."""
        for who, may in ((opined, False), (silent, True)):
            urn = next(u for u in self.consultation.urns if u.unidad.clave == who.unidad)
            path = f"{self.town.consulta}/mesas/{who.unidad}/personas"
            told = self._mesa(urn).client.post(path, {"clave_elector": who.clave_elector})
            if told != {"puede_opinar": may}:
                raise UnexpectedOutcome(f"la Mesa de la UT {who.unidad} respondió {told}")

    def capture(self, advance: Callable[[int, int], None]) -> str | None:
        """In clear where the urn was opened alone, encrypted where it was not; the code with which the clear
        count of a small one is refused, None where no urn is small."""
        modes = {
            one["clave"]: one["modo"]
            for staff in self.offices.districts.values()
            for one in staff.client.get(f"{self.town.consulta}/mesas")
        }
        self.small = tuple(clave for clave, mode in modes.items() if mode == "cifrada")
        code = None
        for done, urn in enumerate(self.consultation.urns, 1):
            clave = urn.unidad.clave
            client, path = self.district(urn).client, f"{self.town.consulta}/mesas/{clave}"
            if clave in self.small:
                code = client.refused("PUT", f"{path}/resultados", json=_form(self.counts[clave]))
                client.put(f"{path}/totales", content=self._sealed(urn))
            else:
                client.put(f"{path}/resultados", _form(self.counts[clave]))
            advance(done, len(self.consultation.urns))
        return code

    def publish_sums(self) -> int:
        """From here on nothing of the small urns is corrected; how many sums the custodios are to open."""
        self.offices.secretaria.client.post(f"{self.town.consulta}/sumas")
        found = self.offices.secretaria.client.get(f"{self.town.consulta}/urnas-pequenas")["unidades"]
        return sum(one["situacion"] == "por-abrir" for one in found)

    def open_sums(self, custodios: Sequence[Custodio]) -> list[dict[str, Any]]:
        """The second act of the Consejo General; what the service says of each file."""
        present = [one for one in custodios if one.index not in (ABSENT, WRONG)]
        path = f"{self.town.consulta}/sumas/aportaciones"
        told = [
            custodio.staff.client.post(path, content=share)
            for custodio, share in opened(present, machines.open_sums, "copia-sumas", "sumas")
        ]
        self.offices.secretaria.client.post(f"{self.town.consulta}/sumas/apertura")
        return told

    def scrutinise(self, marks: dict[str, Counter[int]]) -> dict[str, Any]:
        """Actas and carteles of all UTs, and the results. Raises UnexpectedOutcome when they do not add up.

        `marks`: by UT, how often each option was opined for by internet.
        """
        for urn in self.consultation.urns:
            clave = urn.unidad.clave
            client, path = self.district(urn).client, f"{self.town.consulta}/mesas/{clave}"
            client.post(f"{path}/escrutinio")
            self._check(client.get(f"{path}/escrutinio.json"), marks.get(clave, Counter()), clave)
            cartel = client.ask("GET", f"{path}/cartel.pdf").content
            folder = district_folder(self.town.plan.base, urn.unidad.demarcacion)
            (folder / f"cartel-{clave}.pdf").write_bytes(cartel)
        self.offices.secretaria.client.post(f"{self.town.consulta}/escrutinio")
        found: dict[str, Any] = self.offices.secretaria.client.get(f"{self.town.consulta}/computo.json")
        return found

    def _check(self, acta: dict[str, Any], marks: Counter[int], clave: str) -> None:
        count = self.counts[clave]
        expected = [marks[n + 1] + many for n, many in enumerate(count.opinions)]
        found = [row["total"] for row in acta["resultados"]]
        if None not in found and found != expected:
            raise UnexpectedOutcome(f"UT {clave}: el escrutinio dice {found}, y se opinó {expected}")

    def _mesa(self, urn: Urn) -> Staff:
        """Who answers for the Mesas of a district, adscribed to this one now."""
        name = district_of(urn.unidad.demarcacion)
        staff = self.offices.mesas[name]
        form = {"distrito": name, "unidad": urn.unidad.clave}
        self.district(urn).client.put(f"{self.town.consulta}/adscripciones/{staff.account}", form)
        return staff

    def _sealed(self, urn: Urn) -> bytes:
        """What `certeza mesa cifrar` writes, where the Mesa is captured."""
        plan, consultation, count = self.town.plan.base, self.consultation, self.counts[urn.unidad.clave]
        group = group_named(consultation.grupo)
        return seal_totals(
            TotalsMaker(group, consultation.llave_publica, SystemRandomness()),
            signer_of(plan, urn.unidad.demarcacion),
            consultation.id,
            urn.unidad.clave,
            consultation.election(group, urn.unidad),
            count.numbers,
            (count.received, count.spare),
            local(self.town.clock()).replace(microsecond=0),
        ).data


def _form(count: MesaCount) -> dict[str, Any]:
    return {
        "recibidas": count.received,
        "sobrantes": count.spare,
        "opiniones": list(count.opinions),
        "nulas": count.nulas,
        "total": count.total,
    }
