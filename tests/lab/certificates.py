"""Keys and certificates for servers, made by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
DAYS = ["-days", "30"]


def self_signed(directory: Path, names: list[str]) -> tuple[Path, Path]:
    """Key and certificate (PEM) for all these names."""
    key, certificate = directory / f"{names[0]}.key", directory / f"{names[0]}.crt"
    _openssl("req", "-x509", *KEY, *DAYS, "-subj", f"/CN={names[0]}", "-addext", _alternatives(names),
             "-keyout", key, "-out", certificate)
    return key, certificate


def key_pair(directory: Path) -> tuple[Path, Path]:
    """A private and a public key on P-256, for tokens."""
    private, public = directory / "private.pem", directory / "public.pem"
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", private)
    _openssl("ec", "-in", private, "-pubout", "-out", public)
    return private, public


class Authority:
    """A certificate authority of one test run."""

    def __init__(self, directory: Path, name: str) -> None:
        self._directory = directory
        self._key, self.certificate = directory / f"{name}.key", directory / f"{name}.crt"
        _openssl("req", "-x509", *KEY, *DAYS, "-subj", f"/CN=Test {name}", "-keyout", self._key, "-out", self.certificate)

    def sign(self, names: list[str]) -> tuple[Path, Path]:
        key, certificate = self._directory / f"{names[0]}.key", self._directory / f"{names[0]}.crt"
        request, extensions = self._directory / f"{names[0]}.csr", self._directory / f"{names[0]}.ext"
        extensions.write_text(_alternatives(names) + "\n")
        _openssl("req", "-new", *KEY, "-subj", f"/CN={names[0]}", "-keyout", key, "-out", request)
        _openssl("x509", "-req", *DAYS, "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial",
                 "-extfile", extensions, "-out", certificate)
        return key, certificate


def _alternatives(names: list[str]) -> str:
    return "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)


def _openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
