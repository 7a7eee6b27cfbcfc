/* The compiled search: the same whole-number scores as scorer.py, faster.
 *
 * One object holds the arrays of an index. `find` takes the words of a query and returns the rows whose score
 * reaches a line. Costs come from scorer.py and weights from calibration.json; none is written here.
 */
#include "_scores.h"

#define MOST_PARTED 100 /* longest term that is cut into parts */
#define MOST_ASKED 256  /* 7 lengths, 4 parts, 3 places, swapped or not */
#define FEW 250         /* terms of one length that are read through sooner than looked up by their parts */
#define LIGHT 150       /* most bits of a word whose rows are not read for the bound alone */
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

/* How many slips a term of that length and class may have, to earn anything with the word. */
static int slips_with(const Kernel *k, const Word *word, int m, int class, int is_single)
{
    if (word->kind == INITIAL) return 0;
    /* sounds a letter apart: with one letter apart the words are alike themselves; the listed one may be longer */
    if (class == SOUND) return word->sound_length > 5 && most_unlike(k, word, word->length + 2, 1) > 1;
    return most_slips(k, word, m, is_single && class == SINGLE, !is_single && class == WHOLE);
}

/* Terms that may lie within so few edits (OSA) of a word as let them earn something, into k->met, each once; how many.
 *
 * A term within `k` edits, cut into k + 1 parts, has a part that stands in the text unharmed, with as many edits
 * before it as there are parts before it. A swap across the end of a part harms the next one only: the part is
 * looked up, too, with its last letter exchanged for the letter that follows. `build.py` cuts the terms alike.
 */
