"""Whether only this machine can reach an address: what decides who must sign in."""

from ipaddress import ip_address


def is_loopback(host: str | None) -> bool:
    """Tell whether only this machine can reach what listens on `host`; None listens everywhere."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
