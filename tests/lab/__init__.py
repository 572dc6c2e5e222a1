"""Real servers for the tests, each private to one run: started in a temporary directory on a loopback address of
their own, ready when start() returns, gone without a trace when stop() returns.

    python3 -m lab prosody      # run from tests/: a Prosody to play with, until Ctrl-C
"""

from .address import claim_address, free_port
from .carillon import Carillon
from .prosody import Prosody
from .server import Account, Server

__all__ = ["Account", "Carillon", "Prosody", "Server", "claim_address", "free_port"]
