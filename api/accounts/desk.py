"""All use cases of accounts, made once per process."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.administration import Administration
from api.accounts.enrolment import Enrolment
from api.accounts.means import Means
from api.accounts.oidc.flow import OidcFlow
from api.accounts.oidc.provider_client import ProviderClient
from api.accounts.staff_sign_in import StaffSignIn


@dataclass(frozen=True, slots=True)
class AccountsDesk:
    """What the routes of accounts and the command line use."""

    means: Means
    staff: StaffSignIn
    enrolment: Enrolment
    administration: Administration
    oidc: OidcFlow


def build_desk(means: Means) -> AccountsDesk:
    """The use cases over one set of means."""
    clients = {provider.name: ProviderClient(provider) for provider in means.settings.providers}
    return AccountsDesk(
        means=means,
        staff=StaffSignIn(means),
        enrolment=Enrolment(means),
        administration=Administration(means),
        oidc=OidcFlow(means, clients),
    )
