"""python3 -m lab prosody [--tls] [--domain NAME]: a private server until Ctrl-C, for a human or another program."""

from __future__ import annotations

import argparse
import signal

from .prosody import Prosody


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab", description="Starts a private XMPP server and says how to reach it.")
    parser.add_argument("server", choices=["prosody"])
    parser.add_argument("--domain", default="example.test")
    parser.add_argument("--tls", action="store_true", help="offer STARTTLS with a self-signed certificate")
    arguments = parser.parse_args()

    with Prosody(domain=arguments.domain, component=f"call.{arguments.domain}", tls=arguments.tls) as server:
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
