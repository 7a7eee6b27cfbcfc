"""The reference scorer: one name read against another, in whole hundredths of a bit.

Each pair of words that agree earns evidence: as many bits as the word is rare, less what its differences cost.
Words left over on either side cost a little, by their kind. All figures are integers, so that the compiled
kernel can give the same scores to the last unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from caveat.names import Mode, Token, TokenKind, acronyms, heard, may_be_acronym, run_skeleton, unseen, words

#: Costs, hundredths of a bit.
EDIT = 700  # one letter missing or two swapped: one of a few slips of that sort a word may suffer
EDIT_SEEN = 1000  # the same between two words that are both known: more likely two names than a slip
STRANGE = 300  # more where the letter is not the listed word's own: it may be any of the alphabet
LETTERS = 400  # what the letters of a word nobody has seen hold, and for each letter: its slips are paid from that
LETTER = 330
LETTER_LISTED = 150  # the same where only the listed word is unknown
MOST_EDITS_EVEN = 2  # slips in as many words written together on either side: more is another word in one place
SHAVE = 40  # what an edit takes from a listed word in any case, so that an exact word ranks above
VARIANT = 200  # another romanization of the same sound
VARIANT_SEEN = 300  # the same between two known words
SOUND_LETTER = 450  # each letter in which two spellings of one sound differ
NICKNAME = 300  # another spelling of the same given name
NICKNAME_FAR = 400  # a short form, or the name in another language
SYNONYM = 10  # another trade word, place or form for the same: the word itself ranks above
HEARD_CONSONANT = 350  # across scripts: each consonant in which two words differ
HEARD_LETTER = 250  # and each letter, vowels included (both fitted with `names.heard`)
HEARD_SLIP = 300  # what the same takes from a listed word in any case: a consonant
HEARD_OTHER = 60  # and a letter
HEARD_RUN = 1  # consonants that may differ in words written together where vowels are lost; else none
ACRONYM = 400  # first letters agree with some other long name by chance
JOIN = 30  # words written together or apart
JOIN_EDIT = 500  # more for each slip in them: two differences in one place are seldom one party's
INITIAL = 200  # what an initial earns against a word
ORDER = 150  # words in another order
CLASH = 500  # a word against another word in the same place
CLASH_LIGHT = 200  # a trade, place or initial against another
FATHER = 2500  # father and son exchanged
BRAND = 1000  # a word so rare may stand for a company without its trade
BRAND_SLIP = 1500  # or one that proves so much with a slip in it
NUMBER_CLASH = 1300  # No. 38 against No. 14
PLACE_CLASH = 1300  # the bureau of one town against another's, where no word of their own agrees

#: Thousandths of what a whole name adds, where two of its words are barely alike, or one left over says little.
MET = 600
#: The most a word costs that says little where it is left over: an initial, a patronymic.
LITTLE = 150

_WORDY = (TokenKind.WORD, TokenKind.GENERIC, TokenKind.PLACE, TokenKind.INITIAL)
#: Kinds that may be left over where a whole name agrees.
LIGHT: tuple[TokenKind, ...] = (TokenKind.PARTICLE, TokenKind.TITLE, TokenKind.FORM, TokenKind.STOP)
#: The same where one common word is all that agrees.
FORMAL: tuple[TokenKind, ...] = (TokenKind.FORM, TokenKind.STOP)


@dataclass(frozen=True, slots=True)
class Link:
    """Words of the query (`start:stop`) that agree with words of the listed name, and what that earns."""

    query: tuple[int, int]
    entry: tuple[int, int]
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """What the alignment of two readings gives, in hundredths of a bit.

    total     earned less lost
    needed    what a full agreement of the shorter name would earn
    whole     how far no word of weight is left over on either side, in thousandths: less where two
              are barely alike, or an initial or a patronymic is left over
    is_heard  whether words agree across scripts, and not to the letter
    """

    total: int
    needed: int
    links: tuple[Link, ...]
    left_query: tuple[int, ...]
    left_entry: tuple[int, ...]
    penalties: tuple[tuple[str, int], ...]
    whole: int = 0
    is_heard: bool = False

    @property
    def is_exchanged(self) -> bool:
        """Whether father and son are exchanged."""
        return any(what == "father" for what, _ in self.penalties)

    @property
    def ratio(self) -> int:
        """`total` over `needed` in thousandths, never below 0."""
        return max(0, self.total) * 1000 // max(1, self.needed)


def most_edits(length: int) -> int:
    """How many letters of a word of that length may be wrong."""
    return 0 if length < 2 else 1 if length < 5 else 2 if length < 9 else 3


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words (insert, delete, replace, swap neighbors); `most` + 1 where more."""
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=most)


