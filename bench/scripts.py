"""Benchmarks as modules: their files have no ending, so `import` does not find them."""

import importlib.machinery
import importlib.util
import os
import sys

BENCH = os.path.dirname(os.path.abspath(__file__))


def load(name):
    """The module of bench/NAME."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), os.path.join(BENCH, name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module  # dataclasses look for it there
    loader.exec_module(module)
    return module
