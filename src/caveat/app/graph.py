"""Who owns, supplies and makes: load-edges, own, exposure, blast, trace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caveat.app.acts import ActDesk
from caveat.app.desk import read_moment
from caveat.errors import InputError
from caveat.model import AsOf
from caveat.model.answer import Answer

if TYPE_CHECKING:
    from caveat.app.joining import Joining
    from caveat.graph import EdgeReading, Graph, Joined, Kept

_DRAWN = ("own", "exposure", "trace")
_READINGS = 16


class GraphDesk(ActDesk):
    """Who owns, supplies and makes?"""

    _graph: tuple[Any, Graph, list[Kept]] | None = None
    _joining: tuple[Any, Joining] | None = None
    _readings: dict[int, EdgeReading] | None = None

    def load_edges(self, path: Path | str, *, dataset: str | None = None, published: str | None = None) -> Answer:
        """Read a file of edges and keep it; what is wrong in it is listed with its place."""
        from caveat.graph import dataset_of, keep_edges, kept_files

        day = read_moment(published, "--published") if published else None
        named = dataset or dataset_of(Path(path).name)
        before = [f for f in kept_files(self.store) if f.dataset == named]
        reading, new = keep_edges(self.store, path, loaded_at=self.now(), dataset=dataset, published=day)
        self._graph = None
        after = {f.id for f in kept_files(self.store)}
        gone = [f.file_name for f in before if f.id not in after]
        return Answer({**reading.to_dict(), "new": new, "dataset": named, "replaces": gone})

    def write_edges(self, path: Path | str, layout: str | None = None, *, dataset: str | None = None) -> Answer:
        """Write the kept edges into a file: `bods`, `ftm`, `gleif`, `psc` or `csv` (default: by the file's ending)."""
        from caveat.graph import kept_files, write_edges

        files = [f for f in kept_files(self.store) if dataset in (None, f.dataset)]
        if not files:
            what = f"no file of the dataset {dataset!r} is kept" if dataset else "no edges are kept"
            raise InputError(what, do="load them with caveat load-edges FILE")
        readings = self._read(files)
        text, layout, left_out = write_edges(readings, layout, Path(path).name)
        _write(Path(path), text.encode())
        edges = sum(len(r.edges) for r in readings) - left_out
        told = {"file": str(path), "layout": layout, "edges": edges, "left_out": left_out}
        return Answer({**told, "datasets": [f.dataset for f in files]})

    def graph(self, as_of: AsOf | None = None) -> Graph:
        """The graph of every kept file, as of the two clocks; made once for each."""
        from caveat.graph import kept_files

        as_of = as_of or self.as_of()
        return self._graph_of(kept_files(self.store, as_of.known), as_of)

    def _graph_of(self, files: list[Kept], as_of: AsOf) -> Graph:
        from caveat.graph import Graph

        key = (as_of, tuple(f.id for f in files))
        if self._graph is None or self._graph[0] != key:
            self._graph = (key, Graph.of(self._read(files), as_of), files)
        return self._graph[1]

    def _read(self, files: Sequence[Kept]) -> list[EdgeReading]:
        """The kept files read again; the last ones stay read, because each day asked about needs them."""
        from caveat.graph import read_kept

        known = self._readings or {}
        self._readings = {f.id: known.get(f.id) or read_kept(self.store, [f])[0] for f in files[-_READINGS:]}
        return [self._readings.get(f.id) or read_kept(self.store, [f])[0] for f in files]

    def kept_graph(self, as_of: AsOf, stored: Mapping[str, Any] | None = None) -> Graph | None:
        """The graph of the kept edges, or of those a stored answer rests on; None where there are none."""
        from caveat.graph import kept_files

        files = kept_files(self.store, as_of.known)
        if stored is not None:
            hashes = {str(e.get("snapshot")) for e in stored.get("edges") or () if isinstance(e, Mapping)}
            files = [f for f in kept_files(self.store, as_of.known, every=True) if f"sha256:{f.sha256}" in hashes]
        return self._graph_of(files, as_of) if files else None

    def _whole_basis(self, as_of: AsOf, graph: Graph | None) -> dict[str, Any]:
        return self._graph_basis(as_of) if graph is not None else self.basis(as_of)

    def own(self, party: str, *, if_listed: Sequence[str] = (), as_of: AsOf | None = None) -> Answer:
        """Ownership up and down, the restricted shares in each way, the paths in words.

        `if_listed` counts further parties as restricted owners: what would hold if they were listed.
        """
        from caveat.graph import near_parties, own

        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        found = self._party(graph, party, as_of)
        extra = [self._party(graph, name, as_of) for name in if_listed]
        joined = self.join(graph, near_parties(graph, found, "owns"), as_of)
        told = own(graph, found, joined, if_listed=extra).to_dict()
        if told["shares"]["bis"]["reached"] is not False:
            words = self._affiliates_rule(as_of)
            told = {**told, "notes": [*told["notes"], words], "words": [*told["words"], words]}
        return Answer({**_bare(told), "basis": self._graph_basis(as_of)})

    def _affiliates_rule(self, as_of: AsOf) -> str:
        reading = self.law.begun("ear.affiliates.share", as_of)
        day = as_of.in_force.isoformat()
        if reading is None:
            return (
                f"On {day} there is no Affiliates Rule yet: what the BIS way adds up is a red flag, not a requirement."
            )
        cites = "; ".join(dict.fromkeys(c.cite for c in reading.citations))
        if reading.value is None:
            return (
                f"On {day} the Affiliates Rule is not in force ({cites}): what the BIS way adds up is a red flag, not "
                "a requirement."
            )
        sure = "" if reading.confirmed else ", by its own text, which no publication held here confirms"
        return f"On {day} the Affiliates Rule is in force{sure} ({cites})."

    def exposure(
        self, party: str, *, countries: Sequence[str] = (), suppliers: Sequence[str] = (),
        rates: Mapping[str, float] | None = None, portfolio: Sequence[str] = (), as_of: AsOf | None = None,
    ) -> Answer:  # fmt: skip
        """Reliance of a party on suppliers, with error bars; their sales at risk were it listed; with a `portfolio`
        (names or ids), whom in it a listing of the party would touch."""
        from caveat.graph import Asked, exposure, sales_at_risk

        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        found = self._party(graph, party, as_of)
        named = [self._party(graph, s, as_of) for s in suppliers]
        asked = Asked.of(countries or (() if suppliers else ("US",)), named)
        told = exposure(graph, found, asked, rates=rates).to_dict()
        told["sales_at_risk"] = risk = sales_at_risk(graph, [found], suppliers=asked, rates=rates)
        told["words"] = [*told["words"], *(["Whose sales are at risk if it is listed:"] if risk else [])]
        told["words"] += [f"  {r['words']}" for r in risk]
        if portfolio:
            told["blast"] = {**self._blast(graph, found, portfolio, as_of)}
            told["words"] += told["blast"]["words"]
        return Answer({**_bare(told), "basis": self._graph_basis(as_of)})

    def blast(self, listed: str, portfolio: Sequence[str], *, as_of: AsOf | None = None) -> Answer:
        """What a listing of one party would mean for a portfolio (names or ids, one each)."""
        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        told = self._blast(graph, self._party(graph, listed, as_of), portfolio, as_of)
        return Answer({**_bare(told), "basis": self._graph_basis(as_of)})

    def _blast(self, graph: Graph, listed: str, portfolio: Sequence[str], as_of: AsOf) -> dict[str, Any]:
        from caveat.graph import blast_radius, near_parties

        joining = self._joins(as_of)
        ids = [joining.find(graph, name) for name in portfolio]
        asked = [found[0] if len(found) == 1 else name for found, name in zip(ids, portfolio, strict=True)]
        several = {name: found for found, name in zip(ids, portfolio, strict=True) if len(found) > 1}
        near = dict.fromkeys(
            n for p in (listed, *(p for found in ids for p in found)) for n in near_parties(graph, p, "owns")
        )
        restricted = self.join(graph, near, as_of, compare=False).restricted("bis")
        return blast_radius(graph, listed, asked, restricted=restricted - {listed}, namesakes=several)

    def trace(self, product: str, *, as_of: AsOf | None = None) -> Answer:
        """A product's inputs back to origin, the evidence behind each link, and what is missing."""
        from caveat.graph import near_parties, trace

        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        found = self._party(graph, product, as_of)
        told = trace(graph, found, self.join(graph, near_parties(graph, found, None), as_of))
        return Answer({**_bare(told.to_dict()), "customs_file": told.customs_file(), "basis": self._graph_basis(as_of)})

    def trace_all(self, products: Sequence[str] = (), *, as_of: AsOf | None = None) -> Answer:
        """Several products traced in one go (default: every finished product of the kept edges), worst first."""
        from caveat.graph import finished_products, near_parties, tell_bills, trace

        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        asked = [self._party(graph, p, as_of) for p in products] or finished_products(graph)
        if not asked:
            raise InputError("the kept edges tell of no product", do="load a bill of materials with caveat load-edges")
        near = dict.fromkeys(n for p in asked for n in near_parties(graph, p, None))
        joined = self.join(graph, near, as_of)
        told = tell_bills(graph, [trace(graph, p, joined) for p in asked])
        return Answer({**told, "basis": self._graph_basis(as_of)})

    def ties(self, entry: str, *, as_of: AsOf | None = None) -> list[dict[str, Any]]:
        """What the kept edges tie a listed party to, as FollowTheMoney entities.

        Each with the `property` of the party it hangs from, the `tie`, the `other` end, and the `entries` of that.
        """
        from caveat.graph import write_ties

        as_of = as_of or self.as_of()
        graph, listing = self.kept_graph(as_of), self.ledger.listing(entry, as_of)
        if graph is None or listing is None:
            return []
        asked = [n.text for n in listing.entry.names] + [f"{i.kind}:{i.value}" for i in listing.entry.identifiers]
        near = list(dict.fromkeys(p.id for each in asked for p in graph.find(each)))
        joined = self.join(graph, near, as_of, compare=False).listed
        own = [p for p in near if any(x.entry_id == listing.entry_id for x in joined.get(p, ()))]
        told = [row for p in own for row in write_ties(graph, p)]
        others = self.join(graph, dict.fromkeys(other for *_, other, _ in told), as_of, compare=False).listed
        return [
            {"property": side, "tie": tie, "other": entity, "entries": [x.entry_id for x in others.get(other, ())]}
            for side, tie, other, entity in told
        ]

    def picture(
        self, kind: str, party: str, path: Path | str, *, theme: str = "light", as_of: AsOf | None = None
    ) -> Path:
        """Draw `own`, `exposure` or `trace` of a party (or several, between `;`) into an .svg or .png file."""
        from caveat.graph import draw_origin, draw_ownership, draw_supply, near_parties, to_png

        as_of = as_of or self.as_of()
        graph, path = self.graph(as_of), Path(path)
        if kind not in _DRAWN:
            raise InputError(f"{kind!r} is no picture", do=f"give one of {', '.join(_DRAWN)}")
        if path.suffix.casefold() not in (".svg", ".png"):
            raise InputError("is neither .svg nor .png", where=str(path), do="name the picture so")
        try:
            found = [self._party(graph, party, as_of)]
        except InputError:
            names = [name.strip() for name in party.split(";") if name.strip()]
            if len(names) < 2 or kind != "exposure":
                raise
            found = [self._party(graph, name, as_of) for name in names]
        near = dict.fromkeys(n for p in found for n in near_parties(graph, p, None))
        joined = self.join(graph, near, as_of)
        draw = {"own": draw_ownership, "trace": draw_origin}.get(kind)
        svg = draw(graph, found[0], joined, theme=theme) if draw else draw_supply(graph, found, joined, theme=theme)
        _write(path, to_png(svg) if path.suffix.casefold() == ".png" else svg.encode())
        return path

    # --- who is who ---

    def join(self, graph: Graph, parties: Iterable[str], as_of: AsOf, *, compare: bool = True) -> Joined:
        """Parties joined to entries: by number, by a person's word, by a name in full whose country agrees.

        Any other name in full is open, and with `compare` the names near a listed one of the first parties too.
        """
        return self._joins(as_of).join(graph, list(parties), compare=compare)

    def _joins(self, as_of: AsOf) -> Joining:
        from caveat.app.joining import Joining

        key = (self.ledger.generation(), as_of)
        if self._joining is None or self._joining[0] != key:
            self._joining = (key, Joining(self.ledger, self._screener(as_of), self.law, as_of))
        return self._joining[1]

    def _party(self, graph: Graph, asked: str, as_of: AsOf) -> str:
        """The id of the party asked for; InputError, with near names, where none or several are."""
        found = self._joins(as_of).find(graph, asked)
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(found[:5])
            raise InputError(f"{len(found)} parties of the graph are called {asked!r}: {ids}", do="give an id")
        if not graph.ids:
            raise InputError("no edges are kept", do="load them with caveat load-edges FILE")
        near = graph.near(asked)
        raise InputError(
            f"no party of the graph is called {asked!r}",
            do=f"near it: {'; '.join(near)}" if near else "load its edges with caveat load-edges FILE",
        )

    def _graph_basis(self, as_of: AsOf) -> dict[str, Any]:
        files: Collection[Kept] = self._graph[2] if self._graph else []
        return {**self.basis(as_of), "edges": [f.to_dict() for f in files]}


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(path), do="check the folder") from None


def _bare(told: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in told.items() if k != "schema_version"}
