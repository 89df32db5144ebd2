"""Asks the installed PyTorch for the signature of every name that has a page, and writes test/cases/api_facts.json.

A default is kept as Python writes it, a required argument is null. `python scripts/truth/facts.py` writes the file,
`--print` shows what it would write.
"""

import importlib
import inspect
import json
import re
import sys
from pathlib import Path

import torch

root = Path(__file__).resolve().parents[2]


def main() -> None:
    names = sorted(page.stem for page in (root / "server/src/api").glob("*.md"))
    lines = [f"    {json.dumps(name)}: {json.dumps(describe(name))}" for name in names]
    text = '{\n  "torch": "%s",\n  "names": {\n%s\n  }\n}\n' % (torch.__version__, ",\n".join(lines))
    if "--print" in sys.argv:
        print(text, end="")
    else:
        (root / "test/cases/api_facts.json").write_text(text)


def describe(name: str) -> dict:
    found, thing = resolve(name)
    if not found:
        return argument_of_subclasses(name) or {"kind": "unknown"}
    if inspect.ismodule(thing):
        return {"kind": "module"}
    if callable(thing):
        return {"kind": "class" if inspect.isclass(thing) else "function", "arguments": arguments(thing)}
    plain = isinstance(thing, (bool, int, float, str, type(None)))
    return {"kind": "attribute", **({"value": repr(thing)} if plain else {})}


def resolve(name: str) -> tuple[bool, object]:
    """An attribute that only instances have is found by its annotation or in a descriptor of the class."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            if not hasattr(thing, part):
                return part in getattr(thing, "__annotations__", {}), None
            thing = getattr(thing, part)
        return True, thing
    return False, None


def arguments(function: object) -> dict | None:
    """Without `self`; null for what C++ implements."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return None
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {
        parameter.name: None if parameter.default is inspect.Parameter.empty else written(parameter.default)
        for parameter in parameters
        if parameter.name != "self" and parameter.kind not in variadic
    }


def written(default: object) -> str:
    """Without the address of an object, which is another in each run."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(default))


def argument_of_subclasses(name: str) -> dict | None:
    """`torch.optim.Optimizer.weight_decay` is an argument of many optimizers: the default in each of them."""
    owner, _, argument = name.rpartition(".")
    found, base = resolve(owner)
    if not found or not inspect.isclass(base):
        return None
    signatures = {child.__name__: arguments(child) or {} for child in public_subclasses(base)}
    defaults = {child: signature[argument] for child, signature in sorted(signatures.items()) if argument in signature}
    return {"kind": "argument", "defaults": defaults} if defaults else None


def public_subclasses(base: type) -> list[type]:
    children = [child for child in base.__subclasses__() if not child.__name__.startswith("_")]
    return children + [grandchild for child in base.__subclasses__() for grandchild in public_subclasses(child)]


if __name__ == "__main__":
    main()
