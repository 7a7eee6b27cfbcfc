/* Which names of a file are looked at more closely: most share too little with the list. Included by _kernel.c alone. */

enum { NOTHING, MET, UNREAD };                                                      /* what a glance tells */
enum { MAY = 1, MUST = 2, CONTENT = 4, BODY = 8, FORMAL = 16, SHORT = 32, ODD = 64 }; /* Role in acronyms.py */

/* The first place in sorted numbers that are no smaller than one. */
static Py_ssize_t place_of(const uint64_t *sorted, Py_ssize_t count, uint64_t number)
{
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (sorted[middle] < number) low = middle + 1; else high = middle;
    }
    return low;
}

static int is_short_for_long(const Kernel *k, uint32_t code)
{
    const uint32_t *codes = ARRAY(k, A_SHORT, uint32_t);
    Py_ssize_t low = 0, high = k->view[A_SHORT].len / 4, count = high;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (codes[middle] < code) low = middle + 1; else high = middle;
    }
    return low < count && codes[low] == code;
}

/* A word as it stands in names: the number of its token, its code (those of its words make that of a name), its role. */
static PyObject *kernel_part(Kernel *k, PyObject *args)
{
    unsigned long long code;
    unsigned int short_code;
    int word, role;
    if (!PyArg_ParseTuple(args, "iKiI", &word, &code, &role, &short_code)) return NULL;
    if (word < 0 || word >= k->known) return PyErr_SetString(PyExc_IndexError, "no such word"), NULL;
    if (k->part_count == k->part_room) {
        int room = k->part_room ? k->part_room * 2 : 1024;
        Part *parts = realloc(k->parts, (size_t)room * sizeof *parts);
        if (!parts) return PyErr_NoMemory();
        k->parts = parts;
        k->part_room = room;
    }
    if (role & SHORT && !is_short_for_long(k, short_code)) role &= ~SHORT;
    k->parts[k->part_count] = (Part){code, word, role};
    return PyLong_FromLong(k->part_count++);
}

/* Whether the first letters of words, from one on, behind those of a `head`, are a listed name of one word. */
static int spells(const Kernel *k, const Part *const *part, int n, uint64_t head, int size, int least)
{
    const uint64_t *lone = ARRAY(k, A_LONE, uint64_t);
    Py_ssize_t count = k->view[A_LONE].len / 8;
    while (n && !((*part)->role & (MAY | MUST))) { part++; n--; }
    if (!n) {
        Py_ssize_t at = place_of(lone, count, head);
        return size >= least && at < count && lone[at] == head;
    }
    if (size < 8) {
        int shift = 8 * (7 - size);
        uint64_t more = head | (uint64_t)*k->words[(*part)->word].text << shift;
        Py_ssize_t at = place_of(lone, count, more);
        if (at < count && lone[at] >> shift == more >> shift && spells(k, part + 1, n - 1, more, size + 1, least)) return 1;
    }
    return !((*part)->role & MUST) && spells(k, part + 1, n - 1, head, size, least);
}

/* Whether a name may be found otherwise than by its single words, or read otherwise than as it stands. */
static int is_unread(const Kernel *k, const Part *const *part, int n)
{
    uint64_t code = 0;
    int roles = 0, own = 0, own_roles = 0, lent = 0, content = 0, first = -1;
    for (int i = 0; i < n; i++) {
        int role = part[i]->role;
        code += part[i]->code;
        roles |= role;
        content += (role & CONTENT) != 0;
        if (!(role & FORMAL)) { own++; own_roles |= role; }
        if (role & (MAY | MUST) && ++lent == 1) first = i;
    }
    Py_ssize_t count = k->view[A_CODE].len / 8, at = place_of(ARRAY(k, A_CODE, uint64_t), count, code);
    if (roles & ODD || (at < count && ARRAY(k, A_CODE, uint64_t)[at] == code)) return 1;
    if (own == 1 && own_roles & SHORT) return 1;
    if (!(roles & BODY) || content < 2 || lent < 3 || lent > 10) return 0;
    const Word *word = &k->words[part[first]->word]; /* it may lend its first two letters */
    int least = lent == 3 ? 3 : 4, must = part[first]->role & MUST;
    uint64_t head = (uint64_t)word->text[0] << 56;
    part += first + 1; n -= first + 1;
    if (spells(k, part, n, head, 1, least) || (!must && spells(k, part, n, 0, 0, least))) return 1;
    return must && word->length > 1 && spells(k, part, n, head | (uint64_t)word->text[1] << 48, 2, least);
}

/* A byte for each of many names, lists of words as they stand: what a glance at it tells. */
static PyObject *kernel_glance(Kernel *k, PyObject *args)
{
    static Word q[MOST_WORDS];
    const Part *part[MOST_WORDS];
    PyObject *known, *names, *lines, *out;
    int w[7];
    if (!PyArg_ParseTuple(args, "O!O!O!(iiiiiii)", &PyDict_Type, &known, &PyList_Type, &names, &PyList_Type, &lines, &w[0],
                          &w[1], &w[2], &w[3], &w[4], &w[5], &w[6])) return NULL;
    Py_ssize_t count = PyList_Size(names);
    if (PyList_Size(lines) != count) return PyErr_SetString(PyExc_ValueError, "a line for each name"), NULL;
    char *told = malloc((size_t)count + 1);
    if (!told) return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *name = PyList_GetItem(names, i);
        Py_ssize_t n = PyList_Check(name) ? PyList_Size(name) : 0;
        int met = UNREAD, least = (int)PyLong_AsLong(PyList_GetItem(lines, i));
        for (Py_ssize_t j = 0; n <= MOST_WORDS && j < n; j++) {
            PyObject *number = PyDict_GetItemWithError(known, PyList_GetItem(name, j));
            long at = number ? PyLong_AsLong(number) : -1;
            if (at < 0 || at >= k->part_count) {
                if (!PyErr_Occurred()) PyErr_SetString(PyExc_KeyError, "no such word");
                break;
            }
            part[j] = &k->parts[at];
            q[j] = k->words[part[j]->word];
        }
        if (!PyErr_Occurred() && n && n <= MOST_WORDS && !is_unread(k, part, (int)n)) met = search(k, q, (int)n, least, w, NULL);
        if (met < 0 || PyErr_Occurred()) { free(told); return NULL; }
        told[i] = (char)met;
    }
    out = PyBytes_FromStringAndSize(told, count);
    free(told);
    return out;
}
