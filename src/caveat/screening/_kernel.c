/* The compiled search: the same whole-number scores as scorer.py, faster.
 *
 * One object holds the arrays of an index, and the words that queries are made of (`word` numbers them). `find` takes
 * the numbers of a query's words and returns the rows whose score reaches a line; `meets` tells of many queries
 * whether there is any. Costs come from scorer.py and weights from calibration.json; none is written here.
 */
#include "_near.h"

#define LIGHT 150 /* most bits of a word whose rows are not read for the bound alone */

/* The terms near a word of the query, alone (`whole` its own bits) or as part of several run together. */
typedef struct { const Slot *slot; int bits, whole, loss; } Piece;

/* What a word may gain where a term of a piece stands: its share of what the piece earns, and it is not lost. */
static int gain_of(const Piece *piece, int points)
{
    if (piece->bits == piece->whole) return piece->loss + points;
    return piece->loss + (int)(((int64_t)points * piece->bits + piece->whole - 1) / MAX(1, piece->whole));
}

/* The pieces of one word of a query. */
static int pieces_of(Kernel *k, const Word *q, int n, int i, int loss, Piece *out)
{
    static uint32_t text[MOST_LETTERS], bares[MOST_LETTERS];
    int count = 0;
    out[count++] = (Piece){terms_near(k, &q[i], ONE), q[i].bits, q[i].bits, loss};
    for (int size = 2; size <= (n == 4 ? 4 : 3); size++)
        for (int from = MAX(0, i - size + 1); from <= i && from + size <= n; from++) {
            int idle = 1, bits = 0, seen = 1, mode = 0, length = run_together(q, from, from + size, text);
            int bare = run_bare(q, from, from + size, bares);
            for (int j = from; j < from + size; j++) {
                idle &= q[j].kind == FORM || q[j].kind == STOP;
                bits += q[j].bits;
                seen &= q[j].seen;
                mode = MAX(mode, q[j].mode);
            }
            if (idle || length < 0 || bare < 0) continue;
            Word run = {.text = text, .length = length, .bag = bag_of(text, length), .kind = WORD, .bits = bits, .number = -1,
                        .seen = seen, .bare = bares, .bare_length = bare, .bare_bag = bag_of(bares, bare), .mode = mode};
            const Slot *slot = terms_near(k, &run, size == n ? ALL : SOME);
            if (slot->count) out[count++] = (Piece){slot, q[i].bits, bits, loss};
        }
    return count;
}

#define HAS(set, row) ((set)[(row) >> 6] >> ((row) & 63) & 1)
#define PUT(set, row) ((set)[(row) >> 6] |= (uint64_t)1 << ((row) & 63))
#define DROP(set, row) ((set)[(row) >> 6] &= ~((uint64_t)1 << ((row) & 63)))

/* Take down the rows of a piece. `fresh`: of a chosen word, on any row; else on rows of chosen words alone. A row that
 * is met for the second time, or gains so much that it needs no other word, is touched: it will be read. */
static void meet(Kernel *k, const Piece *piece, int enough, int fresh)
{
    const int64_t *start = ARRAY(k, A_POSTING_START, int64_t);
    const int32_t *posting = ARRAY(k, A_POSTING, int32_t);
    for (int t = 0; t < piece->slot->count; t++) {
        Near near = piece->slot->terms[t];
        int alone = fresh && gain_of(piece, near.points) >= enough;
        for (int64_t p = start[near.term]; p < start[near.term + 1]; p++) {
            int32_t row = posting[p];
            int again = HAS(k->met_once, row) != 0;
            if ((again || alone) && !HAS(k->met_more, row)) {
                PUT(k->met_more, row);
                k->touched[k->touches++] = row;
            }
            if (fresh && !again) PUT(k->met_once, row);
        }
    }
}

/* No row is met by a chosen word any more. */
static void unmeet(Kernel *k, const Piece *piece, int count)
{
    const int64_t *start = ARRAY(k, A_POSTING_START, int64_t);
    const int32_t *posting = ARRAY(k, A_POSTING, int32_t);
    for (int c = 0; c < count; c++)
        for (int t = 0; t < piece[c].slot->count; t++) {
            int32_t term = piece[c].slot->terms[t].term;
            for (int64_t p = start[term]; p < start[term + 1]; p++) k->met_once[posting[p] >> 6] = 0;
        }
}

