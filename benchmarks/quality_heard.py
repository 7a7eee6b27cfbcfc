"""Names across scripts: what two spellings hold (`fit`), and how strangers' names fare beside the parties sought.

    python benchmarks/quality_heard.py fit       # the figures of names.heard and scorer.HEARD_*, from words
    python benchmarks/quality_heard.py --write   # docs/reference/scripts.md, from the half kept for the report

`fit` takes words of names beside their Latin forms, and beside thirty other listed words each, and tells the bits
that letters, consonants and differences hold (logistic regression, each prior taken out). A stranger is a name of
the registers or of Wikidata whose Latin form alerts nobody.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import quality_pictures as pictures
from quality_material import sdn
from quality_scripts import listed_bodies, listed_people, ordinary_companies, register_people, wikidata_people
from rapidfuzz.distance import OSA

from caveat.names import Mode, Token, TokenKind, normalize, read_name, skeleton, token
from caveat.screening import DEFAULT_THRESHOLD, Query, open_index, search, write_index
from caveat.screening.compare import judge
from caveat.screening.evidence import log_odds

PAGE = Path(__file__).parents[1] / "docs/reference/scripts.md"
PEOPLE = (("listed", listed_people), ("register", register_people), ("Wikidata", wikidata_people))
SOURCES = (*PEOPLE, ("bodies", listed_bodies), ("companies", ordinary_companies))
OTHERS = 30
MIN_SHOWN = 25


def word_pairs(mode: Mode, count: int) -> Iterator[tuple[Token, str]]:
    """Words of names read from another script that way, each beside the Latin word it stands for."""
    for _, read in PEOPLE:
        for pairs in read("tune", count, 3).values():
            for native, latin in pairs:
                best: tuple[int, list[tuple[Token, str]]] | None = None
                for reading in read_name(native):
                    if any(t.mode is not mode or t.kind is not TokenKind.WORD for t in reading.tokens):
                        continue
                    for form in latin[:6]:
                        words = normalize(form).split()
                        for order in (words, words[::-1]):
                            if len(words) != len(reading.tokens) or not "".join(words).isalpha():
                                continue
                            some = list(zip(reading.tokens, order, strict=True))
                            far = sum(OSA.distance(t.skeleton, skeleton(word)) for t, word in some)
                            if best is None or far < best[0]:
                                best = (far, some)
                yield from best[1] if best else ()


def features(one: Token, word: str) -> tuple[int, int, int, int]:
    """Letters, consonants, and in how many of either two words differ."""
    bare, other = one.skeleton, skeleton(word)
    return (
        max(len(one.text), len(word)), max(len(bare), len(other)), OSA.distance(bare, other),
        OSA.distance(one.text, word),
    )  # fmt: skip


def fit(count: int) -> None:
    """Print what letters and differences hold, in bits."""
    rng = random.Random(5)
    listed = [
        word
        for _, entry in sdn()
        for name in entry.names
        for word in normalize(name.text).split()
        if len(word) > 1 and word.isalpha() and word.isascii() and token(word).kind is TokenKind.WORD
    ]
    for mode in (Mode.SOUNDED, Mode.BARE):
        pairs = list(word_pairs(mode, count))
        rows = [(1, *features(one, word)) for one, word in pairs]
        rows += [(0, *features(one, rng.choice(listed))) for one, _ in pairs for _ in range(OTHERS)]
        data = np.array(rows, float)
        near = data[data[:, 3] <= 3]
        bits = logistic(np.c_[np.ones(len(near)), near[:, 1:]], near[:, 0]) / np.log(2)
        same, other = (near[:, 0] == 1).sum(), (near[:, 0] == 0).sum()
        bits[0] -= np.log2(same / other)
        bits[0] += np.log2(same / (data[:, 0] == 1).sum()) - np.log2(other / (data[:, 0] == 0).sum())
        told = ("held", "a letter", "a consonant", "a consonant differs", "a letter differs")
        print(mode.name, len(pairs), ", ".join(f"{what} {value:+.2f}" for what, value in zip(told, bits, strict=True)))


def logistic(given: Any, wanted: Any) -> Any:
    """The coefficients that tell `wanted` (0 or 1) from the columns of `given`, by Newton's steps."""
    found = np.zeros(given.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-given @ found))
        slope = given.T @ (given * (chance * (1 - chance) + 1e-9)[:, None]) + 1e-6 * np.eye(len(found))
        found += np.linalg.solve(slope, given.T @ (wanted - chance))
    return found


def report(count: int, write: bool) -> None:
    """Parties found and strangers alerted, by script and source."""
    index = open_index(write_index(sdn(), Path(tempfile.mkdtemp())).parent)
    line = log_odds(DEFAULT_THRESHOLD)
    out = [
        "# Names in other scripts, measured\n\nMade by `python benchmarks/quality_heard.py --write`; do not edit. "
        "*Found*: a native name against the Latin names of the same party, at the default threshold. *Strangers "
        f"alerted*: native names screened against OFAC's SDN list of January 2019 ({index.entries:,} parties), those "
        "left out whose Latin form alerts as well. *Listed*: persons of the UK list of April 2025; *register*: given "
        "and family name of one country; *Wikidata*: two names put together, some of them no romanization of each "
        "other; *bodies*: companies and bodies of eight lists of August 2026, some of whose native names are "
        "a machine's or a parent's; *companies*: ordinary ones of a Chinese register. The half "
        "of each source kept for this page.\n\n"
        "| script | source | names | found | strangers alerted |\n|---|---|---|---|---|\n"
    ]
    found_rows, alert_rows = [], []
    for source, read in SOURCES:
        for script, pairs in read("report", count, 204).items():
            if len(pairs) < MIN_SHOWN:
                continue
            found = sum(any(judge(native, form).points >= line for form in latin) for native, latin in pairs)
            share, label, told = found / len(pairs), f"{script}, {source}", "–"
            has_latin = any(latin for _, latin in pairs)
            if has_latin:
                found_rows.append((label, share, f"{share:.2f}"))
            if source != "listed":
                strangers = [native for native, latin in pairs if not any(_alerts(index, form) for form in latin[:4])]
                alerted = sum(_alerts(index, native) for native in strangers) / max(1, len(strangers))
                alert_rows.append((label, alerted, f"{alerted:.3f}"))
                told = f"{alerted:.3f}"
            out.append(f"| {script} | {source} | {len(pairs)} | {f'{share:.3f}' if has_latin else '–'} | {told} |\n")
            print(out[-1], end="", flush=True)
    out.append("\n![found, by script](scripts-found.svg)\n\n![strangers alerted, by script](scripts-strangers.svg)\n")
    if write:
        PAGE.write_text("".join(out), "utf-8")
        for name, rows, title, most in (
            ("found", found_rows, "Found, by script and source", 1.0),
            ("strangers", alert_rows, "Strangers alerted, by script and source (to 0.2)", 0.2),
        ):
            (PAGE.parent / f"scripts-{name}.svg").write_text(pictures.bars(sorted(rows), title, most=most), "utf-8")


def _alerts(index: Any, name: str) -> bool:
    return bool(search(index, Query(name), limit=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("fit", "report"), default="report")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.what == "fit":
        fit(given.count)
    else:
        report(given.count, given.write)
