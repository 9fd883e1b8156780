"""How the people of the rehearsal of apoyo enter: by a provider's word, or by the link that was mailed."""

from __future__ import annotations

from api.demo.acting import Client
from api.demo.apoyo.town import APP, PROVIDER, Town
from api.demo.errors import UnexpectedOutcome


def enter_with_provider(town: Town, email: str) -> str:
    """The token of a session that the app opens with the provider's word for an e-mail."""
    outside = Client(town, email)
    nonce = outside.post(f"/v1/sesion/oidc/{PROVIDER}/nonce")["nonce"]
    testimony = town.provider.sign(town.provider.claims(APP, email, nonce))
    opened = outside.post(
        "/v1/sesion/oidc/canje", {"testigo": testimony, "nonce": nonce, "medio": "portador"}
    )
    outside.close()
    return str(opened["testigo"])


def link_for(town: Town, email: str) -> str:
    """The link in the newest mail to somebody."""
    town.deliver()
    for message in reversed(town.mailbox.to(email)):
        body = message.get_content()
        if "#" in body:
            return str(body.split("#")[1].split()[0])
    raise UnexpectedOutcome(f"no llegó ningún enlace a {email}")
