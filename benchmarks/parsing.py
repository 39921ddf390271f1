"""Parsing the common dates."""

import time

from benchmarks.timing import Result
from registry.domain import dates

COMMON = ("2012", "2012-06", "2012-06-20", "2011~", "1998-03?", "1945-05-08%")


def edtf(times: int) -> Result:
    parse = dates.parse.__wrapped__  # without what it remembers
    begun = time.perf_counter()
    for _ in range(times):
        for each in COMMON:
            parse(each)
    each_one = (time.perf_counter() - begun) / times / len(COMMON)
    return Result(
        "EDTF parse: Y, Y-M, Y-M-D, with ? ~ %",
        "-",
        f"{each_one * 1e6:.2f} us",
        "-",
        None,
        "<= 3 us",
        each_one <= 3e-6,
    )
