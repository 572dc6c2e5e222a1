"""A real Dino: logged in, driven over D-Bus and with the mouse, watched through its database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from lab.address import Address, poll
from lab.process import Process
from lab.server import Account

from .desktop import Desktop

APPLICATION = "im.dino.Dino"
WITHIN = 60.0  # each step takes about a second; the rest is for a machine that is busy

# Call.State of libdino, as far as it is kept. A call that is not over yet is kept as ended.
ENDED, DECLINED, MISSED = 4, 5, 6
# Where the buttons of its window are, 1200 by 700 points when nobody manages windows.
CALL_BUTTON, AUDIO_CALL = (978, 28), (1000, 84)
AUDIBLE = 300  # of 32767


class Dino:
    """The domain must end in .onion: only there does Dino take a certificate that nobody has signed."""

    def __init__(self, desktop: Desktop, account: Account, server: Address) -> None:
        self.desktop = desktop
        self.account = account
        self.jid = f"{account.jid}/dino"
        self._database = desktop.home / "data/dino/dino.db"
        names = desktop.home / "hosts"
        # libnss_wrapper wants an address of both kinds; nobody listens on the second.
        names.write_text(f"{server[0]} {account.domain}\n::1 {account.domain}\n")
        self._env = {"LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_HOSTS": str(names)}
        self._process: Process | None = None
        self._calls_seen = 0

    def start(self) -> None:
        """The first start makes the database, the second finds an account in it."""
        first = self._run()
        if not poll(self._has_tables, WITHIN, 0.1):
            raise RuntimeError(f"Dino made no database; it said:\n{first.output()}")
        first.stop(within=20.0)
        with closing(sqlite3.connect(self._database)) as database, database:
            database.execute("INSERT INTO account (bare_jid, resourcepart, password, alias, enabled) VALUES (?, 'dino', ?, '', 1)",
                             (self.account.jid, self.account.password))
        self._process = self._run()

    # What somebody in front of it would do.

    def opens_chat(self, jid: str) -> None:
        self._call("Open", f"['xmpp:{quote(jid, safe='@')}?message']", "{}")
        self._expect(lambda: self._conversation(jid) is not None, f"a chat with {jid}")
        self._call("ActivateAction", "'open-conversation'", f"[<int32 {self._conversation(jid)}>]", "{}")

    def accepts(self, jid: str) -> None:
        self._act_on_call("accept-call", jid)

    def declines(self, jid: str) -> None:
        self._act_on_call("reject-call", jid)

    def calls(self) -> None:
        """Whom the open chat is with. The button is there as soon as the contact is known to take calls."""
        before = self._number_of_calls()

        def has_called() -> bool:
            self._click(*CALL_BUTTON)
            poll(lambda: False, 0.5)  # the menu unfolds
            self._click(*AUDIO_CALL)
            return poll(lambda: self._number_of_calls() > before, 2.0, 0.05)
        self._expect(has_called, "an outgoing call")

    def quits(self) -> None:
        self._call("ActivateAction", "'quit'", "[]", "{}")

    # What somebody in front of it would see.

    def rings(self, jid: str) -> None:
        known = self._calls_seen
        self._expect(lambda: self._number_of_calls() > known and self._conversation(jid) is not None, f"a call of {jid}")
        self._calls_seen = self._number_of_calls()

    def shows_last_call(self, state: int) -> None:
        self._expect(lambda: self._last_call()[0] == state and self._last_call()[1], f"a call that ended in state {state}")

    def hears(self) -> None:
        self._expect(lambda: self.desktop.loudest() > AUDIBLE, "any sound")

    def _last_call(self) -> tuple[int, ...]:
        rows = self._rows("SELECT state, end_time FROM call ORDER BY id DESC LIMIT 1")
        return rows[0] if rows else (-1, 0)

    def _number_of_calls(self) -> int:
        rows = self._rows("SELECT count(*) FROM call")
        return rows[0][0] if rows else 0

    def _click(self, x: int, y: int) -> None:
        self.desktop.do("xdotool", "mousemove", str(x), str(y), "click", "1")

    def log(self) -> str:
        return self._process.output() if self._process else ""

    def _act_on_call(self, action: str, jid: str) -> None:
        number = self._rows("SELECT id FROM call ORDER BY id DESC LIMIT 1")[0][0]
        self._call("ActivateAction", f"'{action}'", f"[<(int32 {self._conversation(jid)}, int32 {number})>]", "{}")

    def _conversation(self, jid: str) -> int | None:
        rows = self._rows("SELECT c.id FROM conversation c JOIN jid j ON j.id = c.jid_id WHERE j.bare_jid = ?", jid)
        return rows[0][0] if rows else None

    def _run(self) -> Process:
        return self.desktop.run(["dino-im"], "dino.log", self._env)

    def _has_tables(self) -> bool:
        return self._database.exists() and bool(self._rows("SELECT 1 FROM sqlite_master WHERE name = 'call'"))

    def _rows(self, question: str, *values: object) -> list[tuple[int, ...]]:
        try:
            with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
                return database.execute(question, values).fetchall()
        except sqlite3.OperationalError:
            return []  # Dino is writing: ask again

    def _call(self, method: str, *words: str) -> None:
        path = "/" + APPLICATION.replace(".", "/")
        self.desktop.do("gdbus", "call", "--session", "--dest", APPLICATION, "--object-path", path,
                        "--method", f"org.freedesktop.Application.{method}", *words)

    def _expect(self, condition, what: str) -> None:  # type: ignore[no-untyped-def]
        if not poll(condition, WITHIN, 0.05):
            shot = Path("build/logs/dino.png")
            shot.parent.mkdir(parents=True, exist_ok=True)
            self.desktop.screenshot(shot)
            raise AssertionError(f"{self.jid} never showed {what}; see {shot}; it said:\n{self.log()[-1500:]}")
