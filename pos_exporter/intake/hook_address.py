"""Where an order may be posted: in clear text on the shop's own network only.

check_address("http", "192.168.1.20")     # fine
check_address("http", "203.0.114.7")      # HookAddressError
"""

from ipaddress import ip_address

from pos_exporter.intake.port import HookAddressError


def check_address(scheme: str, address: str) -> None:
    """Refuse to send people's addresses in clear text over the Internet.

    Args:
        scheme: `http` or `https`.
        address: The IP address that was reached.

    Raises:
        HookAddressError: For plain HTTP to a public address.
    """
    if scheme == "http" and ip_address(address.partition("%")[0]).is_global:
        raise HookAddressError(reason=f"http, {address}")
