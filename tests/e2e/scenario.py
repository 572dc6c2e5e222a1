"""The list of scenarios; each is a function with a title and the clients' names as its arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .stage import Stage

Body = Callable[..., None]


@dataclass(frozen=True)
class Scenario:
    subject: str
    title: str
    body: Body
    through_carillon: bool  # makes sense only with Carillon between the clients
    pairs: int              # how many of the client pairs play it; the slow ones are not played by all
    extra: int              # clients besides the two of the pair

    @property
    def name(self) -> str:
        return f"{self.subject}: {self.title}"


all_scenarios: list[Scenario] = []


def scenario(title: str, *, through_carillon: bool = False, pairs: int = 4, extra: int = 0) -> Callable[[Body], Body]:
    """Registers `body(stage, alice, bob, *extra clients)`: alice calls bob."""
    def register(body: Body) -> Body:
        subject = body.__module__.rpartition(".")[2]
        all_scenarios.append(Scenario(subject, title, body, through_carillon, pairs, extra))
        return body
    return register


__all__ = ["Scenario", "Stage", "all_scenarios", "scenario"]
