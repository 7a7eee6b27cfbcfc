"""What it means for an act: determine, replay, vary, the law."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caveat import __version__
from caveat.app.desk import Desk, read_moment
from caveat.errors import InputError, LawError
from caveat.model import AsOf, Determination
from caveat.model.answer import Answer

if TYPE_CHECKING:  # rules and law are read late: the command line must start fast
    from caveat.app.who import Who
    from caveat.determination import Replay, Variation
    from caveat.graph import Graph
    from caveat.law import Law


class ActDesk(Desk):
    """May this be done, on that day, and why?"""

    _who: Who | None = None

    def determine(self, transaction: Mapping[str, Any], *, known: str | None = None) -> Determination:
        """What the lists and the law mean for one transaction (contract: `caveat determine`)."""
        from caveat.determination import determine, read_transaction

        read = read_transaction(transaction)
        as_of = AsOf(read.date, read.known or self.as_of(None, known).known)
        return determine(self._with_graph(transaction, as_of), self.who(as_of), self.law, as_of.known.day, __version__)

    def who(self, as_of: AsOf, stored: Mapping[str, Any] | None = None) -> Who:
        """The look-ups of determination as of a moment; with a stored basis, on the edges that one names."""
        from caveat.app.who import Who

        screener, graph = self._screener(as_of), self.kept_graph(as_of, stored)
        if self._who is None or self._who.screener is not screener or self._who.graph is not graph:
            self._who = Who(self.ledger, screener, self._whole_basis(as_of, graph), graph)
        return self._who

    def kept_graph(self, as_of: AsOf, stored: Mapping[str, Any] | None = None) -> Graph | None:
        """The graph of the kept edges, or of those a stored basis names; None where there are none."""
        return None

    def _whole_basis(self, as_of: AsOf, graph: Graph | None) -> dict[str, Any]:
        return self.basis(as_of)

    def _with_graph(self, transaction: Mapping[str, Any], as_of: AsOf) -> Mapping[str, Any]:
        """The transaction with the inputs that the graph knows of its item."""
        graph = self.kept_graph(as_of)
        if graph is None:
            return transaction
        from caveat.graph import with_inputs

        return with_inputs(graph, transaction)

    @cached_property
    def law(self) -> Law:
        """The parameters of the law, read once."""
        from caveat.law import load

        return load()

    def replay(self, stored: Mapping[str, Any], *, known: str | None = None) -> Replay:
        """Run a stored determination again: on its own basis, or on what was known at another moment."""
        from caveat.determination import clocks_of, replay

        as_of = clocks_of(stored)
        moment = read_moment(known, "--known") if known else None
        basis = None if moment else stored["basis"]  # another moment is asked of all that was kept by then
        return replay(stored, self.who(AsOf(as_of.in_force, moment or as_of.known), basis), self.law, known=moment)

    def vary(self, transaction: Mapping[str, Any], change: str, *, known: str | None = None) -> Variation:
        """Where the outcome changes as one fact changes (`date=2019-10-01:2021-01-01`, `item.eccn=EAR99,3A991`)."""
        from caveat.determination import read_transaction, vary

        read = read_transaction(transaction)
        as_of = AsOf(read.date, read.known or self.as_of(None, known).known)
        return vary(self._with_graph(transaction, as_of), change, self.who(as_of), self.law, as_of.known.day)

    def draw_variation(self, variation: Variation, path: Path | str) -> Path:
        """The step chart of a variation as an .svg or .png file."""
        from caveat.graph import to_png

        path = Path(path)
        svg = variation.to_svg()
        content = to_png(svg) if path.suffix == ".png" else svg.encode()
        try:
            path.write_bytes(content)
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror})", where=str(path), do="check the folder") from None
        return path

    def law_show(self, parameter: str) -> Answer:
        """The history of one parameter: each value with its days, citation and quote."""
        try:
            found = self.law.show(parameter)
        except LawError as error:
            raise InputError(error.what, where=error.where, do=error.do) from None
        values = [reading.to_dict() for reading in found.values]
        return Answer({"parameter": found.id, "title": found.title, "unit": found.unit, "values": values})

    def law_check(self) -> Answer:
        """Every fault in the law that ships: the uncited, the overlapping, the duplicate."""
        from caveat.law import check

        return Answer({"problems": [str(p) for p in check()], "parameters": len(self.law.parameters)})
