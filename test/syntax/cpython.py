"""Prints the tree that CPython reads, in the shape of TorchLint's: one line of JSON for each file named on a line of the input.

A node is [kind, start, end, field, ...] with UTF-16 offsets and the fields in the order of test/syntax/reference.ts; null
stands for a file that is no Python to this interpreter.
"""
import ast
import json
import math
import re
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)

OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "MatMult": "@", "Div": "/", "Mod": "%", "Pow": "**", "LShift": "<<",
    "RShift": ">>", "BitOr": "|", "BitXor": "^", "BitAnd": "&", "FloorDiv": "//", "Not": "not", "USub": "-",
    "UAdd": "+", "Invert": "~", "And": "and", "Or": "or", "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=",
    "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in",
}
RENAMED = {
    "AsyncFunctionDef": "FunctionDef", "AsyncFor": "For", "AsyncWith": "With", "TryStar": "Try",
    "match_case": "MatchCase", "withitem": "WithItem", "comprehension": "Comprehension", "alias": "Alias",
    "keyword": "Keyword", "TemplateStr": "JoinedStr",
}


class Dump:
    def __init__(self, text):
        self.lines = []
        offset = int(text.startswith("\ufeff"))
        for line in re.split("(?<=\n)|(?<=\r)(?!\n)", text.lstrip("\ufeff")):
            self.lines.append((offset, line, line.isascii()))
            offset += len(line.encode("utf-16-le")) // 2

    def offset(self, line, column):
        start, text, is_ascii = self.lines[line - 1]
        if is_ascii:
            return start + column
        return start + len(text.encode()[:column].decode().encode("utf-16-le")) // 2

    def dump(self, value):
        if isinstance(value, list):
            return [self.dump(each) for each in value]
        if not isinstance(value, ast.AST):
            return value
        kind = type(value).__name__
        if kind in OPERATORS:
            return OPERATORS[kind]
        start = end = None
        if hasattr(value, "lineno"):
            start = self.offset(value.lineno, value.col_offset)
            end = self.offset(value.end_lineno, value.end_col_offset)
        fields = getattr(self, kind, None)
        shown = fields(value) if fields else [self.dump(getattr(value, name)) for name in value._fields if name not in ("ctx", "type_comment", "kind")]
        if kind in ("FunctionDef", "AsyncFunctionDef", "ClassDef") and value.decorator_list:
            start = None
        return [RENAMED.get(kind, kind), start, end, *shown]

    def FunctionDef(self, node):
        return [isinstance(node, ast.AsyncFunctionDef), node.name, self.dump(node.decorator_list), self.type_parameters(node),
                self.parameters(node.args), self.dump(node.returns), self.dump(node.body)]

    AsyncFunctionDef = FunctionDef

    def ClassDef(self, node):
        return [node.name, self.dump(node.decorator_list), self.type_parameters(node), self.dump(node.bases), self.dump(node.keywords), self.dump(node.body)]

    def type_parameters(self, node):
        return [each.name for each in getattr(node, "type_params", [])]

    def TypeAlias(self, node):
        return [self.dump(node.name), self.type_parameters(node), self.dump(node.value)]

    def parameters(self, args):
        found = []

        def add(arg, mode, default=None):
            found.append([arg.arg, mode, self.dump(arg.annotation), self.dump(default)])

        positional = args.posonlyargs + args.args
        defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
        for index, (arg, default) in enumerate(zip(positional, defaults)):
            add(arg, "positional-only" if index < len(args.posonlyargs) else "positional-or-keyword", default)
        if args.vararg:
            add(args.vararg, "variadic")
        for arg, default in zip(args.kwonlyargs, args.kw_defaults):
            add(arg, "keyword-only", default)
        if args.kwarg:
            add(args.kwarg, "keyword-variadic")
        return found

    def Lambda(self, node):
        return [self.parameters(node.args), self.dump(node.body)]

    def For(self, node):
        return [isinstance(node, ast.AsyncFor), *map(self.dump, (node.target, node.iter, node.body, node.orelse))]

    AsyncFor = For

    def With(self, node):
        return [isinstance(node, ast.AsyncWith), *map(self.dump, (node.items, node.body))]

    AsyncWith = With

    def Try(self, node):
        handlers = [["ExceptHandler", None, None, not isinstance(node, ast.Try), self.dump(each.type), each.name, self.dump(each.body)] for each in node.handlers]
        return [self.dump(node.body), handlers, self.dump(node.orelse), self.dump(node.finalbody)]

    TryStar = Try

    def comprehension(self, node):
        return [bool(node.is_async), *map(self.dump, (node.target, node.iter, node.ifs))]

    def ImportFrom(self, node):
        return [node.module or "", node.level, self.dump(node.names)]

    def AnnAssign(self, node):
        return [self.dump(node.target), self.dump(node.annotation), self.dump(node.value)]

    def Constant(self, node):
        value = node.value
        kind = {"NoneType": "None", "ellipsis": "Ellipsis"}.get(type(value).__name__, type(value).__name__)
        if kind == "str":
            return [kind, value.encode("utf-16-le", "surrogatepass").hex()]
        if kind in ("int", "float"):
            try:
                return [kind, float(value) if math.isfinite(value) else "infinite"]
            except OverflowError:
                return [kind, "infinite"]
        return [kind, value if kind == "bool" else None]

    def JoinedStr(self, node):
        return [self.interpolated(node)]

    TemplateStr = JoinedStr

    def interpolated(self, node):
        """The expressions inside, without positions: before Python 3.12 they are wrong."""
        found = []
        for each in node.values:
            if type(each).__name__ in ("FormattedValue", "Interpolation"):
                found.append(without_positions(self.dump(each.value)))
                if each.format_spec:
                    found += self.interpolated(each.format_spec)
        return found

    def match_case(self, node):
        return [self.captures(node.pattern), irrefutable(node.pattern), self.dump(node.guard), self.dump(node.body)]

    def captures(self, pattern):
        names = []

        def visit(each):
            if isinstance(each, ast.MatchAs) and each.pattern:
                visit(each.pattern)
            elif isinstance(each, (ast.MatchSequence, ast.MatchOr, ast.MatchMapping)):
                for part in each.patterns:
                    visit(part)
            elif isinstance(each, ast.MatchClass):
                for part in each.patterns + each.kwd_patterns:
                    visit(part)
            name = getattr(each, "rest", None) or getattr(each, "name", None)
            if name:
                names.append(name)

        visit(pattern)
        return names


def without_positions(tree):
    if isinstance(tree, list):
        if tree and isinstance(tree[0], str) and len(tree) >= 3 and (tree[1] is None or isinstance(tree[1], int)) and not isinstance(tree[1], bool):
            return [tree[0], None, None, *map(without_positions, tree[3:])]
        return list(map(without_positions, tree))
    return tree


def irrefutable(pattern):
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is None or irrefutable(pattern.pattern)
    return isinstance(pattern, ast.MatchOr) and irrefutable(pattern.patterns[-1])


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


for name in sys.stdin:
    try:
        text = read(name.rstrip("\n"))
        print(json.dumps(Dump(text).dump(ast.parse(text.lstrip("\ufeff")))), flush=True)
    except (SyntaxError, ValueError, RecursionError):
        print("null", flush=True)
