"""python3 -m lab prosody|ejabberd [--domain NAME]: a private server until Ctrl-C, for a human or another program."""

from __future__ import annotations

import argparse
import signal

from . import SERVERS


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab", description="Starts a private XMPP server and says how to reach it.")
    parser.add_argument("server", choices=sorted(SERVERS))
    parser.add_argument("--domain", default="example.test")
    arguments = parser.parse_args()

    with SERVERS[arguments.server](domain=arguments.domain, component=f"call.{arguments.domain}") as server:
        print(f"clients    {server.client_address[0]}:{server.client_address[1]}")
        for account in server.accounts.values():
            print(f"account    {account.jid}  password {account.password}")
        print(f"component  {server.component} at {server.component_address[0]}:{server.component_address[1]}, "
              f"secret {server.secret}")
        print("Ctrl-C ends it and removes everything.", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
