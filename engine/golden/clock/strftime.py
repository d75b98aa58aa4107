"""What Python's datetime and zoneinfo say, for wall-clock.test.ts to compare with.

    LC_ALL=C python3.13 engine/golden/clock/strftime.py > engine/golden/clock/strftime.json

Needs Linux with glibc, of whose strftime Python's is made, and its time-zone files.
"""

import json
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

DIRECTIVES = (
    "%a %A %b %B %c %C %d %D %e %f %F %g %G %h %H %I %j %k %l %m %M %n %p %P %r %R %s %S %t %T %u %U %V %w %W %x %X %y %Y "
    "%z %:z %Z %%"
)
FLAGGED = (
    "%-C %-d %-e %-g %-G %-H %-I %-j %-k %-l %-m %-M %-S %-U %-V %-W %-y %-Y "
    "%_C %_d %_e %_g %_G %_H %_I %_j %_k %_l %_m %_M %_S %_U %_V %_W %_y %_Y "
    "%0C %0d %0e %0g %0G %0H %0I %0j %0k %0l %0m %0M %0S %0U %0V %0W %0y %0Y "
    "%^a %^A %^b %^B %^c %^F %^h %^n %^p %^P %^r %^T %^d %^% %#a %#A %#b %#B %#c %#h %#p %#P %#r %#x "
    "%-a %_a %0a %-c %_D %0F %-p %-s %_0d %0_d %-0d %0-d %^#p %#^a %-^b"
)
FORMAT = DIRECTIVES.replace(" ", "|")
FLAGGED_FORMAT = FLAGGED.replace(" ", "|")

ZONES = {
    "UTC": timezone.utc,
    "+08:00": timezone(timedelta(hours=8)),
    "-0330": timezone(-timedelta(hours=3, minutes=30)),
    "Europe/Berlin": ZoneInfo("Europe/Berlin"),
    "America/New_York": ZoneInfo("America/New_York"),
    "Asia/Shanghai": ZoneInfo("Asia/Shanghai"),
}

DAYS = (
    "0001-01-01 0001-12-31 0002-02-28 0004-02-29 0099-12-31 0100-01-01 0100-03-01 0400-02-29 0999-12-31 1000-01-01 1582-10-10 "
    "1600-02-29 1858-11-17 1899-12-31 1900-02-28 1900-03-01 1969-12-31 1970-01-01 1999-12-31 2000-01-01 2000-02-29 2000-12-31 "
    "2001-09-09 2004-12-31 2005-01-01 2008-12-29 2009-12-31 2010-01-03 2012-12-31 2016-02-29 2020-12-31 2021-01-03 2021-01-04 "
    "2021-07-15 2024-02-29 2024-12-30 2038-01-19 2100-02-28 2100-03-01 2400-02-29 9998-12-31 9999-01-01 9999-12-31"
).split()
TIMES = ["00:00:00", "00:00:00.000001", "09:08:07.060504", "11:59:59.999999", "12:00:00", "13:30:09", "23:59:59.999999"]

# Around these hours of UTC clocks change: the first summers, the last ones, the years between.
CHANGES = {
    "Europe/Berlin": ["1893-03-31T23", "1916-04-30T22", "1980-04-06T01", "2021-03-28T01", "2021-10-31T01", "2037-10-25T01"],
    "America/New_York": ["1883-11-18T17", "1918-03-31T07", "2006-10-29T06", "2021-03-14T07", "2021-11-07T06", "2099-03-08T07"],
    "Asia/Shanghai": ["1900-12-31T15", "1986-05-03T18", "1986-09-13T17", "1991-04-13T18", "1991-09-14T17"],
}

# Local times, some of which the clocks skip or show twice.
LOCAL = {
    "Europe/Berlin": ["2021-03-28", "2021-10-31", "1916-04-30", "1893-04-01", "0001-01-01", "9999-12-31"],
    "America/New_York": ["2021-03-14", "2021-11-07", "1883-11-18", "2000-01-01"],
    "Asia/Shanghai": ["1901-01-01", "1986-05-04", "1991-09-15", "2021-03-04"],
    "Australia/Lord_Howe": ["2021-04-04", "2021-10-03"],
    "Pacific/Apia": ["2011-12-29", "2011-12-30", "2011-12-31"],
    "-0330": ["0001-01-01", "2021-03-04"],
}

SUMS = [0.1, 0.1 + 0.2, 2.9999999999999996, 5e-7, 1.5e-6, 2**-7, 3 * 2**-7, 5 * 2**-7, 1e-9, 1 / 3, 86399.9999995, 12345.6789, 1e6]


def unix_time(at):
    return str((at - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1))


def text(at, format):
    # Python's own %s takes the local time for the machine's.
    return at.strftime(format.replace("%s", unix_time(at)).replace("%-s", unix_time(at)))


def edges(zone):
    for index, day in enumerate(DAYS):
        for time in (TIMES[index % len(TIMES)], TIMES[-1 - index % len(TIMES)]):
            yield datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone)


def year_ends():
    for year in range(2004, 2032):
        for day in range(-4, 5):
            yield datetime(year, 1, 1, year % 24, 30, tzinfo=timezone.utc) + timedelta(days=day)


def changes(name):
    for hour in CHANGES.get(name, []):
        for seconds in (-3600, -1, 0, 1, 1800, 3599.5, 3600, 7199):
            at = datetime.fromisoformat(f"{hour}:00:00+00:00") + timedelta(seconds=seconds)
            yield at.astimezone(ZONES[name])


def instants(name):
    yield from edges(ZONES[name])
    yield from changes(name)
    if name == "UTC":
        yield from year_ends()


def zone_of(name):
    return ZONES.get(name) or ZoneInfo(name)


def local_times(day):
    for minutes in range(0, 240, 15):
        yield datetime.fromisoformat(day) + timedelta(minutes=minutes)


def later(start, seconds):
    return (start + timedelta(seconds=seconds)).isoformat(timespec="microseconds")


def sums():
    chance = random.Random(1)
    drawn = [chance.uniform(0, 10**digits) for digits in range(-6, 7) for _ in range(4)]
    for start in ("2000-01-01T00:00:00+00:00", "2021-03-04T15:27:26.999999+00:00", "1969-12-31T23:59:59.500000+00:00"):
        at = datetime.fromisoformat(start)
        yield start, {repr(seconds): later(at, seconds) for seconds in [*SUMS, *(-x for x in SUMS), *drawn]}


def letters(name):
    zone = ZoneInfo(name)
    return " ".join(datetime(2024, month, 15, 12, tzinfo=timezone.utc).astimezone(zone).tzname() for month in (1, 7))


golden = {
    "format": FORMAT,
    "strftime": {name: {at.isoformat(): text(at, FORMAT) for at in instants(name)} for name in ZONES},
    "flaggedFormat": FLAGGED_FORMAT,
    "flagged": {"UTC": {at.isoformat(): text(at, FLAGGED_FORMAT) for at in edges(timezone.utc)}},
    "local": {
        name: {at.isoformat(): unix_time(at.replace(tzinfo=zone_of(name))) for day in days for at in local_times(day)}
        for name, days in LOCAL.items()
    },
    "sums": dict(sums()),
    "letters": {name: letters(name) for name in sorted(available_timezones()) if name not in ("Factory", "localtime")},
}
print(json.dumps(golden, indent=2))
