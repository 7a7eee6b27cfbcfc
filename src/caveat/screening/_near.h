/* Which terms of an index agree, up to spelling, with words of a query. Included by _kernel.c alone. */
#include "_scores.h"

#define MOST_PARTED 100 /* longest term that is cut into parts */
#define MOST_ASKED 256  /* 7 lengths, 4 parts, 3 places, swapped or not */
#define FEW 250         /* terms of one length that are read through sooner than looked up by their parts */
#ifdef __GNUC__
#define PREFETCH(place) __builtin_prefetch(place)
#else
#define PREFETCH(place) (void)0
#endif

static void word_of(const Kernel *k, int32_t term, Word *word)
{
    int64_t at = ARRAY(k, A_UNIT_START, int64_t)[term], sound = ARRAY(k, A_SOUND_START, int64_t)[term];
    word->text = ARRAY(k, A_UNITS, uint32_t) + at;
    word->length = (int)(ARRAY(k, A_UNIT_START, int64_t)[term + 1] - at);
    word->sound = ARRAY(k, A_SOUNDS, uint32_t) + sound;
    word->sound_length = (int)(ARRAY(k, A_SOUND_START, int64_t)[term + 1] - sound);
    int64_t bare = ARRAY(k, A_BARE_START, int64_t)[term];
    word->bare = ARRAY(k, A_BARES, uint32_t) + bare;
    word->bare_length = (int)(ARRAY(k, A_BARE_START, int64_t)[term + 1] - bare);
    word->mode = ARRAY(k, A_MODE, int8_t)[term];
    word->bits = ARRAY(k, A_BITS, int32_t)[term];
    word->loss = ARRAY(k, A_LOSS, int32_t)[term];
    word->kind = ARRAY(k, A_KIND, int8_t)[term];
    word->group = ARRAY(k, A_GROUP, int32_t)[term];
    word->father = ARRAY(k, A_FLAGS, int8_t)[term] & 1;
    word->seen = ARRAY(k, A_FLAGS, int8_t)[term] >> 1 & 1;
    word->term = term;
    word->number = -1;
    count_letters(word);
}

static uint64_t bag_of(const uint32_t *text, int length)
{
    uint64_t bits = 0;
    for (int i = 0; i < length; i++) {
        uint32_t code = text[i] - 97;
        int place = code < 26 ? (int)code * 2 : 52 + (int)(text[i] % 6) * 2;
        if (bits >> place & 1) place++;
        bits |= (uint64_t)1 << place;
    }
    return bits;
}

static int count_bits(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    return (int)(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u >> 56);
}

/* In how many letters a word and a listed one of `m` may differ that sound so nearly alike. */
static int most_unlike(const Kernel *k, const Word *word, int m, int sound)
{
    int payer = k->cost[C_LETTERS] + (word->seen ? k->cost[C_LETTER_LISTED] * m : k->cost[C_LETTER] * word->length);
    payer = MAX(payer, word->bits) - k->cost[C_VARIANT] - (k->cost[C_EDIT] + k->cost[C_STRANGE]) * sound - 1;
    return payer < 0 ? -1 : MIN(payer / k->cost[C_SOUND_LETTER], (MAX(m, word->length) * 2 + 3) / 5);
}

/* The most slips with which a word of the query, or several run together, can earn anything against a listed term of
 * `m` letters: more cost more than there is to pay them. `even`: there may be as many words on either side. */
static int most_slips(const Kernel *k, const Word *q, int m, int alone, int even)
{
    int n = q->length, slips = most_edits(MAX(n, m));
    int payer = MAX(q->bits, k->cost[C_LETTERS] + (q->seen ? k->cost[C_LETTER_LISTED] * m : k->cost[C_LETTER] * n));
    for (; slips > 0; slips--) {
        int own = !alone ? 0 : slips == 1 && n == m ? 1 : MIN(n, m) < 5 ? 0 : MIN(slips, MAX(0, m - n)); /* see strange */
        int cost = k->cost[C_EDIT] * slips + k->cost[C_STRANGE] * (slips - own);
        if (!alone) cost += k->cost[C_JOIN] + (even && slips <= k->cost[C_MOST_EDITS_EVEN] ? 0 : k->cost[C_JOIN_EDIT] * slips);
        if (cost < payer) break;
    }
    return slips;
}

