"""What all benchmarks report: figures with every repetition, beside those of a peer, and the machine.

    benchmark = Benchmark("calls", "sudo bench/calls", "A call through each hop")
    benchmark.figure("function alone", "ms", [0.9, 1.0, 1.1])
    benchmark.figure("through the edge", "ms", [1.4, 1.5, 1.4], peer="function alone", goal=at_most(2))
    benchmark.finish(keep=True)

prints a table, and keeps bench/results/calls.json, from which bench/tables writes docs/benchmarks.md.
A peer's repetitions are those of the same rounds: the ratio is formed in each round, and its median is
what counts.

As a program, `figures.py NAME TITLE KEEP COMMAND...` reads figures from standard input, one JSON object
to a line, as benchmarks in other languages print them: {"figure": ..., "unit": ..., "values": [...],
"peer": ..., "goal": {"most": 1.5}}; and {"note": ...}.
"""

import dataclasses
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.path.join(ROOT, "bench", "results")


@dataclasses.dataclass(frozen=True)
class Goal:
    """A bound of a figure's ratio to its peer, or of its median where it has no peer or `of` says so."""

    bound: float
    most: bool
    of: str  # "ratio" or "median"

    def met_by(self, value):
        return value <= self.bound if self.most else value >= self.bound

    def text(self, unit):
        sign = "≤" if self.most else "≥"
        return f"{sign} {number(self.bound)}" + (f" {unit}" if self.of == "median" and unit else "")


def at_most(bound, of=""):
    return Goal(bound, True, of)


def at_least(bound, of=""):
    return Goal(bound, False, of)


def number(value):
    """Three digits that count, without an exponent."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def span(values):
    """The lowest and the highest."""
    low, high = number(min(values)), number(max(values))
    return low if low == high else f"{low} to {high}"


def percentile(values, share):
    """Of at least one value, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def command(name, by="sudo "):
    """How the benchmark was called, without --keep: it changes no figure."""
    return " ".join([f"{by}bench/{name}", *(it for it in sys.argv[1:] if it != "--keep")])


class Benchmark:
    def __init__(self, name, command, title):
        self.name, self.command, self.title = name, command, title
        self.figures, self.notes = [], []

    def figure(self, name, unit, values, peer="", goal=None):
        """`values`: one for each repetition, at least one. `peer`: the name of a figure before it."""
        values = [float(value) for value in values]
        if not values:
            raise ValueError(f"{name}: no values")
        if any(name == it["name"] for it in self.figures):
            raise ValueError(f"{name}: twice")
        figure = {"name": name, "unit": unit, "values": values}
        if peer:
            others = next((it["values"] for it in self.figures if it["name"] == peer), None)
            if others is None or len(others) != len(values):
                raise ValueError(f"{name}: its peer, {peer}, has to come before it, with as many repetitions")
            figure["peer"] = peer
            figure["ratios"] = [one / other for one, other in zip(values, others)]
        if goal:
            of = goal.of or ("ratio" if peer else "median")
            figure["goal"] = dataclasses.asdict(dataclasses.replace(goal, of=of))
        self.figures.append(figure)

    def note(self, text):
        self.notes.append(text)

    def result(self):
        return {"name": self.name, "title": self.title, "command": self.command, "machine": machine(),
                "figures": self.figures, "notes": self.notes}

    def finish(self, keep):
        result = self.result()
        if keep:
            os.makedirs(RESULTS, exist_ok=True)
            with open(os.path.join(RESULTS, self.name + ".json"), "w", encoding="utf-8") as file:
                json.dump(result, file, indent=1, ensure_ascii=False)
                file.write("\n")
        print(table(result), end="")


def machine():
    """What a number depends on besides the code."""
    def first(path, key):
        with open(path, encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "unknown")

    git = ["git", "-C", ROOT]
    commit = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run([*git, "status", "--porcelain", "--untracked-files=no"],
                             capture_output=True, text=True, check=False)
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "commit": (commit.stdout.strip() or "unknown") + (" and changes" if changed.stdout.strip() else ""),
        "cpu": first("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memoryGiB": round(int(first("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20)),
        "kernel": platform.release().split("-")[0],
    }


def judged(figure):
    """How the goal and whether it is met appear in the table."""
    if "goal" not in figure:
        return ""
    goal = Goal(**figure["goal"])
    of = figure["ratios"] if goal.of == "ratio" else figure["values"]
    return f"{goal.text(figure['unit'])}: {'met' if goal.met_by(statistics.median(of)) else '**not met**'}"


def table(result):
    lines = ["| | median | lowest to highest | ratio | to | goal |", "|---|---|---|---|---|---|"]
    for figure in result["figures"]:
        unit, values = figure["unit"], figure["values"]
        median = f"{number(statistics.median(values))} {unit}".strip()
        ratio = ""
        if "peer" in figure:
            ratios = figure["ratios"]
            ratio = number(statistics.median(ratios))
            if len(ratios) > 1:
                ratio += f" ({span(ratios)})"
        spread = span(values) if len(values) > 1 else "once"
        lines.append(f"| {figure['name']} | {median} | {spread} | {ratio} | {figure.get('peer', '')} | {judged(figure)} |")
    lines.append("")
    for note in result["notes"]:
        lines += [note, ""]
    at = result["machine"]
    repetitions = sorted({len(figure["values"]) for figure in result["figures"]})
    lines.append(f"`{result['command']}`, {'/'.join(map(str, repetitions))} repetitions, {at['date']}, commit {at['commit']};"
                 f" {at['cores']} cores ({at['cpu']}), {at['memoryGiB']} GiB, Linux {at['kernel']}.")
    return "\n".join(lines) + "\n"


def from_lines(name, title, keep, command, lines):
    benchmark = Benchmark(name, command, title)
    for line in lines:
        if not line.strip():
            continue
        it = json.loads(line)
        if "note" in it:
            benchmark.note(it["note"])
            continue
        goal = None
        if "goal" in it:
            bounds = it["goal"]
            most = "most" in bounds
            goal = Goal(bounds["most" if most else "least"], most, bounds.get("of", ""))
        benchmark.figure(it["figure"], it["unit"], it["values"], it.get("peer", ""), goal)
    benchmark.finish(keep)


if __name__ == "__main__":
    from_lines(sys.argv[1], sys.argv[2], sys.argv[3] == "true", " ".join(sys.argv[4:]), sys.stdin)
