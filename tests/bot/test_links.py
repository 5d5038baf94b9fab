"""`check --links`: each outcome against a server on this machine, and the manners that it is asked with."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from typer.testing import CliRunner

from answers.library import Library
from bot.cli import app
from bot.link_verdicts import Hop, Outcome, Page, Verdict, alike, failed, titles_of, verdict
from bot.link_visits import Manners, Visitor
from bot.links import Link, NoNetworkError, Tried, check_links, links_of, try_links

Edit = Callable[[str, Callable[[Any], None]], None]
TITLE = "Liver injury associated with kratom"
QUICK = Manners(pause=0.0, timeout=2.0, longest_wait=0.05)


@dataclass
class Site:
    """A web site on this machine. `asked` notes each request; `busy` the most that were under way at once."""

    url: str = ""
    asked: list[tuple[str, str, float]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    robots: str | int = 404
    under_way: int = 0
    busy: int = 0

    def methods(self, path: str) -> list[str]:
        return [method for method, asked, _ in self.asked if asked == path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path, time.monotonic()))
        self.agents.add(request.headers["User-Agent"])
        self.under_way += 1
        self.busy = max(self.busy, self.under_way)
        try:
            if request.path == "/robots.txt":
                return (
                    web.Response(text=self.robots) if isinstance(self.robots, str) else web.Response(status=self.robots)
                )
            return await self._page(request)
        finally:
            self.under_way -= 1

    async def _page(self, request: web.Request) -> web.StreamResponse:
        name, _, rest = request.path[1:].partition("/")
        if name == "slow":
            await asyncio.sleep(5)
        if name == "hangs-up-on-head" and request.method == "HEAD" and request.transport:
            request.transport.close()
        if name == "no-head" and request.method == "HEAD":
            return web.Response(status=405)
        if name == "busy-once" and len(self.methods(request.path)) == 1:
            return web.Response(status=429, headers={"Retry-After": "0"})
        if name in REDIRECTS:
            return web.Response(status=REDIRECTS[name], headers={"Location": request.query.get("to") or f"/{rest}"})
        return web.Response(status=int(rest)) if name == "status" else PAGES.get(name, lambda: _html(TITLE))()


def _html(title: str, more: str = "") -> web.Response:
    return web.Response(text=f"<html><title>{title}</title><h1>{title}</h1>{more}", content_type="text/html")


REDIRECTS = {"permanent": 301, "temporary": 302}
PAGES: dict[str, Callable[[], web.Response]] = {
    "captcha": lambda: _html("Just a moment..."),
    "soft-404": lambda: _html("Page not found | A Journal"),
    "changed": lambda: _html("Cheap garden furniture"),
    "huge": lambda: _html(TITLE, "x" * 3_000_000),
    "pdf": lambda: web.Response(body=b"%PDF", content_type="application/pdf"),
    "latin": lambda: web.Response(
        body="<title>Insuffisance hépatique</title>".encode("latin-1"),
        headers={"Content-Type": "text/html; charset=latin-1"},
    ),
}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


async def visit(url: str, *titles: str, manners: Manners = QUICK) -> Verdict:
    async with Visitor(manners) as visitor:
        return await visitor.visit(url, titles or (TITLE,))


@pytest.mark.parametrize(
    ("path", "outcome", "why"),
    [
        ("/page", "ok", ""),
        ("/no-head", "ok", ""),
        ("/hangs-up-on-head", "ok", ""),
        ("/pdf", "ok", ""),
        ("/huge", "ok", ""),
        ("/busy-once", "ok", ""),
        ("/temporary/page", "ok", ""),
        ("/status/404", "dead", "404"),
        ("/status/410", "dead", "410"),
        ("/soft-404", "dead", "Page not found"),
        ("/temporary/status/404", "dead", "404"),
        ("/permanent/status/404", "dead", "404"),
        ("/permanent/page", "moved", ""),
        ("/permanent/changed", "moved", "Cheap garden furniture"),
        ("/permanent/status/403", "moved", "403"),
        ("/status/401", "refused", "password"),
        ("/status/403", "refused", "403"),
        ("/status/429", "refused", "429"),
        ("/status/500", "refused", "500"),
        ("/status/503", "refused", "503"),
        ("/captcha", "refused", "Just a moment"),
        (
            "/temporary/temporary/temporary/temporary/temporary/temporary/temporary/temporary/temporary/temporary/temporary/x",
            "refused",
            "without end",
        ),
        ("/temporary?to=ftp://127.0.0.1/x", "refused", "no web page"),
        ("/temporary?to=http://[/", "refused", "no answer"),
        ("/changed", "changed", "Cheap garden furniture"),
    ],
)
async def test_outcomes(site: Site, path: str, outcome: str, why: str) -> None:
    found = await visit(site.url + path)
    assert (found.outcome, why in found.why) == (outcome, True), found
    assert bool(found.why) == bool(why)


async def test_a_page_without_titles_of_ours_may_have_any(site: Site) -> None:
    async with Visitor(QUICK) as visitor:
        assert (await visitor.visit(f"{site.url}/changed")).outcome == Outcome.OK
        assert (await visitor.visit(f"{site.url}/soft-404")).outcome == Outcome.DEAD


async def test_a_page_in_an_old_encoding_is_read(site: Site) -> None:
    assert (await visit(f"{site.url}/latin", "Insuffisance hépatique")).outcome == Outcome.OK
    assert "hépatique" in (await visit(f"{site.url}/latin", "Garden furniture")).why


async def test_the_new_address_is_where_the_permanent_redirects_lead(site: Site) -> None:
    found = await visit(f"{site.url}/permanent/permanent/temporary/page")
    assert (found.outcome, found.new_url) == (Outcome.MOVED, f"{site.url}/temporary/page")
    assert (await visit(f"{site.url}/temporary/permanent/page")).outcome == Outcome.OK


async def test_no_answer_in_time_cannot_be_told(site: Site) -> None:
    found = await visit(f"{site.url}/slow", manners=Manners(pause=0, timeout=0.2))
    assert found == Verdict(Outcome.REFUSED, "no answer in time")


async def test_nobody_listens_cannot_be_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert (await visit(f"http://127.0.0.1:{port}/")).outcome == Outcome.REFUSED


async def test_a_name_without_an_address_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    assert await visit("http://gone.invalid/page") == Verdict(Outcome.DEAD, "its name has no address (DNS)")


async def test_the_asker_names_itself_and_asks_little(site: Site) -> None:
    await visit(f"{site.url}/page")
    assert all(agent.startswith("kratom-answers/") for agent in site.agents)
    assert [(method, path) for method, path, _ in site.asked] == [
        ("GET", "/robots.txt"),
        ("HEAD", "/page"),
        ("GET", "/page"),
    ]
    await visit(f"{site.url}/pdf")
    assert site.methods("/pdf") == ["HEAD"]


async def test_robots_txt_is_asked_once_and_heeded(site: Site) -> None:
    site.robots = "User-agent: *\nDisallow: /private\n"
    links = [Link(f"{site.url}/{name}", (), ()) for name in ("private/a", "private/b", "temporary/private", "page")]
    tried = await try_links(links, QUICK, lambda _: None)
    assert [one.verdict.outcome for one in tried] == ["refused", "refused", "refused", "ok"]
    assert "robots.txt" in tried[0].verdict.why
    assert site.methods("/robots.txt") == ["GET"]
    assert not site.methods("/private/a") + site.methods("/private")


async def test_robots_txt_that_fails_keeps_out(site: Site) -> None:
    site.robots = 503
    assert "robots.txt" in (await visit(f"{site.url}/page")).why
    assert not site.methods("/page")


async def test_one_at_a_time_with_a_pause(site: Site) -> None:
    site.robots = "User-agent: kratom-answers\nCrawl-delay: 1\n"
    links = [Link(f"{site.url}/{n}", (), ()) for n in range(3)]
    await try_links(links, Manners(pause=0.02, longest_wait=0.05), lambda _: None)
    times = [when for _, path, when in site.asked if path != "/robots.txt"]
    assert site.busy == 1
    assert len(times) == 6
    assert all(later - sooner >= 0.045 for sooner, later in pairwise(times))


async def test_a_host_that_has_had_enough_is_left_alone(site: Site) -> None:
    links = [Link(f"{site.url}/status/429?{n}", (), ()) for n in range(5)]
    tried = await try_links(links, QUICK, lambda _: None)
    assert {one.verdict.outcome for one in tried} == {Outcome.REFUSED}
    assert len(site.methods("/status/429")) == 2  # once, and once more after the pause


async def test_few_at_once(site: Site) -> None:
    async with Visitor(Manners(at_once=1, pause=0)) as visitor:
        here, there = f"{site.url}/a", f"{site.url}/b".replace("127.0.0.1", "localhost")
        await asyncio.gather(visitor.visit(here), visitor.visit(there))
    assert site.busy == 1


async def test_without_a_network_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    heard: list[Tried] = []
    with pytest.raises(NoNetworkError, match="is there a network"):
        await try_links([Link(f"http://{n}.invalid/", (), ()) for n in range(40)], QUICK, heard.append)
    assert len(heard) < 40


def test_failures_are_told_apart() -> None:
    def because(cause: Exception) -> Verdict:
        error = httpx.ConnectError("no")
        error.__cause__ = cause
        return failed(error)

    assert because(socket.gaierror(socket.EAI_NONAME, "")).outcome == Outcome.DEAD
    assert because(socket.gaierror(socket.EAI_AGAIN, "")).outcome == Outcome.REFUSED
    assert "certificate" in because(ssl.SSLCertVerificationError()).why
    assert failed(httpx.ConnectTimeout("slow")).why == "no answer in time"
    assert failed(httpx.ConnectError("no")).why == "no answer (ConnectError)"


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("FDA and Kratom", "FDA and Kratom | FDA", True),
        ("Liver Injury Associated with Kratom: A Review", "Liver injury associated with kratom - PubMed", True),
        ("Insuffisance hépatique", "INSUFFISANCE HEPATIQUE", True),
        ("Insomnia (NHS patient information)", "Insomnia - NHS", True),
        ("FDA and Kratom", "Home", False),
        ("Liver Injury Associated with Kratom", "This domain may be for sale", False),
        ("", "Home", True),
        ("FDA and Kratom", "—", True),
    ],
)
def test_titles_that_are_alike(ours: str, theirs: str, *, same: bool) -> None:
    assert alike(ours, theirs) is same
    assert alike(theirs, ours) is same


def test_titles_of_a_page() -> None:
    page = (
        '<svg><title>Menu</title></svg><title>A &amp;\n B</title><meta property="og:title" content="C">'
        '<meta name="citation_title" content="D"><meta name="og:title"><h1>E <b>f</b></h1><h1>G</h1><title>H</title>'
    )
    assert titles_of(page) == ("A & B", "C", "D", "E f")
    assert titles_of("") == ()
    assert titles_of("<title>Open") == ("Open",)
    assert titles_of("<title>A</title><![broken") in (("A",), ())


def test_any_of_a_pages_titles_may_be_ours() -> None:
    page = Page(f'<title>NEJM</title><meta name="citation_title" content="{TITLE}">')
    assert verdict([Hop("http://a/", 200)], page, [TITLE]).outcome == Outcome.OK
    assert (
        verdict([Hop("http://a/", 200)], Page(f"<title>{TITLE}</title>", is_html=False), ["x y"]).outcome == Outcome.OK
    )


def test_every_link_of_the_faq_is_tried_once(library: Library) -> None:
    links = links_of(library)
    urls = {link.url for link in links}
    assert len(urls) == len(links)
    assert not any("#" in url for url in urls)
    cited = {c.source for entry in library.entries.values() for claim in entry.claims for c in claim.cites}
    assert {library.sources[id_].url.partition("#")[0] for id_ in cited} <= urls
    assert {line.chat_url.partition("#")[0] for ls in library.lines.values() for line in ls if line.chat_url} <= urls
    assert {url.partition("#")[0] for state in library.state_law.states if (url := state.where_to_check)} <= urls


def test_a_problem_names_file_line_and_remedy(content: Path) -> None:
    library = Library.load(content)
    link = next(link for link in links_of(library) if link.titles)
    (dead,) = Tried(link, Verdict(Outcome.DEAD, "not found (404)")).problems()
    assert dead.path == "sources.yaml"
    assert link.url in (content / dead.path).read_text("utf-8").splitlines()[dead.line - 1]
    assert "dead" in str(dead)
    assert "(not found (404))" in str(dead)
    assert "cite another" in str(dead)
    moved = Tried(link, Verdict(Outcome.MOVED, new_url="http://new/")).problems()
    assert all("now http://new/" in str(problem) for problem in moved)
    assert not list(Tried(link, Verdict(Outcome.OK)).problems())


@pytest.mark.parametrize(("outcome", "status"), [("dead", 1), ("moved", 1), ("changed", 0), ("refused", 0), ("ok", 0)])
def test_the_command_fails_for_what_is_dead_or_moved(
    content: Path, monkeypatch: pytest.MonkeyPatch, outcome: str, status: int
) -> None:
    async def visit(visitor: Visitor, url: str, titles: tuple[str, ...]) -> Verdict:
        assert url
        visitor.answered = True
        return Verdict(Outcome(outcome) if titles else Outcome.OK)

    monkeypatch.setattr(Visitor, "visit", visit)
    monkeypatch.setattr("bot.cli.vet", lambda *_, **__: [])
    ran = CliRunner().invoke(app, ["check", "--links", "--content", str(content), "--today", "2026-11-25"])
    assert ran.exit_code == status, ran.output
    assert (f"{outcome}: http" in ran.stdout) is (outcome != "ok")
    assert "No problems found." in ran.stderr
    assert "links:" in ran.stderr


def test_the_command_without_a_network(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: Any, **__: Any) -> bool:
        raise NoNetworkError("No host answered, so no link was judged: is there a network?")

    monkeypatch.setattr("bot.links.check_links", no_network)
    ran = CliRunner().invoke(app, ["check", "--links", "--content", str(content), "--today", "2026-11-25"])
    assert ran.exit_code == 2
    assert "is there a network" in ran.stderr


def test_the_command_does_not_try_links_of_content_that_does_not_load(content: Path) -> None:
    (content / "entries/risks/liver-injury.yaml").write_text("id: [", "utf-8")
    ran = CliRunner().invoke(app, ["check", "--links", "--content", str(content)])
    assert ran.exit_code == 1
    assert "not tried" in ran.stderr


async def test_the_whole_way(site: Site, content: Path, edit: Edit) -> None:
    def put(data: Any) -> None:
        for n, item in enumerate(data["references"]):
            item["URL"] = f"{site.url}/permanent/page" if n == 0 else f"{site.url}/status/404?{n}"

    def drop(data: Any) -> None:
        for lines in data.values():
            for line in lines:
                line.update(url=f"{site.url}/page", chat_url=None)

    edit("sources.yaml", put)
    edit("crisis_lines.yaml", drop)
    edit("state_law.yaml", lambda d: d["states"][0].update(where_to_check=None))
    said: list[str] = []
    all_well = await asyncio.to_thread(check_links, Library.load(content), said.append, QUICK)
    assert not all_well
    assert said[0].startswith("sources.yaml:")
    assert "dead" in said[0]
    assert f"now {site.url}/page" in said[-1]
