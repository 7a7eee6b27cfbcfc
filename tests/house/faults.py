"""The house rules, each a function over a package folder that gives one line a fault."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE = 500
DEEPEST_FOLDER = 2

#: Folders deeper than the rest, and why.
DEEP_FOLDERS = {"store/migrations/versions": "Alembic's own form"}

EMPTY_NAMES = frozenset(
    "util utils helper helpers common misc base core manager managers service services handler handlers".split()
)

#: Libraries that reach outside or are heavy, and the only rooms (files or folders) that may import them.
ROOMS: dict[str, tuple[str, ...]] = {
    "sqlalchemy": ("store", "ledger", "cases", "graph"),
    "alembic": ("store",),
    "sqlite3": ("store",),
    "psycopg": ("store",),
    "httpx": ("sources/fetch.py",),
    "stamina": ("sources/fetch.py",),
    "urllib.request": (),
    "http.client": (),
    "socket": ("api/run.py",),
    "requests": (),
    "lxml": ("sources", "news", "graph"),
    "python_calamine": ("sources", "batch"),
    "polars": ("batch", "app"),
    "pandas": ("batch", "app"),
    "pyarrow": ("batch",),
    "pyspark": ("batch/spark.py",),
    "typer": ("cli",),
    "click": ("cli",),
    "rich": ("cli",),
    "fastapi": ("api", "web"),
    "starlette": ("api", "web"),
    "uvicorn": ("api", "web"),
    "pydantic": ("api", "web"),
    "mcp": ("api",),
    "jinja2": ("web",),
    "platformdirs": ("config.py",),
    "subprocess": (),
    "pickle": (),
}

#: Attributes and functions that read the clock; the day and hour come in as arguments, from app/desk.py.
CLOCK_ATTRIBUTES = frozenset({"now", "utcnow", "today", "current_timestamp"})
CLOCK_FUNCTIONS = frozenset({"time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime"})
CLOCK_ROOM = "app/desk.py"

#: Parts whose files are open to all: the words, told apart by their subject, and the errors.
OPEN_PARTS = frozenset({"model", "errors"})

#: Ways past a face that are allowed: (importer, imported), and why.
SIDE_DOORS = {
    ("ledger.live", "sources.fetch"): "brings httpx, which only a live refresh should pay for",
}

#: What a face may import besides its own files.
FACE_IMPORTS = ("__future__.", "typing.", "importlib.")

#: Functions written in a face, and why.
FACE_VERBS = {
    ("__init__.py", "open"): "`caveat.open` loads the parts only when called, so that `import caveat` is fast"
}

#: Exceptions that are signals between files of one part and never reach a caller, and why.
SIGNALS = {
    ("determination/facts.py", "Missing"): "a rule asked for a fact nobody gave; the engine turns it into a finding",
    ("ledger/verify.py", "_Undo"): "ends a transaction that must leave nothing; caught where it is raised",
}

UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")


def long_files(root: Path) -> list[str]:
    """Files of more lines than a person reads at once."""
    counts = ((path, len(path.read_text("utf-8").splitlines())) for path in _files(root))
    return [
        f"{_at(path, root)}: {count} lines, at most {LONGEST_FILE}" for path, count in counts if count > LONGEST_FILE
    ]


def deep_folders(root: Path) -> list[str]:
    """Folders more than two deep, but for those allowed by name."""
    return [
        f"{_at(path, root)}: deeper than {DEEPEST_FOLDER} folders"
        for path in sorted(root.rglob("*"))
        if path.is_dir() and path.name != "__pycache__"
        if len(path.relative_to(root).parts) > DEEPEST_FOLDER and _at(path, root) not in DEEP_FOLDERS
    ]


def empty_names(root: Path) -> list[str]:
    """Files and folders with a name that says nothing of what they hold."""
    return [
        f"{_at(path, root)}: an empty name"
        for path in sorted(root.rglob("*"))
        if path.name != "__pycache__" and EMPTY_NAMES & set(path.stem.lower().split("_"))
        if path.is_dir() or path.suffix != ".pyc"
    ]


def untitled_files(root: Path) -> list[str]:
    """Files whose first line is not a docstring that says what they are."""
    faults = []
    for path, tree in _trees(root):
        text = ast.get_docstring(tree)
        if not text or tree.body[0].lineno != 1 or not text.splitlines()[0].strip():
            faults.append(f"{_at(path, root)}: the first line is not a docstring")
    return faults


def stray_drivers(root: Path) -> list[str]:
    """Imports of a library outside its own room."""
    faults = []
    for path, tree in _trees(root):
        at = _at(path, root)
        for line, module, names in _imports(path, tree, root):
            for name in {module, *(f"{module}.{n}" for n in names)}:
                rooms = ROOMS.get(name, ROOMS.get(name.split(".")[0]))
                if rooms is not None and not any(at == room or at.startswith(f"{room}/") for room in rooms):
                    faults.append(f"{at}:{line}: {name.split('.')[0]} outside {', '.join(rooms) or 'every room'}")
                    break
    return faults


def clock_reads(root: Path) -> list[str]:
    """Reads of the clock outside app/desk.py (also as a value: `default_factory=datetime.now`)."""
    faults = []
    for path, tree in _trees(root):
        at = _at(path, root)
        if at == CLOCK_ROOM:
            continue
        imported, modules = set(), set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                imported |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            if isinstance(node, ast.Import):
                modules |= {alias.asname or alias.name for alias in node.names if alias.name == "time"}
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                faults += [f"{at}:{node.lineno}: time.{a.name}" for a in node.names if a.name in CLOCK_FUNCTIONS]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                owner = ast.unparse(node.value)
                is_clock = node.attr in CLOCK_ATTRIBUTES and owner.split(".")[0] in imported
                if is_clock or (node.attr in CLOCK_FUNCTIONS and owner in modules):
                    faults.append(f"{at}:{node.lineno}: {owner}.{node.attr}")
    return faults


def side_doors(root: Path) -> list[str]:
    """Imports of a file inside another part, past that part's face."""
    faults = []
    for path, tree in _trees(root):
        part = _part(path, root)
        importer = ".".join(path.relative_to(root).with_suffix("").parts)
        for line, module, names in _imports(path, tree, root):
            if not module.startswith(f"{root.name}."):
                continue
            other, *inner = module.split(".")[1:]
            if other == part or other in OPEN_PARTS or not (root / other).is_dir():
                continue
            if not inner:
                shown = _shown_names(root / other / "__init__.py")
                inner = [n for n in names if n not in shown and _is_file_or_folder(root / other / n)]
            if inner and (importer, f"{other}.{inner[0]}") not in SIDE_DOORS:
                faults.append(f"{_at(path, root)}:{line}: {other}.{'.'.join(inner)} past the face of {other}")
    return faults


