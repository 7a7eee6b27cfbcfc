/* What two names score: scorer.py in C, to the last unit. Included by _near.h alone. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 60 /* of a query; a listed name has fewer (rows.py). A bit each, and one to spare */
#define MOST_LETTERS 1100
#define MOST_LINKS (MOST_WORDS * MOST_WORDS * 6)
#define RUNS (1 << 15)
#define MEMO (1 << 13)

enum { WORD, INITIAL, PARTICLE, TITLE, FORM, PLACE, GENERIC, NUMBER, STOP };
enum { C_EDIT, C_EDIT_SEEN, C_LETTERS, C_LETTER, C_LETTER_LISTED, C_SHAVE, C_VARIANT, C_VARIANT_SEEN,
       C_SOUND_LETTER, C_HEARD, C_HEARD_L, C_HEARD_C, C_HEARD_CONSONANT, C_HEARD_LETTER, C_HEARD_SLIP,
       C_HEARD_OTHER, C_HEARD_RUN, C_NICKNAME, C_JOIN, C_INITIAL, C_ORDER, C_CLASH, C_CLASH_LIGHT, C_FATHER, C_NUMBER_CLASH, C_PLACE_CLASH,
       C_MOST_EDITS_EVEN, C_STRANGE, C_NICKNAME_FAR, C_JOIN_EDIT, C_BRAND, C_BRAND_SLIP, C_MET, C_LITTLE, C_SYNONYM, COSTS };
enum { A_UNITS, A_UNIT_START, A_SOUNDS, A_SOUND_START, A_BARES, A_BARE_START, A_LENGTH, A_BAG,
       A_SOUND_LENGTH, A_SOUND_BAG, A_BARE_LENGTH, A_BARE_BAG, A_MODE, A_SPAN,
       A_BITS, A_LOSS, A_KIND, A_GROUP, A_FLAGS, A_WORDS, A_ROW_START, A_ROW_MODE, A_ROW_SELF, A_POSTING,
       A_POSTING_START, A_PART, A_PART_START, A_CODE, A_SHORT, A_LONE, ARRAYS };
enum { SOUNDED = 1, BARE = 2, HEARD = SOUNDED | BARE, EXACT = 4 };
enum { ONE, SOME, ALL }; /* of the words of a query */
enum { SINGLE, SPAN, WHOLE, SOUND, KIN }; /* single words, neighbors run together, whole names run together; sounds */

typedef struct {
    const uint32_t *text, *sound, *bare; /* its letters, how it sounds, its consonants */
    int length, sound_length, bare_length, bits, loss, kind, group, seen, father, mode;
    uint64_t bag, sound_bag, bare_bag;
    int32_t term, number; /* -1 for a word of the query; its number, -1 for a word of the list or several run together */
    uint8_t hist[16];
} Word;

typedef struct { int points, q0, q1, e0, e1; } Link;
typedef struct { int32_t term, points; } Near;
typedef struct { uint64_t key; Near *terms; int count; uint32_t asked; } Slot; /* count -1: not yet looked up */
/* Of one row: what it may earn, by the word at hand and which that is, and which words of the query it meets. */
typedef struct { int32_t row, reach, gain, word; uint64_t met; } Reach;
typedef struct { int32_t term; int points; uint32_t stamp; } Memo;
typedef struct { uint64_t code; int word, role; } Part; /* of names as they stand */

typedef struct {
    PyObject_HEAD
    Py_buffer view[ARRAYS];
    int views;
    int cost[COSTS];
    Py_ssize_t terms, rows, foreigners, stretch[3][122]; /* where the terms of each class and length begin */
    Word *words; /* those the queries are made of, by number, and the terms near each */
    Slot *near, *runs; /* `runs`: the terms near words run together, by their letters; one drives out another */
    int known, room;
    Part *parts; /* words as they stand in names, by numbers of their own */
    int part_count, part_room;
    uint32_t query_clock, probes, *probed; /* which terms were looked at, and when */
    int32_t *met, *foreign, *kin, *kin_start, groups;
    Memo *memo;
    int32_t *touched, touches; /* rows that may reach the line */
    Reach *reach;              /* of each of them, found by its number: a table of a power of two, half empty */
    uint32_t reaches, reach_room;
    uint64_t *met_once, *met_more; /* a bit for each row: met by a chosen word; by another one, too */
    int failed; /* memory ran out: an error, never fewer rows */
} Kernel;

