"""Which rows of different snapshots are one entry, and the id it bears.

Ids are drawn from the snapshots alone, taken in order of date, so that any order of loading
gives the same ids. An entry's id is that of its earliest statement; the ids of its later
statements stay good as former ids. See docs/decisions/0003-entry-ids.md.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caveat.ledger.traits import Traits

#: Name similarity (0 to 1) from which two wordings may be one party, given other shared facts.
_SIMILAR = 0.62
#: From which a name alone carries a row over, when its row vanishes as the other appears.
_NEARLY_EQUAL = 0.90
#: No final rule that amends these lists runs over more pages of the Federal Register.
_PAGES = 40


@dataclass(eq=False)
class Lineage:
    """The rows that are one entry: their ids, traits met so far, and the publisher's ids."""

    list: str
    ids: dict[str, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    last: Traits | None = None
    anchors: set[str] = field(default_factory=set)
    streams: set[str] = field(default_factory=set)
    source_ids: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    births: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The id of the earliest statement."""
        return next(iter(self.ids))

    def take(self, traits: Traits, copy: int) -> None:
        """Add one more statement."""
        self.ids[_id_of(self.list, traits, copy)] = None
        self.names.update(traits.names)
        self.names.add(traits.anchor)
        self.anchors.add(traits.anchor)
        if traits.source_id:
            self.source_ids.add(traits.source_id)
        self.rules.update(traits.rules)
        self.addresses.update(traits.addresses)
        self.numbers.update(traits.numbers)
        self.births.update(traits.births)
        self.last = traits


@dataclass(frozen=True, slots=True)
class Members:
    """One snapshot's rows for linking: statement ids in the file's order.

    `same`, where given, names for each row what it is a state of: equal names, one entry.
    """

    stream: str
    reach: str
    statements: Sequence[int]
    same: Sequence[str] = ()


def link(list_id: str, snapshots: Iterable[Members], traits: Mapping[int, Traits]) -> list[list[Lineage | None]]:
    """For each snapshot, in the given (date) order, the lineage of each of its rows.

    A row of a `fields` snapshot joins an entry by the publisher's id, or stays None.
    """
    linker = _Linker(list_id, traits)
    return [linker.link(members) for members in snapshots]


class _Linker:
    def __init__(self, list_id: str, traits: Mapping[int, Traits]) -> None:
        self.list = list_id
        self.traits = traits
        self.before: dict[str, dict[tuple[int, int], Lineage]] = {}
        self.rows: dict[str, list[tuple[int, int]]] = {}
        self.everybody: list[Lineage] = []
        self.by_source_id: dict[str, list[Lineage]] = defaultdict(list)
        self.by_name: dict[str, list[Lineage]] = defaultdict(list)

    def link(self, members: Members) -> list[Lineage | None]:
        rows = _numbered(members.statements)
        if members.reach == "whole" and rows == self.rows.get(members.stream):
            return list(self.before[members.stream].values())  # nothing differs from the snapshot before
        if members.reach == "fields":
            return [self._owner(self.traits[s]) for s, _ in rows]
        if members.same:
            return self._join(members)
        found: dict[int, Lineage] = {}
        taken: set[int] = set()
        before = self.before.get(members.stream, {})

        def settle(at: int, lineage: Lineage) -> None:
            found[at] = lineage
            taken.add(id(lineage))

        for at, row in enumerate(rows):
            if (lineage := before.get(row)) and id(lineage) not in taken:
                settle(at, lineage)
        for wanted in (self._same_source_id, self._same_name_and_place, self._same_name, self._same_alias):
            for at, (statement, _) in enumerate(rows):
                if at not in found and (lineage := wanted(self.traits[statement], taken)):
                    settle(at, lineage)
        self._link_respelled(rows, found, taken, members.stream)
        for at, (statement, copy) in enumerate(rows):
            lineage = found.get(at)
            if lineage is None:
                lineage = found[at] = Lineage(self.list)
            elif before.get(rows[at]) is lineage:
                continue
            self._take(lineage, self.traits[statement], copy)
            lineage.streams.add(members.stream)
        now = {row: found[at] for at, row in enumerate(rows)}
        self.before[members.stream] = now if members.reach == "whole" else {**before, **now}
        self.rows[members.stream] = rows if members.reach == "whole" else []
        return [found[at] for at in range(len(rows))]

    def _join(self, members: Members) -> list[Lineage | None]:
        lineages: dict[str, Lineage] = {}
        for statement, name in zip(members.statements, members.same, strict=True):
            lineage = lineages.setdefault(name, Lineage(self.list))
            self._take(lineage, self.traits[statement], 0)
            lineage.streams.add(members.stream)
        return [lineages[name] for name in members.same]

    def _take(self, lineage: Lineage, traits: Traits, copy: int) -> None:
        known_names, known_ids = set(lineage.names), set(lineage.source_ids)
        if not lineage.ids:
            self.everybody.append(lineage)
        lineage.take(traits, copy)
        for name in lineage.names - known_names:
            self.by_name[name].append(lineage)
        for source_id in lineage.source_ids - known_ids:
            self.by_source_id[source_id].append(lineage)

    def _owner(self, traits: Traits) -> Lineage | None:
        owners = self.by_source_id.get(traits.source_id or "", ())
        return owners[-1] if owners else None

    def _same_source_id(self, traits: Traits, taken: set[int]) -> Lineage | None:
        """The latest bearer of the publisher's id, unless it is plainly another party."""
        for lineage in reversed(self.by_source_id.get(traits.source_id or "", ())):
            if id(lineage) not in taken and not _is_another_party(lineage, traits):
                return lineage
        return None

    def _same_name_and_place(self, traits: Traits, taken: set[int]) -> Lineage | None:
        owners = [x for x in self.by_name.get(traits.anchor, ()) if traits.anchor in x.anchors]
        return self._best([x for x in owners if _shares_place(x, traits)], traits, taken)

    def _same_name(self, traits: Traits, taken: set[int]) -> Lineage | None:
        owners = [x for x in self.by_name.get(traits.anchor, ()) if traits.anchor in x.anchors]
        return self._best(owners, traits, taken)

    def _same_alias(self, traits: Traits, taken: set[int]) -> Lineage | None:
        """An entry known under another of this row's names, or under this row's name as an alias."""
        names = traits.names[:1] if traits.kind == "address" else (traits.anchor, *traits.names[1:4])
        for name in names:
            owners = self.by_name.get(name, ())
            if traits.kind == "address":
                near = [x for x in owners if _shares_fact(x, traits) or _shares_place(x, traits)]
            else:
                near = [x for x in owners if _shares_fact(x, traits) and (name == traits.anchor or name in x.anchors)]
            if lineage := self._best(near, traits, taken):
                return lineage
        return None

    def _best(self, lineages: Sequence[Lineage], traits: Traits, taken: set[int]) -> Lineage | None:
        best: tuple[int, int] | None = None
        chosen = None
        for order, lineage in enumerate(lineages):
            if id(lineage) in taken or _conflicts(lineage, traits):
                continue
            last = lineage.last
            score = (
                4 * bool(lineage.addresses & set(traits.addresses))
                + 2 * bool(last and set(last.countries) & set(traits.countries))
                + bool(lineage.rules & set(traits.rules)),
                -order,
            )
            if best is None or score > best:
                best, chosen = score, lineage
        return chosen

    def _link_respelled(
        self,
        rows: Sequence[tuple[int, int]],
        found: dict[int, Lineage],
        taken: set[int],
        stream: str,
    ) -> None:
        """Rows that appear as others vanish, or as another source spells them: names near, and a fact shared."""
        appeared = [at for at in range(len(rows)) if at not in found]
        gone = [x for x in self.before.get(stream, {}).values() if id(x) not in taken]
        elsewhere = [x for x in self.everybody if stream not in x.streams and id(x) not in taken]
        vanished = list(dict.fromkeys([*gone, *elsewhere]))
        if not appeared or not vanished or len(appeared) * len(vanished) > 4_000_000:
            return
        from rapidfuzz import fuzz, process

        wanted = [self.traits[rows[at][0]] for at in appeared]
        scores = process.cdist(
            [t.anchor for t in wanted], [x.last.anchor if x.last else "" for x in vanished],
            scorer=fuzz.ratio, score_cutoff=100 * _SIMILAR,
        )  # fmt: skip
        pairs = sorted(
            (-float(scores[i][j]), wanted[i].anchor, vanished[j].id, i, j)
            for i, j in zip(*scores.nonzero(), strict=True)
        )
        for score, _, _, i, j in pairs:
            at, lineage = appeared[i], vanished[j]
            if at in found or id(lineage) in taken or _conflicts(lineage, wanted[i]):
                continue
            if -score >= 100 * _NEARLY_EQUAL or _shares_fact(lineage, wanted[i]):
                found[at] = lineage
                taken.add(id(lineage))


def _numbered(statements: Sequence[int]) -> list[tuple[int, int]]:
    """Each statement with its number among equal ones (a file may print a row twice)."""
    count: dict[int, int] = defaultdict(int)
    out = []
    for statement in statements:
        out.append((statement, count[statement]))
        count[statement] += 1
    return out


def _shares_place(lineage: Lineage, traits: Traits) -> bool:
    """A common country or address."""
    last = lineage.last
    countries = bool(last and set(last.countries) & set(traits.countries))
    return countries or bool(lineage.addresses & set(traits.addresses))


def _shares_fact(lineage: Lineage, traits: Traits) -> bool:
    """A common address, number, birth date, or the same founding rule in the same country."""
    last = lineage.last
    return bool(
        lineage.addresses & set(traits.addresses)
        or lineage.numbers & set(traits.numbers)
        or lineage.births & set(traits.births)
        or (last and _is_same_rule(last.rules, traits.rules) and set(last.countries) & set(traits.countries))
    )


def _is_same_rule(one: Sequence[str], other: Sequence[str]) -> bool:
    """One list cites a rule's first page, another the page of the amendment."""
    if not one or not other:
        return False
    (volume, page), (volume_too, page_too) = ((int(n) for n in rules[0].split()) for rules in (one, other))
    return volume == volume_too and abs(page - page_too) <= _PAGES


def _conflicts(lineage: Lineage, traits: Traits) -> bool:
    """Two numbers of one publisher, or two kinds of being, cannot be one entry."""
    last = lineage.last
    if last is None:
        return False
    if traits.source_id and last.source_id and traits.source_id != last.source_id:
        return not _shares_fact(lineage, traits)
    kinds = {last.kind, traits.kind} - {"unknown"}
    return len(kinds) == 2


def _is_another_party(lineage: Lineage, traits: Traits) -> bool:
    """Whether a publisher's id was given to somebody else: nothing of the old entry is left."""
    last = lineage.last
    if last is None or lineage.names & set(traits.names) or _shares_fact(lineage, traits):
        return False
    born_apart = bool(lineage.births and traits.births)  # a shared birth date was asked for above
    if last.kind == traits.kind and set(last.programs) & set(traits.programs) and not born_apart:
        return False
    from rapidfuzz import fuzz

    return max(fuzz.token_set_ratio(last.anchor, name) for name in traits.names or ("",)) < 100 * _SIMILAR


def _id_of(list_id: str, traits: Traits, copy: int) -> str:
    """`us.bis.entity_list.4f0c9a1be27d`: the list and twelve digits drawn from what names the party."""
    if traits.source_id:
        seed = [list_id, "#", traits.source_id, traits.anchor]
    else:
        seed = [list_id, traits.anchor, *traits.countries]
    if copy:
        seed.append(f"copy {copy}")
    return f"{list_id}.{hashlib.sha256(chr(31).join(seed).encode()).hexdigest()[:12]}"


def settle_ids(lineages: Iterable[Lineage]) -> dict[int, str]:
    """A distinct id for each lineage (keyed by `id()`), in the given order; equal seeds are numbered."""
    used: dict[str, int] = {}
    out: dict[int, str] = {}
    for lineage in lineages:
        number = used.get(lineage.id, 0)
        used[lineage.id] = number + 1
        out[id(lineage)] = lineage.id if not number else f"{lineage.id}.{number + 1}"
    return out
