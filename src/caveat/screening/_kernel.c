/* The compiled search for names written in one script: the same whole-number scores as scorer.py, faster.
 *
 * One object holds the arrays of an index. `find` takes the words of a query and returns the rows whose score
 * reaches a line. Costs come from scorer.py and weights from calibration.json; none is written here.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 32
#define MOST_LETTERS 1100
#define MOST_LINKS (MOST_WORDS * MOST_WORDS * 5)
#define CACHE (1 << 17)
#define MEMO (1 << 13)
#define LIGHT 150 /* most bits of a word whose rows are not read for the bound alone */

enum { WORD, INITIAL, PARTICLE, TITLE, FORM, PLACE, GENERIC, NUMBER, STOP };
enum { C_EDIT, C_EDIT_SEEN, C_LETTERS, C_LETTER, C_LETTER_LISTED, C_SHAVE, C_VARIANT, C_VARIANT_SEEN,
       C_SOUND_LETTER, C_NICKNAME, C_JOIN, C_INITIAL, C_ORDER, C_CLASH, C_CLASH_LIGHT, C_FATHER, C_NUMBER_CLASH,
       C_MOST_EDITS_EVEN, COSTS };
enum { A_UNITS, A_UNIT_START, A_SOUNDS, A_SOUND_START, A_LENGTH, A_BAG, A_SOUND_LENGTH, A_SOUND_BAG, A_MODE, A_SPAN,
       A_BITS, A_LOSS, A_KIND, A_GROUP, A_FLAGS, A_WORDS, A_ROW_START, A_ROW_MODE, A_ROW_SELF, A_POSTING,
       A_POSTING_START, ARRAYS };

typedef struct {
    const uint32_t *text, *sound;
    int length, sound_length, bits, loss, kind, group, seen, father;
    uint64_t bag, sound_bag;
    int32_t term; /* -1 for a word of the query */
    uint8_t hist[16];
} Word;

typedef struct { int points, q0, q1, e0, e1; } Link;
typedef struct { uint64_t key; int32_t *terms; int count; } Slot;
typedef struct { int32_t term; int points; uint32_t stamp; } Memo;

typedef struct {
    PyObject_HEAD
    Py_buffer view[ARRAYS];
    int views;
    int cost[COSTS];
    Py_ssize_t terms, rows, stretch[122]; /* where the terms of each length begin */
    Slot *cache;
    int cached;
    int32_t *reach;
    uint32_t *mark;
    uint32_t clock, query_clock;
    Memo *memo;
    int32_t *touched;
    int failed; /* memory ran out: an error, never fewer rows */
} Kernel;

#define ARRAY(self, which, type) ((const type *)(self)->view[which].buf)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

static int most_edits(int length) { return length < 2 ? 0 : length < 5 ? 1 : length < 9 ? 2 : 3; }

