"""Who supplies, buys from, owns or is allied with whom, as the text says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.news.article import Relation, key_of
from caveat.news.chunks import Chunk
from caveat.news.context import Context
from caveat.news.naming import names_in
from caveat.news.sentences import Sentence
from caveat.news.text import Flat

_USES_AS = re.compile(
    r"\b(?:uses?|used|rel(?:y|ies|ied) on|buys?|sources?|bought|sourced|purchases?|depends? on|"
    r"count(?:s|ed)?|lists?)\b(?P<mid>[^.;]{0,400}?)\bas (?:its |their |key |major |a |one of its |main "
    r")*(?:suppliers?|vendors?)\b"
)
_SUPPLIERS_ARE = re.compile(
    r"\b(?P<who>[^.;,]{0,120}?)(?:'s|')? (?:(?:key|main|major|biggest|largest|top|U\.S\.|US|American|"
    r"Western|chip|component|overseas) )*suppliers(?: |, )(?:[^.;:]{0,40}?)(?:include|includes|"
    r"including|such as|are|were|like|:)\s"
)
_SUPPLIERS_OF = re.compile(
    r"\bsuppliers? (?:to|of|for) (?P<who>[A-Z][^.;,]*?)(?:,? (?:include|includes|including|such as|like|are|were)\b|:)"
)
_SUPPLIES = re.compile(
    r"\b(?:suppl(?:y|ies|ied)|sells?|sold|ships?|shipped|provides?|provided|exports?|exported|"
    r"delivers?|delivered|has supplied|selling|supplying)\b(?P<what>[^.;]{0,80}?)\b(?:to|for)\b "
)
_SUPPLIES_DIRECT = re.compile(r"\bsuppl(?:y|ies|ied)\s+(?=[A-Z])")
_SUPPLIER_TO = re.compile(
    r",? (?:which is |who is |is |are |was |were )?(?:an?|the|one of the|its) (?:[\w'-]+ "
    r"){0,4}?(?:supplier|vendor|contractor) (?:to|of|for) (?=(?:the )?[A-Z])"
)
_CUSTOMER_OF = re.compile(
    r",? (?:which is |is |are |was |were )?(?:an?|the|one of the|its) (?:[\w'-]+ "
    r"){0,4}?(?:customers?|clients?|buyers?) (?:of|for) (?=(?:the )?[A-Z])"
)
_CUSTOMERS_ARE = re.compile(
    r"\b(?P<who>[^.;,]{0,120}?)(?:'s|') (?:[\w-]+ ){0,3}?(?:customers|clients|buyers)(?: |, "
    r")(?:[^.;:]{0,30}?)(?:include|includes|including|such as|are|were|like)\s"
)
_CUSTOMERS_OF = re.compile(
    r"\b(?:[Cc]ustomers|[Cc]lients|[Bb]uyers) of (?P<who>(?:the )?[A-Z][^.;,]{1,80}?) (?:include|included|are|were)\s"
)
_COUNTS = re.compile(
    r",? (?:which |that |and )?(?:counts?|counted|lists?|names?) (?P<who>[^.;]{2,160}?) (?:among|as one of) (?:its|"
    r"their|the) "
    r"(?:[\w-]+ ){0,3}?(?P<as>customers?|clients?|buyers?|suppliers?|vendors?)\b"
)
_BUYS_FROM = re.compile(
    r"\b(?:buys?|bought|buying|purchases?|purchased|sources?|sourced|procures?|procured|imports?|"
    r"imported|orders?|ordered)\b(?P<what>[^.;]{0,70}?)\bfrom (?=(?:[\w-]+ )?[A-Z])"
)
_BACKED_BY = re.compile(
    r"\b(?:is |are |was |were |been )?(?:partly |partially |majority |wholly |jointly |also |now |"
    r"fully |part-|state-)*(?:backed|owned|controlled|funded|held|acquired) by (?=[^.;])"
)
_SUBSIDIARY_OF = re.compile(
    r",? (?:which is |is |are |was |were |both )?(?:an?|the|its|one of the|two|both|itself an?)? "
    r"?(?:[\w'-]+ ){0,4}?(?:subsidiar(?:y|ies)|units?|arms?|divisions?|spin-?offs?|business|"
    r"brands?) of (?=(?:the )?(?:[\w-]+ ){0,5}?[A-Z])"
)
_OWNS = re.compile(
    r"\b(?:owns|owned(?! or\b| and (?:controlled|operated))|controls|holds? (?:an? |"
    r"its )?(?:[\w.%-]+ ){0,4}?(?:stake|share|shares|"
    r"interest) in|invested in|has invested in|bought a stake in|took a stake in|has a "
    r"(?:[\w.%-]+ ){0,3}?stake in|acquired|backs|backed|is the parent (?:company )?of|parent "
    r"(?:company )?of)\b(?! by)"
)
_ITS_UNIT = re.compile(
    r"'s? (?:[\w-]+ ){0,4}?(?:subsidiar(?:y|ies)|units?|arms?|chip (?:unit|arm)|divisions?|design "
    r"(?:unit|arm)),? (?=[A-Z])"
)
_AND_UNIT = re.compile(
    r",? (?:and|along with|plus) its (?:[\w-]+ ){0,5}?(?:subsidiar(?:y|ies)|units?|arms?),? (?=[A-Z])"
)
_ITS_PARENT = re.compile(
    r"(?:,| and|, and) (?:its|their) (?:[\w-]+ ){0,2}?(?:parent(?: company)?|owner|controlling shareholder),? (?=[A-Z])"
)
_STAKE = re.compile(
    r",? in which (?=(?:\w+'s )?[A-Z])(?P<who>[^,.;]+?) (?:holds?|has|owns?|held|took) (?:an? "
    r")?(?:[\w.%-]+ ){0,3}?(?:stakes?|shares?|interest)"
)
_INVESTORS = re.compile(
    r"\b(?:investors?|backers|shareholders?|owners?|parent(?: company)?)(?: in [\w ]+?| of [\w "
    r"]+?)?,? (?:include|includes|including|such as|are|is|was|like)\s"
)
_AFFILIATE = re.compile(
    r",? (?:which is |is |are |was |were )?(?:an?|its|the|two|both)? ?(?:[\w'-]+ "
    r"){0,3}?(?:affiliates?|sister compan(?:y|ies)|associates?) of (?=[A-Z])|\b(?:is|are|was|"
    r"were) (?:closely )?affiliated with (?=(?:the )?[A-Z])"
)


def find_relations(context: Context, flat: Flat, sentences: Sequence[Sentence]) -> list[Relation]:
    """The relations the article states, in order, each once."""
    out: list[Relation] = []
    for sentence in sentences:
        if sentence.kind == "head":
            continue
        for kind, sources, targets in _relations(context, sentence):
            for source in sources:
                for target in targets:
                    if key_of(source.text) == key_of(target.text):
                        continue
                    relation = Relation(kind, source.text, target.text, flat.place(sentence.start, sentence.end))
                    if not any(_same(relation, r) for r in out):
                        out.append(relation)
    return out


def _same(a: Relation, b: Relation) -> bool:
    return (a.type, key_of(a.source), key_of(a.target)) == (b.type, key_of(b.source), key_of(b.target))


def _relations(context: Context, sentence: Sentence) -> list[tuple[str, list[Chunk], list[Chunk]]]:  # noqa: PLR0915
    norm, start, end = context.norm, sentence.start, sentence.end
    out: list[tuple[str, list[Chunk], list[Chunk]]] = []

    def before(position: int) -> list[Chunk]:
        """The party or parties right before a position."""
        chunks = [c for c in context.chunks_between(start, position) if c.kind == "party"]
        if not chunks:
            return []
        last = [chunks[-1]]
        for chunk in reversed(chunks[:-1]):
            if re.fullmatch(
                r",? and (?:[a-z-]+ ){0,3}|, (?:(?!as |which |who )[a-z-]+ ){0,3}", norm[chunk.end : last[0].start]
            ):
                last.insert(0, chunk)
            else:
                break
        return last

    def after(position: int, stop: int | None = None) -> list[Chunk]:
        """The parties enumerated right after a position, up to the clause's end."""
        limit = stop or end
        cut = re.search(
            r"[;.]|, (?:which|who|said|a |an |the |has|was|is|while|but)|\b(?:after|before|said|says|"
            r"because|since|until|in (?:19|20)\d\d|, according|for|that|to|when|where)\b|, and | and "
            r"(?:[a-z]+s|has|had|is|was|bought|sold) (?=[a-z])|, as well as",
            norm[position:limit],
        )
        stop_at = position + (cut.start() if cut else limit - position)
        named = names_in(norm, position, stop_at, context.chunks, free=True)
        return named or [c for c in context.chunks_between(position, stop_at) if c.kind == "party" and not c.owns][:1]

    found = _USES_AS.search(norm, start, end)
    if found:
        buyers = names_in(norm, _clause(norm, start, found.start()), found.start(), context.chunks, free=True)
        out.append(
            ("supplier", names_in(norm, found.start("mid"), found.end("mid"), context.chunks, free=True), buyers)
        )
        return out
    for pattern in (_SUPPLIERS_ARE, _SUPPLIERS_OF):
        found = pattern.search(norm, start, end)
        if found:
            buyers = [c for c in context.chunks_between(found.start("who"), found.end("who") + 2) if c.kind == "party"]
            out.append(("supplier", after(found.end()), buyers[-1:] or before(found.start("who"))))
    found = _CUSTOMERS_OF.search(norm, start, end)
    if found:
        sellers = [c for c in context.chunks_between(found.start("who"), found.end("who") + 2) if c.kind == "party"]
        out.append(("customer", after(found.end()), sellers[-1:]))
    found = _COUNTS.search(norm, start, end)
    if found:
        named = names_in(norm, *found.span("who"), context.chunks, free=True)
        left = before(found.start())
        kind = "supplier" if re.match(r"suppl|vendor", found["as"]) else "customer"
        out.append((kind, named, left[-1:]))
    found = _CUSTOMERS_ARE.search(norm, start, end)
    if found:
        sellers = [c for c in context.chunks_between(found.start("who"), found.end("who") + 2) if c.kind == "party"]
        out.append(("customer", after(found.end()), sellers[-1:]))
    rules = (
        (_SUPPLIER_TO, "supplier", False),
        (_CUSTOMER_OF, "customer", False),
        (_SUBSIDIARY_OF, "owner", True),
        (_BACKED_BY, "owner", True),
        (_OWNS, "owner", False),
        (_AFFILIATE, "affiliate", False),
        (_SUPPLIES_DIRECT, "supplier", False),
        (_BUYS_FROM, "customer", False),
        (_SUPPLIES, "supplier", False),
        (_ITS_UNIT, "owner", False),
        (_AND_UNIT, "owner", False),
        (_ITS_PARENT, "owner", True),
    )
    for pattern, kind, swap in rules:
        for found in pattern.finditer(norm, start, end):
            if context.in_quote(found.start()) and kind != "owner":
                continue
            left, right = before(found.start()), after(found.end())
            near = left and found.start() - left[-1].end <= (
                100 if pattern is _BACKED_BY else 75 if pattern in (_BUYS_FROM, _SUPPLIES) else 40
            )
            if (
                pattern is _BACKED_BY
                and left
                and re.search(
                    r"\b(?:products?|goods|equipment|technology|stakes?|shares)\b", norm[left[-1].end : found.start()]
                )
            ):
                near = False
            if pattern in (_SUPPLIES, _BUYS_FROM) and not near:
                continue
            if pattern is _ITS_UNIT and not (left and left[-1].end >= found.start() - 1):
                continue
            if not left or not right or not near:
                continue
            if (
                pattern in (_SUBSIDIARY_OF, _SUPPLIER_TO, _CUSTOMER_OF, _AFFILIATE)
                and not re.match(r",", found[0].strip()[:1] or " ")
                and not re.search(r"\b(?:is|are|was|were|which)\b", found[0])
            ):
                left = left[-1:]
            if pattern is _ITS_PARENT:
                left, right = left[-1:], right[:1]
            if pattern in (_SUBSIDIARY_OF, _SUPPLIER_TO, _CUSTOMER_OF) and not re.search(
                r"\b(?:are|were|both|two|subsidiaries|units|suppliers|customers)\b", found[0]
            ):
                left = left[-1:]
            out.append((kind, right, left) if swap else (kind, left, right))
    found = _STAKE.search(norm, start, end)
    if found and before(found.start()):
        holders = names_in(norm, found.start("who"), found.end("who"), context.chunks, free=True)
        out.append(("owner", holders, before(found.start())[-1:]))
    found = _INVESTORS.search(norm, start, end)
    if found and re.search(r"investor|backer|shareholder|owner", found[0]):
        left = before(found.start())
        if left:
            out.append(("owner", after(found.end()), left[-1:]))
    return out


def _clause(norm: str, start: int, position: int) -> int:
    """The begin of the clause a verb stands in: after the last `said` or comma."""
    found = None
    for found in re.finditer(r"\b(?:said|says|that|reported|noted)\b(?: that)?,? ", norm[start:position]):  # noqa: B007
        pass
    return start + found.end() if found else start
