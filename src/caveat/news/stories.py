"""Stories: one act told in several articles, one article told twice or corrected, one utterance in two translations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from caveat.news.article import Article, Event, Statement, key_of
from caveat.news.parties import same_party

_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "on",
        "for",
        "with",
        "that",
        "this",
        "it",
        "its",
        "as",
        "at",
        "by",
        "from",
        "not",
        "no",
        "nor",
        "has",
        "have",
        "had",
        "will",
        "would",
        "said",
        "so",
        "what",
        "which",
        "their",
        "they",
    ]
)


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell one thing. `articles` are the readings that stand; `earlier` those a correction replaced."""

    articles: tuple[Article, ...]
    earlier: tuple[Article, ...] = ()

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of the story, each act once, from the article that names the most."""
        out: list[Event] = []
        for event in sorted((e for a in self.articles for e in a.events), key=lambda e: -len(e.entities)):
            if not any(is_same_act(event, other) for other in out):
                out.append(event)
        return tuple(out)


def gather_stories(articles: Sequence[Article], known: Sequence[Story] = ()) -> tuple[Story, ...]:
    """Join articles, in the order they came, to stories and to those known before.

    An article of the same address with other words corrects the reading before it, which is kept;
    one with the same words is the same article; one that tells the same primary act joins the story.
    """
    stories = list(known)
    for article in articles:
        for number, story in enumerate(stories):
            joined = _join(story, article)
            if joined is not None:
                stories[number] = joined
                break
        else:
            stories.append(Story((article,)))
    return tuple(stories)


def _join(story: Story, article: Article) -> Story | None:
    for number, other in enumerate(story.articles):
        if _words(other.text) == _words(article.text):
            return story
        if article.source_address and article.source_address == other.source_address:
            kept = (*story.articles[:number], article, *story.articles[number + 1 :])
            return replace(story, articles=kept, earlier=(*story.earlier, other))
    mine = [e for e in article.events if not e.background]
    theirs = [e for a in story.articles for e in a.events if not e.background]
    if any(is_same_act(a, b) for a in mine for b in theirs):
        return replace(story, articles=(*story.articles, article))
    return None


def is_same_act(a: Event, b: Event) -> bool:
    """Whether two events are one act: the same list and action, days that agree, and shared names or counts."""
    if (a.list, a.action) != (b.list, b.action):
        return False
    if a.date and b.date and not (a.date.startswith(b.date) or b.date.startswith(a.date)):
        days_apart = abs(_number(a.date) - _number(b.date))
        if days_apart > 3:
            return False
    if a.entities and b.entities:
        shared = sum(1 for n in a.entities if any(same_party(n, m) for m in b.entities))
        return shared >= 0.5 * min(len(a.entities), len(b.entities))
    return a.count_claimed is not None and a.count_claimed == b.count_claimed


def _number(date: str) -> int:
    import datetime as dt

    return dt.date.fromisoformat(date if len(date) == 10 else f"{date}-01").toordinal()


def join_variants(statements: Sequence[Statement]) -> tuple[tuple[Statement, ...], ...]:
    """Statements grouped into utterances: one speaker, and quotes that share most of their telling words.

    Two translations of one sentence, or a quote and its shortened form, fall together.

    >>> one = Statement("Geng Shuang", None, "denies", (0, 1), ("the accusations are but an excuse to intervene",))
    >>> two = Statement("Geng Shuang", None, "denies", (0, 1), ("These accusations are an excuse to interfere",))
    >>> len(join_variants([one, two]))
    1
    """
    groups: list[list[Statement]] = []
    for statement in statements:
        home = next((g for g in groups if any(_is_variant(statement, s) for s in g)), None)
        if home is not None:
            home.append(statement)
        else:
            groups.append([statement])
    return tuple(tuple(g) for g in groups)


def _is_variant(a: Statement, b: Statement) -> bool:
    names = [key_of(re.sub(r"spokes\w+", "", s.affiliation or s.speaker)) for s in (a, b)]
    if not (same_party(a.speaker, b.speaker) or names[0] == names[1]):
        return False
    return any(_share(p, q) >= 0.5 for p in a.quotes for q in b.quotes)


def _share(a: str, b: str) -> float:
    """The part of the shorter quote's telling words that the other has, by their stems."""
    one, two = ({w[:6] for w in _words(text) if w not in _COMMON} for text in (a, b))
    small = min(len(one), len(two))
    return len(one & two) / small if small >= 3 else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "'"))