/* Edits between two words (insert, delete, replace, swap neighbors); most + 1 where more. */
static int distance(const uint32_t *a, int n, const uint32_t *b, int m, int most)
{
    static int rows[3][MOST_LETTERS + 2];
    while (n && m && *a == *b) { a++; b++; n--; m--; }
    while (n && m && a[n - 1] == b[m - 1]) { n--; m--; }
    if (abs(n - m) > most) return most + 1;
    if (!n || !m) return n + m;
    if (n > MOST_LETTERS || m > MOST_LETTERS) return most + 1;
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (int j = 0; j <= m; j++) last[j] = j;
    for (int i = 1; i <= n; i++) {
        int low = MAX(1, i - most), high = MIN(m, i + most), best = i;
        now[0] = i;
        if (low > 1) now[low - 1] = most + 1;
        for (int j = low; j <= high; j++) {
            int over = j < i + most ? last[j] + 1 : most + 1; /* last[j] lies outside the band at its edge */
            int value = MIN(last[j - 1] + (a[i - 1] != b[j - 1]), MIN(over, now[j - 1] + 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) value = MIN(value, before[j - 2] + 1);
            now[j] = value;
            best = MIN(best, value);
        }
        if (high < m) now[high + 1] = most + 1;
        if (best > most) return most + 1;
        int *spare = before;
        before = last; last = now; now = spare;
    }
    return MIN(last[m], most + 1);
}

static int same(const uint32_t *a, int n, const uint32_t *b, int m) { return n == m && !memcmp(a, b, (size_t)n * 4); }

static int spelling_cost(const Kernel *k, const uint32_t *a, int n, const uint32_t *b, int m, const uint32_t *sa,
                         int sn, const uint32_t *sb, int sm, int seen, int *edits)
{
    *edits = 0;
    if (same(a, n, b, m)) return 0;
    int edit = k->cost[seen ? C_EDIT_SEEN : C_EDIT], longest = MAX(n, m), most = most_edits(longest);
    int wide = (longest * 2 + 3) / 5, best = -1, found = distance(a, n, b, m, MAX(most, wide));
    if (found <= most) { best = edit * found; *edits = found; }
    if (found <= wide && sn > 3 + (n == m) && sm > 3 + (n == m)) {
        int limit = sn > 5, sound = distance(sa, sn, sb, sm, limit);
        if (sound <= limit) {
            int cost = k->cost[seen ? C_VARIANT_SEEN : C_VARIANT] + edit * sound + k->cost[C_SOUND_LETTER] * found;
            if (best < 0 || cost < best) { best = cost; *edits = MAX(1, sound); }
        }
    }
    return best;
}

static int has_figure(const Word *word)
{
    for (int i = 0; i < word->length; i++) if (word->text[i] >= '0' && word->text[i] <= '9') return 1;
    return 0;
}

/* What two spellings earn that differ at that cost: slips are paid from the letters of an unknown word. */
static int agreed(const Kernel *k, int cost, int edits, int earned, int listed, int n, int m, int q_seen, int e_seen)
{
    int payer = earned;
    if (!q_seen || !e_seen)
        payer = MAX(earned, k->cost[C_LETTERS] + (q_seen ? k->cost[C_LETTER_LISTED] * m : k->cost[C_LETTER] * n));
    return MIN(MIN(earned, listed) - k->cost[C_SHAVE] * edits, payer - cost);
}

static int pair(const Kernel *k, const Word *q, const Word *e)
{
    if (same(q->text, q->length, e->text, e->length)) return MIN(q->bits, e->bits);
    int numbers = (q->kind == NUMBER) + (e->kind == NUMBER);
    if (numbers == 2) return q->group && q->group == e->group ? MIN(q->bits, e->bits) : 0;
    if (numbers == 1) {
        const Word *number = q->kind == NUMBER ? q : e, *other = q->kind == NUMBER ? e : q;
        if (has_figure(q) != has_figure(e) || (other->seen && !has_figure(number))) return 0;
    }
    if (q->kind == INITIAL || e->kind == INITIAL) {
        const Word *one = q->kind == INITIAL ? q : e, *other = q->kind == INITIAL ? e : q;
        return other->kind == WORD && one->length == 1 && other->text[0] == one->text[0] ? k->cost[C_INITIAL] : 0;
    }
    int edits, best = 0;
    int cost = spelling_cost(k, q->text, q->length, e->text, e->length, q->sound, q->sound_length, e->sound,
                             e->sound_length, q->seen && e->seen, &edits);
    if (cost >= 0) best = agreed(k, cost, edits, q->bits, e->bits, q->length, e->length, q->seen, e->seen);
    if (q->group && q->group == e->group)
        best = MAX(best, MIN(q->bits, e->bits) - (q->kind == WORD ? k->cost[C_NICKNAME] : 0));
    return MAX(best, 0);
}

static int memo_pair(Kernel *k, int i, const Word *q, const Word *e)
{
    uint32_t spot = ((uint32_t)e->term * 2654435761u ^ (uint32_t)i * 40503u) & (MEMO - 1);
    Memo *memo = &k->memo[spot];
    uint32_t stamp = k->query_clock * MOST_WORDS + (uint32_t)i;
    if (memo->term != e->term || memo->stamp != stamp) {
        *memo = (Memo){e->term, pair(k, q, e), stamp};
    }
    return memo->points;
}

static int run_together(const Word *words, int from, int to, uint32_t *out)
{
    int length = 0;
    for (int i = from; i < to; i++) {
        if (length + words[i].length > MOST_LETTERS) return -1;
        memcpy(out + length, words[i].text, (size_t)words[i].length * 4);
        length += words[i].length;
    }
    return length;
}

static int same_figures(const uint32_t *a, int n, const uint32_t *b, int m)
{
    for (int i = 0, j = 0;; i++, j++) {
        while (i < n && (a[i] < '0' || a[i] > '9')) i++;
        while (j < m && (b[j] < '0' || b[j] > '9')) j++;
        if (i >= n || j >= m) return i >= n && j >= m;
        if (a[i] != b[j]) return 0;
    }
}

static int joined(const Kernel *k, const Word *q, int q0, int q1, const Word *e, int e0, int e1)
{
    static uint32_t one[MOST_LETTERS], other[MOST_LETTERS];
    int n = 0, m = 0, seen = 1, e_seen = 1, earned = 0, listed = 0, hist[16] = {0}, edits, apart = 0, number = 0;
    for (int i = q0; i < q1; i++) {
        number |= q[i].kind == NUMBER;
        n += q[i].length; seen &= q[i].seen; earned += q[i].bits;
    }
    for (int j = e0; j < e1; j++) {
        number |= e[j].kind == NUMBER;
        m += e[j].length; e_seen &= e[j].seen; listed += e[j].bits;
    }
    int most = most_edits(MAX(n, m));
    if (abs(n - m) > most) return 0;
    for (int i = q0; i < q1; i++) for (int c = 0; c < 16; c++) hist[c] += q[i].hist[c];
    for (int j = e0; j < e1; j++) for (int c = 0; c < 16; c++) hist[c] -= e[j].hist[c];
    for (int c = 0; c < 16; c++) apart += abs(hist[c]);
    if (apart > 2 * most) return 0;
    n = run_together(q, q0, q1, one);
    m = run_together(e, e0, e1, other);
    if (n < 0 || m < 0 || (number && !same_figures(one, n, other, m))) return 0;
    int cost = spelling_cost(k, one, n, other, m, NULL, 0, NULL, 0, seen && e_seen, &edits);
    if (cost < 0 || (edits > k->cost[C_MOST_EDITS_EVEN] && q1 - q0 == e1 - e0)) return 0;
    int best = agreed(k, cost, edits, earned, listed, n, m, seen, e_seen) - k->cost[C_JOIN];
    return MAX(best, 0);
}

static int by_points(const void *a, const void *b)
{
    const Link *x = a, *y = b;
    if (x->points != y->points) return x->points > y->points ? -1 : 1;
    int by_query = x->q0 != y->q0 ? x->q0 - y->q0 : x->q1 - y->q1;
    return by_query ? by_query : x->e0 != y->e0 ? x->e0 - y->e0 : x->e1 - y->e1;
}

static int by_place(const void *a, const void *b) { return ((const Link *)a)->q0 - ((const Link *)b)->q0; }

/* Whether two words are alike enough to count as met: they earn an eighth of what they could. */
static int is_close(const Link *link, const Word *q, const Word *e)
{
    int earned = 0, listed = 0;
    for (int i = link->q0; i < link->q1; i++) earned += q[i].bits;
    for (int j = link->e0; j < link->e1; j++) listed += e[j].bits;
    return 8 * link->points >= MIN(earned, listed);
}

static int is_light(int kind) { return kind == PARTICLE || kind == TITLE || kind == FORM || kind == STOP; }

static int is_wordy(int kind) { return kind == WORD || kind == GENERIC || kind == PLACE; }

/* The total of an alignment; `whole`: whether no word of weight is left over on either side. */
static int total_of(Kernel *k, const Word *q, int n, const Word *e, int m, int *whole)
{
    static Link links[MOST_LINKS];
    static const int spans[4][2] = {{1, 2}, {2, 1}, {1, 3}, {3, 1}};
    int count = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            int points = memo_pair(k, i, &q[i], &e[j]);
            if (points > 0) links[count++] = (Link){points, i, i + 1, j, j + 1};
        }
    for (int s = 0; s < 4; s++)
        for (int i = 0; i + spans[s][0] <= n; i++)
            for (int j = 0; j + spans[s][1] <= m; j++) {
                int points = joined(k, q, i, i + spans[s][0], e, j, j + spans[s][1]);
                if (points > 0) links[count++] = (Link){points, i, i + spans[s][0], j, j + spans[s][1]};
            }
    qsort(links, (size_t)count, sizeof(Link), by_points);
    uint64_t taken_q = 0, taken_e = 0;
    int chosen = 0, total = 0, close = 1;
    for (int c = 0; c < count; c++) {
        uint64_t rows = ((uint64_t)1 << links[c].q1) - ((uint64_t)1 << links[c].q0);
        uint64_t columns = ((uint64_t)1 << links[c].e1) - ((uint64_t)1 << links[c].e0);
        if (rows & taken_q || columns & taken_e) continue;
        taken_q |= rows; taken_e |= columns;
        total += links[c].points;
        close &= is_close(&links[c], q, e);
        links[chosen++] = links[c];
    }
    qsort(links, (size_t)chosen, sizeof(Link), by_place);
    *whole = chosen > 0 && close;
    int words[2] = {0, 0}, wordy[2] = {0, 0}, numbers[2] = {0, 0}, goes[MOST_WORDS];
    for (int i = 0; i < n; i++) {
        goes[i] = -1;
        if (taken_q >> i & 1) continue;
        total -= q[i].loss; *whole &= is_light(q[i].kind);
        words[0] += q[i].kind == WORD; wordy[0] += is_wordy(q[i].kind); numbers[0] |= q[i].kind == NUMBER;
    }
    for (int j = 0; j < m; j++) {
        if (taken_e >> j & 1) continue;
        total -= e[j].loss; *whole &= is_light(e[j].kind);
        words[1] += e[j].kind == WORD; wordy[1] += is_wordy(e[j].kind); numbers[1] |= e[j].kind == NUMBER;
    }
    if (numbers[0] && numbers[1]) total -= k->cost[C_NUMBER_CLASH];
    int heavy = MIN(words[0], words[1]), light = MIN(wordy[0], wordy[1]) - heavy;
    total -= k->cost[C_CLASH] * heavy + k->cost[C_CLASH_LIGHT] * light;
    int falls = 0, exchanged = 0;
    for (int c = 0; c < chosen; c++) {
        if (links[c].q1 - links[c].q0 == 1) goes[links[c].q0] = links[c].e0;
        falls += c > 0 && links[c].e0 < links[c - 1].e0;
    }
    for (int i = 1; i + 1 < n; i++) {
        int son = goes[i - 1], father = goes[i + 1];
        if (q[i].father && son >= 0 && father >= 0 && son - father == 2 && e[father + 1].father) exchanged = 1;
    }
    if (exchanged) total -= k->cost[C_FATHER];
    else if (!(falls == 0 || (falls == 1 && links[chosen - 1].e0 < links[0].e0))) total -= k->cost[C_ORDER];
    if (n > 1 && n < 5 && m > 1 && m < 5) {
        int points = joined(k, q, 0, n, e, 0, m);
        if (points > MAX(0, total)) {
            total = points;
            *whole = is_close(&(Link){points, 0, n, 0, m}, q, e);
        }
    }
    return total;
}

