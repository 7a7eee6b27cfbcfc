"""Shares: the published examples, independent linear solves, and bounds against linear programming."""

import datetime as dt
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caveat.errors import InputError
from caveat.graph import Edge, Graph, Joined, Listed, aggregate, own, read_edges, share_of, ultimate_owners
from caveat.graph.solve import Holdings, integrated, tiers
from caveat.model import AsOf, Moment


def graph_of(text, as_of=None):
    rows = "\n".join(line.strip().replace(" ", ",") for line in text.strip().splitlines())
    return Graph.of([read_edges(f"from,to,pct,since,until,said,record,kind\n{rows}\n".encode(), "t.csv")], as_of)


# --- OFAC FAQ 401, its examples ---


@pytest.mark.parametrize(
    ("edges", "party", "held"),
    [
        ("X A 50\nA B 50", "B", 50),  # example 1: a chain of halves counts whole
        ("X A 50\nX B 50\nA C 25\nB C 25", "C", 50),  # example 2
        ("X A 50\nX B 10\nA B 40", "B", 50),  # example 3
        ("X A 50\nX B 25\nA C 25\nB C 25", "C", 25),  # example 4: B is not blocked, so its share does not count
        ("X A 25\nY A 25\nA B 50", "B", 50),  # in the aggregate
        ("X A 49.9\nA B 100", "B", 0),
    ],
)
def test_tiers_follow_the_published_examples(edges, party, held):
    share = share_of(graph_of(edges), party, {"X", "Y"}, "ofac")
    assert share.exact and share.low == pytest.approx(held)
    assert share.reached is (held >= 50)


def test_the_ways_part_where_a_chain_passes_a_minority():
    graph = graph_of("X A 60\nA B 60\nX C 40\nC D 100")
    assert share_of(graph, "B", {"X"}, "ofac").low == pytest.approx(60)
    assert share_of(graph, "B", {"X"}, "economic").low == pytest.approx(36)
    assert share_of(graph, "D", {"X"}, "bis").high == 0
    assert share_of(graph, "D", {"X"}, "economic").low == pytest.approx(40)
    told = share_of(graph, "B", {"X"}, "ofac").to_dict()
    assert "31 CFR 583.411" in told["cite"] and told["paths"][0]["words"] == "X owns 60 % of A, which owns 60 % of B."
    assert told["arithmetic"] == ["B: A 60 %", "A: X 60 %", "sum for B: 60 %"]
    assert "90 FR 47201" in share_of(graph, "B", {"X"}, "bis").to_dict()["cite"]


# --- circles, against an independent dense solve ---


def random_holdings(rng, most=60):
    n = int(rng.integers(2, most))
    m = int(rng.integers(1, 4 * n))
    owner, owned = rng.integers(0, n, m), rng.integers(0, n, m)
    key = np.unique((owned * n + owner)[owner != owned])
    owner, owned = key % n, key // n
    weight = rng.random(len(owner))
    total = np.bincount(owned, weight, minlength=n)
    fill = np.where(rng.random(n) < 0.3, 1.0, rng.random(n))  # a third of the parties are wholly told
    weight = weight / total[owned] * fill[owned]
    return n, owner, owned, weight


def dense(n, owner, owned, weight, restricted):
    """The shares by a dense solve that shares no code with ours; None where the system is singular."""
    matrix = np.zeros((n, n))
    matrix[owned, owner] = weight
    inner = np.where(restricted[None, :], 0.0, matrix)
    system = np.eye(n) - inner
    if np.linalg.cond(system) > 1e10:
        return None
    return np.linalg.solve(system, matrix[:, restricted].sum(1))


def test_circles_equal_a_dense_linear_solve():
    rng = np.random.default_rng(744)
    solved = 0
    for _ in range(1500):
        n, owner, owned, weight = random_holdings(rng)
        restricted = rng.random(n) < 0.15
        expected = dense(n, owner, owned, weight, restricted)
        low, high = integrated(Holdings(n, owner, owned, weight, weight), restricted)
        assert np.array_equal(low, high)
        if expected is not None:
            solved += 1
            assert np.abs(low - expected).max() < 1e-9
    assert solved > 1000