/* How many slips a term of that length and class may have, to earn anything with the word. */
static int slips_with(const Kernel *k, const Word *word, int m, int class, int extent)
{
    if (word->kind == INITIAL || (extent != ONE && (class == SPAN || (class == WHOLE && extent == SOME)))) return 0;
    /* sounds a letter apart: with one letter apart the words are alike themselves; the listed one may be longer */
    if (class == SOUND) return word->sound_length > 5 && most_unlike(k, word, word->length + 2, 1) > 1;
    return most_slips(k, word, m, extent == ONE && class == SINGLE, extent == ALL && class == WHOLE);
}

/* Terms that may lie within so few edits (OSA) of a word as let them earn something, into k->met, each once; how many.
 *
 * A term within `k` edits, cut into k + 1 parts, has a part that stands in the text unharmed, with as many edits
 * before it as there are parts before it. A swap across the end of a part harms the next one only: the part is
 * looked up, too, with its last letter exchanged for the letter that follows. `build.py` cuts the terms alike.
 */
static int probe(Kernel *k, int class, const Word *word, int extent)
{
    const uint32_t *text = class == SOUND ? word->sound : word->text;
    int n = class == SOUND ? word->sound_length : word->length;
    uint64_t bag = class == SOUND ? word->sound_bag : word->bag;
    const uint32_t *parts = ARRAY(k, A_PART, uint32_t), *starts = ARRAY(k, A_PART_START, uint32_t);
    const uint64_t *bags = ARRAY(k, class == SOUND ? A_SOUND_BAG : A_BAG, uint64_t);
    const int8_t *modes = ARRAY(k, A_MODE, int8_t);
    uint32_t mask = (uint32_t)(k->view[A_PART_START].len / 4 - 2), sign = (uint32_t)(bag ^ bag >> 32);
    struct { uint32_t hash; int unlike; } asked[MOST_ASKED]; /* a bucket, and the bits in which bags may differ */
    int met = 0, count = 0;
    if (++k->probes == 0) { memset(k->probed, 0, (size_t)k->terms * 4); k->probes = 1; }
    for (int length = MAX(3, n - 3); length <= n + 3 && length <= MOST_PARTED; length++) {
        int limit = slips_with(k, word, length, class, extent), off = n - length;
        int unlike = 2 * limit - abs(off);
        if (abs(off) > limit) continue;
        if (class != SOUND && limit && k->stretch[class][length + 1] - k->stretch[class][length] <= FEW) {
            for (Py_ssize_t t = k->stretch[class][length]; t < k->stretch[class][length + 1]; t++)
                if (count_bits(bags[t] ^ bag) <= unlike && !(modes[t] & HEARD)) k->met[met++] = (int32_t)t;
            continue;
        }
        int cuts = MAX(limit, 1), base = length / (cuts + 1), longer = cuts + 1 - length % (cuts + 1);
        for (int i = 0, at = 0, size; i <= (limit ? cuts : 0); i++, at += size) {
            size = base + (i >= longer);
            int low = MAX(at - i, at + off - (limit - i)), high = MIN(at + i, at + off + limit - i);
            for (int from = MAX(low, 0); from <= MIN(high, n - size); from++)
                for (int swapped = 0; swapped <= (limit && i < cuts && from + size < n); swapped++) {
                    uint32_t hash = 2166136261u ^ (uint32_t)(((class * 128 + length) * 4 + cuts) * 4 + i);
                    for (int c = 0; c < size - 1; c++) hash = (hash ^ text[from + c]) * 16777619u;
                    hash = (hash ^ text[from + size - 1 + swapped]) * 16777619u;
                    hash = (hash ^ hash >> 15) & mask;
                    PREFETCH(&starts[hash]);
                    asked[count].hash = hash;
                    asked[count++].unlike = unlike;
                }
        }
    }
    for (int a = 0; a < count; a++) PREFETCH(&parts[2 * (size_t)starts[asked[a].hash]]);
    for (int a = 0; a < count; a++)
        for (uint32_t p = starts[asked[a].hash]; p < starts[asked[a].hash + 1]; p++) {
            uint32_t term = parts[2 * (size_t)p];
            if (count_bits(parts[2 * (size_t)p + 1] ^ sign) > asked[a].unlike || k->probed[term] == k->probes) continue;
            if (count_bits(bags[term] ^ bag) > asked[a].unlike) continue; /* another length may share the bucket */
            k->probed[term] = k->probes;
            k->met[met++] = (int32_t)term;
        }
    return met;
}

