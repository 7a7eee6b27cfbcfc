"""Pictures: nothing overlaps, listed parties stand out, shares stand on the lines."""

import random
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caveat.errors import InputError
from caveat.graph import Graph, Joined, Listed, draw_origin, draw_ownership, draw_supply, read_edges, to_png
from caveat.graph.layout import Link, Rect, lay_out, text_width

EXAMPLES = Path(__file__).parent.parent / "examples" / "graph"
SVG = "{http://www.w3.org/2000/svg}"
names = st.text(st.sampled_from("abcW 汉漢iM."), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_boxes_and_labels_never_overlap(data):
    count = data.draw(st.integers(1, 14))
    boxes = {f"b{n}": data.draw(st.lists(names, min_size=1, max_size=4)) for n in range(count)}
    pairs = data.draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=24))
    links = [Link(f"b{a}", f"b{b}", data.draw(names)) for a, b in pairs if a != b]
    placed = lay_out(boxes, links)
    rects = [*placed.boxes.values(), *placed.labels]
    assert len(placed.labels) == len(links) and set(placed.boxes) == set(boxes)
    for one, other in combinations(rects, 2):
        assert not one.meets(other)
    for rect in rects:
        assert rect.x >= 0 and rect.y >= 0
        assert rect.x + rect.width <= placed.width and rect.y + rect.height <= placed.height
    for box, lines in boxes.items():
        assert all(text_width(line) <= placed.boxes[box].width for line in lines)


def ties(root):
    return [p for p in root.iter(f"{SVG}path") if "tie" in (p.get("class") or "")]


def suppliers():
    graph = Graph.of([read_edges(EXAMPLES / "suppliers_2019.csv")])

    def listed(name):
        return (Listed("e", "us.bis.entity_list", name, "confirmed"),)

    return graph, Joined({p: listed(p) for p in ("hikvision", "dahua")})


def test_the_picture_of_the_second_article():
    graph, joined = suppliers()
    svg = draw_supply(graph, ["hikvision", "dahua"], joined)
    root = ET.fromstring(svg)
    texts = [t.text or "" for t in root.iter(f"{SVG}text")]
    for name in ("Intel", "Nvidia", "Ambarella", "Western Digital", "Seagate Technology"):
        assert texts.count(name) == 1
    assert texts.count("LISTED Entity List") == 2
    assert texts.count("amount unknown") == 10
    assert "Honovich" in svg and svg.count('stroke="#b3261e" stroke-width="2.6"') == 2
    assert len(ties(root)) == 10


def test_shares_stand_on_the_lines_and_hostile_names_are_escaped():
    text = 'from,to,pct\n"<script>alert(1)</script>",Acme & Co,60\nB,Acme & Co,\nC,Acme & Co,5-10\nAcme & Co,B,1\n'
    svg = draw_ownership(Graph.of([read_edges(text.encode(), "t.csv")]), "Acme & Co", Joined())
    texts = [t.text or "" for t in ET.fromstring(svg).iter(f"{SVG}text")]
    assert {"60 %", "share unknown", "5 to 10 %", "1 %"} <= set(texts)
    assert "<script" not in svg


def test_of_many_owners_the_greatest_and_those_that_lead_to_a_list_are_drawn():
    rows = "".join(f"O{n},Hub,{0.1 if n else 20}\n" for n in range(300)) + "Bad,O299,60\n"
    hit = Listed("e", "us.ofac.sdn", "Bad", "id", True, frozenset({"ofac"}))
    graph = Graph.of([read_edges(f"from,to,pct\n{rows}".encode(), "t.csv")])
    svg = draw_ownership(graph, "Hub", Joined({"Bad": (hit,)}))
    root = ET.fromstring(svg)
    texts = [t.text or "" for t in root.iter(f"{SVG}text")]
    assert {"O0", "O299", "Bad", "LISTED SDN", "and 292 more owners", "together 29.2 %"} <= set(texts)
    assert any("OFAC way: 0.1 %, under 50 %" in t for t in texts)
    assert len(ties(root)) == 10 and float(root.get("width")) < 2000


