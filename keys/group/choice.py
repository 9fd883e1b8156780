"""Which implementation serves a group's name."""

from __future__ import annotations

from typing import Literal

from keys.errors import FormatRefusal
from keys.group.ed25519_sodium import SodiumEd25519
from keys.group.ed25519_text import NAME as ED25519
from keys.group.finite_field import Belenios2048
from keys.group.interface import Group

Arithmetic = Literal["auto", "nativa", "libsodium"]
NAMES = (ED25519, Belenios2048.name)


def group_named(
    name: str, arithmetic: Arithmetic = "auto", *, threads: int = 1, place: str = "grupo"
) -> Group:
    """The group of that name. `auto` takes the native extension when it is installed.

    Raises FormatRefusal for a name that is not supported, ImportError when `nativa` is asked for and absent.
    """
    if name == Belenios2048.name:
        return Belenios2048()
    if name != ED25519:
        raise FormatRefusal("grupo.nombre", place, " o ".join(NAMES), name)
    if arithmetic == "libsodium" or (arithmetic == "auto" and not native_present()):
        return SodiumEd25519()
    from keys.group.ed25519_native import NativeEd25519

    return NativeEd25519(threads)


def native_present() -> bool:
    """Whether the native extension can be imported."""
    try:
        import certeza_native  # noqa: F401
    except ImportError:
        return False
    return True