static void keep(Kernel *k, Slot *slot, int *room, int32_t term, int points)
{
    if (points <= 0 || k->failed) return;
    if (slot->count == *room) {
        Near *more = realloc(slot->terms, (size_t)(*room = *room ? *room * 2 : 8) * sizeof *more);
        if (!more) { k->failed = 1; return; }
        slot->terms = more;
    }
    slot->terms[slot->count++] = (Near){term, points};
}

/* What a word of the query, or several run together, can earn with a term at most; 0 where they do not agree. */
static int most_of(const Kernel *k, const Word *word, const Word *term, int class, int extent)
{
    if (extent == ONE && class == SINGLE) return pair(k, word, term);
    if ((word->mode | term->mode) & HEARD)
        return heard(k, word->text, word->length, term->text, term->length, word->bare, word->bare_length, term->bare,
                     term->bare_length, class == SINGLE ? MIN(word->bits, term->bits) : word->bits,
                     k->cost[C_HEARD_RUN]) - k->cost[C_JOIN];
    int edits, cost = spelling_cost(k, word->text, word->length, term->text, term->length, NULL, 0, NULL, 0,
                                    word->seen && term->seen, &edits);
    if (cost < 0) return 0;
    int listed = class == SINGLE ? term->bits : INT_MAX; /* of words run together it is not known which they were */
    return agreed(k, cost, edits, word->bits, listed, word->length, term->length, word->seen, term->seen)
           - k->cost[C_JOIN];
}

static void keep_near(Kernel *k, Slot *slot, int *room, const Word *word, int class, int extent, int32_t term)
{
    Word other;
    if (class != KIN && !((word->mode | ARRAY(k, A_MODE, int8_t)[term]) & HEARD)) { /* most fall here, before the rest is read */
        int64_t at = ARRAY(k, A_UNIT_START, int64_t)[term];
        int length = (int)(ARRAY(k, A_UNIT_START, int64_t)[term + 1] - at);
        int most = class == SOUND ? most_unlike(k, word, length, 0) : slips_with(k, word, length, class, extent);
        int off = abs(length - word->length);
        if (off > most || count_bits(ARRAY(k, A_BAG, uint64_t)[term] ^ word->bag) > 2 * most - off) return;
        if (distance(word->text, word->length, ARRAY(k, A_UNITS, uint32_t) + at, length, most) > most) return;
    }
    if (class == SOUND || class == KIN) class = SINGLE;
    word_of(k, term, &other);
    keep(k, slot, room, term, most_of(k, word, &other, class, extent));
}

static int by_term(const void *a, const void *b)
{
    const Near *x = a, *y = b;
    return x->term != y->term ? (x->term < y->term ? -1 : 1) : y->points - x->points;
}

/* The same for a term that may agree across scripts. */
static void keep_heard(Kernel *k, Slot *slot, int *room, const Word *word, int extent, int32_t term)
{
    int class = ARRAY(k, A_SPAN, int8_t)[term];
    int cap = extent != ONE && (class == SPAN || (class == WHOLE && extent == SOME)) ? 0 : k->cost[C_HEARD_RUN];
    if (extent == ONE && class == SINGLE) cap = most_edits(word->bare_length + 4);
    if (abs(ARRAY(k, A_BARE_LENGTH, int8_t)[term] - MIN(word->bare_length, 120)) > cap) return;
    if (count_bits(ARRAY(k, A_BARE_BAG, uint64_t)[term] ^ word->bare_bag) > 2 * cap) return;
    keep_near(k, slot, room, word, class, extent, term);
}

