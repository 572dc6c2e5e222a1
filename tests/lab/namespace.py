"""A network of the test's own, in which packets can be dropped: no other program sees it, and any user may have one."""

from __future__ import annotations

import os
import subprocess
import sys

from .address import Address

INSIDE = "LAB_NAMESPACE"
UNSHARE = ["unshare", "--user", "--map-root-user", "--net"]
READY = "ip link set lo up && iptables -w -n -L >/dev/null"


def enter() -> str | None:
    """Starts this program anew in a network namespace of its own (once); returns why that cannot be, where it cannot."""
    if os.environ.get(INSIDE):
        return None
    try:
        probe = subprocess.run([*UNSHARE, "sh", "-c", READY], capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        return str(missing)
    if probe.returncode:
        return "no network namespace can be had: " + " ".join(probe.stderr.split())
    sys.stdout.flush()
    os.environ[INSIDE] = "yes"
    os.execvp(UNSHARE[0], [*UNSHARE, "sh", "-c", READY + ' && exec "$@"', "sh", *sys.orig_argv])


def drop(address: Address, probability: float = 1.0) -> None:
    """From now on packets to and from this address are lost: all, or this share of them. Nobody is told."""
    chance = [] if probability >= 1.0 else ["-m", "statistic", "--mode", "random", "--probability", f"{probability:.3f}"]
    for end in ("d", "s"):
        _iptables("-A", "INPUT", "-p", "tcp", f"-{end}", address[0], f"--{end}port", str(address[1]), *chance, "-j", "DROP")


def heal() -> None:
    _iptables("-F", "INPUT")


def _iptables(*words: str) -> None:
    assert os.environ.get(INSIDE), "not in a namespace of our own"
    subprocess.run(["iptables", "-w", *words], check=True, capture_output=True)