/* Where a touched row stands in the table, or would. */
static Reach *reach_of(const Kernel *k, int32_t row)
{
    uint32_t at = (uint32_t)row * 2654435761u & (k->reaches - 1);
    while (k->reach[at].row != row && k->reach[at].row >= 0) at = (at + 1) & (k->reaches - 1);
    return &k->reach[at];
}

static int make_table(Kernel *k)
{
    uint32_t size = 64;
    while (size < 2 * (uint32_t)k->touches) size *= 2;
    Reach *table = size > k->reach_room ? realloc(k->reach, size * sizeof *table) : k->reach;
    if (!table) return 0;
    if (size > k->reach_room) k->reach_room = size;
    k->reach = table;
    k->reaches = size;
    for (uint32_t i = 0; i < size; i++) table[i].row = -1;
    for (int t = 0; t < k->touches; t++) *reach_of(k, k->touched[t]) = (Reach){k->touched[t], 0, 0, -1, 0};
    return 1;
}

/* Note on each touched row of a piece what its word, the one numbered `i`, may gain there, the best of its pieces. */
static void add_up(Kernel *k, const Piece *piece, int i, int least)
{
    const int64_t *start = ARRAY(k, A_POSTING_START, int64_t);
    const int32_t *posting = ARRAY(k, A_POSTING, int32_t);
    for (int t = 0; t < piece->slot->count; t++) {
        int term = piece->slot->terms[t].term, gain = MAX(least, gain_of(piece, piece->slot->terms[t].points));
        for (int64_t p = start[term]; p < start[term + 1]; p++) {
            if (!HAS(k->met_more, posting[p])) continue;
            Reach *row = reach_of(k, posting[p]);
            if (row->word == i) {
                if (gain > row->gain) { row->reach += gain - row->gain; row->gain = gain; }
                continue;
            }
            row->word = i;
            row->met |= (uint64_t)1 << i;
            row->gain = gain;
            row->reach += gain;
        }
    }
}

/* A word of queries to come, by its number from now on. */
static PyObject *kernel_word(Kernel *k, PyObject *args)
{
    PyObject *text[3];
    Py_ssize_t size[3], all = 0;
    Word w = {.term = -1, .number = k->known};
    if (!PyArg_ParseTuple(args, "UUUiiiiiii", &text[0], &text[1], &text[2], &w.bits, &w.loss, &w.kind, &w.group, &w.seen,
                          &w.father, &w.mode)) return NULL;
    for (int i = 0; i < 3; all += size[i++])
        if ((size[i] = PyUnicode_GetLength(text[i])) > MOST_LETTERS * (i ? 2 : 1))
            return PyErr_SetString(PyExc_ValueError, "a word is too long"), NULL;
    if (k->known == k->room) {
        int room = k->room ? k->room * 2 : 1024;
        Word *words = realloc(k->words, (size_t)room * sizeof *words);
        if (words) k->words = words;
        Slot *near = realloc(k->near, (size_t)room * sizeof *near);
        if (near) k->near = near;
        if (!words || !near) return PyErr_NoMemory();
        k->room = room;
    }
    uint32_t *own = malloc((size_t)(all + 1) * 4);
    if (!own) return PyErr_NoMemory();
    w.text = own; w.length = (int)size[0];
    w.sound = own + size[0]; w.sound_length = (int)size[1];
    w.bare = own + size[0] + size[1]; w.bare_length = (int)size[2];
    for (int i = 0; i < 3; own += size[i++])
        if (!PyUnicode_AsUCS4(text[i], own, size[i] + (i == 2), i == 2)) return free((void *)w.text), NULL;
    w.bag = bag_of(w.text, w.length); w.sound_bag = bag_of(w.sound, w.sound_length);
    w.bare_bag = bag_of(w.bare, w.bare_length);
    count_letters(&w);
    k->near[k->known] = (Slot){0, NULL, -1, 0};
    k->words[k->known++] = w;
    return PyLong_FromLong(w.number);
}

static void forget(Kernel *k)
{
    for (int i = 0; i < k->known; i++) { free((void *)k->words[i].text); free(k->near[i].terms); }
    k->known = k->part_count = 0;
}

static PyObject *kernel_forget(Kernel *k, PyObject *Py_UNUSED(none))
{
    forget(k);
    Py_RETURN_NONE;
}

