"""What a person can do next: apply with these block fields, ask for that document, hold, block and report."""

from __future__ import annotations

from caveat.determination.gather import Case, Member

_BLOCKS = (
    ("purchaser", "block 16 purchaser"),
    ("intermediate_consignee", "block 17 intermediate consignee"),
    ("ultimate_consignee", "block 18 ultimate consignee"),
    ("end_user", "block 19 end-user"),
)


def apply_for_license(case: Case) -> tuple[str, ...]:
    """Hold, and apply through SNAP-R with what the transaction tells for each block (15 CFR 748.1(d), 748.4, 748.5)."""
    facts = case.facts
    fields = [f"block 14 applicant: {facts.get('actor.name') or 'the exporter or reexporter'}"]
    for role, block in _BLOCKS:
        names = [m.name for m in case.members if role in case.roles(m)]
        if names:
            fields.append(f"{block}: {', '.join(names)}")
    fields.append(f"block 21 specific end-use: {facts.get('end_use') or facts.get('item.end_use') or 'to be stated'}")
    fields.append(f"block 22(a) ECCN: {facts.get('item.eccn') or 'to be classified'}")
    fields.append(f"block 22(j) description: {facts.get('item.description') or 'to be stated'}")
    return (
        "Hold the item until a license is issued.",
        "Apply for a license through SNAP-R (15 CFR 748.1(d)), naming all parties: " + "; ".join(fields) + ".",
        "File electronic export information for any licensed export, whatever its value (15 CFR 758.1(b)).",
    )


def block_and_report(case: Case) -> tuple[str, ...]:
    """Block, report, keep the records for the years the rule of the day asks."""
    days = case.read("ofac.sdn.report_days").value
    years = case.read("ofac.records_years").value
    return (
        "Do not deal; block property in your possession.",
        f"Report blocked property or the rejected transaction to OFAC within {days} business days (31 CFR 501.603, "
        "501.604).",
        f"Keep the records for {years} years (31 CFR 501.601).",
    )


def reject_and_report(case: Case) -> tuple[str, ...]:
    """Reject and report; nothing is blocked."""
    days = case.read("ofac.sdn.report_days").value
    return (
        f"Reject the transaction and report it to OFAC within {days} business days (31 CFR 501.604); nothing is "
        "blocked.",
    )


def resolve_name(member: Member) -> tuple[str, ...]:
    """Ask for what tells two parties apart."""
    return (
        f"Ask {member.name} for its registration number, registered address and owners; then confirm the entry "
        "(entry_id) or reject it (not_entries).",
    )


def resolve_red_flag(member: Member) -> tuple[str, ...]:
    """Resolve a red flag before going on (Supplement No. 3 to 15 CFR part 732)."""
    return (
        f"Resolve the red flag before going on: get an end-use statement and the ownership of {member.name} in "
        "writing, and keep both.",
    )
