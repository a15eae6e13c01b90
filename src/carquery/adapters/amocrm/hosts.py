"""Which addresses are amoCRM's: tokens go nowhere else."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

FAMILIES: Final = ("amocrm.ru", "amocrm.com", "kommo.com")
"""Accounts, drives and shared API hosts are all below these."""


def may_have_bearer(url: str, base_url: str) -> bool:
    """Whether that is amoCRM's own host: of its families, or the account's; on this machine, only for an account
    that is on this machine."""
    try:
        address, base = urlsplit(url), urlsplit(base_url)
    except ValueError:
        return False
    host, home = address.hostname or "", base.hostname or ""
    if is_this_machine(home):
        return is_this_machine(host)
    return address.scheme == "https" and (_family(host) in FAMILIES or host == home)


def is_this_machine(host: str) -> bool:
    """A name or address of the loopback interface."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _family(host: str) -> str:
    return ".".join(host.split(".")[-2:])