static int read_words(const Kernel *k, PyObject *list, Word *words)
{
    Py_ssize_t n = PyList_Check(list) ? PyList_Size(list) : -1;
    if (n < 0 || n > MOST_WORDS) return PyErr_SetString(PyExc_ValueError, "too many words"), -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        long number = PyLong_AsLong(PyList_GetItem(list, i));
        if (number < 0 || number >= k->known) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_IndexError, "no such word");
            return -1;
        }
        words[i] = k->words[number];
    }
    return (int)n;
}

static void next_query(Kernel *k)
{
    if (++k->query_clock < 0x7ffffffu / MOST_WORDS) return;
    k->query_clock = 1;
    for (int i = 0; i < MEMO; i++) k->memo[i].term = -1;
    for (int i = 0; i < RUNS; i++) k->runs[i].asked = 0;
}

/* The least a word must gain on a row so that it can reach the line without any other word that is looked at. */
static int least_alone(const int *w, int least, int spent, int rest, int paid, int may_be_whole)
{
    int low = 0, high = 1 << 16;
    while (low < high) {
        int gain = (low + high) / 2, most = gain - spent + rest;
        if (points_of(w, most, most + paid, 1000 * may_be_whole, 0) >= least) high = gain; else low = gain + 1;
    }
    return low;
}

/* How much less initials bring than was taken where a row has no single letter for them: few begin one of its words. */
static int initials_left(const Kernel *k, const Word *q, uint64_t initials, uint64_t met, const Word *e, int m)
{
    int less = 0, left = m; /* each needs a word of its own */
    for (int i = 0; initials >> i; i++) {
        if (!(initials >> i & 1)) continue;
        int j = met >> i & 1 ? m : 0;
        while (j < m && *e[j].text != *q[i].text) j++;
        if (j == m || left-- <= 0) less += k->cost[C_INITIAL] + (met >> i & 1 ? 0 : q[i].loss);
    }
    return less;
}

/* The rows that reach a line with these words, into `out` as (row, points); without `out`, whether there is one.
 * -1 for an error. */