@lru_cache(maxsize=500_000)
def spelling_cost(query: str, entry: str, query_sound: str, entry_sound: str, seen: bool) -> tuple[int, int]:
    """What the difference of two spellings costs (hundredths of a bit), and in how many edits; (-1, 0) for too far."""
    if query == entry:
        return 0, 0
    edit = EDIT_SEEN if seen else EDIT
    longest = max(len(query), len(entry))
    most = most_edits(longest)
    wide = (longest * 2 + 3) // 5
    found = distance(query, entry, max(most, wide))
    best, edits = (edit * found, found) if found <= most else (-1, 0)
    if best > 0:
        best += STRANGE * (_strange(query, entry, found) if query_sound else found)  # of one word alone
    # the sound of a short word is shared by chance; Müller and Mueller differ by a letter more, not by another
    shortest = 5 if len(query) == len(entry) else 4
    if found == 1 and query.replace("y", "i") == entry.replace("y", "i"):  # Shoigu, Shoygu
        shortest = 3
    if found <= wide and min(len(query_sound), len(entry_sound)) >= shortest:
        limit = int(len(query_sound) > 5)
        sound = distance(query_sound, entry_sound, limit)
        if sound <= limit:
            cost = (VARIANT_SEEN if seen else VARIANT) + (edit + STRANGE) * sound + SOUND_LETTER * found
            if best < 0 or cost < best:
                best, edits = cost, max(1, sound)
    return best, edits


def _strange(query: str, entry: str, found: int) -> int:
    """How many of the edits put a letter into `query` that the listed word has not there; all in a short word."""
    if found == 1 and len(query) == len(entry) > 3:
        place = next(i for i, letter in enumerate(query) if letter != entry[i])
        return int(query[place : place + 2] != entry[place : place + 2][::-1])  # two swapped are its own
    if min(len(query), len(entry)) < 5:
        return found
    return min(found, max(0, found - (len(entry) - len(query))))


@lru_cache(maxsize=50_000)  # what was found is told a moment later
def pair(query: Token, entry: Token) -> tuple[int, str]:
    """What two single words earn together (0 where they do not agree), and why."""
    if query.text == entry.text:
        return min(query.bits, entry.bits), "same"
    numbers = (query.kind is TokenKind.NUMBER) + (entry.kind is TokenKind.NUMBER)
    if numbers == 2:  # two numbers are the same or not
        is_same = query.group > 0 and query.group == entry.group
        return (min(query.bits, entry.bits), "synonym") if is_same else (0, "")
    if numbers == 1:  # a number with a letter in it may be a slip, and so may a number in letters
        number, other = (query, entry) if query.kind is TokenKind.NUMBER else (entry, query)
        if _has_figure(query.text) != _has_figure(entry.text) or (other.seen and not _has_figure(number.text)):
            return 0, ""
    if query.kind is TokenKind.INITIAL or entry.kind is TokenKind.INITIAL:
        one, other = (query, entry) if query.kind is TokenKind.INITIAL else (entry, query)
        if other.kind is TokenKind.WORD and other.text[0] == one.text:
            return INITIAL, "initial"
        return 0, ""
    best, why = _agree((query,), (entry,)), "spelling"
    if query.group and query.group == entry.group:
        is_name = query.kind is TokenKind.WORD
        far = NICKNAME if query.fold == entry.fold else NICKNAME_FAR
        nick = min(entry.bits, query.bits) - (far if is_name else SYNONYM)
        if nick > best:
            best, why = nick, "nickname" if is_name else "synonym"
    return (best, why) if best > 0 else (0, "")


def _has_figure(text: str) -> bool:
    return any("0" <= char <= "9" for char in text)


def _figures(tokens: tuple[Token, ...]) -> str:
    return "".join(char for t in tokens for char in t.text if "0" <= char <= "9")