def test_a_circle_is_drawn_with_the_listed_owner_at_the_top():
    rows = b"from,to,pct\nHik,A,60\nA,B,50\nB,A,5\n"
    svg = draw_ownership(Graph.of([read_edges(rows, "t.csv")]), "B", Joined())
    at = {t.text: float(t.get("y")) for t in ET.fromstring(svg).iter(f"{SVG}text")}
    assert at["Hik"] < at["A"] < at["B"] and svg.count('marker-start="url(#tip)"') == 1


@pytest.mark.parametrize(("theme", "paper"), [("light", "#ffffff"), ("dark", "#14171a"), ("auto", "#ffffff")])
def test_themes(theme, paper):
    graph, joined = suppliers()
    svg = draw_supply(graph, ["hikvision"], joined, theme=theme)
    first = next(ET.fromstring(svg).iter(f"{SVG}rect"))
    assert first.get("fill") == paper and ("prefers-color-scheme" in svg) is (theme == "auto")
    with pytest.raises(InputError, match="light, dark or auto"):
        draw_supply(graph, ["hikvision"], joined, theme="pink")


def test_no_line_crosses_a_box():
    rng = random.Random(5)
    for _ in range(30):
        boxes = {f"b{n}": ["x" * rng.randint(1, 20)] * rng.randint(1, 5) for n in range(12)}
        links = [Link(f"b{a}", f"b{b}", "50 %") for a, b in (rng.sample(range(12), 2) for _ in range(18))]
        placed = lay_out(boxes, links)
        for line in placed.lines:
            for (x, y), (a, b) in pairwise(line):
                for n in range(1, 20):  # a curve between upright ends keeps between its corners
                    at = Rect(x + (a - x) * n / 20, y + (b - y) * n / 20, 0.01, 0.01)
                    assert not any(at.meets(box) for box in placed.boxes.values())


def test_the_origin_of_a_product_is_drawn():
    svg = draw_origin(Graph.of([read_edges(EXAMPLES / "bom.csv")]), "Solar panel", Joined())
    texts = [t.text or "" for t in ET.fromstring(svg).iter(f"{SVG}text")]
    assert "contains: no documents" in texts and "contains: 2 documents" in texts


def test_png():
    pytest.importorskip("resvg_py", reason="needs the extra charts")
    graph, joined = suppliers()
    png = to_png(draw_supply(graph, ["hikvision"], joined))
    assert png.startswith(b"\x89PNG\r\n") and len(png) > 5000


@pytest.mark.chromium
def test_no_text_meets_another_in_a_real_browser(browser):
    forms = ["WWWW MMMM Holding {}", "Медиахолдинг Ширина {}", "海康威视数字技术 {}", "Ünïted Öl {}", "Llllliiii {}"]
    rng = random.Random(744)
    rows = "".join(
        f"{rng.choice(forms).format(rng.randrange(14))},{rng.choice(forms).format(rng.randrange(14))},"
        f"{rng.choice(['60', '', '25-50', '>75'])}\n"
        for _ in range(60)
    )
    graph = Graph.of([read_edges(f"from,to,pct\n{rows}".encode(), "r.csv")])
    center = max(graph.ids, key=lambda p: len(graph.owned(p)) + len(graph.owners(p)))
    suppliers_, joined = suppliers()
    pictures = [draw_ownership(graph, center, Joined()), draw_supply(suppliers_, ["hikvision", "dahua"], joined)]
    measure = (
        "() => [...document.querySelectorAll('text')].map(t => {const r = t.getBoundingClientRect();"
        " return [t.textContent, r.x, r.y, r.width, r.height]})"
    )
    page = browser.new_page()
    for svg in pictures:
        page.set_content(svg)
        texts = page.evaluate(measure)
        assert len(texts) > 20
        for (one, x, y, w, h), (other, a, b, v, k) in combinations(texts, 2):
            # the lines of one box touch by their empty ascents: three pixels of them
            apart = x + w <= a + 0.5 or a + v <= x + 0.5 or y + h <= b + 3 or b + k <= y + 3
            assert apart, (one, other)
    page.close()
