"""Runs programs in PyTorch, each in a process of its own, and says what they did.

Reads a JSON array of programs from stdin: {"id", "code", "after", "expressions", "cuda", "torch"}. Prints a JSON object:
{"torch": the version, "outcomes": {id: {"raised", "warned", "values"} or {"skipped": why}}}.
"""

import json
import multiprocessing
import os
import sys
import warnings

import torch


def main():
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    outcomes = {}
    for program in json.load(sys.stdin):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=run, args=(program, sender))
        process.start()
        sender.close()
        try:
            outcomes[program["id"]] = receiver.recv()
        except EOFError:
            process.join()
            outcomes[program["id"]] = failed("ProcessDied", f"exit code {process.exitcode}")
        process.join()
    json.dump({"torch": torch.__version__, "outcomes": outcomes}, sys.stdout)


def run(program, sender):
    sys.stdout = open(os.devnull, "w")
    if missing := what_is_missing(program):
        sender.send({"skipped": missing})
        return
    torch.manual_seed(0)
    names = {"__name__": "__main__"}
    raised = None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            exec(program["code"], names)
            exec(program["after"], names)
        except Exception as error:
            raised = incident(type(error), error)
    sender.send(
        {
            "raised": raised,
            "warned": [incident(warning.category, warning.message) for warning in warned],
            "values": {expression: value_of(expression, names) for expression in program["expressions"]},
        }
    )


def what_is_missing(program):
    if "torch" in program and version(torch.__version__) < version(program["torch"]):
        return f"needs PyTorch {program['torch']}"
    if program["cuda"] and not torch.cuda.is_available():
        return "needs CUDA"
    return None


def version(text):
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def value_of(expression, names):
    try:
        return float(eval(expression, names))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def failed(kind, text):
    return {"raised": {"type": kind, "text": text}, "warned": [], "values": {}}


def incident(kind, text):
    return {"type": kind.__name__, "text": str(text)}


if __name__ == "__main__":
    main()
