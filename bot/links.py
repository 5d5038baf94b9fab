"""`kratom-answers check --links`: every address that readers are given is tried, and what came of it is said."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from answers.documents import Document, Loc, Problem
from answers.library import Library
from answers.models import CrisisCard, Entry
from bot.link_verdicts import Outcome, Verdict
from bot.link_visits import Manners, Visitor

GIVE_UP_AFTER = 25
"""So many addresses of which no host answered mean that there is no network."""
REMEDIES = {
    Outcome.DEAD: "Find where it went, or cite another source.",
    Outcome.MOVED: "Look at the new address, and write it here.",
    Outcome.CHANGED: "Read it again: does it still say what is cited?",
    Outcome.REFUSED: "Cannot tell: open it by hand.",
}


class NoNetworkError(Exception):
    """No host answered."""


@dataclass(frozen=True)
class Link:
    """An address, the titles its page should have (none: any), and the fields of the content files that hold it."""

    url: str
    titles: tuple[str, ...]
    places: tuple[tuple[Document, Loc], ...]


@dataclass(frozen=True)
class Tried:
    """A link and what came of it."""

    link: Link
    verdict: Verdict

    def problems(self) -> Iterator[Problem]:
        """What to mend, at each place that holds the address. Nothing where the link is well."""
        outcome, url = self.verdict.outcome, self.link.url
        if outcome is Outcome.OK:
            return
        now = f", now {self.verdict.new_url}" if self.verdict.new_url else ""
        why = f" ({self.verdict.why})" if self.verdict.why else ""
        for document, loc in self.link.places:
            yield document.problem(loc, f"{outcome}: {url}{now}{why}.", REMEDIES[outcome])


def links_of(library: Library) -> tuple[Link, ...]:
    """Every address that readers are given, each once: cited sources, crisis lines, where to check a state's law."""
    titles: dict[str, list[str]] = {}
    places: dict[str, list[tuple[Document, Loc]]] = {}
    for url, title, document, loc in _addresses(library):
        plain = urldefrag(url).url
        titles.setdefault(plain, []).extend([title] if title else [])
        places.setdefault(plain, []).append((document, loc))
    return tuple(Link(url, tuple(titles[url]), tuple(places[url])) for url in places)


def _addresses(library: Library) -> Iterator[tuple[str, str | None, Document, Loc]]:
    states = library.state_law.states
    owners: tuple[Entry | CrisisCard, ...] = (*library.entries.values(), *library.cards.values())
    cited = {cite.source for owner in owners for claim in owner.claims for cite in claim.cites}
    cited |= {cite.source for state in states for cite in state.cites}
    document = library.documents["sources.yaml"]
    for n, source in enumerate(library.sources.values()):
        if source.id in cited:
            yield source.url, source.title, document, ("references", n, "URL")
    document = library.documents["crisis_lines.yaml"]
    for country, lines in library.lines.items():
        for n, line in enumerate(lines):
            for name, url in (("url", line.url), ("chat_url", line.chat_url)):
                if url:
                    yield url, None, document, (country, n, name)
    document = library.documents["state_law.yaml"]
    for n, state in enumerate(states):
        if state.where_to_check:
            yield state.where_to_check, None, document, ("states", n, "where_to_check")


async def try_links(links: Sequence[Link], manners: Manners, done: Callable[[Tried], None]) -> tuple[Tried, ...]:
    """What came of each link, in their order; `done` hears of each at once. Raises `NoNetworkError`."""
    finished = 0
    async with Visitor(manners) as visitor:

        async def one(link: Link) -> Tried:
            nonlocal finished
            tried = Tried(link, await visitor.visit(link.url, link.titles))
            finished += 1
            if not visitor.answered and finished >= min(GIVE_UP_AFTER, len(links)):
                raise NoNetworkError
            done(tried)
            return tried

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(link)) for link in links]
        except* NoNetworkError:
            raise NoNetworkError("No host answered, so no link was judged: is there a network?") from None
    return tuple(task.result() for task in tasks)


def check_links(library: Library, say: Callable[[str], None], manners: Manners | None = None) -> bool:
    """Try every link, `say` what to mend, worst first. Whether none is dead or has moved.

    On a terminal, standard error shows how far it is. Raises `NoNetworkError`.
    """
    links = links_of(library)
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("Trying links"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[host]}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(links), host="")

        def done(tried: Tried) -> None:
            progress.update(task, advance=1, host=urlsplit(tried.link.url).hostname or "")

        tried = asyncio.run(try_links(links, manners or Manners(), done))
    for outcome in Outcome:
        for problem in sorted(p for one in tried if one.verdict.outcome is outcome for p in one.problems()):
            say(str(problem))
    counts = Counter(one.verdict.outcome for one in tried)
    console.print(
        f"{len(tried)} links: " + ", ".join(f"{counts[outcome]} {outcome}" for outcome in reversed(Outcome)) + ".",
        soft_wrap=True,
        highlight=False,
    )
    return not (counts[Outcome.DEAD] or counts[Outcome.MOVED])
