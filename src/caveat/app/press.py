"""What an article claims, and how the record stands to it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caveat.app.desk import Desk
from caveat.model import Listing
from caveat.model.answer import Answer
from caveat.sources import fetch, open_path

if TYPE_CHECKING:  # the press is read late: the command line must start fast
    from caveat.news import Article, Listings, NameSet

#: Lists an article about these measures may be held against, whatever it names.
_ALWAYS = ("us.bis.entity_list", "us.ofac.ns_cmic", "us.dhs.uflpa", "us.fcc.section_214")


class PressDesk(Desk):
    """Articles, read with quotes and held against the ledger."""

    _names: tuple[str, NameSet] | None = None

    def read(self, article: str | bytes, *, reconciled: bool = False, published: dt.date | None = None) -> Answer:
        """Events, statements and relations with their places; with `reconciled`, each claim's record."""
        from caveat.news import read_article, reconcile

        found = read_article(article, names=self.names(), published=published)
        answer: dict[str, Any] = dict(found.to_dict())
        answer.pop("schema_version", None)
        if reconciled:
            answer["claims"] = [claim.to_dict() for claim in reconcile(found, self._record(found))]
            answer["basis"] = self.basis(self.as_of())
        return Answer(answer)

    def read_file(self, path: Path | str, **options: Any) -> Answer:
        """An article from a file: text, Markdown, HTML or PDF."""
        return self.read(Path(path).read_bytes(), **options)

    def read_feed(self, source: Path | str) -> Answer:
        """A feed (file or address) or a folder of articles, joined to stories; corrections keep the old reading."""
        from caveat.news import gather_stories, read_feed, read_folder, read_items

        text = str(source)
        if "://" in text:
            data = fetch(text, self.catalog, base="/".join(text.split("/")[:3])).data or b""
            reads = list(read_items(read_feed(data, text), names=self.names()))
        elif Path(text).is_dir():
            reads = list(read_folder(Path(text), names=self.names()))
        else:
            reads = list(read_items(read_feed(next(iter(open_path(Path(text)))).data, text), names=self.names()))
        stories = gather_stories([r.article for r in reads if r.article is not None])
        return Answer(
            {
                "stories": [
                    {
                        "events": [event.to_dict() for event in story.events],
                        "articles": [article.to_dict() for article in story.articles],
                        "earlier": [article.to_dict() for article in story.earlier],
                    }
                    for story in stories
                ],
                "refused": [{"where": r.where, "why": str(r.error)} for r in reads if r.error is not None],
            }
        )

    def names(self) -> NameSet:
        """Every name the ledger ever had, ready to be looked for in a text."""
        from caveat.news import NameSet

        generation = self.ledger.generation()
        if self._names is None or self._names[0] != generation:
            rows = ((i, e.list, n.text, n.quality) for i, e in self.ledger.wordings() for n in e.names)
            self._names = (generation, NameSet(rows))
        return self._names[1]

    def _record(self, article: Article) -> Listings:
        from caveat.news import LIST_IDS, Listings

        lists = {LIST_IDS[e.list] for e in article.events if e.list in LIST_IDS} | set(_ALWAYS)
        listings: list[Listing] = []
        for list_id in sorted(lists):
            listings += self.ledger.listings(self.ledger.ids(list_id), self.as_of()).values()
        return Listings(listings)