static int points_of(const int *w, int total, int needed, int whole)
{
    long long sum = MAX(total, 0), ratio = sum * 1000 / MAX(1, needed);
    return (int)(w[0] + w[1] * MIN(1000, ratio) / 1000 + w[2] * MIN(sum, w[3]) / 1000 + (whole && sum ? w[4] : 0));
}

static void count_letters(Word *word)
{
    memset(word->hist, 0, sizeof word->hist);
    for (int i = 0; i < word->length; i++) word->hist[word->text[i] & 15]++;
}

static void word_of(const Kernel *k, int32_t term, Word *word)
{
    int64_t at = ARRAY(k, A_UNIT_START, int64_t)[term], sound = ARRAY(k, A_SOUND_START, int64_t)[term];
    word->text = ARRAY(k, A_UNITS, uint32_t) + at;
    word->length = (int)(ARRAY(k, A_UNIT_START, int64_t)[term + 1] - at);
    word->sound = ARRAY(k, A_SOUNDS, uint32_t) + sound;
    word->sound_length = (int)(ARRAY(k, A_SOUND_START, int64_t)[term + 1] - sound);
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

/* The terms that agree, up to spelling, with one word of the query (single) or several run together. */
static const Slot *terms_near(Kernel *k, const Word *word, int is_single)
{
    uint64_t key = 1469598103934665603ull + (uint64_t)is_single;
    for (int i = 0; i < word->length; i++) key = (key ^ word->text[i]) * 1099511628211ull;
    key |= 1;
    Slot *slot = &k->cache[key >> 20 & (CACHE - 1)];
    while (slot->key && slot->key != key) slot = slot == &k->cache[CACHE - 1] ? k->cache : slot + 1;
    if (slot->key == key) return slot;
    if (k->cached * 2 > CACHE) {
        for (int i = 0; i < CACHE; i++) { free(k->cache[i].terms); k->cache[i] = (Slot){0, NULL, 0}; }
        k->cached = 0;
        slot = &k->cache[key >> 20 & (CACHE - 1)];
    }
    const int8_t *lengths = ARRAY(k, A_LENGTH, int8_t), *sounds = ARRAY(k, A_SOUND_LENGTH, int8_t);
    const int8_t *modes = ARRAY(k, A_MODE, int8_t), *spans = ARRAY(k, A_SPAN, int8_t);
    const uint64_t *bags = ARRAY(k, A_BAG, uint64_t), *sound_bags = ARRAY(k, A_SOUND_BAG, uint64_t);
    const int32_t *groups = ARRAY(k, A_GROUP, int32_t);
    const int64_t *at = ARRAY(k, A_UNIT_START, int64_t), *sound_at = ARRAY(k, A_SOUND_START, int64_t);
    int exact = word->kind == INITIAL;
    int length = MIN(word->length, 120), sound_length = MIN(word->sound_length, 120);
    int most = exact ? 0 : most_edits(word->length + 1), strict = is_single && !exact && word->sound_length > 3;
    int sound_most = word->sound_length > 5, room = 64, edits;
    int32_t *found = malloc((size_t)room * sizeof *found);
    int count = 0;
    k->failed |= !found;
    int reach = exact ? 0 : MAX(most, strict ? (word->length * 2 + 8) / 3 : 0); /* how far lengths may differ */
    Py_ssize_t low = k->stretch[MAX(0, MIN(length - reach, 120))], high = k->stretch[MIN(length + reach, 120) + 1];
    if (is_single && word->group) { low = 0; high = k->terms; }
    for (Py_ssize_t t = low; found && t < high; t++) {
        int limit = exact ? 0 : most_edits(MAX(lengths[t], length));
        int is_near = abs(lengths[t] - length) <= limit && count_bits(bags[t] ^ word->bag) <= 2 * limit;
        int sounds_near = strict && abs(sounds[t] - sound_length) <= sound_most
                          && count_bits(sound_bags[t] ^ word->sound_bag) <= 2 * sound_most;
        int is_kin = is_single && word->group && groups[t] == word->group && !spans[t];
        if (!(is_near || sounds_near || is_kin) || modes[t]) continue;
        const uint32_t *text = ARRAY(k, A_UNITS, uint32_t) + at[t], *sound = ARRAY(k, A_SOUNDS, uint32_t) + sound_at[t];
        int n = (int)(at[t + 1] - at[t]), s = (int)(sound_at[t + 1] - sound_at[t]);
        if (!is_kin && !(is_near && distance(word->text, word->length, text, n, limit) <= limit)
            && !(sounds_near && spelling_cost(k, word->text, word->length, text, n, word->sound, word->sound_length, sound,
                                              s, 0, &edits) >= 0))
            continue;
        if (count == room) {
            int32_t *more = realloc(found, (size_t)(room *= 2) * sizeof *found);
            if (!more) { free(found); found = NULL; k->failed = 1; break; }
            found = more;
        }
        found[count++] = (int32_t)t;
    }
    *slot = (Slot){key, found, found ? count : 0};
    k->cached++;
    return slot;
}

/* Note on each row of these terms what one word of the query may gain there; `fresh`: on rows not yet met, too. */
static void touch(Kernel *k, const Slot *slot, int gain, uint32_t first, uint32_t stamp, int *touched, int fresh)
{
    const int64_t *start = ARRAY(k, A_POSTING_START, int64_t);
    const int32_t *posting = ARRAY(k, A_POSTING, int32_t);
    for (int t = 0; t < slot->count; t++)
        for (int64_t p = start[slot->terms[t]]; p < start[slot->terms[t] + 1]; p++) {
            int32_t row = posting[p];
            if (k->mark[row] == stamp || (!fresh && k->mark[row] < first)) continue;
            if (k->mark[row] < first) { k->reach[row] = 0; k->touched[(*touched)++] = row; }
            k->mark[row] = stamp;
            k->reach[row] += gain;
        }
}

static int read_words(PyObject *list, Word *words)
{
    Py_ssize_t n = PyList_Size(list);
    if (n < 0 || n > MOST_WORDS) { PyErr_SetString(PyExc_ValueError, "too many words"); return -1; }
    for (Py_ssize_t i = 0; i < n; i++) {
        const char *text, *sound;
        Py_ssize_t length, sound_length;
        Word *w = &words[i];
        if (!PyArg_ParseTuple(PyList_GetItem(list, i), "y#y#iiiiii", &text, &length, &sound, &sound_length, &w->bits,
                              &w->loss, &w->kind, &w->group, &w->seen, &w->father)) return -1;
        if (length > MOST_LETTERS * 4) { PyErr_SetString(PyExc_ValueError, "a word is too long"); return -1; }
        w->text = (const uint32_t *)text; w->length = (int)(length / 4);
        w->sound = (const uint32_t *)sound; w->sound_length = (int)(sound_length / 4);
        w->bag = bag_of(w->text, w->length); w->sound_bag = bag_of(w->sound, w->sound_length);
        w->term = -1;
        count_letters(w);
    }
    return (int)n;
}

static PyObject *kernel_find(Kernel *k, PyObject *args)
{
    static Word q[MOST_WORDS], e[MOST_WORDS];
    static uint32_t text[MOST_LETTERS];
    PyObject *list;
    int least, w[5], n, own = 0, light = 0, touched = 0, whole, order[MOST_WORDS], is_chosen[MOST_WORDS] = {0};
    if (!PyArg_ParseTuple(args, "O!i(iiiii)", &PyList_Type, &list, &least, &w[0], &w[1], &w[2], &w[3], &w[4])) return NULL;
    if ((n = read_words(list, q)) < 0) return NULL;
    if (k->clock > 0xffff0000u) { memset(k->mark, 0, (size_t)k->rows * 4); k->clock = 0; }
    if (++k->query_clock >= 0x7ffffffu / MOST_WORDS) {
        k->query_clock = 1;
        for (int i = 0; i < MEMO; i++) k->memo[i].term = -1;
    }
    for (int i = 0; i < n; i++) { own += q[i].bits; light += is_light(q[i].kind) ? q[i].bits + q[i].loss : 0; order[i] = i; }
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && q[order[j]].bits > q[order[j - 1]].bits; j--) {
            int spare = order[j]; order[j] = order[j - 1]; order[j - 1] = spare;
        }
    int rest = own, spent = 0;
    for (int c = 0; c < n; c++) { /* a row with none of the chosen words cannot reach the line */
        if (points_of(w, rest - spent, rest, rest >= own - light) < least) break;
        is_chosen[order[c]] = 1;
        spent += q[order[c]].loss;
        rest -= q[order[c]].bits;
    }
    uint32_t first = k->clock + 1;
    for (int c = 0; c < n; c++) {
        int i = order[c];
        if (!is_chosen[i] && (!touched || q[i].bits <= LIGHT)) continue; /* a light word is taken as found */
        uint32_t stamp = ++k->clock;
        int gain = q[i].bits + (is_chosen[i] ? q[i].loss : 0);
        if (!is_chosen[i]) rest -= q[i].bits;
        touch(k, terms_near(k, &q[i], 1), gain, first, stamp, &touched, is_chosen[i]);
        for (int size = 2; size <= 4; size++)
            for (int from = MAX(0, i - size + 1); from <= i && from + size <= n; from++) {
                if (size == 4 && n != 4) continue;
                int bare = 1, length = run_together(q, from, from + size, text);
                for (int j = from; j < from + size; j++) {
                    bare &= q[j].kind == FORM || q[j].kind == STOP;
                }
                if (bare || length < 0) continue;
                Word whole = {.text = text, .length = length, .bag = bag_of(text, length), .kind = WORD};
                touch(k, terms_near(k, &whole, 0), gain, first, stamp, &touched, is_chosen[i]);
            }
    }
    if (k->failed) return PyErr_NoMemory();
    PyObject *out = PyList_New(0);
    for (int t = 0; out && t < touched; t++) {
        int32_t row = k->touched[t];
        if (ARRAY(k, A_ROW_MODE, int8_t)[row]) continue;
        int needed = MIN(own, ARRAY(k, A_ROW_SELF, int32_t)[row]);
        int most = k->reach[row] - spent + rest; /* a name is whole only where all words of weight are met */
        if (points_of(w, most, needed, most >= own - light) < least) continue;
        int32_t start = ARRAY(k, A_ROW_START, int32_t)[row], m = ARRAY(k, A_ROW_START, int32_t)[row + 1] - start;
        for (int j = 0; j < m; j++) word_of(k, ARRAY(k, A_WORDS, int32_t)[start + j], &e[j]);
        int total = total_of(k, q, n, e, m, &whole), points = points_of(w, total, needed, whole);
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
    int row, n, whole;
    if (!PyArg_ParseTuple(args, "O!i", &PyList_Type, &list, &row)) return NULL;
    if ((n = read_words(list, q)) < 0) return NULL;
    if (row < 0 || row >= k->rows) { PyErr_SetString(PyExc_IndexError, "no such row"); return NULL; }
    k->query_clock++;
    int32_t start = ARRAY(k, A_ROW_START, int32_t)[row], m = ARRAY(k, A_ROW_START, int32_t)[row + 1] - start;
    for (int j = 0; j < m; j++) word_of(k, ARRAY(k, A_WORDS, int32_t)[start + j], &e[j]);
    int total = total_of(k, q, n, e, m, &whole);
    return Py_BuildValue("(ii)", total, whole);
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
    const int8_t *lengths = ARRAY(k, A_LENGTH, int8_t);
    for (Py_ssize_t size = 0, t = 0; size < 122; size++) {
        while (t < k->terms && lengths[t] < size) t++;
        k->stretch[size] = t;
    }
    k->cache = calloc(CACHE, sizeof *k->cache);
    k->memo = calloc(MEMO, sizeof *k->memo);
    k->reach = calloc((size_t)k->rows + 1, 4);
    k->mark = calloc((size_t)k->rows + 1, 4);
    k->touched = calloc((size_t)k->rows + 1, 4);
    if (!k->cache || !k->memo || !k->reach || !k->mark || !k->touched) { PyErr_NoMemory(); return -1; }
    return 0;
}

static void kernel_free(Kernel *k)
{
    PyTypeObject *type = Py_TYPE(k);
    for (int i = 0; i < k->views; i++) PyBuffer_Release(&k->view[i]);
    for (int i = 0; k->cache && i < CACHE; i++) free(k->cache[i].terms);
    free(k->cache); free(k->memo); free(k->reach); free(k->mark); free(k->touched);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(k);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"find", (PyCFunction)kernel_find, METH_VARARGS, "Rows whose points reach a line, as (row, points) pairs."},
    {"total", (PyCFunction)kernel_total, METH_VARARGS, "The total of one row, hundredths of a bit, and whether it is whole."},
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
