"""Write engine/clock/zone-abbreviations.ts: the letters that the IANA database has for local times since 1970.

    python3.13 engine/golden/clock/zone-abbreviations.py > engine/clock/zone-abbreviations.ts

Reads the time-zone files of this machine, through zoneinfo. Where a zone had several names for one offset, the last counts.
"""

import collections
import textwrap
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

BEGINNING = """\
/*
 * Written by engine/golden/clock/zone-abbreviations.py; do not edit. The data is the IANA time-zone database's, which is in the public domain.
 * A group is: letters with their offset from UTC, a colon, the zones.
 */
const TABLE = `\\
"""

END = """\
`;

const byZone = new Map<string, ReadonlyMap<number, string>>();

function readTable(): void {
  for (const group of TABLE.trim().split(/\\n(?! )/)) {
    const [letters = "", zones = ""] = group.split(": ");
    const abbreviations = new Map<number, string>();
    for (const [, name = "", offset = ""] of letters.matchAll(/([A-Za-z]+)([+-]\\d+)/g)) {
      abbreviations.set(parseOffset(offset) ?? 0, name);
    }
    for (const zone of zones.split(/\\s+/)) {
      byZone.set(zone.toLowerCase(), abbreviations);
    }
  }
}

/**
 * The abbreviations that the IANA database last had, since 1970, for each offset (in seconds) of a zone, such as `CET` and `CEST`.
 *
 * `Intl` does not tell them: it writes `GMT+1`, or what is usual in a language.
 *
 * @returns `undefined` when the zone has had no name in letters.
 */
export function zoneAbbreviations(name: string): ReadonlyMap<number, string> | undefined {
  if (byZone.size === 0) {
    readTable();
  }
  return byZone.get(name.toLowerCase());
}
"""

FIRST = datetime(1970, 1, 1, tzinfo=timezone.utc)
INSTANTS = [FIRST + timedelta(days=days) for days in range(0, 68 * 365, 7)]


def abbreviations(zone):
    last = {}
    for instant in INSTANTS:
        local = instant.astimezone(zone)
        last[local.utcoffset()] = local.strftime("%Z%z")
    return " ".join(last[offset] for offset in sorted(last) if last[offset][0].isalpha())


groups = collections.defaultdict(list)
for name in sorted(available_timezones()):
    if name not in ("Factory", "localtime"):
        groups[abbreviations(ZoneInfo(name))].append(name)
del groups[""]

print('import { parseOffset } from "./utc-offset.ts";\n')
print(BEGINNING, end="")
for letters in sorted(groups):
    line = f"{letters}: {' '.join(groups[letters])}"
    print(textwrap.fill(line, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))
print(END, end="")
