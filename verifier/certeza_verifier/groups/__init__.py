"""Groups of the specification, and the choice of what computes them."""

from __future__ import annotations

from functools import cache

from certeza_verifier.errors import NotJudged
from certeza_verifier.groups.base import AnyGroup, Group, IndexedJob, Job, PointError
from certeza_verifier.groups.modular import belenios_2048, rfc_3526_2048

NAMES = ("Ed25519", "BELENIOS-2048", "RFC-3526-2048")
ARITHMETICS = ("auto", "nativa", "libsodium")


@cache
def group(name: str, arithmetic: str = "auto") -> AnyGroup:
    """The group called `name` (one of NAMES). `arithmetic` matters for Ed25519 only."""
    if name == "BELENIOS-2048":
        return belenios_2048()
    if name == "RFC-3526-2048":
        return rfc_3526_2048()
    if name == "Ed25519":
        return _ed25519(arithmetic)
    raise KeyError(name)


def _ed25519(arithmetic: str) -> AnyGroup:
    if arithmetic != "libsodium":
        try:
            # An extension that is there and cannot be loaded is as good as none: the verdict is the same.
            from certeza_verifier.groups.native import NativeGroup

            return NativeGroup()
        except ImportError:
            if arithmetic == "nativa":
                raise NotJudged(
                    "Se pidió la aritmética «nativa», pero el módulo certeza_native no está instalado."
                ) from None
    from certeza_verifier.groups.sodium import SodiumGroup

    return SodiumGroup()


__all__ = ["ARITHMETICS", "NAMES", "AnyGroup", "Group", "IndexedJob", "Job", "PointError", "group"]
