"""Time and memory with more entries than there are: `python -m benchmarks.growth ENTRIES` prints one JSON object."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from types import MappingProxyType

import numpy as np

from answers import Answerer, Library
from answers.models import Entry
from answers.text import normal, words

PHRASINGS = 15
"""Of each made-up entry."""
SHARE_KEPT = 0.6
"""Of a real phrasing's words, how many a made-up one keeps (the others come from two topics drawn for its entry)."""
QUESTIONS = Path(__file__).parent.parent / "tests/questions"
ASKED = 400


@dataclass(frozen=True)
class Grown:
    """`entries` with `phrasings`; seconds until it can answer, times in ms, and the process' peak memory in MB."""

    entries: int
    phrasings: int
    ready: float
    median: float
    p99: float
    memory: float


def grow(library: Library, entries: int, seed: int = 7) -> Library:
    """A library with made-up entries added up to `entries`, the same ones each time. Nothing is written."""
    made = dict(library.entries)
    for entry in _made_up(library.entries, random.Random(seed)):  # noqa: S311  no secret is made
        if len(made) >= entries:
            break
        made[entry.id] = entry
    return replace(library, entries=MappingProxyType(made))


def _made_up(real: Mapping[str, Entry], chance: random.Random) -> Iterator[Entry]:
    """Entries without end: each rewords phrasings of one real entry with the words of two others."""
    spoken = {id_: [words(normal(text)) for text in entry.phrasings] for id_, entry in real.items()}
    seen = {" ".join(text) for texts in spoken.values() for text in texts}
    ids = list(real)
    while True:
        base, *others = chance.sample(ids, 3)
        topic = chance.sample(sorted({word for id_ in others for text in spoken[id_] for word in text}), 12)
        phrasings: list[str] = []
        while len(phrasings) < PHRASINGS:
            source = chance.choice(spoken[base])
            kept = [word if chance.random() < SHARE_KEPT else chance.choice(topic) for word in source]
            text = " ".join([*kept, chance.choice(topic)])
            if text not in seen:
                seen.add(text)
                phrasings.append(text)
        id_ = f"made-up-{len(seen)}"
        yield real[base].model_copy(update={"id": id_, "question": phrasings[0][:72], "phrasings": tuple(phrasings)})


def measure(entries: int, texts: Sequence[str]) -> Grown:
    """Load, grow and ask in this process. Its peak memory counts what it did before, so give it a fresh one."""
    start = perf_counter()
    library = Library.load()
    loaded = perf_counter() - start
    grown = grow(library, entries)
    start = perf_counter()
    answerer = Answerer(grown)
    answerer.reply(texts[0])
    ready = loaded + perf_counter() - start
    seconds = []
    for text in texts:
        start = perf_counter()
        answerer.reply(text)
        seconds.append(perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Grown(
        entries=len(grown.entries),
        phrasings=sum(len(entry.phrasings) for entry in grown.entries.values()),
        ready=ready,
        median=median(seconds) * 1000,
        p99=float(np.percentile(seconds, 99)) * 1000,
        memory=peak / (1 << 20 if sys.platform == "darwin" else 1 << 10),
    )


def measured_apart(entries: int) -> Grown:
    """`measure` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", str(entries)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  this very module
    return Grown(**json.loads(done.stdout))


def _sample() -> list[str]:
    files = [QUESTIONS / name for name in ("in_scope.test.jsonl", "out_of_scope.test.jsonl")]
    texts = [str(json.loads(line)["text"]) for file in files for line in file.read_text("utf-8").splitlines()]
    return texts[:: max(1, len(texts) // ASKED)]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(vars(measure(int(sys.argv[1]), _sample()))))
