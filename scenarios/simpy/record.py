"""Runs SimPy's documented examples and writes their output to `recorded/`, for simpy.test.ts.

    /usr/bin/python3 scenarios/simpy/record.py

It needs SimPy 3.0.11 and its documentation, Debian's python3-simpy3 and python-simpy3-doc.
"""

import contextlib
import html
import io
import re
from pathlib import Path

DOCS = Path("/usr/share/doc/python-simpy3-doc/html/examples")
EXAMPLES = {
    "bank_renege": "bank-renege",
    "carwash": "carwash",
    "machine_shop": "machine-shop",
    "movie_renege": "movie-renege",
    "gas_station_refuel": "gas-station",
    "latency": "latency",
    "process_communication": "communication",
}

for page, name in EXAMPLES.items():
    text = html.unescape(re.sub(r"<[^>]+>", "", (DOCS / f"{page}.html").read_text()))
    program, documented = re.search(r'(""".*)\nThe simulation’s output:\n(.*?)\n\n\n', text, re.DOTALL).groups()
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(program, page, "exec"), {"__name__": "__main__"})
    assert output.getvalue().strip() == documented.strip(), f"{page} prints something else than its documentation"
    (Path(__file__).parent / "recorded" / f"{name}.txt").write_text(output.getvalue())
    print(f"{name}: {len(output.getvalue().splitlines())} lines")
