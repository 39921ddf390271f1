"""Run every measurement: `python -m benchmarks` (1 M events) or `python -m benchmarks --quick`."""

import argparse
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks import entering, exploring, looking, parsing, serving, writers, writing
from benchmarks.databases import DURABILITY, Databases, databases
from benchmarks.timing import Result

PAGE = Path("docs/performance.md")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main() -> None:
    """Print the table; without --quick write it into docs/performance.md as well."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--quick", action="store_true", help="small sizes, under three minutes")
    parser.add_argument("--events", type=int, help="size of the large store")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", action="append", choices=tuple(DURABILITY))
    chosen = parser.parse_args()
    large = chosen.events or (10_000 if chosen.quick else 1_000_000)
    small = min(large, 2_000 if chosen.quick else 10_000)
    results: list[Result] = []
    with databases() as given:
        for result in _all(given, chosen.engine or list(DURABILITY), small, large, chosen):
            results.append(result)
            sys.stdout.write(_line(result) + "\n")
            sys.stdout.flush()
    table = "\n".join([_heading(small, large, chosen.seed), "", *_table(results)])
    if not chosen.quick:
        _write(table)
    sys.stdout.write(f"\n{table}\n")


def _all(
    given: Databases, engines: Iterable[str], small: int, large: int, chosen: argparse.Namespace
) -> Iterator[Result]:
    quick, seed = chosen.quick, chosen.seed
    times = 200 if quick else 1_000
    yield parsing.edtf(2_000 if quick else 20_000)
    for engine in engines:
        url = given.fresh(engine)
        writing.bulk_import(url, given.folder, small, seed)
        yield from writing.single(url, 100 if quick else 300, seed)
        if engine == "postgresql":
            yield writers.sixteen_writers(url, 15 if quick else 60)
        before = {name: p50 for name, _, p50 in looking.lookups(url, times, seed)}
        big = given.fresh(engine)
        yield writing.bulk_import(big, given.folder, large, seed)
        for name, result, p50 in looking.lookups(big, times, seed):
            yield result
            ratio = p50 / before[name]
            yield Result(
                f"{name}, {large:,} events against {small:,}",
                result.engine,
                f"p50 {p50 * 1e3:.3f} ms",
                f"p50 {before[name] * 1e3:.3f} ms",
                ratio,
                "<= 1.5x",
                ratio <= 1.5,
            )
        yield looking.of_one_party(big, 3)
        yield looking.the_world(big)
        yield from serving.answers_over_http(big, 2 if quick else 8)
        yield from entering.form_pages(big, 50 if quick else 200)
        yield from exploring.public_pages(big, 5 if quick else 20, seed)
        yield from serving.starting(big, 1 if quick else 3)
        yield writing.rebuilding(big)


def _heading(small: int, large: int, seed: int) -> str:
    durability = "; ".join(f"{name}: {how}" for name, how in DURABILITY.items())
    return (
        f"Seed {seed}; {small:,} and {large:,} events; {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; {durability}."
    )


def _table(results: Iterable[Result]) -> list[str]:
    rows = ["| work | engine | ours | floor | ratio | target | met | note |", "|" + "---|" * 8]
    rows += [f"| {' | '.join(_cells(each))} |" for each in results]
    return rows


def _line(result: Result) -> str:
    return "  ".join(each for each in _cells(result) if each != "-")


def _cells(result: Result) -> list[str]:
    ratio = "-" if result.ratio is None else f"{result.ratio:.2f}x"
    met = {True: "yes", False: "**no**", None: "-"}[result.met]
    return [
        *(result.work, result.engine, result.ours, result.floor),
        *(ratio, result.target, met, result.note),
    ]


def _write(table: str) -> None:
    page = PAGE.read_text() if PAGE.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")


if __name__ == "__main__":
    main()
