"""The agent endpoint, asked by the official client library over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

mcp = pytest.importorskip("mcp", reason="needs mcp")

_ARTICLE = (
    "WASHINGTON, Oct. 9, 2019. The Commerce Department added Dahua Technology to the Entity List on Oct. 9, 2019."
)


def ask(db: Path, questions: Callable[[Any], Awaitable[Any]]) -> Any:
    from mcp.client.stdio import StdioServerParameters, stdio_client

    async def main() -> Any:
        words = ["-m", "caveat", "--db", str(db), "mcp"]
        server = StdioServerParameters(command=sys.executable, args=words, env=dict(os.environ))
        async with stdio_client(server) as (read, write), mcp.ClientSession(read, write) as session:
            hello = await session.initialize()
            return hello, await questions(session)

    with ThreadPoolExecutor(1) as beside:  # another test may have left a loop running in this thread
        return beside.submit(lambda: asyncio.run(asyncio.wait_for(main(), 120))).result()


def told(result: Any) -> dict[str, Any]:
    return json.loads(result.content[0].text)


def test_every_tool_is_listed_and_answers(tmp_path: Path) -> None:
    async def questions(session: Any) -> Any:
        tools = {t.name for t in (await session.list_tools()).tools}
        screen = await session.call_tool("screen", {"name": "Hikvison Digital", "country": "cn"})
        entry = told(screen)["hits"][0]["entry_id"]
        act = {
            "date": "2021-03-01", "activity": "export", "destination": "CN",
            "item": {"eccn": "EAR99", "origin": "US", "location": "US"},
            "parties": [{"name": "Hangzhou Hikvision Digital Technology Co., Ltd.", "role": "end_user"}],
        }  # fmt: skip
        return (
            tools, screen, await session.call_tool("show", {"entry": entry}),
            await session.call_tool("determine", {"transaction": act}), await session.call_tool("coverage", {}),
            await session.call_tool("changes", {"start": "2019-10-01", "end": "2019-10-31"}),
            await session.call_tool("read", {"text": _ARTICLE}),
        )  # fmt: skip

    _, (tools, screen, show, act, coverage, changes, read) = ask(tmp_path / "a.sqlite", questions)
    assert tools == {"screen", "show", "determine", "coverage", "changes", "read"}
    assert told(read)["events"][0]["entities"] == ["Dahua Technology"]
    assert "confirmed" in {c["record"] for c in told(read)["claims"]}
    assert told(screen)["status"] == "hits"
    assert told(show)["entry_id"] == told(screen)["hits"][0]["entry_id"]
    assert told(act)["outcome"] == "license_required"
    assert told(coverage)["not_loaded"]
    assert told(changes)["counts"]["added"] > 0


def test_the_guards_are_told_and_kept(tmp_path: Path) -> None:
    async def questions(session: Any) -> Any:
        return (
            await session.call_tool("screen", {"name": "Zebulon Quirk Applethwaite"}),
            await session.call_tool("show", {"entry": "nobody"}),
            await session.call_tool("screen", {}),
        )

    hello, (silence, unknown, broken) = ask(tmp_path / "a.sqlite", questions)
    assert "no legal advice" in hello.instructions
    assert told(silence)["status"] == "no_hit"
    assert told(silence)["basis"]["not_covered"]
    assert "clear" not in silence.content[0].text.casefold()
    assert unknown.is_error
    assert "there is no entry 'nobody'" in unknown.content[0].text
    assert broken.is_error
