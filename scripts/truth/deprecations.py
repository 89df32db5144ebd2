"""Says of every name on standard input, one JSON list, whether this PyTorch still has it, and whether a call of it works."""

import importlib
import inspect
import json
import sys
import warnings

warnings.simplefilter("ignore")


def find(name):
    first, *rest = name.removesuffix("()").split(".")
    found = importlib.import_module(first)
    path = first
    for part in rest:
        path = f"{path}.{part}"
        found = getattr(found, part) if hasattr(found, part) else importlib.import_module(path)
    return found


def exists(name):
    try:
        find(name)
        return True
    except ImportError:
        return False


def raises_as_removed(name):
    """The linear algebra of old is there and raises whatever it is given; `torch.fft` is a module today."""
    found = find(name)
    if inspect.ismodule(found):
        return True
    matrix = importlib.import_module("torch").eye(2)
    return any(says_removed(found, arguments) for arguments in ([matrix], [matrix, matrix]))


def says_removed(function, arguments):
    try:
        function(*arguments)
    except Exception as error:
        return "is now removed" in str(error)
    return False


names = json.load(sys.stdin)
known = {name: exists(name) for name in names}
print(json.dumps({name: {"exists": known[name], "removed": not known[name] or raises_as_removed(name)} for name in names}))