#define ARRAY(self, which, type) ((const type *)(self)->view[which].buf)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

static int most_edits(int length) { return length < 2 ? 0 : length < 5 ? 1 : length < 9 ? 2 : 3; }

/* Edits between two words, for letters beyond ASCII and words longer than 64. */
static int distance_slow(const uint32_t *a, int n, const uint32_t *b, int m, int most)
{
    static int rows[3][MOST_LETTERS + 2];
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

/* Edits between two words (insert, delete, replace, swap neighbors); most + 1 where more. A column of the table of
 * distances stands in the bits of one word (Hyyrö 2003). */
static int distance(const uint32_t *a, int n, const uint32_t *b, int m, int most)
{
    static uint64_t place[128]; /* where each letter stands in `a`; zero between two calls */
    while (n && m && *a == *b) { a++; b++; n--; m--; }
    while (n && m && a[n - 1] == b[m - 1]) { n--; m--; }
    if (abs(n - m) > most) return most + 1;
    if (!n || !m) return n + m;
    uint32_t letters = 0;
    for (int i = 0; i < n; i++) letters |= a[i];
    for (int j = 0; j < m; j++) letters |= b[j];
    if (letters > 127 || n > 64) return distance_slow(a, n, b, m, most);
    for (int i = 0; i < n; i++) place[a[i]] |= (uint64_t)1 << i;
    uint64_t up = ~(uint64_t)0, down = 0, flat = 0, before = 0, last = (uint64_t)1 << (n - 1);
    int found = n;
    for (int j = 0; j < m && found - (m - j) <= most; j++) {
        uint64_t here = place[b[j]], swapped = ((~flat & here) << 1) & before;
        flat = (((here & up) + up) ^ up) | here | down | swapped;
        uint64_t right = down | ~(flat | up), left = flat & up;
        found += ((right & last) != 0) - ((left & last) != 0);
        right = right << 1 | 1;
        up = left << 1 | ~(flat | right);
        down = right & flat;
        before = here;
    }
    for (int i = 0; i < n; i++) place[a[i]] = 0;
    return MIN(found, most + 1);
}

static int same(const uint32_t *a, int n, const uint32_t *b, int m) { return n == m && !memcmp(a, b, (size_t)n * 4); }

/* How many of the edits put a letter into the query that the listed word has not there. */
static int strange(const uint32_t *a, int n, const uint32_t *b, int m, int found)
{
    if (found == 1 && n == m && n > 3) {
        int i = 0;
        while (a[i] == b[i]) i++;
        return i + 1 >= n || a[i + 1] != b[i] || a[i] != b[i + 1];
    }
    return MIN(n, m) < 5 ? found : MIN(found, MAX(0, found - (m - n)));
}

/* Whether two words differ in nothing but i and y: Shoigu, Shoygu. */
static int only_i_for_y(const uint32_t *a, const uint32_t *b, int n)
{
    for (int i = 0; i < n; i++)
        if (a[i] != b[i] && !((a[i] == 'i' && b[i] == 'y') || (a[i] == 'y' && b[i] == 'i'))) return 0;
    return 1;
}

static int spelling_cost(const Kernel *k, const uint32_t *a, int n, const uint32_t *b, int m, const uint32_t *sa,
                         int sn, const uint32_t *sb, int sm, int seen, int *edits)
{
    *edits = 0;
    if (same(a, n, b, m)) return 0;
    int edit = k->cost[seen ? C_EDIT_SEEN : C_EDIT], longest = MAX(n, m), most = most_edits(longest);
    int wide = (longest * 2 + 3) / 5, best = -1, found = distance(a, n, b, m, MAX(most, wide));
    if (found <= most) {
        best = edit * found + k->cost[C_STRANGE] * (sa ? strange(a, n, b, m, found) : found);
        *edits = found;
    }
    int shortest = found == 1 && n == m && only_i_for_y(a, b, n) ? 3 : 4 + (n == m);
    if (found <= wide && sn >= shortest && sm >= shortest) {
        int limit = sn > 5, sound = distance(sa, sn, sb, sm, limit);
        if (sound <= limit) {
            int cost = k->cost[seen ? C_VARIANT_SEEN : C_VARIANT] + (edit + k->cost[C_STRANGE]) * sound + k->cost[C_SOUND_LETTER] * found;
            if (best < 0 || cost < best) { best = cost; *edits = MAX(1, sound); }
        }
    }
    return best;
}

/* What words of two scripts earn: their consonants count, and how far their letters agree. */
static int heard(const Kernel *k, const uint32_t *a, int n, const uint32_t *b, int m, const uint32_t *bare, int bare_n,
                 const uint32_t *other, int other_m, int earned, int most)
{
    int longest = MAX(bare_n, other_m), edits;
    most = MIN(most, most_edits(longest + 1));
    if ((edits = distance(bare, bare_n, other, other_m, most)) > most) return 0;
    int holds = k->cost[C_HEARD] + k->cost[C_HEARD_L] * MAX(n, m) + k->cost[C_HEARD_C] * longest
                - k->cost[C_HEARD_CONSONANT] * edits;
    int letters = distance(a, n, b, m, MIN(MAX(n, m), MAX(0, holds / k->cost[C_HEARD_LETTER]))); /* more leave nothing */
    return MIN(earned - k->cost[C_HEARD_SLIP] * edits - k->cost[C_HEARD_OTHER] * letters,
               holds - k->cost[C_HEARD_LETTER] * letters);
}

static int has_figure(const Word *word)
{
    for (int i = 0; i < word->length; i++) if (word->text[i] >= '0' && word->text[i] <= '9') return 1;
    return 0;
}

/* What words that agree but for slips hold at most: half of it at least, however light they are. */
static int shaved(const Kernel *k, int least, int edits) { return least - MIN(k->cost[C_SHAVE] * edits, least / 2); }

/* What two spellings earn that differ at that cost: slips are paid from the letters of an unknown word. */
static int agreed(const Kernel *k, int cost, int edits, int earned, int listed, int n, int m, int q_seen, int e_seen)
{
    int payer = earned;
    if (!q_seen || !e_seen)
        payer = MAX(earned, k->cost[C_LETTERS] + (q_seen ? k->cost[C_LETTER_LISTED] * m : k->cost[C_LETTER] * n));
    return MIN(shaved(k, MIN(earned, listed), edits), payer - cost);
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
    int edits, cost, best = 0;
    if ((q->mode | e->mode) & EXACT)
        best = 0; /* signs bear no slips */
    else if (q->mode | e->mode)
        best = heard(k, q->text, q->length, e->text, e->length, q->bare, q->bare_length, e->bare, e->bare_length,
                     MIN(q->bits, e->bits), 3);
    else if ((cost = spelling_cost(k, q->text, q->length, e->text, e->length, q->sound, q->sound_length, e->sound,
                                   e->sound_length, q->seen && e->seen, &edits)) >= 0)
        best = agreed(k, cost, edits, q->bits, e->bits, q->length, e->length, q->seen, e->seen);
    if (q->group && q->group == e->group) {
        int far = same(q->sound, q->sound_length, e->sound, e->sound_length) ? C_NICKNAME : C_NICKNAME_FAR;
        best = MAX(best, MIN(q->bits, e->bits) - k->cost[q->kind == WORD ? far : C_SYNONYM]);
    }
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

static int run_bare(const Word *words, int from, int to, uint32_t *out)
{
    int length = 0;
    for (int i = from; i < to; i++) {
        const uint32_t *bare = words[i].bare;
        int n = words[i].bare_length;
        if (n == 1 && *bare == 'a') continue; /* a word of vowels */
        if (length && n && out[length - 1] == *bare && *bare >= 'a' && *bare <= 'z') { bare++; n--; }
        if (length + n > MOST_LETTERS) return -1;
        memcpy(out + length, bare, (size_t)n * 4);
        length += n;
    }
    if (!length) out[length++] = 'a';
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

/* What the letters of words hold; a trade, a place or a number holds no more than its bits. */
static int letters_of(const Word *words, int from, int to, int each)
{
    int sum = 0;
    for (int i = from; i < to; i++)
        sum += words[i].kind == WORD ? each * words[i].length : MIN(words[i].bits, each * words[i].length);
    return sum;
}

/* Whether one of as many words is another known short word than the one in its place: no slip, another name. */
static int is_other(const Word *q, const Word *e, int count)
{
    for (int i = 0; i < count; i++)
        if (q[i].seen && e[i].seen && q[i].length == e[i].length && q[i].length < 5
            && !same(q[i].text, q[i].length, e[i].text, e[i].length)) return 1;
    return 0;
}

/* What as many words earn, each known one against the one in its place: a slip may cost more than it earns. */
static int one_by_one(const Kernel *k, const Word *q, const Word *e, int count)
{
    int points = 0;
    for (int i = 0; i < count; i++) {
        points += MIN(q[i].bits, e[i].bits);
        if (!same(q[i].text, q[i].length, e[i].text, e[i].length)) points -= k->cost[C_EDIT_SEEN] + k->cost[C_STRANGE];
    }
    return points;
}

static int joined(const Kernel *k, const Word *q, int q0, int q1, const Word *e, int e0, int e1)
{
    static uint32_t one[MOST_LETTERS], other[MOST_LETTERS], bare[MOST_LETTERS], other_bare[MOST_LETTERS];
    int n = 0, m = 0, seen = 1, e_seen = 1, earned = 0, listed = 0, edits, number = 0, mode = 0, best = 0;
    for (int i = q0; i < q1; i++) {
        number |= q[i].kind == NUMBER; mode |= q[i].mode;
        n += q[i].length; seen &= q[i].seen; earned += q[i].bits;
    }
    for (int j = e0; j < e1; j++) {
        number |= e[j].kind == NUMBER; mode |= e[j].mode;
        m += e[j].length; e_seen &= e[j].seen; listed += e[j].bits;
    }
    if (!mode) { /* most fall here, before the letters are looked at */
        int most = most_edits(MAX(n, m)), hist[16] = {0}, apart = 0;
        if (abs(n - m) > most) return 0;
        for (int i = q0; i < q1; i++) for (int c = 0; c < 16; c++) hist[c] += q[i].hist[c];
        for (int j = e0; j < e1; j++) for (int c = 0; c < 16; c++) hist[c] -= e[j].hist[c];
        for (int c = 0; c < 16; c++) apart += abs(hist[c]);
        if (apart > 2 * most) return 0;
    }
    n = run_together(q, q0, q1, one);
    m = run_together(e, e0, e1, other);
    if (n < 0 || m < 0 || (number && !same_figures(one, n, other, m))) return 0;
    if (mode & EXACT) {
        best = !(mode & HEARD) && same(one, n, other, m) ? MIN(earned, listed) : 0;
    } else if (mode) {
        int bare_n = run_bare(q, q0, q1, bare), other_m = run_bare(e, e0, e1, other_bare);
        if (bare_n >= 0 && other_m >= 0)
            best = heard(k, one, n, other, m, bare, bare_n, other_bare, other_m, MIN(earned, listed),
                         q1 - q0 == e1 - e0 || !(mode & BARE) ? 0 : k->cost[C_HEARD_RUN]);
    } else {
        int cost = spelling_cost(k, one, n, other, m, NULL, 0, NULL, 0, seen && e_seen, &edits), payer = earned;
        int even = q1 - q0 == e1 - e0;
        if (cost < 0 || (even && edits > k->cost[C_MOST_EDITS_EVEN])) return 0;
        if (!even) cost += k->cost[C_JOIN_EDIT] * edits;
        if (!seen || !e_seen)
            payer = MAX(earned, k->cost[C_LETTERS] + (seen ? letters_of(e, e0, e1, k->cost[C_LETTER_LISTED])
                                                           : letters_of(q, q0, q1, k->cost[C_LETTER])));
        best = MIN(shaved(k, MIN(earned, listed), edits), payer - cost);
        if (even && edits && is_other(q + q0, e + e0, q1 - q0)) best = MIN(best, one_by_one(k, q + q0, e + e0, q1 - q0));
    }
    return MAX(best - k->cost[C_JOIN], 0);
}

static int by_points(const void *a, const void *b)
{
    const Link *x = a, *y = b;
    if (x->points != y->points) return x->points > y->points ? -1 : 1;
    int by_query = x->q0 != y->q0 ? x->q0 - y->q0 : x->q1 - y->q1;
    return by_query ? by_query : x->e0 != y->e0 ? x->e0 - y->e0 : x->e1 - y->e1;
}

static int by_place(const void *a, const void *b) { return ((const Link *)a)->q0 - ((const Link *)b)->q0; }

/* How far two words count as met, in thousandths: in full where they earn an eighth of what they could. */
static int closeness(const Kernel *k, const Link *link, const Word *q, const Word *e)
{
    int earned = 0, listed = 0;
    if ((q[link->q0].kind == INITIAL) != (e[link->e0].kind == INITIAL) && link->q1 - link->q0 == 1 && link->e1 - link->e0 == 1)
        return 0; /* an initial of the word */
    for (int i = link->q0; i < link->q1; i++) earned += q[i].bits;
    for (int j = link->e0; j < link->e1; j++) listed += e[j].bits;
    return 8 * link->points >= MIN(earned, listed) ? 1000 : k->cost[C_MET];
}

static int is_heard(const Link *link, const Word *q, const Word *e)
{
    int mode = 0, i = link->q0, j = link->e0;
    for (int a = i; a < link->q1; a++) mode |= q[a].mode;
    for (int b = j; b < link->e1; b++) mode |= e[b].mode;
    int one = link->q1 - i == 1 && link->e1 - j == 1;
    return mode & HEARD && !(one && same(q[i].text, q[i].length, e[j].text, e[j].length));
}

/* Whether one rare word is all that agrees: Huawei (Technologies). */
static int is_brand(const Kernel *k, const Link *links, int count, const Word *q, const Word *e)
{
    const Word *one = &q[links->q0], *other = &e[links->e0];
    if (count != 1 || links->q1 - links->q0 != 1 || links->e1 - links->e0 != 1) return 0;
    return links->points >= k->cost[C_BRAND_SLIP]
           || (one->bits >= k->cost[C_BRAND] && same(one->text, one->length, other->text, other->length));
}

static int is_formal(int kind) { return kind == FORM || kind == STOP; }

static int is_light(int kind) { return kind == PARTICLE || kind == TITLE || is_formal(kind); }

static int is_wordy(int kind) { return kind == WORD || kind == GENERIC || kind == PLACE || kind == INITIAL; }

/* Whether a word is left out as often as not: an initial, a patronymic. */
static int says_little(const Kernel *k, const Word *word)
{
    return (word->kind == INITIAL || word->kind == WORD) && word->loss <= k->cost[C_LITTLE];
}

/* Whether the same letters are cut into two words at another place. */
static int is_moved(const Word *q, const Word *e)
{
    int n = q[0].length, m = e[0].length, short_n = MIN(n, m);
    if (n == m || n + q[1].length != m + e[1].length || memcmp(q[0].text, e[0].text, (size_t)short_n * 4)) return 0;
    const Word *more = n > m ? &q[0] : &e[0], *less = n > m ? &e[1] : &q[1], *rest = n > m ? &q[1] : &e[1];
    int over = abs(n - m); /* letters of the longer first word that begin the other's second */
    return !memcmp(more->text + short_n, less->text, (size_t)over * 4)
           && !memcmp(less->text + over, rest->text, (size_t)rest->length * 4);
}

static Link links[MOST_LINKS]; /* of the last alignment: those that count, in the query's order, stand first */
static int linked;

/* The total of an alignment; how far no word of weight is left over on either side, in thousandths; whether it
 * crosses scripts, not to the letter. */
static int total_of(Kernel *k, const Word *q, int n, const Word *e, int m, int *whole, int *across)
{
    static const int spans[5][2] = {{1, 2}, {2, 1}, {1, 3}, {3, 1}, {2, 2}};
    int count = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            int points = memo_pair(k, i, &q[i], &e[j]);
            if (points > 0) links[count++] = (Link){points, i, i + 1, j, j + 1};
        }
    for (int s = 0; s < 5; s++)
        for (int i = 0; i + spans[s][0] <= n; i++)
            for (int j = 0; j + spans[s][1] <= m; j++) {
                if (s == 4 && !is_moved(q + i, e + j)) continue;
                int points = joined(k, q, i, i + spans[s][0], e, j, j + spans[s][1]);
                if (points > 0) links[count++] = (Link){points, i, i + spans[s][0], j, j + spans[s][1]};
            }
    qsort(links, (size_t)count, sizeof(Link), by_points);
    uint64_t taken_q = 0, taken_e = 0;
    int total = 0, close = 1000, brand, named = 0;
    linked = *across = 0;
    for (int c = 0; c < count; c++) {
        uint64_t rows = ((uint64_t)1 << links[c].q1) - ((uint64_t)1 << links[c].q0);
        uint64_t columns = ((uint64_t)1 << links[c].e1) - ((uint64_t)1 << links[c].e0);
        if (rows & taken_q || columns & taken_e) continue;
        taken_q |= rows; taken_e |= columns;
        total += links[c].points;
        close = MIN(close, closeness(k, &links[c], q, e));
        for (int i = links[c].q0; i < links[c].q1; i++) named |= q[i].kind == WORD;
        *across |= is_heard(&links[c], q, e);
        links[linked++] = links[c];
    }
    qsort(links, (size_t)linked, sizeof(Link), by_place);
    *whole = linked > 0 ? close : 0;
    brand = is_brand(k, links, linked, q, e);
    int poor = linked == 1 && links->points < k->cost[C_BRAND]; /* Sheikh Ahmed is not Abu Ahmed */
    int words[2] = {0, 0}, wordy[2] = {0, 0}, numbers[2] = {0, 0}, places[2] = {0, 0}, goes[MOST_WORDS];
    for (int i = 0; i < n; i++) {
        goes[i] = -1;
        if (taken_q >> i & 1) continue;
        total -= q[i].loss;
        if (!(poor ? is_formal(q[i].kind) : is_light(q[i].kind))) *whole = !poor && says_little(k, &q[i]) ? MIN(*whole, k->cost[C_MET]) : 0;
        words[0] += q[i].kind == WORD; wordy[0] += is_wordy(q[i].kind); numbers[0] |= q[i].kind == NUMBER;
        places[0] |= q[i].kind == PLACE;
    }
    for (int j = 0; j < m; j++) {
        if (taken_e >> j & 1) continue;
        total -= e[j].loss;
        int spare = brand && (e[j].kind == GENERIC || (e[j].kind == PLACE && j < links->e0));
        if (!(spare || (poor ? is_formal(e[j].kind) : is_light(e[j].kind)))) *whole = !poor && says_little(k, &e[j]) ? MIN(*whole, k->cost[C_MET]) : 0;
        words[1] += e[j].kind == WORD; wordy[1] += is_wordy(e[j].kind); numbers[1] |= e[j].kind == NUMBER;
        places[1] |= e[j].kind == PLACE;
    }
    if (numbers[0] && numbers[1]) total -= k->cost[C_NUMBER_CLASH];
    if (places[0] && places[1] && !named) total -= k->cost[C_PLACE_CLASH];
    int heavy = MIN(words[0], words[1]), light = MIN(wordy[0], wordy[1]) - heavy;
    total -= k->cost[C_CLASH] * heavy + k->cost[C_CLASH_LIGHT] * light;
    int falls = 0, exchanged = 0;
    for (int c = 0; c < linked; c++) {
        if (links[c].q1 - links[c].q0 == 1) goes[links[c].q0] = links[c].e0;
        falls += c > 0 && links[c].e0 < links[c - 1].e0;
    }
    for (int i = 1; i + 1 < n; i++) {
        if (!q[i].father || goes[i - 1] < 0 || goes[i + 1] < 0) continue;
        for (int place = goes[i + 1] + 1; place < goes[i - 1]; place++) exchanged |= e[place].father;
    }
    if (exchanged) total -= k->cost[C_FATHER];
    else if (!(falls == 0 || (falls == 1 && links[linked - 1].e0 < links[0].e0))) total -= k->cost[C_ORDER];
    if (n > 1 && n < 5 && m > 1 && m < 5) {
        int points = joined(k, q, 0, n, e, 0, m);
        if (points > MAX(0, total)) {
            total = points;
            *whole = closeness(k, &(Link){points, 0, n, 0, m}, q, e);
            *across = is_heard(&(Link){points, 0, n, 0, m}, q, e);
        }
    }
    return total;
}

static int points_of(const int *w, int total, int needed, int whole, int across)
{
    long long sum = MAX(total, 0), ratio = sum * 1000 / MAX(1, needed), full = w[3] / 5;
    int points = (int)(w[0] + w[1] * MIN(1000, ratio) / 1000 + w[2] * MIN(sum, w[3]) / 1000
                 + (w[4] * whole / 1000) * MIN(sum, full) / full);
    return across ? MIN(points, (int)(w[5] + w[6] * MIN(sum, w[3]) / 1000)) : points;
}

static void count_letters(Word *word)
{
    memset(word->hist, 0, sizeof word->hist);
    for (int i = 0; i < word->length; i++) word->hist[word->text[i] & 15]++;
}