def test_a_great_circle_is_solved_without_a_dense_matrix():
    sparse = pytest.importorskip("scipy.sparse")
    linalg = pytest.importorskip("scipy.sparse.linalg")
    rng = np.random.default_rng(3)
    n = 4000  # over the size that is solved densely
    owner = np.concatenate([np.arange(n), rng.integers(0, n, n)])
    owned = np.concatenate([(np.arange(n) + 1) % n, rng.integers(0, n, n)])
    key = np.unique((owned * n + owner)[owner != owned])
    owner, owned = key % n, key // n
    weight = rng.random(len(owner))
    weight = weight / np.bincount(owned, weight, minlength=n)[owned] * 0.999
    restricted = np.zeros(n, np.bool_)
    restricted[:5] = True
    low, _ = integrated(Holdings(n, owner, owned, weight, weight), restricted)
    inner = ~restricted[owner]
    matrix = sparse.csc_matrix((weight[inner], (owned[inner], owner[inner])), shape=(n, n))
    constant = np.bincount(owned[~inner], weight[~inner], minlength=n)
    expected = linalg.spsolve(sparse.eye(n, format="csc") - matrix, constant)
    assert np.abs(low - expected).max() < 1e-9


def test_a_closed_circle_holds_nothing_of_itself():
    graph = graph_of("A B 100\nB A 100\nB C 60\nX D 10")
    assert share_of(graph, "C", {"X"}, "economic").high == 0
    assert "owned in a circle" in share_of(graph, "A", {"X"}).words
    assert ultimate_owners(graph, "A") == []
    # a share from outside flows through the circle whole
    graph = graph_of("A B 100\nB A 90\nX A 10")
    assert share_of(graph, "B", {"X"}, "economic").low == pytest.approx(100)
    assert share_of(graph, "B", {"X"}, "ofac").low == 0  # in tiers X's tenth of A makes nobody count


# --- hidden shares: the bounds contain the truth and are the tightest ---


def hide(rng, weight, owned, n):
    """Some shares become unknown or ranges that hold the truth; the sums stay possible."""
    low, high = weight.copy(), weight.copy()
    drawn = rng.random(len(weight))
    unknown, ranged = drawn < 0.25, (drawn >= 0.25) & (drawn < 0.45)
    low[unknown], high[unknown] = 0.0, 1.0
    low[ranged] = weight[ranged] * rng.random(int(ranged.sum()))
    high[ranged] = weight[ranged] + (1 - weight[ranged]) * rng.random(int(ranged.sum()))
    return low, high


def tightest_high(n, owner, owned, low, high, restricted):
    """The greatest values by one linear program: the dual of each party's best use of its room."""
    from scipy.optimize import linprog

    flex = np.flatnonzero(high > low)
    room = np.maximum(0.0, 1.0 - np.bincount(owned, low, minlength=n))
    size = n + n + len(flex)  # values, price of each party's room, price of each share's limit
    rows, bounds = [], []
    for i in range(n):
        row = np.zeros(size)
        row[i] -= 1.0
        constant = 0.0
        for e in np.flatnonzero(owned == i):
            if restricted[owner[e]]:
                constant -= low[e]
            else:
                row[owner[e]] += low[e]
        row[n + i] += room[i]
        for k, e in enumerate(flex):
            if owned[e] == i:
                row[2 * n + k] += high[e] - low[e]
        rows.append(row)
        bounds.append(constant)
    for k, e in enumerate(flex):  # price of room + price of the limit >= what the owner's value adds
        row = np.zeros(size)
        row[n + owned[e]] -= 1.0
        row[2 * n + k] -= 1.0
        constant = 0.0
        if restricted[owner[e]]:
            constant = -1.0
        else:
            row[owner[e]] += 1.0
        rows.append(row)
        bounds.append(constant)
    goal = np.concatenate([np.ones(n), np.zeros(size - n)])
    found = linprog(goal, A_ub=np.array(rows), b_ub=np.array(bounds), bounds=(0, None), method="highs")
    assert found.status == 0
    return found.x[:n]


def tightest_low(n, owner, owned, low, restricted):
    """The least values: every share at its least, the least solution by a linear program."""
    from scipy.optimize import linprog

    matrix = -np.eye(n)
    constant = np.zeros(n)
    for o, t, w in zip(owner, owned, low, strict=True):
        if restricted[o]:
            constant[t] -= w
        else:
            matrix[t, o] += w
    found = linprog(np.ones(n), A_ub=matrix, b_ub=constant, bounds=(0, None), method="highs")
    assert found.status == 0
    return found.x