static int search(Kernel *k, const Word *q, int n, int least, const int *w, PyObject *out)
{
    static Word e[MOST_WORDS];
    static Piece pieces[MOST_WORDS][8];
    int own = 0, may_be_whole = 1, spent = 0, paid = 0, whole, across, met = 0;
    int order[MOST_WORDS], is_chosen[MOST_WORDS] = {0}, counts[MOST_WORDS] = {0};
    next_query(k);
    uint64_t heavy = 0, initials = 0; /* words that must be met for a name to be whole */
    for (int i = 0; i < n; i++) {
        own += q[i].bits; order[i] = i;
        if (q[i].kind == INITIAL) { /* any word may begin with it, so it is never lost */
            spent -= k->cost[C_INITIAL];
            if (q[i].bits > LIGHT) initials |= (uint64_t)1 << i;
        }
        else if (!is_light(q[i].kind) && !says_little(k, &q[i])) heavy |= (uint64_t)1 << i;
    }
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && q[order[j]].bits > q[order[j - 1]].bits; j--) {
            int spare = order[j]; order[j] = order[j - 1]; order[j - 1] = spare;
        }
    int rest = own, chosen = 0;
    for (; chosen < n; chosen++) { /* a row with none of the chosen words cannot reach the line */
        int i = order[chosen], loss = q[i].kind == INITIAL ? 0 : q[i].loss;
        if (points_of(w, rest - spent, rest, 1000 * may_be_whole, 0) < least) break;
        is_chosen[i] = 1;
        may_be_whole &= !(heavy >> i & 1);
        spent += loss; paid += loss;
        rest -= q[i].bits;
        met += (counts[i] = pieces_of(k, q, n, i, loss, pieces[i])) > 1 || pieces[i]->slot->count;
    }
    if (!met && !k->failed) return 0;
    for (int c = chosen; c < n; c++) {
        int i = order[c];
        if (q[i].bits <= LIGHT) { heavy &= ~((uint64_t)1 << i); continue; } /* a light word is taken as found */
        rest -= q[i].bits;
        counts[i] = pieces_of(k, q, n, i, 0, pieces[i]);
    }
    if (k->failed) return PyErr_NoMemory(), -1;
    k->touches = 0;
    for (int c = 0; c < n; c++) {
        int i = order[c];
        int enough = is_chosen[i] ? least_alone(w, least, spent, rest, paid - pieces[i]->loss, !(heavy & ~((uint64_t)1 << i))) : 0;
        for (int p = 0; p < counts[i]; p++) meet(k, &pieces[i][p], enough, is_chosen[i]);
    }
    for (int i = 0; i < n; i++) if (is_chosen[i]) unmeet(k, pieces[i], counts[i]);
    if (!k->touches) return 0;
    if (!make_table(k)) return k->failed = 1, PyErr_NoMemory(), -1;
    for (int i = 0; i < n; i++)
        for (int p = 0; p < counts[i]; p++)
            add_up(k, &pieces[i][p], i, q[i].kind == INITIAL ? k->cost[C_INITIAL] : 0); /* a met initial may begin another word */
    int found = 0, floor[2] = {least_alone(w, least, 0, 0, 0, 0), least_alone(w, least, 0, 0, 0, 1)};
    for (int t = 0; t < k->touches; t++) {
        int32_t row = k->touched[t];
        DROP(k->met_more, row);
        if (found < 0 || (found && !out)) continue;
        const Reach *reach = reach_of(k, row);
        int most = reach->reach - spent + rest, all = (reach->met & heavy) == heavy;
        if (most < floor[all]) continue;
        int needed = MIN(own, ARRAY(k, A_ROW_SELF, int32_t)[row]);
        if (points_of(w, most, needed, 1000 * all, 0) < least) continue;
        int32_t start = ARRAY(k, A_ROW_START, int32_t)[row], m = ARRAY(k, A_ROW_START, int32_t)[row + 1] - start;
        for (int j = 0; j < m; j++) word_of(k, ARRAY(k, A_WORDS, int32_t)[start + j], &e[j]);
        if (initials && points_of(w, most - initials_left(k, q, initials, reach->met, e, m), needed, 1000 * all, 0) < least) continue;
        int total = total_of(k, q, n, e, m, &whole, &across), points = points_of(w, total, needed, whole, across);
        if (points < least) continue;
        found = 1;
        PyObject *item = out ? Py_BuildValue("(ii)", (int)row, points) : NULL;
        if (out && (!item || PyList_Append(out, item) < 0)) found = -1;
        Py_XDECREF(item);
    }
    return found;
}

static PyObject *kernel_find(Kernel *k, PyObject *args)
{
    static Word q[MOST_WORDS];
    PyObject *list, *out;
    int least, w[7], n;
    if (!PyArg_ParseTuple(args, "Oi(iiiiiii)", &list, &least, &w[0], &w[1], &w[2], &w[3], &w[4], &w[5], &w[6])) return NULL;
    if ((n = read_words(k, list, q)) < 0 || !(out = PyList_New(0))) return NULL;
    if (search(k, q, n, least, w, out) < 0) Py_CLEAR(out);
    return out;
}

/* A byte for each of many queries: 1 where a row reaches its line. */
static PyObject *kernel_meets(Kernel *k, PyObject *args)
{
    static Word q[MOST_WORDS];
    PyObject *names, *lines, *out;
    int w[7];
    if (!PyArg_ParseTuple(args, "O!O!(iiiiiii)", &PyList_Type, &names, &PyList_Type, &lines, &w[0], &w[1], &w[2], &w[3],
                          &w[4], &w[5], &w[6])) return NULL;
    Py_ssize_t count = PyList_Size(names);
    if (PyList_Size(lines) != count) return PyErr_SetString(PyExc_ValueError, "a line for each name"), NULL;
    char *met = malloc((size_t)count + 1);
    if (!met) return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < count; i++) {
        int least = (int)PyLong_AsLong(PyList_GetItem(lines, i)), n = read_words(k, PyList_GetItem(names, i), q);
        if (n >= 0 && !PyErr_Occurred()) n = search(k, q, n, least, w, NULL);
        if (n < 0 || PyErr_Occurred()) { free(met); return NULL; }
        met[i] = (char)n;
    }
    out = PyBytes_FromStringAndSize(met, count);
    free(met);
    return out;
}

#include "_glance.h"

