"""Programs consulted that name no party: told too, wherever a party is, was or is owned by a listed one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from caveat.determination.gather import LIST_OF, Case, Member
from caveat.determination.lookup import Coverage, ListCoverage
from caveat.model import EXPORT_ACTIVITIES, PROGRAMS, Finding

#: The rule id of these findings: no rule speaks, because the program's list names nobody.
NOT_NAMED = "NOT-NAMED"


@dataclass(frozen=True, slots=True)
class _Reach:
    """The provision that says what a program reaches, the acts (empty: every act), and whom beside those named."""

    provision: str
    acts: frozenset[str] = frozenset()
    also: str = ""


_REACH: Mapping[str, _Reach] = {
    "us.bis.entity_list": _Reach("ear.entity_list.reach", EXPORT_ACTIVITIES),
    "us.bis.denied_persons": _Reach("ear.denied_persons.lapsed"),
    "us.bis.unverified": _Reach("ear.unverified.lapsed", EXPORT_ACTIVITIES),
    "us.bis.military_end_user": _Reach("ear.military_end_user.lapsed", EXPORT_ACTIVITIES),
    "us.bis.sdn_744_8": _Reach("ear.sdn_744_8.outside", EXPORT_ACTIVITIES),
    "us.ofac.sdn": _Reach("ofac.sdn.not_in_force"),
    "us.ofac.ns_cmic": _Reach(
        "ofac.ns_cmic.not_in_force", frozenset({"buy_security", "sell_security", "hold_security"})
    ),
    "us.dhs.uflpa": _Reach("customs.uflpa.not_bound", frozenset({"import"})),
    "us.cbp.wro": _Reach("customs.wro.not_in_force", frozenset({"import"})),
    "us.state.visa": _Reach("immigration.visa.not_announced", frozenset({"enter_us"})),
    "us.fcc.covered_list": _Reach(
        "fcc.covered_list.outside", frozenset({"authorize_equipment", "import", "procure", "use_equipment"}),
        "It also covers subsidiaries and affiliates of those it names: give the party's owners.",
    ),
    "us.fcc.section_214": _Reach("fcc.section_214.outside", frozenset({"provide_telecom"})),
    "us.far.section_889": _Reach(
        "procurement.section_889.outside", frozenset({"procure", "use_equipment"}),
        "It also covers subsidiaries and affiliates of those it names: give the party's owners.",
    ),
    "us.dod.section_1260h": _Reach("procurement.section_1260h.no_effect", frozenset({"procure"})),
}  # fmt: skip


_LISTS = frozenset(LIST_OF.values())


def unnamed(case: Case, findings: Sequence[Finding], coverage: Coverage) -> Iterator[Finding]:
    """A finding for each program that names no party, for each party that some list names or whose owner it names.

    A list that is not loaded was not consulted, and has none. Where the act is subject to no program that names a
    party, that stays the outcome, and nothing is added below it.
    """
    if findings and all(finding.outcome == "not_subject" for finding in findings):
        return
    told = {(finding.program, finding.party) for finding in findings}
    loaded = {entry.list: entry for entry in coverage.lists}
    for member in {m.name: m for m in case.members if _is_listed(m)}.values():
        for program in PROGRAMS:
            entry = loaded.get(LIST_OF[program])
            if entry is not None and (program, member.name) not in told:
                yield _not_named(case, member, program, entry)


def _is_listed(member: Member) -> bool:
    return any(match.listing.entry.list in _LISTS for match in member.matches.exact) or any(
        _is_listed(owner) for owner in member.owners
    )


def _not_named(case: Case, member: Member, program: str, entry: ListCoverage) -> Finding:
    reach = _REACH[program]
    act = case.transaction.activity
    is_outside = bool(reach.acts) and act not in reach.acts
    more = (
        f" The program does not reach the act {act} either." if is_outside else f" {reach.also}" if reach.also else ""
    )
    partial = (
        " That is the starter record, which holds some entries of it only: load the list." if entry.starter else ""
    )
    reading = case.law.begun(reach.provision, case.as_of)
    return Finding(
        program=program, rule=NOT_NAMED, outcome="no_restriction_found", party=member.name,
        reason=" ".join(
            f"{member.name} is not taken as an entry of {entry.list}, consulted as of {entry.as_of} with "
            f"{entry.entries} entries. {partial} {more}".split()
        ),
        citations=reading.citations if reading else (), confirmed=not entry.starter,
    )  # fmt: skip