def check_bounds(rng, graphs, most, programs):
    """(graphs checked, greatest excess width over the tightest, in percent of the tightest and absolute)."""
    worst = 0.0
    for g in range(graphs):
        n, owner, owned, weight = random_holdings(rng, most)
        restricted = rng.random(n) < 0.2
        truth = integrated(Holdings(n, owner, owned, weight, weight), restricted)[0]
        exact = dense(n, owner, owned, weight, restricted)
        low, high = hide(rng, weight, owned, n)
        held = Holdings(n, owner, owned, low, high)
        least, greatest = integrated(held, restricted)
        value = truth if exact is None else exact
        assert (least <= value + 1e-9).all() and (value <= greatest + 1e-9).all()
        sure_low, sure_high, surely, possibly = tiers(held, restricted, 0.5)
        told, _, counts, _ = tiers(Holdings(n, owner, owned, weight, weight), restricted, 0.5)
        assert (sure_low <= told + 1e-9).all() and (told <= sure_high + 1e-9).all()
        assert (surely <= counts).all() and (counts <= possibly).all()
        if g < programs:
            best_high = np.minimum(1.0, tightest_high(n, owner, owned, low, high, restricted))
            best_low = tightest_low(n, owner, owned, low, restricted)
            width, best = greatest - least, best_high - best_low
            worst = max(worst, float((width - best).max()))
            assert (width <= best * 1.05 + 1e-7).all()
            assert (greatest >= best_high - 1e-7).all() and (least <= best_low + 1e-7).all()
    return worst


def test_bounds_contain_the_truth_and_are_the_tightest():
    pytest.importorskip("scipy")
    assert check_bounds(np.random.default_rng(47201), 500, 12, 150) < 1e-7


@pytest.mark.slow
def test_bounds_of_ten_thousand_graphs():
    pytest.importorskip("scipy")
    assert check_bounds(np.random.default_rng(583), 10_000, 12, 10_000) < 1e-7


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_one_party_alone_equals_the_whole_graph(seed, which):
    rng = np.random.default_rng(seed)
    n, owner, owned, weight = random_holdings(rng, 25)
    low, high = hide(rng, weight, owned, n)
    edges = [
        Edge(f"p{o}", f"p{t}", low=100 * a, high=100 * b)
        for o, t, a, b in zip(owner.tolist(), owned.tolist(), low.tolist(), high.tolist(), strict=True)
    ]
    graph = Graph(edges)
    if not edges:
        return
    restricted = {p for p in graph.ids if rng.random() < 0.2}
    party = graph.ids[which % len(graph.ids)]
    whole = aggregate(graph, restricted)
    for way in ("ofac", "economic"):
        one, all_ = share_of(graph, party, restricted, way), whole.of(party, way)
        assert (one.low, one.high) == (pytest.approx(all_.low, abs=1e-7), pytest.approx(all_.high, abs=1e-7))
        assert one.reached == all_.reached


# --- what decides ---


def test_the_one_unknown_share_that_decides_is_named():
    graph = graph_of("X A 30\nY A\nZ A 20\nA B 80")
    share = share_of(graph, "A", {"X", "Y"})
    assert share.reached is None and (share.low, share.high) == (30, 80)
    first = share.deciding[0]
    assert (first.owner, first.owned, first.alone) == ("Y", "A", True)
    assert first.from_share == pytest.approx(20, abs=1e-4)
    assert "It turns on what Y holds of A: 20 % or more." in share.words
    # fixed there, the answer is settled either way
    for pct, reached in (("20", True), ("19.9", False)):
        settled = graph_of(f"X A 30\nY A {pct}\nZ A 20\nA B 80")
        assert share_of(settled, "A", {"X", "Y"}).reached is reached
        assert share_of(settled, "B", {"X", "Y"}).reached is reached


def test_where_no_single_share_decides_each_is_told_for_what_it_can_do():
    graph = graph_of("X A\nY A")
    share = share_of(graph, "A", {"X", "Y"})
    assert share.reached is None and not any(d.alone for d in share.deciding)
    assert {d.owner for d in share.deciding} == {"X", "Y"}


def test_bounds_of_open_ranges():
    assert share_of(graph_of("X A <50"), "A", {"X"}).reached is False
    assert share_of(graph_of("X A 25-50"), "A", {"X"}).reached is None
    assert share_of(graph_of("X A >50"), "A", {"X"}).reached is True


# --- days, statements, kinds ---


def test_the_graph_is_as_of_a_day_and_as_known():
    text = "X A 60 2020-01-01 2022-01-01 2020-02-01 r1\nX A 40 2020-01-01 2022-01-01 2021-03-01 r1"

    def held(day, known):
        as_of = AsOf(dt.date.fromisoformat(day), Moment.parse(known))
        graph = graph_of(text, as_of)
        return share_of(graph, "A", {"X"}).low if "A" in graph.index else 0

    assert held("2020-06-01", "2020-06-01") == pytest.approx(60)
    assert held("2020-06-01", "2021-06-01") == pytest.approx(40)  # corrected later
    assert held("2022-01-01", "2023-01-01") == 0  # ended
    assert held("2020-06-01", "2020-01-15") == 0  # not yet said


