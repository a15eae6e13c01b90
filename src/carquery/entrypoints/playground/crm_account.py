"""The dealership's account in the emulated amoCRM: what its administrator has set up there."""

import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from carquery.adapters.amocrm.config import FIELD_TITLES, FieldName
from carquery.adapters.amocrm.custom_fields import accepts, code_of, entity_of
from carquery.adapters.amocrm.ports import CrmGate, CrmGrant, CrmTokens
from carquery.application.ports.environment import Clock
from carquery_emulators.amocrm import AmoCrmEmulator, World

CLIENT_ID: Final = "playground"
CLIENT_SECRET: Final = "known-to-the-emulator-alone"  # noqa: S105
REDIRECT_URI: Final = "https://example.org/amocrm"

ACCESS_LASTS: Final = timedelta(days=1)
"""Source: amoCRM, OAuth 2.0."""


def open_account(clock: Callable[[], float] = time.time) -> AmoCrmEmulator:
    """An account with nothing in it, yet to be entered as a context. `clock`: its seconds since 1970."""
    return AmoCrmEmulator(
        name="Автосалон", client_id=CLIENT_ID, client_secret=CLIENT_SECRET, redirect_uri=REDIRECT_URI, clock=clock
    )


def furnish(amocrm: AmoCrmEmulator) -> dict[str, object]:
    """Make the custom fields that CarQuery can fill. Returns the settings that lead into this account."""
    pipeline = amocrm.world.main_pipeline()
    return {
        "amocrm_mock_mode": False,
        "amocrm_base_url": amocrm.base_url,
        "amocrm_client_id": CLIENT_ID,
        "amocrm_client_secret": CLIENT_SECRET,
        "amocrm_redirect_uri": REDIRECT_URI,
        "amocrm_long_lived_token": None,  # it would go before the tokens, which can expire and be obtained again
        "amocrm_pipeline_id": pipeline.id,
        "amocrm_status_id": pipeline.first_stage.id,
        "amocrm_responsible_user_id": _salesman(amocrm.world),
        "amocrm_task_minutes": 30,
        "secret_key": secrets.token_urlsafe(),
        **{f"amocrm_field_{name.lower()}": _add_field(amocrm.world, name) for name in FieldName},
    }


def leave_numbers_out(world: World, *, up_to: int) -> None:
    """Give none of these numbers to anything: leads that went to an earlier account have them on record.

    Every fresh account counts from the same number, and a lead must not be shown with somebody else's deal.
    """
    while world.new_id() < up_to:
        pass


async def log_in(amocrm: AmoCrmEmulator, tokens: CrmTokens, gate: CrmGate, clock: Clock) -> None:
    """What `carquery amocrm login` leaves behind: a fresh authorisation, and nobody waiting for one."""
    access, refresh = amocrm.grant()
    await tokens.store(CrmGrant(amocrm.base_url, access, refresh, clock.now() + ACCESS_LASTS))
    await gate.open()


def _salesman(world: World) -> int:
    return next(user.id for user in world.users.values() if user.is_active and not user.is_admin)


def _add_field(world: World, name: FieldName) -> int:
    kind = "numeric" if accepts(name, "numeric") else "text"
    is_contacts = entity_of(name) == "contacts"
    return world.add_field("contacts" if is_contacts else "leads", FIELD_TITLES[name], kind, code_of(name))
