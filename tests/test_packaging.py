"""The container file and the systemd unit keep what they promise."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from caveat.config import read_config

ROOT = Path(__file__).resolve().parent.parent
UNIT = ROOT / "packaging" / "caveat.service"
CONTAINER = ROOT / "packaging" / "Containerfile"


def settings(text: str) -> dict[str, list[str]]:
    """The settings of a unit, each with its values."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def steps(text: str) -> list[tuple[str, str]]:
    """The instructions of a container file, in order."""
    whole = re.sub(r"\\\n", " ", "\n".join(x for x in text.splitlines() if not x.startswith("#")))
    return [(word, rest.strip()) for word, _, rest in (x.partition(" ") for x in whole.splitlines() if x.strip())]


def test_the_unit_runs_without_root_and_writes_only_its_own_folder() -> None:
    unit = {name: values[-1] for name, values in settings(UNIT.read_text("utf-8")).items()}
    assert unit["User"] == unit["Group"] == unit["StateDirectory"] == "caveat"
    assert (unit["ProtectSystem"], unit["ProtectHome"], unit["NoNewPrivileges"]) == ("strict", "yes", "yes")
    assert (unit["CapabilityBoundingSet"], unit["UMask"], unit["StateDirectoryMode"]) == ("", "0077", "0700")
    given = dict(part.split("=", 1) for part in unit["Environment"].split())
    config = read_config(given)
    for place in (config.db, config.index, str(config.keys_file)):
        assert place.startswith("/var/lib/caveat/")
    assert "--host" not in unit["ExecStart"], "it listens on loopback, behind the proxy"
    assert "--https" in unit["ExecStart"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_unit_and_finds_it_closed(tmp_path: Path) -> None:
    unit = tmp_path / "caveat.service"
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text("utf-8")), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)
    assert [line for line in done.stderr.splitlines() if "caveat.service" in line] == []
    words = ["systemd-analyze", "security", "--offline=yes", "--threshold=25", str(unit)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    if "--offline" in done.stderr or "--threshold" in done.stderr:
        pytest.skip("this systemd-analyze cannot judge a file")
    assert done.returncode == 0, done.stdout[-300:]


def test_the_image_has_no_root_and_writes_only_its_volume() -> None:
    told = steps(CONTAINER.read_text("utf-8"))
    last = max(n for n, (word, _) in enumerate(told) if word == "FROM")
    final = told[last:]
    words = [word for word, _ in final]
    assert "COPY" in words
    assert ("USER", "caveat") in final
    assert not any(word in ("RUN", "COPY", "ADD") for word in words[words.index("USER") :])
    assert ("EXPOSE", "8744") in final
    assert ("VOLUME", "/data") in final
    (env,) = [rest for word, rest in final if word == "ENV"]
    config = read_config(dict(part.split("=", 1) for part in env.split()))
    for place in (config.db, config.index, str(config.keys_file)):
        assert place.startswith("/data/")
    assert dict(final)["ENTRYPOINT"] == '["caveat"]'


def test_the_image_is_built_from_pinned_wheels_and_a_named_python() -> None:
    told = steps(CONTAINER.read_text("utf-8"))
    bases = [rest.split()[0] for word, rest in told if word == "FROM"]
    assert all(re.fullmatch(r"docker\.io/library/python:3\.1[1-3](-slim)?(@sha256:[0-9a-f]{64})?", b) for b in bases)
    assert bases[-1].partition("@")[0].endswith("-slim"), "no compiler where it runs"
    assert not bases[0].partition("@")[0].endswith("-slim"), "a compiler where the compiled search is built"
    build = " ".join(rest for word, rest in told if word == "RUN")
    assert "--only-binary :all: -r requirements/run.txt" in build
    assert "setuptools==$(sed -n 's/^setuptools==//p' requirements/dev.txt)" in build
    assert "--no-deps --no-build-isolation ." in build
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert "*" in ignored
    assert {"!src", "!requirements", "!pyproject.toml", "!README.md", "!LICENSE"} <= set(ignored)