def full_faces(root: Path) -> list[str]:
    """Faces (`__init__.py`) that do more than re-export; a lazy `__getattr__` is a re-export too."""
    faults = []
    for path, tree in _trees(root):
        at = _at(path, root)
        if path.name != "__init__.py":
            continue
        own = ".".join([root.name, *path.parent.relative_to(root).parts])
        for node in tree.body:
            match node:
                case ast.ImportFrom(module=str(module), level=0) if f"{module}.".startswith((f"{own}.", *FACE_IMPORTS)):
                    continue
                case ast.ImportFrom(level=1) | ast.Expr(value=ast.Constant()):
                    continue
                case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                    continue
                case ast.FunctionDef(name=name) if name in {"__getattr__", "__dir__"} or (at, name) in FACE_VERBS:
                    continue
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                    if name.startswith("_"):
                        continue
            faults.append(f"{at}:{node.lineno}: a face only re-exports")
            break
    return faults


def stray_errors(root: Path) -> list[str]:
    """Error classes outside errors.py, and in it those whose name or place in the drawn tree is missing."""
    faults = []
    for path, tree in _trees(root):
        at = _at(path, root)
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {ast.unparse(base).split(".")[-1] for base in node.bases}
            is_error = any(name.endswith(("Error", "Exception")) for name in (*bases, node.name))
            if at == "errors.py":
                if not node.name.endswith("Error"):
                    faults.append(f"{at}:{node.lineno}: {node.name} does not end in Error")
                elif node.name not in (ast.get_docstring(tree) or ""):
                    faults.append(f"{at}:{node.lineno}: {node.name} is not in the tree drawn above")
            elif is_error and (at, node.name) not in SIGNALS:
                faults.append(f"{at}:{node.lineno}: {node.name} belongs in errors.py")
    return faults


def unfinished_work(root: Path) -> list[str]:
    """Marks of work left for later, and functions without a body."""
    faults = []
    for path, tree in _trees(root):
        at = _at(path, root)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if mark := UNFINISHED.search(line):
                faults.append(f"{at}:{number}: {mark[0]}")
        faults += [f"{at}:{node.lineno}: {node.name} has no body" for node in _bodiless(tree)]
        faults += [
            f"{at}:{node.lineno}: raises NotImplementedError"
            for node in ast.walk(tree)
            if isinstance(node, ast.Raise) and node.exc and ast.unparse(node.exc).startswith("NotImplementedError")
        ]
    return faults


def learned_words(root: Path) -> list[str]:
    """Imports in the model of anything but the model and the standard library."""
    return [
        f"{_at(path, root)}:{line}: the model imports {module}"
        for path, tree in _trees(root)
        if _part(path, root) == "model"
        for line, module, _ in _imports(path, tree, root)
        if not f"{module}.".startswith(f"{root.name}.model.") and module.split(".")[0] not in sys.stdlib_module_names
    ]


def _bodiless(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions whose body is nothing but a docstring, `pass` or `...`; protocols and overloads have none."""
    for owner in ast.walk(tree):
        if isinstance(owner, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in owner.bases):
            continue
        if not isinstance(owner, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in owner.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if any(ast.unparse(mark).split(".")[-1] in {"overload", "abstractmethod"} for mark in node.decorator_list):
                continue
            if all(isinstance(s, ast.Pass) or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
                   for s in node.body):  # fmt: skip
                yield node


def _files(root: Path) -> list[Path]:
    return sorted(root.rglob("*.py"))


def _trees(root: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in _files(root):
        yield path, ast.parse(path.read_text("utf-8"), str(path))


def _at(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _part(path: Path, root: Path) -> str:
    return path.relative_to(root).with_suffix("").parts[0]


def _imports(path: Path, tree: ast.Module, root: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Every import, also within functions: its line, the module in full, and the names taken from it."""
    package = [root.name, *path.relative_to(root).parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, []
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names = [alias.name for alias in node.names]
            if module == root.name:  # `from caveat import ledger`
                for name in names:
                    yield node.lineno, f"{module}.{name}", []
            else:
                yield node.lineno, module, names


def _shown_names(face: Path) -> set[str]:
    """The names a face takes from its files."""
    if not face.exists():
        return set()
    tree = ast.parse(face.read_text("utf-8"))
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _is_file_or_folder(path: Path) -> bool:
    return path.is_dir() or path.with_suffix(".py").exists()
