"""A small public folder of a consultation, written from docs/formats.md without anybody else's code."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sums
from bel import dump, sha, split, write
from forge import Keys, Maker, Urn, keys_of
from tlogs import Log, Signer

NAME = "Consulta de Presupuesto Participativo"
OPENING = "2023-04-29T08:00:00-06:00"
RESERVED = (
    "Resultado reservado: esta Unidad Territorial recibió por internet menos opiniones que el mínimo que "
    "la consulta fijó para proteger el secreto, por lo que su urna no se abre sola. Su suma cifrada se "
    "agrega a la de la Mesa y sólo el total de ambas se descifra."
)
MESA = {"05-001": [2, 3, 0], "05-002": [0, 0, 0], "07-010": [1, 0, 4]}
"""What each Mesa counted: nulas, then the projects."""
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def uuid_of(consultation: str, clave: str) -> str:
    n = int.from_bytes(
        hashlib.sha256(f"certeza/uuid/v1\n{consultation}\n{clave}".encode()).digest()[:16], "big"
    )
    return "".join(BASE58[n // 58**k % 58] for k in range(21, -1, -1))[:14]


@dataclass
class Publico:
    """Three urns in two demarcaciones, one of them empty and one small, and a unit without projects."""

    root: Path
    id: str = "presupuesto-2023"
    k: int = 3
    m: Maker = field(default_factory=lambda: Maker(seed=41))
    urns: dict[str, Urn] = field(default_factory=dict)
    votes: dict[str, list[list[int]]] = field(
        default_factory=lambda: {
            "05-001": [[0, 1, 0], [0, 1, 0], [1, 0, 0]],
            "05-002": [],
            "07-010": [[0, 0, 1]],
        }
    )

    def __post_init__(self) -> None:
        self.log = Log(self.root / "log", origin=f"bitacora.example/{self.id}")
        self.log.witnesses = [Signer(f"testigo{i}.example", 4) for i in range(3)]
        self.policy = self.log.policy("group testigos 2 w0 w1 w2\nquorum testigos")
        self.keys: Keys = keys_of(self.m, (3, 2))
        self.units = [
            {"clave": c, "nombre": f"Unidad {c} ñ", "demarcacion": d, "proyectos": p}
            for c, d, p in (
                ("05-001", "Gustavo A. Madero", ["Parque", "Luminarias «LED»"]),
                ("05-002", "Gustavo A. Madero", ["Parque", "Banquetas"]),
                ("06-003", "Iztacalco", []),
                ("07-010", "Iztapalapa", ["Agua", "Cancha"]),
            )
        ]
        for unit in self.units:
            if unit["proyectos"]:
                self._urn(unit)
        self.consulta = self._consulta()

    def _urn(self, unit: dict[str, Any]) -> None:
        clave, name = unit["clave"], unit["nombre"]
        q = {"answers": unit["proyectos"], "blank": True, "min": 1, "max": 1}
        q["question"] = f"¿Qué proyecto prefiere para {name}?"
        urn = Urn(
            self.m,
            self.keys,
            [q],
            uuid_of(self.id, clave),
            names={"name": f"{clave} {name}", "description": NAME},
        )
        for voter, plain in enumerate(self.votes[clave]):
            urn.vote(voter, plain)
        self.urns[clave] = urn
        setup = next(c for n, c in split(write(urn.parts).render()) if n.endswith(".event.json"))
        unit |= {"uuid": urn.uuid, "archivo": f"urna/{clave}.bel", "setup": sha(setup)}

    def _consulta(self) -> dict[str, Any]:
        certs = json.loads(self.keys.message)[0][1]["certs"]
        return {
            "version": 1,
            "id": self.id,
            "nombre": NAME,
            "grupo": "Ed25519",
            "calendario": {
                "opinion_inicio": "2023-04-21T20:00:00-06:00",
                "opinion_fin": "2023-04-28T20:00:00-06:00",
                "apertura_urna": OPENING,
            },
            "llave_publica": self.keys.public_key,
            "trustees": sha(self.keys.message),
            "umbral": 2,
            "custodios": [
                {"indice": i + 1, "nombre": f"Consejería {i + 1}", "huella": sha(dump(c))}
                for i, c in enumerate(certs)
            ],
            "bitacora": {"llave": self.log.signer.vkey, "politica": sha(self.policy)},
            "k": self.k,
            "unidades": self.units,
        }

    def small(self, clave: str) -> bool:
        return 0 < len(self.urns[clave].parts.ballots) < self.k

    def close(self, *owners: int) -> None:
        for clave, urn in self.urns.items():
            urn.close()
            if self.small(clave):
                continue
            urn.parts.shares = [(owner, urn.share(owner)) for owner in owners]
            if owners:
                urn.parts.result = dump({"result": urn.counts})

    def acta(self, unit: dict[str, Any], owners: list[int]) -> dict[str, Any]:
        urn = self.urns[unit["clave"]]
        events = [c for n, c in split(write(urn.parts).render()) if n.endswith(".event.json")]
        closing = next(e for e in events if b"EndBallots" in e)
        total, small = len(urn.parts.ballots), self.small(unit["clave"])
        null, *votes = [None] * len(urn.counts[0]) if small else urn.counts[0]
        return {
            "acta": "reserva" if small else "computo",
            "version": 1,
            "consulta": self.id,
            "unidad": {n: unit[n] for n in ("clave", "nombre", "demarcacion")},
            "uuid": urn.uuid,
            "urna": {"boletas": total, "cierre": sha(closing), "ultimo_evento": sha(events[-1])},
            "resultados": [
                {"proyecto": p, "opiniones": n} for p, n in zip(unit["proyectos"], votes, strict=True)
            ],
            "votos_nulos": null,
            "total": total,
            "personas_en_listado": total,
            "listado": None if total == 0 else "0" * 64,
            "custodios": [] if small else owners,
            "umbral": 2,
            "instante": OPENING,
            "advertencia": RESERVED if small else None,
        }

    def apertura(self, owners: list[int], kind: str = "apertura") -> dict[str, Any]:
        good = [{"custodio": i, "estado": "aceptada", "sha256": f"{i}" * 64, "motivo": None} for i in owners]
        bad = [
            {"custodio": 2, "estado": "rechazada", "sha256": "f" * 64, "motivo": "parcial-prueba en 05-001"}
        ]
        return {
            "acta": kind,
            "version": 1,
            "consulta": self.id,
            "instante": OPENING,
            "umbral": 2,
            "aportaciones": [*bad, *good],
            "ausentes": [i for i in (1, 2, 3) if i not in owners],
        }

    def resultados(self, actas: dict[str, dict[str, Any]]) -> dict[str, Any]:
        def sums(chosen: list[dict[str, Any]]) -> dict[str, int]:
            keys = {"boletas": "total", "votos_nulos": "votos_nulos"}
            counts = {k: sum(a[n] or 0 for a in chosen) for k, n in keys.items()}
            closed = sum(a["votos_nulos"] is None for a in chosen)
            return {"unidades": len(chosen), "reservadas": closed} | counts

        names = sorted({a["unidad"]["demarcacion"] for a in actas.values()})
        return {
            "version": 1,
            "consulta": self.id,
            "instante": OPENING,
            "unidades": [
                {
                    "clave": c,
                    "boletas": a["total"],
                    "votos_nulos": a["votos_nulos"],
                    "acta": sha(canonical(a)),
                }
                for c, a in sorted(actas.items())
            ],
            "demarcaciones": [
                {"demarcacion": d} | sums([a for a in actas.values() if a["unidad"]["demarcacion"] == d])
                for d in names
            ],
            "total": sums(list(actas.values())),
        }

    def save(self) -> Path:
        """What there is before the opening."""
        (self.root / "urna").mkdir(parents=True, exist_ok=True)
        self.put("consulta.json", self.consulta)
        (self.root / "trustees.json").write_bytes(self.keys.message)
        for clave, urn in self.urns.items():
            (self.root / f"urna/{clave}.bel").write_bytes(write(urn.parts).render())
        self.save_log()
        return self.root

    def entries(self) -> list[bytes]:
        """Acts before the opening, events of all urns by height, acts of the opening."""
        found = [self.act("ceremonia", "trustees.json"), self.act("consulta", "consulta.json")]
        if (self.root / "mesas/llaves.json").is_file():
            found.append(self.act("mesas", "mesas/llaves.json"))
        rows = []
        for urn in self.urns.values():
            contents = [c for n, c in split(write(urn.parts).render()) if n.endswith(".event.json")]
            rows += [(height, urn.uuid, sha(content)) for height, content in enumerate(contents)]
        found += [f"certeza/urna/v1\n{uuid}\n{height}\n{digest}" for height, uuid, digest in sorted(rows)]
        names = {"apertura": "actas/apertura.json"}
        names |= {f"acta/{clave}": f"actas/{clave}.json" for clave in self.urns}
        names["resultados"] = "resultados.json"
        for kind, folder in (("mesa", "mesas"), ("suma", "sumas"), ("suma-abierta", "sumas-abiertas")):
            names |= {f"escrutinio/{clave}": f"escrutinio/{clave}.json" for clave in self.urns}
            names |= {f"{kind}/{clave}": f"{folder}/{clave}.json" for clave in self.urns}
        names |= {"apertura-sumas": "actas/apertura-sumas.json", "computo": "computo.json"}
        found += [self.act(kind, file) for kind, file in names.items() if (self.root / file).is_file()]
        return [entry.encode() for entry in found]

    def act(self, kind: str, file: str) -> str:
        return f"certeza/acto/v1\n{kind}\n{OPENING}\n{sha((self.root / file).read_bytes())}"

    def save_log(self, entries: list[bytes] | None = None) -> None:
        self.log.entries = self.entries() if entries is None else entries
        shutil.rmtree(self.log.root, ignore_errors=True)
        self.log.save()
        self.log.put("politica.txt", self.policy)

    def open(self, *owners: int) -> Path:
        """Everything, opened by these trustees."""
        self.close(*owners)
        self.save()
        (self.root / "actas").mkdir(exist_ok=True)
        listed = sorted(owners)
        actas = {u["clave"]: self.acta(u, listed) for u in self.units if u["proyectos"]}
        for clave, acta in actas.items():
            self.put(f"actas/{clave}.json", acta)
            (self.root / f"actas/{clave}.pdf").write_bytes(b"%PDF")
        self.put("actas/apertura.json", self.apertura(listed))
        self.put("resultados.json", self.resultados(actas))
        self.save_log()
        return self.root

    def open_sums(self, *owners: int) -> Path:
        """Everything, the sums with the Mesas included; the first opening was of these trustees too."""
        listed = sorted(owners)
        keys = [
            {"demarcacion": d, "llave": sums.key_of(sums.SIGNER)} for d in ("Gustavo A. Madero", "Iztapalapa")
        ]
        self.put("mesas/llaves.json", {"version": 1, "consulta": self.id, "llaves": keys})
        self.open(*owners)
        for clave, urn in self.urns.items():
            if self.small(clave):
                counts = MESA[clave]
                handed = sums.mesa(self.id, clave, urn, counts)
                total = sums.sum_of(self.id, clave, urn, handed, self.k)
                self.put(f"mesas/{clave}.json", handed)
                self.put(f"sumas/{clave}.json", total)
                self.put(f"sumas-abiertas/{clave}.json", sums.opened(urn, total, counts, listed))
        self.put("actas/apertura-sumas.json", self.apertura(listed, "apertura-sumas"))
        self.save_log()
        return self.root

    def escrutinio(self, unit: dict[str, Any]) -> dict[str, Any]:
        """The acta with the Mesa; of a small urn, only the sum."""
        clave = unit["clave"]
        counts, remote, small = MESA[clave], len(self.urns[clave].parts.ballots), self.small(clave)
        both = [a + b for a, b in zip(self.urns[clave].counts[0], counts, strict=True)]
        own = [None] * len(counts) if small else self.urns[clave].counts[0]
        paper = [None] * len(counts) if small else counts
        rows = [
            dict(zip(("internet", "mesa", "total"), r, strict=True))
            for r in zip(own, paper, both, strict=True)
        ]
        name = f"sumas-abiertas/{clave}.json"
        return {
            "acta": "escrutinio",
            "version": 1,
            "consulta": self.id,
            "unidad": {n: unit[n] for n in ("clave", "nombre", "demarcacion")},
            "modo": "conjunto" if small else "separado",
            "boletas": {"recibidas": sum(counts) + 5, "sobrantes": 5},
            "resultados": [{"proyecto": p} | r for p, r in zip(unit["proyectos"], rows[1:], strict=True)],
            "votos_nulos": rows[0],
            "total": {"internet": remote, "mesa": sum(counts), "total": remote + sum(counts)},
            "acta_internet": sha((self.root / f"actas/{clave}.json").read_bytes()),
            "suma": sha((self.root / name).read_bytes()) if small else None,
            "instante": sums.INSTANT,
        }

    def scrutinise(self, *owners: int) -> Path:
        """Everything, to the results with the Mesas."""
        self.open_sums(*owners)
        lines = []
        for unit in [u for u in self.units if u["proyectos"]]:
            acta = self.escrutinio(unit)
            self.put(f"escrutinio/{unit['clave']}.json", acta)
            line = {"clave": unit["clave"], "modo": acta["modo"], "escrutinio": sha(canonical(acta))}
            lines.append(line | acta["total"])
        total = {n: sum(line[n] for line in lines) for n in ("internet", "mesa", "total")}
        whole = total | {"unidades": len(lines), "reservadas": 0}
        head = {"version": 1, "consulta": self.id, "instante": sums.INSTANT}
        self.put("computo.json", head | {"unidades": lines, "total": whole})
        self.save_log()
        return self.root

    def put(self, name: str, value: Any) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_bytes(canonical(value))

    def get(self, name: str) -> Any:
        return json.loads((self.root / name).read_bytes())
