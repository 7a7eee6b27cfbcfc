"""Who owns, supplies and makes: load-edges, own, exposure, blast, trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caveat.app.acts import ActDesk
from caveat.app.desk import read_moment
from caveat.ledger import name_key
from caveat.model import AsOf, Identifier
from caveat.model.answer import Answer

if TYPE_CHECKING:
    from caveat.graph import Graph, GraphParty, Joined, Kept, Listed

_WAYS = {
    "us.ofac.sdn": frozenset({"ofac"}),
    "us.bis.entity_list": frozenset({"bis"}),
    "us.bis.military_end_user": frozenset({"bis"}),
}
_MOST_JOINED = 5000


class GraphDesk(ActDesk):
    """Who owns, supplies and makes?"""

    _graph: tuple[Any, Graph, list[Kept]] | None = None

    def load_edges(self, path: Path | str, *, dataset: str | None = None, published: str | None = None) -> Answer:
        """Read a file of edges and keep it; what is wrong in it is listed with its place."""
        from caveat.graph import dataset_of, keep_edges

        day = read_moment(published, "--published") if published else None
        reading, new = keep_edges(self.store, path, loaded_at=self.now(), dataset=dataset, published=day)
        self._graph = None
        return Answer({**reading.to_dict(), "new": new, "dataset": dataset or dataset_of(Path(path).name)})

    def graph(self, as_of: AsOf | None = None) -> Graph:
        """The graph of every kept file, as of the two clocks; made once for each."""
        from caveat.graph import Graph, kept_files, read_kept

        as_of = as_of or self.as_of()
        files = kept_files(self.store, as_of.known)
        key = (as_of, tuple(f.id for f in files))
        if self._graph is None or self._graph[0] != key:
            self._graph = (key, Graph.of(read_kept(self.store, files), as_of), files)
        return self._graph[1]

    def kept_graph(self, as_of: AsOf) -> Graph | None:
        """The graph of the kept edges; None where none are kept."""
        from caveat.graph import kept_files

        return self.graph(as_of) if kept_files(self.store, as_of.known) else None

    def _whole_basis(self, as_of: AsOf) -> dict[str, Any]:
        return self._graph_basis(as_of) if self.kept_graph(as_of) is not None else self.basis(as_of)

    def own(self, party: str, *, as_of: AsOf | None = None) -> Answer:
        """Ownership up and down, the restricted shares in each way, the paths in words."""
        from caveat.graph import near_parties, own

        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        found = graph.party(party).id
        joined = self.join(graph, near_parties(graph, found, "owns"), as_of)
        return Answer({**_bare(own(graph, found, joined).to_dict()), "basis": self._graph_basis(as_of)})

    def exposure(
        self, party: str, *, countries: Sequence[str] = (), suppliers: Sequence[str] = (),
        rates: Mapping[str, float] | None = None, as_of: AsOf | None = None,
    ) -> Answer:  # fmt: skip
        """Reliance of a party on suppliers, with error bars; and their sales at risk were it listed."""
        from caveat.graph import Asked, exposure, sales_at_risk

        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        found = graph.party(party).id
        asked = Asked.of(countries or (() if suppliers else ("US",)), [graph.party(s).id for s in suppliers])
        told = exposure(graph, found, asked, rates=rates).to_dict()
        risk = sales_at_risk(graph, [found], suppliers=asked, rates=rates)
        return Answer({**_bare(told), "sales_at_risk": risk, "basis": self._graph_basis(as_of)})

    def blast(self, listed: str, portfolio: Sequence[str], *, as_of: AsOf | None = None) -> Answer:
        """What a listing of one party would mean for a portfolio (names or ids, one each)."""
        from caveat.graph import blast_radius, near_parties

        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        found = graph.party(listed).id
        ids = [some[0] if (some := graph.find(name)) else None for name in portfolio]
        asked = [p.id if p else name for p, name in zip(ids, portfolio, strict=True)]
        near = {n for p in (found, *(p.id for p in ids if p)) for n in near_parties(graph, p, "owns")}
        restricted = self.join(graph, near, as_of).restricted("bis")
        told = blast_radius(graph, found, asked, restricted=restricted - {found})
        return Answer({**_bare(told), "basis": self._graph_basis(as_of)})

    def trace(self, product: str, *, as_of: AsOf | None = None) -> Answer:
        """A product's inputs back to origin, the evidence behind each link, and what is missing."""
        from caveat.graph import near_parties, trace

        as_of = as_of or self.as_of()
        graph = self.graph(as_of)
        found = graph.party(product).id
        told = trace(graph, found, self.join(graph, near_parties(graph, found, None), as_of))
        return Answer({**_bare(told.to_dict()), "customs_file": told.customs_file(), "basis": self._graph_basis(as_of)})

    def picture(self, kind: str, party: str, path: Path | str, *, as_of: AsOf | None = None) -> Path:
        """Draw `own`, `exposure` or `trace` of a party into an .svg or .png file."""
        from caveat.graph import draw_origin, draw_ownership, draw_supply, near_parties, to_png

        as_of = as_of or self.as_of()
        graph, path = self.graph(as_of), Path(path)
        found = graph.party(party).id
        joined = self.join(graph, near_parties(graph, found, None), as_of)
        draw = {"own": draw_ownership, "trace": draw_origin}.get(kind)
        svg = draw(graph, found, joined) if draw else draw_supply(graph, [found], joined)
        path.write_bytes(to_png(svg) if path.suffix == ".png" else svg.encode())
        return path

    def join(self, graph: Graph, parties: Iterable[str], as_of: AsOf) -> Joined:
        """Parties joined to entries: by identifier, by a name in full whose country agrees, else an open name."""
        from caveat.graph import join

        told = [graph.parties[p] for p in sorted(parties)][:_MOST_JOINED]
        return join(told, lambda i: self._by_identifier(i, as_of), lambda p: self._by_name(p, as_of))

    def _by_identifier(self, identifier: Identifier, as_of: AsOf) -> list[Listed]:
        if identifier.kind == "entry":
            ids, why = [identifier.value], "the file names the entry"
        else:
            ids, why = self.ledger.numbered(identifier), f"{identifier.kind} {identifier.value}"
        return self._listed(ids, as_of, why, lambda _: True)

    def _by_name(self, party: GraphParty, as_of: AsOf) -> list[Listed]:
        names = dict.fromkeys([party.label, *party.aliases])
        names |= {f"{name} and subsidiaries": None for name in names}
        covered = self.law.begun(
            "customs.named_subsidiaries", as_of
        )  # what "and subsidiaries" covers, by the law's data
        keys = {name_key(name) for name in names}
        for row in covered.value if covered else ():
            if keys & {name_key(name) for name in row["names"]}:
                names |= dict.fromkeys(row["listed"])
        ids = sorted({i for name in names for i in self.ledger.named(name)})
        country = (party.country or "").partition("-")[0]
        return self._listed(
            ids,
            as_of,
            "its listed name in full",
            lambda entry: bool(country) and (country in entry.countries),
        )

    def _listed(self, ids: Sequence[str], as_of: AsOf, why: str, agrees: Any) -> list[Listed]:
        from caveat.graph import Listed

        out = []
        for entry_id, x in sorted(self.ledger.listings(ids, as_of).items()):
            if x.status != "listed":
                continue
            sure = agrees(x.entry)
            said = f"{why}, and its country agrees" if sure and why.startswith("its listed") else why
            out.append(Listed(entry_id, x.entry.list, x.entry.name, said, sure, _WAYS.get(x.entry.list, frozenset())))
        return out

    def _graph_basis(self, as_of: AsOf) -> dict[str, Any]:
        files = self._graph[2] if self._graph else []
        return {**self.basis(as_of), "edges": [f.to_dict() for f in files]}


def _bare(told: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in told.items() if k != "schema_version"}
