"""The law's files: where they are, and how one is read without losing a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from caveat.errors import LawError

#: The folder the package ships.
FOLDER = Path(__file__).parent


def law_files(folder: Path) -> list[Path]:
    """The law's files under `folder`, in a fixed order."""
    return sorted(folder.rglob("*.yaml"))


class _Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A loader that refuses a key given twice, where YAML itself keeps the last and says nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a repeated key, then build the mapping."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key} is given twice", key_node.start_mark)
            seen.add(key)
        return dict(super().construct_mapping(node, deep=deep))


def read_yaml(file: Path) -> dict[str, Any]:
    """One law file as plain values. LawError where it is not YAML, or a key stands twice."""
    try:
        content = yaml.load(file.read_text("utf-8"), Loader=_Strict)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise LawError(
            f"cannot be read: {' '.join(str(error).split())}", where=str(file), do="mend the file"
        ) from error
    if not isinstance(content, dict):
        raise LawError("holds no parameters", where=str(file), do="write `parameter.id:` blocks")
    return content