/* Aligns the words of a query with a row: the total, how far it is whole, and whether across scripts. -1 with an error set. */
static int align(Kernel *k, PyObject *args, int told[3])
{
    static Word q[MOST_WORDS], e[MOST_WORDS];
    PyObject *list;
    int row, n;
    if (!PyArg_ParseTuple(args, "Oi", &list, &row)) return -1;
    if ((n = read_words(k, list, q)) < 0) return -1;
    if (row < 0 || row >= k->rows) return PyErr_SetString(PyExc_IndexError, "no such row"), -1;
    next_query(k);
    int32_t start = ARRAY(k, A_ROW_START, int32_t)[row], m = ARRAY(k, A_ROW_START, int32_t)[row + 1] - start;
    for (int j = 0; j < m; j++) word_of(k, ARRAY(k, A_WORDS, int32_t)[start + j], &e[j]);
    told[0] = total_of(k, q, n, e, m, &told[1], &told[2]);
    return 0;
}

static PyObject *kernel_total(Kernel *k, PyObject *args)
{
    int told[3];
    return align(k, args, told) < 0 ? NULL : Py_BuildValue("(iii)", told[0], told[1], told[2]);
}

static PyObject *kernel_links(Kernel *k, PyObject *args)
{
    int told[3];
    if (align(k, args, told) < 0) return NULL;
    PyObject *out = PyList_New(linked);
    for (int c = 0; out && c < linked; c++) {
        const Link *l = &links[c];
        PyObject *item = Py_BuildValue("(iiiii)", l->points, l->q0, l->q1, l->e0, l->e1);
        if (!item || PyList_SetItem(out, c, item) < 0) Py_CLEAR(out);
    }
    return out;
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
    k->runs = calloc(RUNS, sizeof *k->runs);
    k->memo = calloc(MEMO, sizeof *k->memo);
    k->touched = calloc((size_t)k->rows + 1, 4);
    k->met_once = calloc((size_t)k->rows / 64 + 1, 8);
    k->met_more = calloc((size_t)k->rows / 64 + 1, 8);
    k->probed = calloc((size_t)k->terms + 1, 4);
    k->met = calloc((size_t)k->terms + 1, 4);
    k->kin = calloc((size_t)k->terms + 1, 4);
    k->kin_start = calloc((size_t)k->groups + 2, 4);
    for (Py_ssize_t i = 0; i < k->terms; i++) k->foreigners += (ARRAY(k, A_MODE, int8_t)[i] & HEARD) > 0;
    k->foreign = calloc((size_t)k->foreigners + 1, 4);
    if (!k->runs || !k->met_once || !k->met_more || !k->memo || !k->touched || !k->probed || !k->met || !k->kin || !k->kin_start || !k->foreign)
        return PyErr_NoMemory(), -1;
    for (Py_ssize_t i = 0, f = 0; i < k->terms; i++) if (ARRAY(k, A_MODE, int8_t)[i] & HEARD) k->foreign[f++] = (int32_t)i;
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
    for (int i = 0; k->runs && i < RUNS; i++) free(k->runs[i].terms);
    forget(k);
    free(k->words); free(k->near); free(k->parts); free(k->met_once); free(k->met_more); free(k->runs); free(k->memo); free(k->reach); free(k->touched); free(k->probed); free(k->met); free(k->kin);
    free(k->kin_start); free(k->foreign);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(k);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"find", (PyCFunction)kernel_find, METH_VARARGS, "Rows whose points reach a line, as (row, points) pairs."},
    {"meets", (PyCFunction)kernel_meets, METH_VARARGS, "For each of many queries whether a row reaches its line."},
    {"glance", (PyCFunction)kernel_glance, METH_VARARGS, "For each of many names what a glance tells."},
    {"part", (PyCFunction)kernel_part, METH_VARARGS, "The number of a word as it stands in names."},
    {"word", (PyCFunction)kernel_word, METH_VARARGS, "The number of a word, by which queries name it."},
    {"forget", (PyCFunction)kernel_forget, METH_NOARGS, "Forget all words: no number counts any more."},
    {"total", (PyCFunction)kernel_total, METH_VARARGS, "The total of one row (hundredths of a bit), how far it is whole (thousandths), whether across scripts."},
    {"links", (PyCFunction)kernel_links, METH_VARARGS, "The links that count between a query and one row: points, and from where to where in both."},
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