static int probe(Kernel *k, int class, const Word *word, int is_single)
{
    const uint32_t *text = class == SOUND ? word->sound : word->text;
    int n = class == SOUND ? word->sound_length : word->length;
    uint64_t bag = class == SOUND ? word->sound_bag : word->bag;
    const uint32_t *parts = ARRAY(k, A_PART, uint32_t), *starts = ARRAY(k, A_PART_START, uint32_t);
    const uint64_t *bags = ARRAY(k, class == SOUND ? A_SOUND_BAG : A_BAG, uint64_t);
    const int8_t *modes = ARRAY(k, A_MODE, int8_t);
    uint32_t mask = (uint32_t)(k->view[A_PART_START].len / 4 - 2), sign = (uint32_t)(bag ^ bag >> 32);
    struct { uint32_t hash; int limit; } asked[MOST_ASKED];
    int met = 0, count = 0;
    if (++k->probes == 0) { memset(k->probed, 0, (size_t)k->terms * 4); k->probes = 1; }
    for (int length = MAX(3, n - 3); length <= n + 3 && length <= MOST_PARTED; length++) {
        int limit = slips_with(k, word, length, class, is_single), off = n - length;
        if (abs(off) > limit) continue;
        if (class != SOUND && k->stretch[class][length + 1] - k->stretch[class][length] <= FEW) {
            for (Py_ssize_t t = k->stretch[class][length]; t < k->stretch[class][length + 1]; t++)
                if (count_bits(bags[t] ^ bag) <= 2 * limit && !modes[t]) k->met[met++] = (int32_t)t;
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
                    asked[count++].limit = limit;
                }
        }
    }
    for (int a = 0; a < count; a++) PREFETCH(&parts[2 * (size_t)starts[asked[a].hash]]);
    for (int a = 0; a < count; a++)
        for (uint32_t p = starts[asked[a].hash]; p < starts[asked[a].hash + 1]; p++) {
            uint32_t term = parts[2 * (size_t)p];
            if (count_bits(parts[2 * (size_t)p + 1] ^ sign) > 2 * asked[a].limit || k->probed[term] == k->probes) continue;
            k->probed[term] = k->probes;
            if (count_bits(bags[term] ^ bag) <= 2 * asked[a].limit) k->met[met++] = (int32_t)term;
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
static int most_of(const Kernel *k, const Word *word, const Word *term, int class, int is_single)
{
    if (is_single && class == SINGLE) return pair(k, word, term);
    if (word->mode | term->mode)
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

static void keep_near(Kernel *k, Slot *slot, int *room, const Word *word, int class, int is_single, int32_t term)
{
    Word other;
    if (class != KIN && !(word->mode | ARRAY(k, A_MODE, int8_t)[term])) { /* most fall here, before the rest is read */
        int64_t at = ARRAY(k, A_UNIT_START, int64_t)[term];
        int length = (int)(ARRAY(k, A_UNIT_START, int64_t)[term + 1] - at);
        int most = class == SOUND ? most_unlike(k, word, length, 0) : slips_with(k, word, length, class, is_single);
        if (abs(length - word->length) > most || count_bits(ARRAY(k, A_BAG, uint64_t)[term] ^ word->bag) > 2 * most) return;
        if (distance(word->text, word->length, ARRAY(k, A_UNITS, uint32_t) + at, length, most) > most) return;
    }
    if (class == SOUND || class == KIN) class = SINGLE;
    word_of(k, term, &other);
    keep(k, slot, room, term, most_of(k, word, &other, class, is_single));
}

static int by_term(const void *a, const void *b)
{
    const Near *x = a, *y = b;
    return x->term != y->term ? (x->term < y->term ? -1 : 1) : y->points - x->points;
}

static int is_met(int class, int is_single, int is_all)
{
    return is_single || class == SINGLE || (class == WHOLE && is_all);
}

/* The same for a term that may agree across scripts. */
static void keep_heard(Kernel *k, Slot *slot, int *room, const Word *word, int is_single, int is_all, int32_t term)
{
    int class = ARRAY(k, A_SPAN, int8_t)[term];
    int cap = is_single && class == SINGLE ? most_edits(word->bare_length + 4) : k->cost[C_HEARD_RUN];
    if (abs(ARRAY(k, A_BARE_LENGTH, int8_t)[term] - MIN(word->bare_length, 120)) > cap) return;
    if (count_bits(ARRAY(k, A_BARE_BAG, uint64_t)[term] ^ word->bare_bag) > 2 * cap) return;
    if (is_met(class, is_single, is_all)) keep_near(k, slot, room, word, class, is_single, term);
}

/* The terms that agree, up to spelling, with one word of the query (single) or several run together, and what each
 * can earn at most. `is_all`: the words are the whole query, which may meet a whole name run together. */
static const Slot *terms_near(Kernel *k, const Word *word, int is_single, int is_all)
{
    int exact = word->kind == INITIAL, room = 0;
    uint64_t key = 1469598103934665603ull ^ (uint64_t)(is_single | is_all << 1 | word->seen << 2 | word->kind << 3 | word->mode << 8);
    key = (key * 1099511628211ull ^ (uint64_t)word->bits) * 1099511628211ull;
    for (int i = 0; i < word->length; i++) key = (key ^ word->text[i]) * 1099511628211ull;
    for (int i = 0; i < word->bare_length; i++) key = (key ^ word->bare[i]) * 1099511628211ull;
    key |= 1;
    Slot *slot = &k->cache[key >> 20 & (CACHE - 1)];
    while (slot->key && slot->key != key) slot = slot == &k->cache[CACHE - 1] ? k->cache : slot + 1;
    if (slot->key == key) return slot;
    if (k->cached * 2 > CACHE) {
        for (int i = 0; i < CACHE; i++) { free(k->cache[i].terms); k->cache[i] = (Slot){0, NULL, 0}; }
        k->cached = 0;
        slot = &k->cache[key >> 20 & (CACHE - 1)];
    }
    *slot = (Slot){key, NULL, 0};
    k->cached++;
    if (word->mode)
        for (Py_ssize_t t = 0; t < k->terms; t++) keep_heard(k, slot, &room, word, is_single, is_all, (int32_t)t);
    else if (!exact)
        for (Py_ssize_t f = 0; f < k->foreigners; f++) keep_heard(k, slot, &room, word, is_single, is_all, k->foreign[f]);
    for (int class = SINGLE; class <= WHOLE && !word->mode; class++) {
        if (!is_met(class, is_single, is_all)) continue;
        int met = probe(k, class, word, is_single);
        for (int i = 0; i < met; i++) keep_near(k, slot, &room, word, class, is_single, k->met[i]);
        for (int far = 0; far < 2; far++) { /* the shortest and the longest terms are not cut */
            Py_ssize_t t = k->stretch[class][far ? MOST_PARTED + 1 : 0], end = k->stretch[class][far ? 121 : 3];
            if (far ? word->length + 3 <= MOST_PARTED : word->length - most_edits(word->length) > 2) continue;
            for (; t < end; t++) keep_near(k, slot, &room, word, class, is_single, (int32_t)t);
        }
    }
    if (is_single && !exact && !word->mode && word->sound_length > 3) {
        int met = probe(k, SOUND, word, 1);
        for (int i = 0; i < met; i++) keep_near(k, slot, &room, word, SOUND, 1, k->met[i]);
    }
    if (is_single && word->group > 0 && word->group < k->groups)
        for (int i = k->kin_start[word->group]; i < k->kin_start[word->group + 1]; i++)
            keep_near(k, slot, &room, word, KIN, 1, k->kin[i]);
    if (is_single && word->kind == WORD) /* an initial of the listed name may stand for it */
        for (Py_ssize_t t = k->stretch[SINGLE][1]; t < k->stretch[SINGLE][2]; t++)
            if (*(ARRAY(k, A_UNITS, uint32_t) + ARRAY(k, A_UNIT_START, int64_t)[t]) == *word->text)
                keep_near(k, slot, &room, word, KIN, 1, (int32_t)t);
    if (slot->count) qsort(slot->terms, (size_t)slot->count, sizeof *slot->terms, by_term);
    int kept = 0;
    for (int i = 0; i < slot->count; i++)
        if (!i || slot->terms[i].term != slot->terms[kept - 1].term) slot->terms[kept++] = slot->terms[i];
    slot->count = kept;
    return slot;
}

/* Note on each row of these terms what one word of the query (`bits` of `whole`) may gain there, the best of its
 * readings; `fresh`: on rows not yet met, too. `mine`: the words met so. */
static void touch(Kernel *k, const Slot *slot, int bits, int whole, int loss, uint32_t first, uint32_t stamp,
                  uint32_t mine, int *touched, int fresh)
{
    const int64_t *start = ARRAY(k, A_POSTING_START, int64_t);
    const int32_t *posting = ARRAY(k, A_POSTING, int32_t);
    for (int t = 0; t < slot->count; t++) {
        int term = slot->terms[t].term, points = slot->terms[t].points;
        int gain = loss + (bits == whole ? points : (int)(((int64_t)points * bits + whole - 1) / MAX(1, whole)));
        for (int64_t p = start[term]; p < start[term + 1]; p++) {
            Reach *row = &k->reach[posting[p]];
            if (row->mark == stamp) {
                if (gain > row->gain) { row->reach += gain - row->gain; row->gain = gain; }
                continue;
            }
            if (row->mark < first) {
                if (!fresh) continue;
                row->reach = 0; row->met = 0;
                k->touched[(*touched)++] = posting[p];
            }
            row->mark = stamp;
            row->met |= mine;
            row->gain = gain;
            row->reach += gain;
        }
    }
}

static int read_words(PyObject *list, Word *words)
{
    Py_ssize_t n = PyList_Size(list);
    if (n < 0 || n > MOST_WORDS) { PyErr_SetString(PyExc_ValueError, "too many words"); return -1; }
    for (Py_ssize_t i = 0; i < n; i++) {
        const char *text, *sound, *bare;
        Py_ssize_t length, sound_length, bare_length;
        Word *w = &words[i];
        if (!PyArg_ParseTuple(PyList_GetItem(list, i), "y#y#y#iiiiiii", &text, &length, &sound, &sound_length,
                              &bare, &bare_length, &w->bits, &w->loss, &w->kind, &w->group, &w->seen, &w->father,
                              &w->mode)) return -1;
        if (length > MOST_LETTERS * 4) { PyErr_SetString(PyExc_ValueError, "a word is too long"); return -1; }
        w->text = (const uint32_t *)text; w->length = (int)(length / 4);
        w->sound = (const uint32_t *)sound; w->sound_length = (int)(sound_length / 4);
        w->bare = (const uint32_t *)bare; w->bare_length = (int)(bare_length / 4);
        w->bag = bag_of(w->text, w->length); w->sound_bag = bag_of(w->sound, w->sound_length);
        w->bare_bag = bag_of(w->bare, w->bare_length);
        w->term = -1;
        count_letters(w);
    }
    return (int)n;
}

static PyObject *kernel_find(Kernel *k, PyObject *args)
{
    static Word q[MOST_WORDS], e[MOST_WORDS];
    static uint32_t text[MOST_LETTERS], bares[MOST_LETTERS];
    PyObject *list;
    int least, w[7], n, own = 0, may_be_whole = 1, spent = 0, touched = 0, whole, across, order[MOST_WORDS], is_chosen[MOST_WORDS] = {0};
    if (!PyArg_ParseTuple(args, "O!i(iiiiiii)", &PyList_Type, &list, &least, &w[0], &w[1], &w[2], &w[3], &w[4],
                          &w[5], &w[6])) return NULL;
    if ((n = read_words(list, q)) < 0) return NULL;
    if (k->clock > 0xffff0000u) { memset(k->reach, 0, (size_t)k->rows * sizeof *k->reach); k->clock = 0; }
    if (++k->query_clock >= 0x7ffffffu / MOST_WORDS) {
        k->query_clock = 1;
        for (int i = 0; i < MEMO; i++) k->memo[i].term = -1;
    }
    uint32_t heavy = 0; /* words that must be met for a name to be whole */
    for (int i = 0; i < n; i++) {
        own += q[i].bits; order[i] = i;
        if (q[i].kind == INITIAL) spent -= k->cost[C_INITIAL]; /* any word may begin with it, so it is never lost */
        else if (!is_light(q[i].kind)) heavy |= (uint32_t)1 << i;
    }
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && q[order[j]].bits > q[order[j - 1]].bits; j--) {
            int spare = order[j]; order[j] = order[j - 1]; order[j - 1] = spare;
        }
    int rest = own;
    for (int c = 0; c < n; c++) { /* a row with none of the chosen words cannot reach the line */
        if (points_of(w, rest - spent, rest, may_be_whole, 0) < least) break;
        is_chosen[order[c]] = 1;
        may_be_whole &= !(heavy >> order[c] & 1);
        spent += q[order[c]].kind == INITIAL ? 0 : q[order[c]].loss;
        rest -= q[order[c]].bits;
    }
    uint32_t first = k->clock + 1;
    for (int c = 0; c < n; c++) {
        int i = order[c];
        if (!is_chosen[i] && (!touched || q[i].bits <= LIGHT)) { /* a light word is taken as found */
            heavy &= ~((uint32_t)1 << i);
            continue;
        }
        uint32_t stamp = ++k->clock, mine = (uint32_t)1 << i;
        int loss = is_chosen[i] && q[i].kind != INITIAL ? q[i].loss : 0;
        if (!is_chosen[i]) rest -= q[i].bits;
        touch(k, terms_near(k, &q[i], 1, 0), q[i].bits, q[i].bits, loss, first, stamp, mine, &touched, is_chosen[i]);
        for (int size = 2; size <= 4; size++)
            for (int from = MAX(0, i - size + 1); from <= i && from + size <= n; from++) {
                if (size == 4 && n != 4) continue;
                int idle = 1, bits = 0, seen = 1, mode = 0, length = run_together(q, from, from + size, text);
                int bare = run_bare(q, from, from + size, bares);
                for (int j = from; j < from + size; j++) {
                    idle &= q[j].kind == FORM || q[j].kind == STOP;
                    bits += q[j].bits;
                    seen &= q[j].seen;
                    mode = MAX(mode, q[j].mode);
                }
                if (idle || length < 0 || bare < 0) continue;
                Word span = {.text = text, .length = length, .bag = bag_of(text, length), .kind = WORD, .bits = bits,
                             .seen = seen, .bare = bares, .bare_length = bare, .bare_bag = bag_of(bares, bare), .mode = mode};
                touch(k, terms_near(k, &span, 0, size == n), q[i].bits, bits, loss, first, stamp, mine, &touched,
                      is_chosen[i]);
            }
    }
    if (k->failed) return PyErr_NoMemory();
    PyObject *out = PyList_New(0);
    for (int t = 0; out && t < touched; t++) {
        int32_t row = k->touched[t];
        int needed = MIN(own, ARRAY(k, A_ROW_SELF, int32_t)[row]);
        int most = k->reach[row].reach - spent + rest;
        if (points_of(w, most, needed, (k->reach[row].met & heavy) == heavy, 0) < least) continue;
        int32_t start = ARRAY(k, A_ROW_START, int32_t)[row], m = ARRAY(k, A_ROW_START, int32_t)[row + 1] - start;
        for (int j = 0; j < m; j++) word_of(k, ARRAY(k, A_WORDS, int32_t)[start + j], &e[j]);
        int total = total_of(k, q, n, e, m, &whole, &across), points = points_of(w, total, needed, whole, across);
        if (points < least) continue;
        PyObject *item = Py_BuildValue("(ii)", (int)row, points);
        if (!item || PyList_Append(out, item) < 0) { Py_XDECREF(item); Py_CLEAR(out); break; }
        Py_DECREF(item);
    }
    return out;
}

static PyObject *kernel_total(Kernel *k, PyObject *args)
{
    static Word q[MOST_WORDS], e[MOST_WORDS];
    PyObject *list;
    int row, n, whole, across;
    if (!PyArg_ParseTuple(args, "O!i", &PyList_Type, &list, &row)) return NULL;
    if ((n = read_words(list, q)) < 0) return NULL;
    if (row < 0 || row >= k->rows) { PyErr_SetString(PyExc_IndexError, "no such row"); return NULL; }
    k->query_clock++;
    int32_t start = ARRAY(k, A_ROW_START, int32_t)[row], m = ARRAY(k, A_ROW_START, int32_t)[row + 1] - start;
    for (int j = 0; j < m; j++) word_of(k, ARRAY(k, A_WORDS, int32_t)[start + j], &e[j]);
    int total = total_of(k, q, n, e, m, &whole, &across);
    return Py_BuildValue("(iii)", total, whole, across);
}

static int kernel_init(Kernel *k, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyObject *arrays, *costs;
    if (k->views) { PyErr_SetString(PyExc_TypeError, "already made"); return -1; }
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &arrays, &PyTuple_Type, &costs)) return -1;
    if (PyTuple_Size(arrays) != ARRAYS || PyTuple_Size(costs) != COSTS)
        return PyErr_SetString(PyExc_ValueError, "the kernel and the index do not fit"), -1;
    for (int i = 0; i < COSTS; i++) k->cost[i] = (int)PyLong_AsLong(PyTuple_GetItem(costs, i));
    if (PyErr_Occurred()) return -1;
    for (k->views = 0; k->views < ARRAYS; k->views++)
        if (PyObject_GetBuffer(PyTuple_GetItem(arrays, k->views), &k->view[k->views], PyBUF_SIMPLE) < 0) return -1;
    k->terms = k->view[A_LENGTH].len;
    k->rows = k->view[A_ROW_MODE].len;
    const int8_t *lengths = ARRAY(k, A_LENGTH, int8_t), *classes = ARRAY(k, A_SPAN, int8_t);
    const int32_t *groups = ARRAY(k, A_GROUP, int32_t);
    Py_ssize_t t = 0;
    for (int class = SINGLE; class <= WHOLE; class++)
        for (int size = 0; size < 122; size++) {
            while (t < k->terms && classes[t] == class && lengths[t] < size) t++;
            k->stretch[class][size] = t;
        }
    for (Py_ssize_t i = 0; i < k->terms; i++) k->groups = MAX(k->groups, groups[i] + 1);
    k->cache = calloc(CACHE, sizeof *k->cache);
    k->memo = calloc(MEMO, sizeof *k->memo);
    k->reach = calloc((size_t)k->rows + 1, sizeof *k->reach);
    k->touched = calloc((size_t)k->rows + 1, 4);
    k->probed = calloc((size_t)k->terms + 1, 4);
    k->met = calloc((size_t)k->terms + 1, 4);
    k->kin = calloc((size_t)k->terms + 1, 4);
    k->kin_start = calloc((size_t)k->groups + 2, 4);
    for (Py_ssize_t i = 0; i < k->terms; i++) k->foreigners += ARRAY(k, A_MODE, int8_t)[i] > 0;
    k->foreign = calloc((size_t)k->foreigners + 1, 4);
    if (!k->cache || !k->memo || !k->reach || !k->touched || !k->probed || !k->met || !k->kin || !k->kin_start || !k->foreign)
        return PyErr_NoMemory(), -1;
    for (Py_ssize_t i = 0, f = 0; i < k->terms; i++) if (ARRAY(k, A_MODE, int8_t)[i] > 0) k->foreign[f++] = (int32_t)i;
    for (Py_ssize_t i = 0; i < k->terms; i++) k->kin_start[groups[i] + 1] += groups[i] && !classes[i];
    for (int g = 0; g < k->groups; g++) k->kin_start[g + 1] += k->kin_start[g];
    int kin = k->kin_start[k->groups];
    for (Py_ssize_t i = k->terms; i-- > 0;) /* filled from the end, so that the starts move back to their places */
        if (groups[i] && !classes[i]) k->kin[--k->kin_start[groups[i] + 1]] = (int32_t)i;
    memmove(k->kin_start, k->kin_start + 1, (size_t)k->groups * 4);
    k->kin_start[k->groups] = kin;
    return 0;
}