def joined(query: tuple[Token, ...], entry: tuple[Token, ...]) -> int:
    """What several words written together earn against others written apart; 0 where they do not agree."""
    if any(t.kind is TokenKind.NUMBER for t in query + entry) and _figures(query) != _figures(entry):
        return 0
    return max(0, _agree(query, entry) - JOIN)


def _agree(query: tuple[Token, ...], entry: tuple[Token, ...]) -> int:
    """What words run together earn against words run together."""
    one, other = "".join(t.text for t in query), "".join(t.text for t in entry)
    earned, listed = sum(t.bits for t in query), sum(t.bits for t in entry)
    if any(t.mode is Mode.EXACT for t in query + entry):  # signs bear no slips
        return min(earned, listed) if one == other and not any(t.mode.is_heard for t in query + entry) else 0
    if any(t.mode.is_heard for t in query + entry):
        return _heard(query, entry, min(earned, listed), one, other)
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) > max(most_edits(longest), (longest * 2 + 3) // 5):
        return 0  # no need to look at the letters
    is_known = all(t.seen for t in query)
    seen = is_known and all(t.seen for t in entry)
    sounds = (query[0].fold, entry[0].fold) if len(query) == len(entry) == 1 else ("", "")
    cost, edits = spelling_cost(one, other, *sounds, seen)
    is_even = len(query) == len(entry) > 1
    if cost < 0 or (is_even and edits > MOST_EDITS_EVEN):
        return 0
    if len(query) != len(entry):
        cost += JOIN_EDIT * edits
    if seen:
        payer = earned
    else:
        payer = max(earned, LETTERS + (_letters(entry, LETTER_LISTED) if is_known else _letters(query, LETTER)))
    points = min(shaved(min(earned, listed), edits), payer - cost)
    if is_even and edits and _is_other(query, entry):
        points = min(points, _one_by_one(query, entry))
    return points


def shaved(least: int, edits: int) -> int:
    """What words that agree but for slips hold at most: half of it at least, however light they are."""
    return least - min(SHAVE * edits, least // 2)


def _one_by_one(query: tuple[Token, ...], entry: tuple[Token, ...]) -> int:
    """What as many words earn, each known one against the one in its place: a slip may cost more than it earns."""
    points = 0
    for one, other in zip(query, entry, strict=True):
        least = min(one.bits, other.bits)
        points += least if one.text == other.text else least - EDIT_SEEN - STRANGE
    return points


def _letters(tokens: tuple[Token, ...], each: int) -> int:
    """What the letters of words hold; a trade, a place or a number holds no more than its bits."""
    return sum(each * len(t.text) if t.kind is TokenKind.WORD else min(t.bits, each * len(t.text)) for t in tokens)


def _is_other(query: tuple[Token, ...], entry: tuple[Token, ...]) -> bool:
    """Whether one of as many words is another known short word than the one in its place: no slip, another name."""
    return any(
        one.text != other.text and one.seen and other.seen and len(one.text) == len(other.text) < 5
        for one, other in zip(query, entry, strict=True)
    )


def _heard(query: tuple[Token, ...], entry: tuple[Token, ...], earned: int, one: str, other: str) -> int:
    """What words of two scripts earn: their consonants count, and how far their letters agree."""
    bare, other_bare = (run_skeleton(t.skeleton for t in side) for side in (query, entry))
    most = most_edits(120)
    if len(query) > 1 or len(entry) > 1:
        is_bare = any(t.mode is Mode.BARE for t in query + entry)
        most = HEARD_RUN * (is_bare and len(query) != len(entry))
    return heard_points(bare, other_bare, one, other, earned, most)


def heard_points(bare: str, other_bare: str, one: str, other: str, earned: int, most: int) -> int:
    """The same from their consonants and letters, where at most `most` consonants may differ."""
    longest = max(len(bare), len(other_bare))
    most = min(most, most_edits(longest + 1))
    edits = distance(bare, other_bare, most)
    if edits > most:
        return 0
    widest = max(len(one), len(other))
    letters = distance(one, other, widest)
    return min(
        earned - HEARD_SLIP * edits - HEARD_OTHER * letters,
        heard(widest, longest) - HEARD_CONSONANT * edits - HEARD_LETTER * letters,
    )


#: How many words on either side may be written together; two and two where the blank between them has moved.
_SPANS = ((1, 2), (2, 1), (1, 3), (3, 1), (2, 2))


def score(query: tuple[Token, ...], entry: tuple[Token, ...], *, may_shorten: bool = True) -> Score:
    """Align two readings and add up the evidence; `may_shorten` as in `Reading`."""
    links = [
        Link((i, i + 1), (j, j + 1), points, why)
        for i, one in enumerate(query)
        for j, other in enumerate(entry)
        for points, why in (pair(one, other),)
        if points > 0
    ]
    wide_at, tall_at = _ends(query), _ends(entry)
    is_written = all(t.mode is Mode.WRITTEN for t in query + entry)
    for wide, tall in _SPANS:
        for i in range(len(query) - wide + 1):
            for j in range(len(entry) - tall + 1):
                one, other = wide_at[i + wide] - wide_at[i], tall_at[j + tall] - tall_at[j]
                if is_written and abs(one - other) > (most_edits(max(one, other)) if wide != tall else 0):
                    continue  # no need to look at the letters
                if wide == tall and not _is_moved(query[i : i + wide], entry[j : j + tall]):
                    continue
                points = joined(query[i : i + wide], entry[j : j + tall])
                if points > 0:
                    links.append(Link((i, i + wide), (j, j + tall), points, "joined"))
    return sum_up(query, entry, _choose(links), may_shorten=may_shorten)


def sum_up(
    query: tuple[Token, ...], entry: tuple[Token, ...], chosen: list[Link], *, may_shorten: bool = True
) -> Score:
    """The evidence of the links that count, or of both names as a whole where that is more."""
    best = _total(query, entry, chosen)
    if 1 < len(query) < 5 and 1 < len(entry) < 5:
        points = joined(query, entry)
        if points > max(0, best.total):
            best = _total(query, entry, [Link((0, len(query)), (0, len(entry)), points, "joined")])
    if not may_shorten:
        return best
    short, letters = acronym_points(query, entry) or acronym_points(entry, query) or (0, 0)
    if short > max(0, best.total):
        best = Score(
            short,
            max(short, unseen("x" * letters)),
            (Link((0, len(query)), (0, len(entry)), short, "acronym"),),
            (),
            (),
            (),
            1000 * (letters > 3),
        )
    return best


def _is_moved(query: tuple[Token, ...], entry: tuple[Token, ...]) -> bool:
    """Whether the same letters are cut into words at another place."""
    return query[0].text != entry[0].text and "".join(t.text for t in query) == "".join(t.text for t in entry)


def _ends(tokens: tuple[Token, ...]) -> list[int]:
    """Where each word ends if all are written together, from 0."""
    return list(accumulate((len(t.text) for t in tokens), initial=0))


def acronym_points(short: tuple[Token, ...], long: tuple[Token, ...]) -> tuple[int, int] | None:
    """What first letters earn against the words they stand for, and how many they are; None where they do not."""
    word = may_be_acronym(short)
    if word is None or word.text not in acronyms(long):
        return None
    places = {t.text for t in short if t.kind is TokenKind.PLACE}
    if not places <= {t.text for t in long}:
        return None
    return unseen(word.text) - ACRONYM, len(word.text)


def _choose(links: list[Link]) -> list[Link]:
    """The links that earn most, no word used twice; ties by place."""
    taken_query = taken_entry = 0
    chosen = []
    for link in sorted(links, key=lambda k: (-k.points, k.query, k.entry)):
        rows = (1 << link.query[1]) - (1 << link.query[0])
        columns = (1 << link.entry[1]) - (1 << link.entry[0])
        if rows & taken_query or columns & taken_entry:
            continue
        taken_query |= rows
        taken_entry |= columns
        chosen.append(link)
    return sorted(chosen, key=lambda k: k.query)


def _total(query: tuple[Token, ...], entry: tuple[Token, ...], links: list[Link]) -> Score:
    used_query = {i for link in links for i in range(*link.query)}
    used_entry = {j for link in links for j in range(*link.entry)}
    left_query = tuple(i for i in range(len(query)) if i not in used_query)
    left_entry = tuple(j for j in range(len(entry)) if j not in used_entry)
    total = sum(link.points for link in links)
    total -= sum(query[i].loss for i in left_query) + sum(entry[j].loss for j in left_entry)
    penalties = []
    asked, listed = [query[i].kind for i in left_query], [entry[j].kind for j in left_entry]
    if TokenKind.NUMBER in asked and TokenKind.NUMBER in listed:
        penalties.append(("number", NUMBER_CLASH))
    is_named = any(query[i].kind is TokenKind.WORD for i in used_query)
    if not is_named and TokenKind.PLACE in asked and TokenKind.PLACE in listed:
        penalties.append(("place", PLACE_CLASH))
    heavy = min(asked.count(TokenKind.WORD), listed.count(TokenKind.WORD))
    light = min(sum(kind in _WORDY for kind in kinds) for kinds in (asked, listed)) - heavy
    if heavy or light:
        penalties.append(("clash", CLASH * heavy + CLASH_LIGHT * light))
    if _fathers_exchanged(query, entry, links):
        penalties.append(("father", FATHER))
    elif not _is_turned(links):
        penalties.append(("order", ORDER))
    total -= sum(cost for _, cost in penalties)
    needed = min(sum(t.bits for t in query), sum(t.bits for t in entry))
    is_poor = len(links) == 1 and links[0].points < BRAND  # Sheikh Ahmed is not Abu Ahmed
    small = FORMAL if is_poor else LIGHT
    brand = links[0].entry[0] if _is_brand(links, query, entry) else -1
    spare = (*LIGHT, TokenKind.GENERIC) if brand >= 0 else small
    over = [query[i] for i in left_query if query[i].kind not in small]
    # a company's town stands before its brand (Zhejiang Dahua), the country of an affiliate behind (Huawei UK)
    over += [
        entry[j]
        for j in left_entry
        if entry[j].kind not in spare and not (j < brand and entry[j].kind is TokenKind.PLACE)
    ]
    whole = min((_closeness(k, query, entry) for k in links), default=0)
    if over:
        whole = min(whole, MET) if not is_poor and all(map(says_little, over)) else 0
    is_heard = any(t.mode for t in query + entry) and any(
        t.mode.is_heard
        for link in links
        if link.why != "same"
        for t in query[slice(*link.query)] + entry[slice(*link.entry)]
    )
    return Score(total, needed, tuple(links), left_query, left_entry, tuple(penalties), whole, is_heard)


def says_little(one: Token) -> bool:
    """Whether a word is left out as often as not: an initial, a patronymic."""
    return one.kind in (TokenKind.INITIAL, TokenKind.WORD) and one.loss <= LITTLE


def _is_brand(links: list[Link], query: tuple[Token, ...], entry: tuple[Token, ...]) -> bool:
    """Whether one rare word is all that agrees: Huawei (Technologies)."""
    if len(links) != 1:
        return False
    (i, end), (j, last) = links[0].query, links[0].entry
    is_same = query[i].text == entry[j].text
    return end - i == last - j == 1 and (links[0].points >= BRAND_SLIP or (is_same and query[i].bits >= BRAND))


def _closeness(link: Link, query: tuple[Token, ...], entry: tuple[Token, ...]) -> int:
    """How far two words count as met, in thousandths: in full where they earn an eighth of what they could."""
    left, right = query[slice(*link.query)], entry[slice(*link.entry)]
    if link.why == "initial":
        return 0
    return 1000 if 8 * link.points >= min(sum(t.bits for t in left), sum(t.bits for t in right)) else MET


def _is_turned(links: list[Link]) -> bool:
    """Whether the listed words stand in the query's order, but for a turn (family name first or last)."""
    places = [link.entry[0] for link in links]
    falls = sum(after < before for before, after in pairwise(places))
    return falls == 0 or (falls == 1 and places[-1] < places[0])


def _fathers_exchanged(query: tuple[Token, ...], entry: tuple[Token, ...], links: list[Link]) -> bool:
    """Whether `A bin B` meets `B bin A`; a name may have several words: Abd al-Aziz."""
    fathers = words().fathers
    if all(t.text not in fathers for t in query):
        return False
    goes = {link.query[0]: link.entry[0] for link in links if link.query[1] - link.query[0] == 1}
    for i in range(1, len(query) - 1):
        if query[i].text not in fathers:
            continue
        son, father = goes.get(i - 1), goes.get(i + 1)
        if son is not None and father is not None and any(t.text in fathers for t in entry[father + 1 : son]):
            return True
    return False
