import { describeValue } from "../../base/describe.ts";
"""What CPython's exception groups, `except*`, `async with` and AsyncExitStack do, as logs that the tests compare with, by the test's title.

    python3.13 engine/golden/tasks/blocks.py > engine/golden/tasks/blocks.jsonl
"""

import asyncio
import sys
from asyncio import sleep
from contextlib import AsyncExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from record import Boom, program, text_of, write_logs  # noqa: E402


def describeValue(error):
    if error is None:
        return "none"
    if isinstance(error, BaseExceptionGroup):
        return f"[{error.message}: {', '.join(map(describe, error.exceptions))}]"
    return text_of(error)


def sample():
    return ExceptionGroup(
        "outer",
        [ValueError("1"), ExceptionGroup("inner", [TypeError("2"), ValueError("3")]), Boom("4")],
    )


@program("ExceptionGroup: split and subgroup keep the nesting, and leave out what is empty")
async def groups(w):
    for condition in [ValueError, TypeError, (TypeError, Boom), ExceptionGroup, KeyError, lambda e: str(e) == "3"]:
        match, rest = sample().split(condition)
        w.say(f"{describeValue(match)} | {describeValue(rest)} | {describeValue(sample().subgroup(condition))}")


async def guarded(w, error, *handlers):
    """try: raise error; except* ValueError: handlers[0]; except* (TypeError, Boom): handlers[1]"""
    try:
        try:
            raise error
        except* ValueError as group:
            w.say(f"first {describeValue(group)}")
            handlers[0](group)
        except* (TypeError, Boom) as group:
            w.say(f"second {describeValue(group)}")
            await sleep(1)
            handlers[1](group)
        w.say("behind")
    except BaseException as thrown:
        w.say(f"thrown {describeValue(thrown)}")


def nothing(_):
    pass


def again(group):
    raise group


def other(_):
    raise Boom("new")


@program("catchGroup: each clause gets its errors; what is thrown on follows except*")
async def except_star(w):
    await guarded(w, sample(), nothing, nothing)
    await guarded(w, sample(), again, nothing)
    await guarded(w, sample(), other, nothing)
    await guarded(w, ValueError("naked"), nothing, nothing)
    await guarded(w, KeyError(), nothing, nothing)
    await guarded(w, ExceptionGroup("g", [KeyError(), Boom("x")]), nothing, nothing)
    await guarded(w, ExceptionGroup("g", [KeyError(), Boom("x")]), nothing, other)


class Manager:
    def __init__(self, w, name, swallows=False, fails=None, enter_fails=None):
        self.w, self.name, self.swallows, self.fails, self.enter_fails = w, name, swallows, fails, enter_fails

    async def __aenter__(self):
        await sleep(1)
        if self.enter_fails:
            raise Boom(self.enter_fails)
        self.w.say(f"{self.name} entered")
        return self.name

    async def __aexit__(self, kind, error, trace):
        await sleep(1)
        self.w.say(f"{self.name} left with {describeValue(error)}")
        if self.fails:
            raise Boom(self.fails)
        return self.swallows


async def block(w, manager, error=None):
    try:
        async with manager as name:
            w.say(f"inside {name}")
            await sleep(1)
            if error:
                raise error
        w.say("behind")
    except Exception as thrown:
        w.say(f"thrown {describeValue(thrown)}")


@program("withAsync: the manager is left whatever becomes of the block, and may swallow its error or replace it")
async def with_async(w):
    await block(w, Manager(w, "a"))
    await block(w, Manager(w, "b"), Boom("inside"))
    await block(w, Manager(w, "c", swallows=True), Boom("inside"))
    await block(w, Manager(w, "d", fails="leaving"), Boom("inside"))
    await block(w, Manager(w, "e", fails="leaving"))
    await block(w, Manager(w, "f", enter_fails="entering"))


async def stacked(w, managers, error=None):
    try:
        async with AsyncExitStack() as stack:
            stack.callback(w.say, "callback")
            for manager in managers:
                await stack.enter_async_context(manager)
            stack.push_async_callback(sleep, 1)
            if error:
                raise error
        w.say("behind")
    except Exception as thrown:
        w.say(f"thrown {describeValue(thrown)}")


@program("AsyncExitStack: all is left in reverse order; an error passes by what remains until one swallows it")
async def exit_stack(w):
    await stacked(w, [Manager(w, "a"), Manager(w, "b")])
    await stacked(w, [Manager(w, "a"), Manager(w, "b", swallows=True), Manager(w, "c")], Boom("inside"))
    await stacked(w, [Manager(w, "a", swallows=True), Manager(w, "b", fails="leaving")], Boom("inside"))
    await stacked(w, [Manager(w, "a"), Manager(w, "b", fails="leaving")])
    await stacked(w, [Manager(w, "a"), Manager(w, "b", enter_fails="entering")])
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Manager(w, "kept"))
        kept = stack.pop_all()
    w.say("the block is over")
    await kept.aclose()
    await kept.aclose()


write_logs()