static void kernel_free(Kernel *k)
{
    PyTypeObject *type = Py_TYPE(k);
    for (int i = 0; i < k->views; i++) PyBuffer_Release(&k->view[i]);
    for (int i = 0; k->cache && i < CACHE; i++) free(k->cache[i].terms);
    free(k->cache); free(k->memo); free(k->reach); free(k->touched); free(k->probed); free(k->met); free(k->kin);
    free(k->kin_start); free(k->foreign);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(k);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"find", (PyCFunction)kernel_find, METH_VARARGS, "Rows whose points reach a line, as (row, points) pairs."},
    {"total", (PyCFunction)kernel_total, METH_VARARGS, "The total of one row, hundredths of a bit, whether it is whole, and across scripts."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_doc, "The arrays of one index."}, {Py_tp_init, kernel_init}, {Py_tp_dealloc, kernel_free},
    {Py_tp_methods, methods}, {Py_tp_new, PyType_GenericNew}, {0, NULL},
};
static PyType_Spec spec = {"caveat.screening._kernel.Kernel", sizeof(Kernel), 0, Py_TPFLAGS_DEFAULT, slots};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernel", "The compiled search.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void)
{
    PyObject *made = PyModule_Create(&module), *type = made ? PyType_FromSpec(&spec) : NULL;
    if (!type || PyModule_AddObject(made, "Kernel", type) < 0) { Py_XDECREF(type); Py_XDECREF(made); return NULL; }
    return made;
}
