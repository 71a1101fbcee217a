"""The hub's own certificate authority: desks pin it when they enrol, nothing else is trusted.

The authority lives ten years, the server's certificate one; a fresh one is made at start
when names changed or less than ninety days are left.
"""

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_LIFE = timedelta(days=3653)
SERVER_LIFE = timedelta(days=365)
RENEW_BEFORE = timedelta(days=90)
_CLOCKS_DIFFER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, both PEM."""

    certificate: str
    key: str


def make_ca(name: str, now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _builder(subject, subject, key.public_key(), now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pair(_pem(made), _key_pem(key))


def make_server_certificate(ca: Pair, names: tuple[str, ...], now: datetime) -> Pair:
    """`names`: host names and addresses that desks may call this hub by."""
    authority = x509.load_pem_x509_certificate(ca.certificate.encode())
    signer = serialization.load_pem_private_key(ca.key.encode(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError("the key of the authority is not one of ours")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    made = (
        _builder(subject, authority.subject, key.public_key(), now, SERVER_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    return Pair(_pem(made), _key_pem(key))


def needs_renewal(certificate: str, names: tuple[str, ...], now: datetime) -> bool:
    made = x509.load_pem_x509_certificate(certificate.encode())
    kept = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_old = made.not_valid_after_utc - now < RENEW_BEFORE
    return is_old or list(kept) != [_general_name(name) for name in names]


def fingerprint(certificate: str) -> str:
    """Lower-case hex SHA-256 of the certificate's DER bytes."""
    made = x509.load_pem_x509_certificate(certificate.encode())
    return sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()


def names_of(host: str) -> tuple[str, ...]:
    """What a hub that listens on `host` may be called: the host, this machine, loopback."""
    wanted = [] if host in {"", "0.0.0.0", "::"} else [host]  # noqa: S104,RUF100  compared, not listened on
    wanted += [socket.gethostname(), *_addresses(), "localhost", "127.0.0.1", "::1"]
    return tuple(dict.fromkeys(wanted))


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def keep_files(folder: Path, server: Pair, ca: Pair, password: str) -> tuple[Path, Path]:
    """Certificate chain and key where a TLS library can read them; the key is sealed by `password`."""
    folder.mkdir(parents=True, exist_ok=True)
    chain, key_file = folder / "server.pem", folder / "server.key"
    chain.write_text(server.certificate + ca.certificate, "ascii")
    key = serialization.load_pem_private_key(server.key.encode(), None)
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode()),
    )
    key_file.unlink(missing_ok=True)
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
    return chain, key_file


def _addresses() -> list[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    except OSError:  # a machine whose own name nobody knows
        return []
    return [str(each[4][0]).split("%")[0] for each in found]


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + life)
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
