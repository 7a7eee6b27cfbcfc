"""The search against a full scan by the same scorer, and against a witness that knows nothing of it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from shared_data import ROOT, shared

from caveat.names import read_name
from caveat.screening import DEFAULT_THRESHOLD, open_index, write_index
from caveat.screening.evidence import log_odds


def test_nothing_a_full_scan_finds_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared("data", "ofac-sdn", "sdn_2019-01.csv.gz")
    shared("data", "names")
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    recall = importlib.import_module("recall")
    entries = importlib.import_module("quality_material").sdn()[::24]
    write_index(entries, tmp_path)
    index = open_index(tmp_path)
    if index.kernel is None:
        pytest.skip("the compiled kernel is not built here")
    witness, line = recall.Witness(index), log_odds(DEFAULT_THRESHOLD)
    names = [name.text for _, entry in entries for name in entry.names]
    met = 0
    for what, some in recall.queries(names, 8):
        for name in some:
            for reading in read_name(name):
                found = {row for row, _ in index.scored(reading.tokens, line)}
                scan = recall.full_scan(index, reading.tokens, line)
                assert scan == found, (what, name, reading.how)
                assert scan == {row for row, _ in index.plain.find(reading.tokens, line)}, (what, name, reading.how)
                near = witness.best(" ".join(t.text for t in reading.tokens))
                met += len(set(near) & found)
    assert met > 30