/* Where the terms near words run together are kept; `count` -1 where they are not yet looked up. */
static Slot *run_slot(Kernel *k, const Word *word, int extent)
{
    uint64_t key = 1469598103934665603ull ^ (uint64_t)(extent | word->seen << 2 | word->mode << 8);
    key = (key * 1099511628211ull ^ (uint64_t)word->bits) * 1099511628211ull;
    for (int i = 0; i < word->length; i++) key = (key ^ word->text[i]) * 1099511628211ull;
    for (int i = 0; i < word->bare_length; i++) key = (key ^ word->bare[i]) * 1099511628211ull;
    Slot *slot = &k->runs[key >> 20 & (RUNS - 1)];
    while (slot->key != (key | 1) && slot->asked == k->query_clock) slot = slot == &k->runs[RUNS - 1] ? k->runs : slot + 1;
    if (slot->key != (key | 1)) {
        free(slot->terms);
        *slot = (Slot){key | 1, NULL, -1, 0};
    }
    slot->asked = k->query_clock;
    return slot;
}

/* The terms that agree, up to spelling, with one word of the query or several run together, and what each can earn at
 * most. A run meets another run only where a blank has moved; ALL of the query may meet a whole name with slips. */
static const Slot *terms_near(Kernel *k, const Word *word, int extent)
{
    int exact = word->kind == INITIAL, room = 0;
    Slot *slot = word->number >= 0 ? &k->near[word->number] : run_slot(k, word, extent);
    if (slot->count >= 0) return slot;
    slot->count = 0;
    if (word->mode & HEARD)
        for (Py_ssize_t t = 0; t < k->terms; t++) keep_heard(k, slot, &room, word, extent, (int32_t)t);
    else if (!exact)
        for (Py_ssize_t f = 0; f < k->foreigners; f++) keep_heard(k, slot, &room, word, extent, k->foreign[f]);
    for (int class = SINGLE; class <= WHOLE && !(word->mode & HEARD); class++) {
        int met = probe(k, class, word, extent);
        for (int i = 0; i < met; i++) keep_near(k, slot, &room, word, class, extent, k->met[i]);
        for (int far = 0; far < 2; far++) { /* the shortest and the longest terms are not cut */
            Py_ssize_t t = k->stretch[class][far ? MOST_PARTED + 1 : 0], end = k->stretch[class][far ? 121 : 3];
            if (far ? word->length + 3 <= MOST_PARTED : word->length - most_edits(word->length) > 2) continue;
            for (; t < end; t++) keep_near(k, slot, &room, word, class, extent, (int32_t)t);
        }
    }
    if (extent == ONE && !exact && !(word->mode & HEARD) && word->sound_length > 3) {
        int met = probe(k, SOUND, word, ONE);
        for (int i = 0; i < met; i++) keep_near(k, slot, &room, word, SOUND, ONE, k->met[i]);
    }
    if (extent == ONE && word->group > 0 && word->group < k->groups)
        for (int i = k->kin_start[word->group]; i < k->kin_start[word->group + 1]; i++)
            keep_near(k, slot, &room, word, KIN, ONE, k->kin[i]);
    if (extent == ONE && word->kind == WORD) /* an initial of the listed name may stand for it */
        for (Py_ssize_t t = k->stretch[SINGLE][1]; t < k->stretch[SINGLE][2]; t++)
            if (*(ARRAY(k, A_UNITS, uint32_t) + ARRAY(k, A_UNIT_START, int64_t)[t]) == *word->text)
                keep_near(k, slot, &room, word, KIN, ONE, (int32_t)t);
    if (slot->count) qsort(slot->terms, (size_t)slot->count, sizeof *slot->terms, by_term);
    int kept = 0;
    for (int i = 0; i < slot->count; i++)
        if (!i || slot->terms[i].term != slot->terms[kept - 1].term) slot->terms[kept++] = slot->terms[i];
    slot->count = kept;
    return slot;
}
