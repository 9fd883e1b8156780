"""Passwords: long enough, not one that everybody tries, kept as Argon2id with the parameters of RFC 9106.

No rules about kinds of characters: they make passwords worse (NIST SP 800-63B, 5.1.1.2).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from api.accounts.errors import Busy, CredentialRefusal, not_let_in

SHORTEST_CHARACTERS = 12
LONGEST_CHARACTERS = 256
FEWEST_DIFFERENT = 5
AT_ONCE = 4
"""Hashes that are computed at the same time in one process: each takes 64 MiB."""
MOST_WAITING = 8
"""Sign-ins that wait for their turn: with more, the threads of everybody else's requests would wait too."""
_HASHER = PasswordHasher(  # RFC 9106, section 4, the second recommended option
    time_cost=3, memory_cost=65_536, parallelism=4, hash_len=32, salt_len=16, type=Type.ID
)
_TURN = BoundedSemaphore(AT_ONCE)
_PLACES = BoundedSemaphore(AT_ONCE + MOST_WAITING)
_COMMON = frozenset(
    {
        "contraseña",
        "contrasena",
        "password",
        "passw0rd",
        "administrador",
        "administrator",
        "bienvenido",
        "bienvenida",
        "qwertyuiop",
        "qwertyuiopas",
        "asdfghjkl",
        "abcdefghijkl",
        "123456789012",
        "1234567890",
        "teamomucho",
        "guadalupe",
        "institutonacional",
        "institutonacionalelectoral",
        "institutoelectoral",
        "apoyociudadano",
        "credencialparavotar",
        "letmein",
        "iloveyou",
    }
)
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that no password has: verified where there is no account, so that the work is the same."""


def normal(password: str) -> str:
    """One spelling of the same characters, whatever keyboard they come from (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", password)


def require_good(password: str, email: str) -> None:
    """Refuse what would be guessed first. Raises CredentialRefusal, which never repeats the password."""
    text = normal(password)
    if not SHORTEST_CHARACTERS <= len(text) <= LONGEST_CHARACTERS:
        raise _refused(f"de {SHORTEST_CHARACTERS} a {LONGEST_CHARACTERS} caracteres", "otra longitud")
    bare = "".join(c for c in text.casefold() if c.isalnum())
    core = bare.strip("0123456789") or bare
    if {bare, core} & _COMMON or len(set(bare)) < FEWEST_DIFFERENT:
        raise _refused("una contraseña que no sea de las más usadas", "una de ellas")
    owner = "".join(c for c in email.partition("@")[0].casefold() if c.isalnum())
    if len(owner) >= 4 and core in (owner, owner * 2):
        raise _refused("una contraseña que no sea su propio correo", "su correo")


def _refused(expected: str, got: str) -> CredentialRefusal:
    return CredentialRefusal("credencial.contrasena", "contraseña", expected, got)


@contextmanager
def _turn() -> Iterator[None]:
    if not _PLACES.acquire(blocking=False):
        raise Busy("sesion.espera", "inicio de sesión", f"{AT_ONCE + MOST_WAITING} a la vez", "más")
    try:
        with _TURN:
            yield
    finally:
        _PLACES.release()


def hashed(password: str, salt: bytes) -> str:
    """The Argon2id hash in PHC text form, with a salt of 16 random bytes. Raises Busy."""
    with _turn():
        return _HASHER.hash(normal(password), salt=salt)


def verify(stored: str | None, password: str) -> None:
    """Raise SignInRefusal unless the password is right; without a stored hash it works as long.

    Raises Busy too.
    """
    text = password if len(password) <= LONGEST_CHARACTERS else ""
    try:
        with _turn():
            _HASHER.verify(stored or NOBODYS, normal(text))
    except (VerifyMismatchError, VerificationError, InvalidHashError) as error:
        raise not_let_in() from error
    if stored is None:
        raise not_let_in()
