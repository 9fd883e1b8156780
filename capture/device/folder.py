"""What a simulated device keeps: its key, what it was registered for, the log it believes, its outbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from capture.device.capturing import Holder
from capture.device.errors import DeviceRefused
from capture.device.outbox import Outbox
from capture.packet.device_key import PrivateKey
from keys import atomic_file, canonical
from keys.errors import FormatRefusal
from ledger.policy import Policy
from ledger.policy_text import parse_policy

_KEY, _HOLDER, _POLICY = "llave.pem", "dispositivo.json", "politica.txt"
_MEMBERS = ("aviso", "dispositivo", "emisor", "modalidad", "proceso", "recipiente")


@dataclass(frozen=True, slots=True)
class DeviceFolder:
    """A folder that only its owner reads. A telephone keeps the key where nobody can export it."""

    path: Path

    def key(self) -> PrivateKey:
        """The signing key (ECDSA P-256), made when there is none. Raises FormatRefusal for another one."""
        file = self.path / _KEY
        if not file.exists():
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            atomic_file.create(file, _pem(ec.generate_private_key(ec.SECP256R1())), atomic_file.PRIVATE)
        try:
            key = serialization.load_pem_private_key(file.read_bytes(), None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            raise FormatRefusal("dispositivo.llave", str(file), "ECDSA P-256 o Ed25519 en PEM", "otra cosa")
        return key

    def holder(self) -> Holder | None:
        """What the device was registered for, if it was. Raises FormatRefusal."""
        file = self.path / _HOLDER
        if not file.exists():
            return None
        found = canonical.record(canonical.parse(file.read_bytes(), _HOLDER), _HOLDER, _MEMBERS)
        text = {name: canonical.string(found[name], _HOLDER) for name in _MEMBERS if name != "aviso"}
        return Holder(
            proceso=text["proceso"],
            modalidad=text["modalidad"],
            emisor=text["emisor"],
            dispositivo=text["dispositivo"],
            recipient=text["recipiente"],
            notice=canonical.small_int(found["aviso"], _HOLDER),
        )

    def set_holder(self, holder: Holder) -> None:
        """Keep what it was registered for."""
        members = {
            "aviso": holder.notice,
            "dispositivo": holder.dispositivo,
            "emisor": holder.emisor,
            "modalidad": holder.modalidad,
            "proceso": holder.proceso,
            "recipiente": holder.recipient,
        }
        atomic_file.replace(self.path / _HOLDER, canonical.encode_sorted(members), atomic_file.PRIVATE)

    def policy(self) -> Policy:
        """Which log and witnesses it believes. Raises DeviceRefused (dispositivo.politica) for none."""
        file = self.path / _POLICY
        if not file.exists():
            raise DeviceRefused(
                "dispositivo.politica", str(self.path), "la política de la bitácora", "ninguna"
            )
        return parse_policy(file.read_bytes(), str(file))

    def pin(self, policy: bytes) -> None:
        """Believe this policy from now on; another one than before is refused (dispositivo.politica)."""
        parse_policy(policy)
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self.path / _POLICY
        if file.exists() and file.read_bytes() != policy:
            raise DeviceRefused("dispositivo.politica", str(file), "la política que ya se conocía", "otra")
        atomic_file.replace(file, policy, atomic_file.PRIVATE)

    def outbox(self) -> Outbox:
        """The records that wait and the acuses."""
        return Outbox(self.path)


def _pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