def test_votes_and_control_do_not_count_and_indirect_only_where_nothing_explains_it():
    graph = graph_of("X A 60 . . . . voting\nX A . . . . . control".replace(".", ""))
    assert share_of(graph, "A", {"X"}).high == 0
    graph = graph_of("X H 100\nH A 60\nX A 60 . . . . indirect".replace(".", ""))
    assert share_of(graph, "A", {"X"}, "economic").low == pytest.approx(60)
    graph = graph_of("X A 60 . . . . indirect".replace(".", ""))
    assert share_of(graph, "A", {"X"}).low == pytest.approx(60)


def test_a_share_told_twice_counts_once():
    assert share_of(graph_of("X A 60\nX A 60"), "A", {"X"}).low == pytest.approx(60)
    assert share_of(graph_of("X A 60\nX A"), "A", {"X"}).low == pytest.approx(60)
    both = share_of(graph_of("X A 60\nX A 40"), "A", {"X"})
    assert (both.low, both.high) == (pytest.approx(40), pytest.approx(60))


def test_rounded_shares_are_no_contradiction():
    graph = graph_of("X A 33.4\nY A 33.4\nZ A 33.4")
    assert not graph.holdings.room[graph.index["A"]] and not graph.notes
    assert share_of(graph, "A", {"X", "Y", "Z"}).low == pytest.approx(100)


def test_own_tells_owners_owned_and_listed():
    graph = graph_of("Hikvision Sub 60\nSub Deep 50\nAnn Sub 40")
    joined = Joined(
        {"Hikvision": (Listed("e1", "us.bis.entity_list", "Hikvision Digital", "lei", True, frozenset({"bis"})),)}
    )
    told = own(graph, "Deep", joined)
    assert told.shares["bis"].reached is True and told.shares["ofac"].high == 0
    words = "\n".join(told.words)
    assert "Hikvision owns 60 % of Sub, which owns 50 % of Deep." in words
    up = own(graph, "Hikvision", joined).to_dict()
    assert [p["id"] for p in up["counts_below"]["bis"]["surely"]] == ["Sub", "Deep"]
    tops = {p["id"]: p["low"] for p in own(graph, "Deep", joined).to_dict()["ultimate_owners"]}
    assert tops == {"Hikvision": pytest.approx(30), "Ann": pytest.approx(20)}


def test_an_open_name_is_never_counted_as_sure_and_never_as_nothing():
    graph = graph_of("Namesake Sub 60")
    hit = Listed("e1", "us.ofac.sdn", "Name Sake", "near", False, frozenset({"ofac"}))
    told = own(graph, "Sub", Joined({}, {"Namesake": (hit,)}))
    share = told.shares["ofac"]
    assert (share.low, share.high, share.reached) == (0, 60, None)
    assert share.deciding[0].owned is None and share.deciding[0].alone
    assert "It turns on whether Namesake is the listed party" in share.words
    assert told.shares["bis"].reached is False
    assert any("caveat confirm or reject" in n for n in told.to_dict()["notes"])


def test_if_a_party_were_listed():
    graph = graph_of("Maker Sub 60\nSub Deep 50\nAnn Deep 50")
    assert own(graph, "Deep", Joined()).shares["bis"].high == 0
    told = own(graph, "Deep", Joined(), if_listed=["Maker"])
    assert told.shares["ofac"].reached is True and told.shares["bis"].low == 50
    assert told.to_dict()["notes"][0] == "As if Maker were listed."


def test_wrong_questions_are_told():
    graph = graph_of("X A 60")
    with pytest.raises(InputError, match="no party of the graph"):
        graph.party("Nobody")
    with pytest.raises(InputError, match="threshold"):
        aggregate(graph, {"X"}, threshold=0)
    with pytest.raises(InputError, match="no way"):
        share_of(graph, "A", {"X"}, "guess")


def test_one_answer_is_quick():
    rng = np.random.default_rng(1)
    edges = [
        Edge(f"p{int(o)}", f"p{int(t)}", low=float(w), high=float(w))
        for o, t, w in zip(
            rng.integers(0, 3000, 20_000), rng.integers(3000, 9000, 20_000), rng.random(20_000), strict=True
        )
    ]
    graph = Graph(edges)
    restricted = {f"p{n}" for n in range(50)}
    owned = sorted(p for p in graph.ids if int(p[1:]) >= 3000)[:20]
    share_of(graph, owned[0], restricted)
    begun = time.process_time()
    for party in owned:
        share_of(graph, party, restricted)
    assert (time.process_time() - begun) / 20 < 0.1  # 20 ms on a quiet machine: benchmarks/graph.py
