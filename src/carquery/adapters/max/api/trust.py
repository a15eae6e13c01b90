"""Whom MAX's client trusts: Mozilla's authorities, and the one that signs MAX's certificate, which is none of them."""

import ssl
from pathlib import Path

from carquery.adapters.http.connecting import trusting_certifi


class NotCertificates(Exception):
    """The file gives no certificates. Its text: one line that says what to set; `says`: what is wrong with the file."""

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(f"MAX_CA_FILE: {says}; expected: the Russian Trusted Root CA, in PEM (see docs/max.md)")


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """TLS of this client alone. `ca_file`: certificates in PEM or DER, to trust beside the usual ones.

    Raises:
        NotCertificates: it can't be read, or is something else.
    """
    context = trusting_certifi()
    if ca_file is None:
        return context
    try:
        content = ca_file.read_bytes()
    except OSError as unreadable:
        raise NotCertificates(f"it can't be read ({unreadable.strerror})") from unreadable
    is_text = b"-----BEGIN" in content
    try:
        context.load_verify_locations(cadata=content.decode("ascii", "ignore") if is_text else content)
    except (ssl.SSLError, ValueError) as nonsense:
        raise NotCertificates("there is no certificate in it") from nonsense
    return context
