"""A root certificate that no machine knows, and one of 127.0.0.1 that it signed: as MAX's servers have theirs."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_Key = ec.EllipticCurvePrivateKey
_SIGNS_OTHERS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
"""Python 3.13 demands it of a root, and of every certificate the ids of its own key and its signer's."""


@dataclass(frozen=True, slots=True)
class PrivateRoot:
    """`ca_file`: the root, as PEM; `server`: of whoever listens on 127.0.0.1; `client`: trusts the root alone."""

    ca_file: Path
    server: ssl.SSLContext
    client: ssl.SSLContext

    @classmethod
    def made_in(cls, folder: Path) -> "PrivateRoot":
        """Writes its files there."""
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root_name, name = _named("A root of our own"), _named("127.0.0.1")
        root = _built(root_name, root_name, root_key, signed_by=root_key, is_root=True)
        leaf = _built(name, root_name, key, signed_by=root_key, is_root=False)
        ca_file, chain = folder / "root.pem", folder / "server.pem"
        ca_file.write_bytes(_pem(root))
        chain.write_bytes(_secret(key) + _pem(leaf) + _pem(root))
        server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server.load_cert_chain(chain)
        return cls(ca_file, server, ssl.create_default_context(cafile=str(ca_file)))


def _built(name: x509.Name, issuer: x509.Name, key: _Key, *, signed_by: _Key, is_root: bool) -> x509.Certificate:
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    built = built.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    built = built.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    built = built.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()), critical=False
    )
    if is_root:
        built = built.add_extension(_SIGNS_OTHERS, critical=True)
    else:
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        built = built.add_extension(address, critical=False)
    return built.sign(signed_by, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _secret(key: _Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
