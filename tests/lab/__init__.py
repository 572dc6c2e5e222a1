"""Real servers for the tests, each private to one run: started in a temporary directory on a loopback address of
their own, ready when start() returns, gone without a trace when stop() returns.

    python3 -m lab prosody      # run from tests/: a server to play with, until Ctrl-C; also ejabberd
"""

from .address import claim_address, free_port
from .carillon import Carillon
from .ejabberd import Ejabberd
from .federation import Federation, Trust
from .prosody import Prosody
from .proxy import Proxy, Way
from .raw_stream import RawComponent, RawServer
from .server import Account, Server
from .shim import Shim

SERVERS = {"prosody": Prosody, "ejabberd": Ejabberd}

__all__ = ["SERVERS", "Account", "Carillon", "Ejabberd", "Federation", "Prosody", "Proxy", "RawComponent", "RawServer", "Server", "Shim", "Trust",
           "Way", "claim_address", "free_port"]
