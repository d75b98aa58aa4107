"""Random asyncio programs in a small JSON DSL, and their reference traces.

    progs.py gen --seed N                      print program N as JSON
    progs.py run FILE.json [--passes]          print its trace as JSON lines
    progs.py batch --from A --to B --out DIR   write NNNNNN.json + NNNNNN.trace
    progs.py stats --from A --to B             what the programs exercise
    progs.py digest --from A --to B            one "seed sha256" line per program
    progs.py serve                             answer requests, see cmd_serve()

All but run and serve take --size K (1 to 12): larger programs, with up to K tasks
of up to 40 operations each.  Without it, seed N means the same program for ever.

Environment: ORACLE_PURE=1 runs on asyncio's pure-Python Task and Future,
ORACLE_RAW_SETS=1 keeps CPython's address-ordered sets (traces may then vary).

The DSL and the trace format are specified in DSL.md.
"""

import os
import sys

if os.environ.get("ORACLE_PURE"):       # pure-Python Task and Future
    sys.modules["_asyncio"] = None

import argparse  # noqa: E402
import asyncio  # noqa: E402
import gc  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
import math  # noqa: E402
import random  # noqa: E402
import warnings  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vloop  # noqa: E402

DSL_VERSION = 1
MAX_PASSES = 200_000
MAX_TIME = 100_000.0


# =============================================================================
# Interpreter
# =============================================================================


class AppError(Exception):
    """The programs' own exception; its one argument is a string code."""


class _Ret:
    """A `return` on its way out of nested op lists."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class _Skip(Exception):
    """The op names something that does not exist (yet)."""


_NO = object()


def num(x):
    """Render a clock value so that Python and JS print the same text."""
    if isinstance(x, float) and x.is_integer() and abs(x) < 1e15:
        return int(x)
    return x


def exc_detail(e):
    """[class name, detail] of an exception, see DSL.md."""
    if isinstance(e, BaseExceptionGroup):
        return [type(e).__name__, [exc_detail(x) for x in e.exceptions]]
    if isinstance(e, (AppError, asyncio.CancelledError)):
        return [type(e).__name__, e.args[0] if e.args else None]
    return [type(e).__name__, None]


def make_exc(o):
    cls, e = o.get("cls", "App"), o.get("e")
    if cls == "Cancelled":
        return asyncio.CancelledError() if e is None else asyncio.CancelledError(e)
    if cls == "Timeout":
        return TimeoutError()
    return AppError(e)


HANDLERS = {
    "Cancelled": asyncio.CancelledError,
    "Exception": Exception,
    "App": AppError,
    "Timeout": TimeoutError,
    "Base": BaseException,
}


class Interp:
    """Runs one program on a VirtualClockLoop and collects its trace."""

    def __init__(self, prog, junk=None, passes=False):
        self.prog = prog
        self.trace = []
        self.with_passes = passes
        self.closed = False
        self.aw = {}            # name -> task | future | gather/shield handle
        self.fut_names = {}     # id(future that is not a task) -> name
        self.named = []         # [(name, future)] in creation order, not tasks
        self.obj = {}
        self.vars = {}
        self.handles = {}
        self.cbs = {}
        self.cms = {}
        self.tgs = {}
        self.junk = random.Random(junk) if junk is not None else None
        self.ballast = []
        self.executed = []      # (op, outcome kind), for stats

    # -- logging ---------------------------------------------------------------

    def log(self, label, outcome):
        if self.closed:
            return
        task = asyncio.current_task(self.loop)
        line = [num(self.loop.time()), task.get_name() if task else None,
                label, outcome]
        if self.with_passes:
            line.append(self.loop.passes)
        self.trace.append(line)

    def enc(self, v):
        if v is None or isinstance(v, (bool, int, str)):
            return v
        if isinstance(v, float):
            return num(v)
        if isinstance(v, (list, tuple)):
            return [self.enc(x) for x in v]
        if isinstance(v, dict):
            return {k: self.enc(x) for k, x in v.items()}
        if isinstance(v, BaseException):
            return {"!": exc_detail(v)}
        if asyncio.isfuture(v):
            return self.name_of(v)
        raise TypeError(f"cannot encode {v!r}")

    def name_of(self, fut):
        if isinstance(fut, (asyncio.Task, asyncio.tasks._PyTask)):
            return fut.get_name()
        return self.fut_names[id(fut)]

    def perturb(self):
        """Scramble the allocator so that addresses differ from run to run."""
        if self.junk is not None:
            r = self.junk
            for _ in range(r.randrange(12)):
                self.ballast.append(bytes(r.randrange(40, 500)))
            r.shuffle(self.ballast)
            del self.ballast[r.randrange(len(self.ballast) + 1):]

    # -- lookup ----------------------------------------------------------------

    def ref(self, name):
        if name == "self":
            x = asyncio.current_task(self.loop)
        else:
            x = self.aw.get(name)
        if x is None:
            raise _Skip
        return x

    def get(self, table, key):
        try:
            return table[key]
        except KeyError:
            raise _Skip from None

    def register(self, name, fut):
        self.aw[name] = fut
        self.fut_names[id(fut)] = name
        self.named.append((name, fut))

    def args(self, specs):
        out = []
        for s in specs:
            if "ref" in s:
                x = self.aw.get(s["ref"])
                if x is not None:
                    out.append(x)
            else:
                self.perturb()
                out.append(self.body(s["coro"], s["body"]))
        return out

    def arg(self, spec):
        out = self.args([spec])
        if not out:
            raise _Skip
        return out[0]

    # -- execution ---------------------------------------------------------------

    async def body(self, name, ops):
        label = f"body:{name}"
        self.log(label, "begin")
        try:
            r = await self.seq(ops)
        except BaseException as e:
            self.log(label, ["err", *exc_detail(e)])
            raise
        v = r.value if r is not None else None
        self.log(label, ["ok", self.enc(v)])
        return v

    async def seq(self, ops):
        for o in ops:
            r = await self.op(o)
            if r is not None:
                return r
        return None

    def swallow(self, o, e):
        c = o.get("catch")
        if c == "exc":
            return isinstance(e, Exception)
        if c == "all":
            return not isinstance(e, GeneratorExit)
        return False

    async def op(self, o):
        kind = o["op"]
        if kind in SYNC:
            self.sync(o)
            return None
        label = f'{o["id"]}:{kind}'
        if kind == "return":
            self.log(label, ["ok", self.enc(o["v"])])
            self.executed.append((kind, "ok"))
            return _Ret(o["v"])
        try:
            prep = getattr(self, "prep_" + kind)(o)
        except _Skip:
            self.log(label, ["skip"])
            self.executed.append((kind, "skip"))
            return None
        self.log(label, "begin")
        try:
            v = await getattr(self, "op_" + kind)(o, label, *prep)
        except BaseException as e:
            self.log(label, ["err", *exc_detail(e)])
            if not self.closed:
                self.executed.append((kind, type(e).__name__))
            if self.swallow(o, e):
                return None
            raise
        if isinstance(v, _Ret):
            self.log(label, ["ret"])
            self.executed.append((kind, "ret"))
            return v
        self.log(label, ["ok", self.enc(v)])
        self.executed.append((kind, "ok"))
        return None

    def sync(self, o):
        kind = o["op"]
        label = f'{o["id"]}:{kind}'
        try:
            v = getattr(self, "do_" + kind)(o)
            out = ["ok", self.enc(v)]
        except _Skip:
            self.log(label, ["skip"])
            self.executed.append((kind, "skip"))
            return
        except BaseException as e:
            self.log(label, ["err", *exc_detail(e)])
            self.executed.append((kind, type(e).__name__))
            if self.swallow(o, e):
                return
            raise
        self.log(label, out)
        self.executed.append((kind, "ok"))

    def sync_list(self, ops):
        for o in ops:
            self.sync(o)

    # -- sync ops: clock and handles ---------------------------------------------

    def _callback(self, o):
        def cb():
            self.log(f'{o["id"]}:cb', "run")
            self.sync_list(o.get("do", ()))
        return cb

    def _keep(self, o, h):
        self.handles[o["h"]] = h

    def do_call_soon(self, o):
        self._keep(o, self.loop.call_soon(self._callback(o)))

    def do_call_later(self, o):
        self._keep(o, self.loop.call_later(o["d"], self._callback(o)))

    def do_call_at(self, o):
        self._keep(o, self.loop.call_at(o["t"], self._callback(o)))

    def do_cancel_handle(self, o):
        h = self.get(self.handles, o["h"])
        was = h.cancelled()
        h.cancel()
        return was

    def do_ticks(self, o):
        def tick(k):
            self.log(f'{o["id"]}:tick', k)
            if k < o["n"]:
                self.loop.call_soon(tick, k + 1)
        self.loop.call_soon(tick, 1)

    def do_burst(self, o):
        hs = []
        for i in range(o["n"]):
            hs.append(self.loop.call_later(
                o["ds"][i % len(o["ds"])], self.log, f'{o["id"]}:timer', i))
        for i, h in enumerate(hs):
            if i % o["mod"] not in o["keep"]:
                h.cancel()

    # -- sync ops: tasks and futures ---------------------------------------------

    def do_spawn(self, o):
        self.perturb()
        self.aw[o["name"]] = self.loop.create_task(
            self.body(o["name"], o["body"]), name=o["name"])

    def do_tg_spawn(self, o):
        tg = self.get(self.tgs, o["tg"])
        self.perturb()
        self.aw[o["name"]] = tg.create_task(
            self.body(o["name"], o["body"]), name=o["name"])

    def do_cancel(self, o):
        x = self.ref(o["what"])
        return x.cancel(o["msg"]) if "msg" in o else x.cancel()

    def do_uncancel(self, o):
        return self.ref(o["what"]).uncancel()

    def do_cancelling(self, o):
        return self.ref(o["what"]).cancelling()

    def do_state(self, o):
        x = self.ref(o["what"])
        return "cancelled" if x.cancelled() else "done" if x.done() else "pending"

    def do_result(self, o):
        return self.ref(o["what"]).result()

    def do_exception(self, o):
        return self.ref(o["what"]).exception()

    def do_set_result(self, o):
        self.ref(o["what"]).set_result(o["v"])

    def do_set_exception(self, o):
        self.ref(o["what"]).set_exception(make_exc(o))

    def do_add_cb(self, o):
        x = self.ref(o["what"])
        fn = self.cbs.get(o["cb"])
        if fn is None:
            def fn(fut, o=o):
                label = f'{o["id"]}:done_cb'
                name = self.name_of(fut)
                if not o.get("peek"):
                    self.log(label, [name, "cancelled" if fut.cancelled() else "done"])
                else:
                    try:
                        e = fut.exception()
                        out = ["ok", self.enc(fut.result())] if e is None else \
                            ["err", *exc_detail(e)]
                    except asyncio.CancelledError as e:
                        out = ["err", *exc_detail(e)]
                    self.log(label, [name, *out])
                self.sync_list(o.get("do", ()))
            self.cbs[o["cb"]] = fn
        x.add_done_callback(fn)

    def do_remove_cb(self, o):
        x = self.ref(o["what"])
        return x.remove_done_callback(self.get(self.cbs, o["cb"]))

    def do_gather_start(self, o):
        g = asyncio.gather(*self.args(o["args"]), return_exceptions=o["rexc"])
        self.register(o["as"], g)

    def do_shield_start(self, o):
        a = self.arg(o["arg"])
        s = asyncio.shield(a)
        if id(s) in self.fut_names or isinstance(s, (asyncio.Task, asyncio.tasks._PyTask)):
            self.aw[o["as"]] = s        # already done: shield returned its argument
        else:
            self.register(o["as"], s)

    def do_raise(self, o):
        raise make_exc(o)

    def do_set_var(self, o):
        self.vars[o["var"]] = o["v"]

    # -- sync ops: primitives -----------------------------------------------------

    def do_ev_set(self, o):
        self.obj[o["obj"]].set()

    def do_ev_clear(self, o):
        self.obj[o["obj"]].clear()

    def do_ev_is_set(self, o):
        return self.obj[o["obj"]].is_set()

    def do_release(self, o):
        self.obj[o["obj"]].release()

    def do_locked(self, o):
        return self.obj[o["obj"]].locked()

    def do_notify(self, o):
        self.obj[o["obj"]].notify(o["n"])

    def do_notify_all(self, o):
        self.obj[o["obj"]].notify_all()

    def do_bar_info(self, o):
        b = self.obj[o["obj"]]
        return [b.n_waiting, b.broken]

    def do_put_nowait(self, o):
        self.obj[o["obj"]].put_nowait(o["v"])

    def do_get_nowait(self, o):
        return self.obj[o["obj"]].get_nowait()

    def do_task_done(self, o):
        self.obj[o["obj"]].task_done()

    def do_q_shutdown(self, o):
        self.obj[o["obj"]].shutdown(immediate=o["immediate"])

    def do_q_info(self, o):
        q = self.obj[o["obj"]]
        return [q.qsize(), q.empty(), q.full()]

    def do_reschedule(self, o):
        cm = self.get(self.cms, o["cm"])
        if "d" in o:
            cm.reschedule(None if o["d"] is None else self.loop.time() + o["d"])
        else:
            cm.reschedule(o["t"])

    def do_cm_info(self, o):
        cm = self.get(self.cms, o["cm"])
        return [cm.expired(), cm.when()]

    # -- async ops ------------------------------------------------------------------
    # prep_X runs before the "begin" line and may raise _Skip; its result is
    # passed on to op_X.

    def _prep_none(self, o):
        return ()

    def _prep_obj(self, o):
        return (self.obj[o["obj"]],)

    prep_sleep = prep_call = prep_try = _prep_none
    prep_timeout = prep_timeout_at = prep_taskgroup = _prep_none
    prep_ev_wait = prep_acquire = prep_with = prep_cond_wait = _prep_obj
    prep_cond_wait_for = prep_bar_wait = prep_bar_reset = prep_bar_abort = _prep_obj
    prep_put = prep_get = prep_join = _prep_obj

    async def op_sleep(self, o, label):
        return await asyncio.sleep(o["d"], o.get("v"))

    def prep_await(self, o):
        return (self.ref(o["what"]),)

    async def op_await(self, o, label, x):
        return await x

    async def op_call(self, o, label):
        return await self.body(o["name"], o["body"])

    async def op_try(self, o, label):
        r = None
        try:
            try:
                r = await self.seq(o["body"])
            except GeneratorExit:
                raise
            except BaseException as e:
                if "on" not in o or not isinstance(e, HANDLERS[o["on"]]):
                    raise
                self.log(f'{o["id"]}:except', ["err", *exc_detail(e)])
                r = await self.seq(o["handler"])
                if r is None and o.get("reraise"):
                    raise
        finally:
            if "finally" in o and not self.closed:
                self.log(f'{o["id"]}:finally', "begin")
                await self.seq(o["finally"])
        return r

    async def op_ev_wait(self, o, label, x):
        return await x.wait()

    async def op_acquire(self, o, label, x):
        return await x.acquire()

    async def op_with(self, o, label, x):
        async with x:
            self.log(f'{o["id"]}:in', None)
            return await self.seq(o["body"])

    async def op_cond_wait(self, o, label, x):
        return await x.wait()

    async def op_cond_wait_for(self, o, label, x):
        def pred():
            v = self.vars.get(o["var"], 0) >= o["ge"]
            self.log(f'{o["id"]}:pred', v)
            return v
        return await x.wait_for(pred)

    async def op_bar_wait(self, o, label, x):
        return await x.wait()

    async def op_bar_reset(self, o, label, x):
        return await x.reset()

    async def op_bar_abort(self, o, label, x):
        return await x.abort()

    async def op_put(self, o, label, x):
        return await x.put(o["v"])

    async def op_get(self, o, label, x):
        return await x.get()

    async def op_join(self, o, label, x):
        return await x.join()

    def _prep_args(self, o):
        return (self.args(o["args"]),)

    prep_gather = prep_wait = prep_as_completed = _prep_args

    async def op_gather(self, o, label, args):
        return await asyncio.gather(*args, return_exceptions=o["rexc"])

    async def op_wait(self, o, label, args):
        done, pending = await asyncio.wait(
            args, timeout=o["timeout"], return_when=o["when"])
        names = list(dict.fromkeys(self.name_of(a) for a in args))
        done = {self.name_of(f) for f in done}
        pending = {self.name_of(f) for f in pending}
        return {"done": [n for n in names if n in done],
                "pending": [n for n in names if n in pending]}

    def _prep_arg(self, o):
        return (self.arg(o["arg"]),)

    prep_wait_for = prep_shield = _prep_arg

    async def op_wait_for(self, o, label, x):
        return await asyncio.wait_for(x, o["timeout"])

    async def op_shield(self, o, label, x):
        return await asyncio.shield(x)

    async def op_as_completed(self, o, label, args):
        item = f'{o["id"]}:item'
        it = asyncio.as_completed(args, timeout=o["timeout"])
        if o["mode"] == "async":
            async for f in it:
                self.log(item, ["ok", self.name_of(f)])
            return None
        for c in it:
            try:
                v = await c
            except Exception as e:
                self.log(item, ["err", *exc_detail(e)])
            else:
                self.log(item, ["ok", self.enc(v)])
        return None

    async def _timeout(self, o, cm):
        self.cms[o["cm"]] = cm
        async with cm:
            r = await self.seq(o["body"])
        return r if r is not None else cm.expired()

    async def op_timeout(self, o, label):
        return await self._timeout(o, asyncio.timeout(o["d"]))

    async def op_timeout_at(self, o, label):
        return await self._timeout(o, asyncio.timeout_at(o["t"]))

    async def op_taskgroup(self, o, label):
        async with asyncio.TaskGroup() as tg:
            self.tgs[o["tg"]] = tg
            return await self.seq(o["body"])

    # -- the whole program ------------------------------------------------------------

    def make_object(self, d):
        kind = d["kind"]
        if kind == "future":
            self.register(d["name"], self.loop.create_future())
            return
        if kind == "condition":
            x = asyncio.Condition(self.obj[d["lock"]]) if "lock" in d else asyncio.Condition()
        elif kind in ("semaphore", "bounded_semaphore"):
            cls = asyncio.Semaphore if kind == "semaphore" else asyncio.BoundedSemaphore
            x = cls(d["value"])
        elif kind == "barrier":
            x = asyncio.Barrier(d["parties"])
        elif kind in ("queue", "lifo_queue", "priority_queue"):
            cls = {"queue": asyncio.Queue, "lifo_queue": asyncio.LifoQueue,
                   "priority_queue": asyncio.PriorityQueue}[kind]
            x = cls(d["maxsize"])
        else:
            x = {"event": asyncio.Event, "lock": asyncio.Lock}[kind]()
        self.obj[d["name"]] = x

    async def main(self):
        for d in self.prog["objects"]:
            self.make_object(d)
        return await self.body("main", self.prog["main"])

    def on_exception(self, loop, context):
        msg = context.get("message", "")
        if "never retrieved" in msg or "was destroyed" in msg:
            return              # emitted by destructors: not part of the semantics
        kind = ("callback" if msg.startswith("Exception in callback") else
                "taskgroup" if "parent task" in msg else
                "shutdown" if "shutdown" in msg else "other")
        self.log("loop:exception", [kind, exc_detail(context["exception"])])

    def drive(self, fut):
        try:
            self.loop.run_until_complete(fut)
        except vloop.Deadlock:
            self.log("loop:deadlock", None)
        except vloop.PassLimit:
            raise
        except BaseException:
            pass                # logged by the body that raised it

    def run(self):
        loop = self.loop = vloop.VirtualClockLoop(
            0.0, clock_resolution=self.prog.get("clock_resolution", 1e-9),
            max_passes=MAX_PASSES, max_time=MAX_TIME)
        loop.set_debug(False)
        loop.set_exception_handler(self.on_exception)
        try:
            self.perturb()
            self.aw["main"] = loop.create_task(self.main(), name="main")
            self.drive(self.aw["main"])
            left = [t for t in loop.tasks_created if not t.done()]
            self.log("loop:shutdown", [t.get_name() for t in left])
            for t in left:
                t.cancel()
            if left:
                self.drive(asyncio.gather(*left, return_exceptions=True))
                for t in left:
                    if t.done() and not t.cancelled() and t.exception() is not None:
                        loop.call_exception_handler({
                            "message": "unhandled exception during shutdown",
                            "exception": t.exception(), "task": t})
            for t in loop.tasks_created:
                self.final(t.get_name(), t)
            for name, f in self.named:
                self.final(name, f)
        finally:
            self.closed = True
            loop.close()
            self.cleanup()
        return self.trace

    def final(self, name, fut):
        unretrieved = fut._log_traceback
        if not fut.done():
            out = ["pending"]
        else:
            try:
                e = fut.exception()
            except asyncio.CancelledError as c:
                out = ["cancelled", exc_detail(c)[1]]
            else:
                if e is None:
                    out = ["ok", self.enc(fut.result())]
                else:
                    out = ["err", *exc_detail(e), bool(unretrieved)]
        if isinstance(fut, (asyncio.Task, asyncio.tasks._PyTask)):
            out.append(fut.cancelling())
        self.log("final:" + name, out)

    def cleanup(self):
        self.loop.tasks_created.clear()
        for d in (self.aw, self.fut_names, self.obj, self.handles, self.cbs,
                  self.cms, self.tgs):
            d.clear()
        self.named.clear()
        self.ballast.clear()


SYNC = frozenset(n[3:] for n in vars(Interp) if n.startswith("do_"))
ASYNC = frozenset(n[3:] for n in vars(Interp) if n.startswith("op_")) | {"return"}


def quiet():
    """Programs may leave stuck coroutines behind; their destructors complain."""
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda *_: None


def run_program(prog, junk=None, passes=False, stats=None):
    if not os.environ.get("ORACLE_RAW_SETS"):
        vloop.install_ordered_sets()
    it = Interp(prog, junk=junk, passes=passes)
    was = gc.isenabled()
    gc.disable()
    try:
        trace = it.run()
    finally:
        if was:
            gc.enable()
    if stats is not None:
        stats(it)
    return trace


def dump_trace(trace):
    return "".join(json.dumps(x, separators=(",", ":"), ensure_ascii=False) + "\n"
                   for x in trace)


def dump_prog(prog):
    return json.dumps(prog, separators=(",", ":")) + "\n"


# =============================================================================
# Generator
# =============================================================================

GRID = [0, 0, 0.5, 0.5, 1, 1, 1, 1.5, 2, 2, 2.5, 3]
DECIMAL = [0, 0.1, 0.1, 0.2, 0.3, 0.1 + 0.2, 0.7, 0.8, 1, 1.1]
MAX_OPS = 75
MAX_SIZE = 12
OPS_PER_TASK = 40           # in programs of a given size

# feature group -> weight of being picked for a program
GROUPS = {
    "timers": 5, "futures": 6, "event": 5, "lock": 5, "semaphore": 5,
    "condition": 5, "barrier": 3.5, "queue": 7, "gather": 6, "wait": 6,
    "wait_for": 5, "timeout": 6, "shield": 4, "as_completed": 4,
    "taskgroup": 6, "cancel": 6,
}

# op -> (group or None for always, weight); "body only" unless in SYNC
WEIGHTS = {
    "sleep": (None, 15), "await": (None, 5), "cancel": (None, 1.6),
    "state": (None, 0.7), "call_soon": (None, 1.5), "call_later": (None, 1.5),
    "call": (None, 2), "try": (None, 3), "raise": (None, 1.1),
    "return": (None, 0.5), "ticks": (None, 1.2), "add_cb": (None, 1.5),
    "spawn": (None, 0.8),

    "call_later@timers": ("timers", 5), "call_at": ("timers", 4),
    "call_soon@timers": ("timers", 2), "cancel_handle": ("timers", 4),
    "ticks@timers": ("timers", 2), "burst": ("timers", 0.5),

    "set_result": ("futures", 4), "set_exception": ("futures", 2.5),
    "await@futures": ("futures", 7), "cancel@futures": ("futures", 2),
    "add_cb@futures": ("futures", 5), "remove_cb": ("futures", 2),
    "result": ("futures", 2), "exception": ("futures", 2),
    "state@futures": ("futures", 1),

    "ev_wait": ("event", 8), "ev_set": ("event", 4), "ev_clear": ("event", 2.5),
    "ev_is_set": ("event", 1),
    "with@lock": ("lock", 8), "acquire@lock": ("lock", 3), "release@lock": ("lock", 3),
    "locked@lock": ("lock", 1),
    "with@semaphore": ("semaphore", 8), "acquire@semaphore": ("semaphore", 4),
    "release@semaphore": ("semaphore", 4), "locked@semaphore": ("semaphore", 1),
    "with@condition": ("condition", 11), "notify": ("condition", 1),
    "notify_all": ("condition", 0.7), "cond_wait": ("condition", 1),
    "set_var": ("condition", 2), "acquire@condition": ("condition", 0.7),
    "release@condition": ("condition", 0.7), "locked@condition": ("condition", 0.5),
    "bar_wait": ("barrier", 9), "bar_reset": ("barrier", 1),
    "bar_abort": ("barrier", 0.6), "bar_info": ("barrier", 1),
    "with@barrier": ("barrier", 2),
    "put": ("queue", 7), "get": ("queue", 8), "put_nowait": ("queue", 4),
    "get_nowait": ("queue", 3), "join": ("queue", 2.5), "task_done": ("queue", 3),
    "q_shutdown": ("queue", 0.9), "q_info": ("queue", 1),

    "gather": ("gather", 7), "gather_start": ("gather", 3),
    "wait": ("wait", 8), "wait_for": ("wait_for", 9),
    "timeout": ("timeout", 9), "timeout_at": ("timeout", 3),
    "reschedule": ("timeout", 2), "cm_info": ("timeout", 1.2),
    "shield": ("shield", 6), "shield_start": ("shield", 3),
    "as_completed": ("as_completed", 8), "taskgroup": ("taskgroup", 8),
    "tg_spawn": ("taskgroup", 1.5),
    "cancel@cancel": ("cancel", 7), "uncancel": ("cancel", 3),
    "cancelling": ("cancel", 2),
}

# ops put into several tasks of a program so that they compete
CONTENTION = {
    "lock": ["with@lock", "with@lock", "acquire@lock"],
    "semaphore": ["with@semaphore", "with@semaphore", "acquire@semaphore"],
    "condition": ["with@condition"],
    "queue": ["get", "get", "put"],
    "event": ["ev_wait"],
    "futures": ["await@futures"],
}

NESTING = ("try", "call", "with", "timeout", "timeout_at", "taskgroup", "gather",
           "gather_start", "wait_for", "shield", "shield_start", "as_completed",
           "spawn", "tg_spawn")


class _Ctx:
    """Where ops are being generated: whose rank, how deep, inside what."""

    __slots__ = ("rank", "depth", "cms", "tgs", "held", "sync")

    def __init__(self, rank, depth=0, cms=(), tgs=(), held=(), sync=False):
        self.rank, self.depth, self.sync = rank, depth, sync
        self.cms, self.tgs, self.held = tuple(cms), tuple(tgs), tuple(held)

    def sub(self, **kw):
        d = {k: getattr(self, k) for k in self.__slots__}
        d["depth"] += 1
        d.update(kw)
        return _Ctx(**d)

    def coro(self):
        """A coroutine run by a task of its own: enclosing blocks are not its."""
        return _Ctx(self.rank, self.depth + 1, self.cms, self.tgs)


class Gen:
    def __init__(self, seed, size=None):
        self.seed = seed
        self.size = size        # None for the programs of ordinary size
        self.rng = random.Random(seed if size is None else f"{seed}/{size}")
        self.max_ops = MAX_OPS
        self.max_tasks = 7 if size is None else max(7, size)
        self.n = 0              # op ids
        self.ops = 0
        self.objects = []
        self.by_kind = {}       # group -> [object names]
        self.obj_kind = {}
        self.rank = {}          # awaitable name -> rank; X may await Y only if
        #                         rank(Y) > rank(X): no cycles, so that cancel()
        #                         cannot recurse for ever
        self.tasks = []
        self.handles = []
        self.cbs = []
        self.cm_names = []
        self.tg_names = []
        self.counters = {}
        self.requires = "3.11"
        self.in_main = False
        self.self_awaited = False

    # -- helpers -----------------------------------------------------------------

    def upto(self, lo, hi, large):
        """A count; `large` takes the place of `hi` in programs of the full size."""
        if self.size is not None:
            hi = max(hi, large * self.size // MAX_SIZE)
        return self.rng.randint(lo, hi)

    def allow(self):
        """The budget of operations of one task's body."""
        if self.size is not None:
            self.max_ops = self.ops + OPS_PER_TASK

    def fresh(self, prefix):
        k = self.counters.get(prefix, 0) + 1
        self.counters[prefix] = k
        return f"{prefix}{k}"

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, xs):
        return xs[self.rng.randrange(len(xs))]

    def weighted(self, pairs):
        total = sum(w for _, w in pairs)
        x = self.rng.random() * total
        for item, w in pairs:
            x -= w
            if x < 0:
                return item
        return pairs[-1][0]

    def d(self):
        return self.pick(self.grid)

    def value(self):
        r = self.rng.randrange(4)
        return (self.rng.randrange(10) if r < 2 else
                f"v{self.rng.randrange(10)}" if r == 2 else None)

    def op(self, kind, **kw):
        self.n += 1
        self.ops += 1
        o = {"id": self.n, "op": kind}
        o.update(kw)
        return o

    def catch(self, o, p_exc=0.55, p_all=0.07):
        x = self.rng.random()
        if self.size is not None:
            x *= 0.6            # long bodies had better not end early
        if self.in_main and x > 0.3:
            x *= 0.5        # main had better live long
        if x < p_all:
            o["catch"] = "all"
        elif x < p_all + p_exc:
            o["catch"] = "exc"
        return o

    def ob(self, group):
        return self.pick(self.by_kind[group])

    # -- names ---------------------------------------------------------------------

    def awaitable(self, ctx):
        """Something ctx may wait for, or None."""
        c = [n for n, r in self.rank.items() if r > ctx.rank]
        if not c:
            return None
        early = [n for n in c if n[0] == "T" or self.rank[n] == math.inf]
        return self.pick(early if early and self.chance(0.6) else c)

    def any_task(self):
        early = [n for n in self.tasks if n[0] == "T"]
        if not self.tasks:
            return None
        return self.pick(early if early and self.chance(0.6) else self.tasks)

    def arg(self, ctx):
        """An argument of gather & co: a reference or an inline coroutine."""
        if self.chance(0.5) or self.ops > self.max_ops or ctx.depth >= 3:
            n = self.awaitable(ctx)
            if n is not None:
                return {"ref": n}
        return {"coro": self.fresh("c"),
                "body": self.block(ctx.coro(), 1, 3)}

    def arg_rank(self, ctx, args):
        return min([self.rank[a["ref"]] if "ref" in a else ctx.rank + 0.5
                    for a in args], default=math.inf)

    def refs(self, ctx, lo, hi):
        out = []
        for _ in range(self.rng.randint(lo, hi)):
            n = self.awaitable(ctx)
            if n is not None:
                out.append({"ref": n})
        return out

    # -- bodies ----------------------------------------------------------------------

    def block(self, ctx, lo, hi):
        n = self.rng.randint(lo, hi)
        out = []
        while len(out) < n:
            if self.ops >= self.max_ops and out:
                break
            out.append(self.one(ctx))
        return out

    def do_list(self, ctx):
        """Ops for a callback: synchronous ones only."""
        if self.chance(0.45) or self.ops > self.max_ops:
            return []
        c = ctx.sub(sync=True)
        return [self.one(c) for _ in range(self.rng.randint(1, 2))]

    def one(self, ctx):
        for _ in range(60):
            key = self.weighted(self.weights)
            kind = key.partition("@")[0]
            if ctx.sync and (kind not in SYNC or kind in ("burst", "gather_start",
                                                          "shield_start")):
                continue
            if kind in NESTING and (ctx.depth >= 3 or self.ops > self.max_ops - 10):
                continue
            o = getattr(self, "g_" + kind)(ctx, key)
            if o is not None:
                return o
        if ctx.sync:
            return self.op("ticks", n=1)
        return self.op("sleep", d=self.d())

    # clock

    def g_sleep(self, ctx, key):
        o = self.op("sleep", d=self.d())
        if self.chance(0.15):
            o["v"] = self.value()
        if self.chance(0.06):
            o["catch"] = "all"
        return o

    def _handle(self, o, ctx):
        o["h"] = self.fresh("h")
        o["do"] = self.do_list(ctx)
        self.handles.append(o["h"])
        return o

    def g_call_soon(self, ctx, key):
        return self._handle(self.op("call_soon"), ctx)

    def g_call_later(self, ctx, key):
        d = self.d() if self.chance(0.93) else -0.5
        return self._handle(self.op("call_later", d=d), ctx)

    def g_call_at(self, ctx, key):
        return self._handle(self.op("call_at", t=self.d() + self.d()), ctx)

    def g_cancel_handle(self, ctx, key):
        return self.op("cancel_handle", h=self.pick(self.handles)) if self.handles else None

    def g_ticks(self, ctx, key):
        return self.op("ticks", n=self.rng.randint(2, 6))

    def g_burst(self, ctx, key):
        if ctx.rank > 0 and self.chance(0.5):
            return None
        mod = self.pick([2, 3, 4])
        return self.op("burst", n=self.rng.randint(101, 120),
                       ds=[self.d() for _ in range(self.rng.randint(1, 3))],
                       mod=mod, keep=[self.rng.randrange(mod)])

    # tasks, futures

    def g_spawn(self, ctx, key):
        if len(self.tasks) >= self.max_tasks or self.ops > self.max_ops - 12:
            return None
        name = self.fresh("S")
        self.top_rank += 1
        r = self.top_rank
        o = self.op("spawn", name=name, body=None)
        o["body"] = self.block(_Ctx(r, ctx.depth + 1), 2, 5)
        self.tasks.append(name)
        self.rank[name] = r
        return o

    def g_await(self, ctx, key):
        if key == "await@futures":
            c = self.by_kind["futures"]
            n = self.pick(c)
        elif ctx.rank == 0 and not self.self_awaited and self.chance(0.1):
            # Only main or an inline coroutine, and once: nobody else awaits
            # them.  A rejected self-await leaves the C task marked as being
            # awaited, and the next `await` of it fails (pure Python differs).
            n = "self"
            self.self_awaited = True
        else:
            n = self.awaitable(ctx)
        return self.catch(self.op("await", what=n)) if n else None

    def _cancel_target(self, ctx, key):
        if key == "cancel@futures":
            return self.ob("futures")
        x = self.rng.random()
        if x < 0.1:
            return "self"
        if x < 0.115:
            return "main"
        if x < 0.9:
            return self.any_task()
        c = list(self.rank)
        return self.pick(c) if c else None

    def g_cancel(self, ctx, key):
        n = self._cancel_target(ctx, key)
        if n is None:
            return None
        o = self.op("cancel", what=n)
        if self.chance(0.5):
            o["msg"] = f"m{self.rng.randrange(10)}"
        return o

    def g_uncancel(self, ctx, key):
        n = "self" if self.chance(0.7) else self.any_task()
        return self.op("uncancel", what=n) if n else None

    def g_cancelling(self, ctx, key):
        n = "self" if self.chance(0.6) else self.any_task()
        return self.op("cancelling", what=n) if n else None

    def _peekable(self, key):
        if "futures" in self.by_kind and self.chance(0.5):
            return self.ob("futures")
        c = list(self.rank)
        return self.pick(c) if c else None

    def g_state(self, ctx, key):
        n = self._peekable(key)
        return self.op("state", what=n) if n else None

    def g_result(self, ctx, key):
        n = self._peekable(key)
        return self.catch(self.op("result", what=n), 0.8) if n else None

    def g_exception(self, ctx, key):
        n = self._peekable(key)
        return self.catch(self.op("exception", what=n), 0.8) if n else None

    def _exc(self, o):
        x = self.rng.random()
        if x < 0.08:
            o["cls"] = "Cancelled"
            o["e"] = None if self.chance(0.5) else f"m{self.rng.randrange(10)}"
        elif x < 0.16:
            o["cls"] = "Timeout"
        else:
            o["e"] = f"x{self.rng.randrange(100)}"
        return o

    def g_set_result(self, ctx, key):
        n = self.ob("futures")
        if self.chance(0.04) and self.tasks:
            n = self.any_task()
        return self.catch(self.op("set_result", what=n, v=self.value()), 0.8)

    def g_set_exception(self, ctx, key):
        return self.catch(self._exc(self.op("set_exception", what=self.ob("futures"))), 0.8)

    def g_add_cb(self, ctx, key):
        if key == "add_cb@futures" and self.chance(0.7):
            n = self.ob("futures")
        else:
            c = list(self.rank)
            n = self.pick(c) if c else None
        if n is None:
            return None
        o = self.op("add_cb", what=n)
        if self.cbs and self.chance(0.25):
            o["cb"] = self.pick(self.cbs)
            return o
        o["cb"] = self.fresh("cb")
        if self.chance(0.4):
            o["peek"] = True
        o["do"] = self.do_list(ctx)
        self.cbs.append(o["cb"])
        return o

    def g_remove_cb(self, ctx, key):
        if not self.cbs:
            return None
        return self.op("remove_cb", what=self.ob("futures"), cb=self.pick(self.cbs))

    # control

    def g_call(self, ctx, key):
        o = self.catch(self.op("call", name=None, body=None))
        o["name"] = self.fresh("c")
        o["body"] = self.block(ctx.sub(), 1, 4)
        return o

    def g_try(self, ctx, key):
        o = self.op("try")
        o["body"] = self.block(ctx.sub(), 1, 3)
        x = self.rng.random()
        if x < 0.8:
            o["on"] = self.weighted([("Cancelled", 5), ("Exception", 2), ("App", 1),
                                     ("Timeout", 1), ("Base", 1)])
            o["handler"] = self.block(ctx.sub(), 0, 2) if self.chance(0.7) else []
            if self.chance(0.5):
                o["reraise"] = True
        if x > 0.5:
            o["finally"] = self.final_block(ctx.sub())
        return o

    def final_block(self, ctx):
        ops = self.block(ctx, 1, 2)
        return [o for o in ops if not _has(o, "return")] or [self.op("sleep", d=self.d())]

    def g_raise(self, ctx, key):
        if (self.in_main and not ctx.sync) or (self.chance(0.35) and not ctx.sync):
            return None
        return self.catch(self._exc(self.op("raise")), 0.1, 0.02)

    def g_return(self, ctx, key):
        if ctx.depth == 0 and (self.in_main or self.chance(0.6)):
            return None
        return self.op("return", v=self.value())

    # primitives

    def g_ev_wait(self, ctx, key):
        return self.catch(self.op("ev_wait", obj=self.ob("event")), 0.1)

    def g_ev_set(self, ctx, key):
        return self.op("ev_set", obj=self.ob("event"))

    def g_ev_clear(self, ctx, key):
        return self.op("ev_clear", obj=self.ob("event"))

    def g_ev_is_set(self, ctx, key):
        return self.op("ev_is_set", obj=self.ob("event"))

    def _lockish(self, key):
        return self.ob(key.partition("@")[2])

    def g_acquire(self, ctx, key):
        return self.catch(self.op("acquire", obj=self._lockish(key)), 0.1)

    def g_release(self, ctx, key):
        return self.catch(self.op("release", obj=self._lockish(key)), 0.85, 0)

    def g_locked(self, ctx, key):
        return self.op("locked", obj=self._lockish(key))

    def g_with(self, ctx, key):
        name = self._lockish(key)
        if name in ctx.held and self.chance(0.9):
            return None
        o = self.catch(self.op("with", obj=name, body=None), 0.3, 0.04)
        c = ctx.sub(held=ctx.held + (name,))
        if key == "with@barrier":
            o["body"] = self.block(c, 1, 2)
            return o
        if key == "with@condition":
            body = []
            x = self.rng.random()
            if x < 0.4:
                body.append(self.catch(self.op("cond_wait", obj=name), 0.1))
            elif x < 0.6:
                body.append(self.catch(self.op(
                    "cond_wait_for", obj=name, var="x", ge=self.rng.randint(1, 3)), 0.1))
            elif x < 0.95:
                if self.chance(0.6):
                    body.append(self.op("set_var", var="x", v=self.rng.randint(0, 4)))
                for _ in range(self.pick([1, 1, 2])):
                    if self.chance(0.6):
                        body.append(self.op("notify", obj=name, n=self.rng.randint(1, 2)))
                    else:
                        body.append(self.op("notify_all", obj=name))
            if self.chance(0.5):
                body += self.block(c, 1, 2)
            o["body"] = body or self.block(c, 1, 2)
            return o
        body = []
        if self.chance(0.75):
            body.append(self.op("sleep", d=self.d()))
        body += self.block(c, 0 if body else 1, 2)
        o["body"] = body
        return o

    def g_notify(self, ctx, key):
        return self.catch(self.op("notify", obj=self.ob("condition"),
                                  n=self.rng.randint(1, 2)), 0.85, 0)

    def g_notify_all(self, ctx, key):
        return self.catch(self.op("notify_all", obj=self.ob("condition")), 0.85, 0)

    def g_cond_wait(self, ctx, key):
        return self.catch(self.op("cond_wait", obj=self.ob("condition")), 0.8)

    def g_set_var(self, ctx, key):
        return self.op("set_var", var="x", v=self.rng.randint(0, 4))

    def g_bar_wait(self, ctx, key):
        return self.catch(self.op("bar_wait", obj=self.ob("barrier")), 0.6)

    def g_bar_reset(self, ctx, key):
        return self.catch(self.op("bar_reset", obj=self.ob("barrier")), 0.6)

    def g_bar_abort(self, ctx, key):
        return self.catch(self.op("bar_abort", obj=self.ob("barrier")), 0.6)

    def g_bar_info(self, ctx, key):
        return self.op("bar_info", obj=self.ob("barrier"))

    def _item(self, name):
        if self.obj_kind[name] == "priority_queue":
            return [self.rng.randrange(3), self.fresh("p")]
        return self.fresh("i")

    def g_put(self, ctx, key):
        q = self.ob("queue")
        return self.catch(self.op("put", obj=q, v=self._item(q)))

    def g_get(self, ctx, key):
        return self.catch(self.op("get", obj=self.ob("queue")))

    def g_put_nowait(self, ctx, key):
        q = self.ob("queue")
        return self.catch(self.op("put_nowait", obj=q, v=self._item(q)), 0.85, 0)

    def g_get_nowait(self, ctx, key):
        return self.catch(self.op("get_nowait", obj=self.ob("queue")), 0.85, 0)

    def g_join(self, ctx, key):
        return self.op("join", obj=self.ob("queue"))

    def g_task_done(self, ctx, key):
        return self.catch(self.op("task_done", obj=self.ob("queue")), 0.9, 0)

    def g_q_shutdown(self, ctx, key):
        self.requires = "3.13"
        return self.op("q_shutdown", obj=self.ob("queue"), immediate=self.chance(0.4))

    def g_q_info(self, ctx, key):
        return self.op("q_info", obj=self.ob("queue"))

    # combinators

    def _args(self, ctx, lo, hi):
        if self.chance(0.02):
            return []
        return [self.arg(ctx) for _ in range(self.rng.randint(lo, hi))]

    def g_gather(self, ctx, key):
        o = self.catch(self.op("gather", args=None, rexc=self.chance(0.45)))
        o["args"] = self._args(ctx, 1, 3)
        return o

    def g_gather_start(self, ctx, key):
        o = self.op("gather_start", **{"as": None}, args=None, rexc=self.chance(0.45))
        o["args"] = self._args(ctx, 1, 3)
        o["as"] = self.fresh("g")
        self.rank[o["as"]] = self.arg_rank(ctx, o["args"])
        return o

    def g_wait(self, ctx, key):
        args = self.refs(ctx, 1, 4)
        if not args and self.chance(0.95):
            return None
        return self.catch(self.op(
            "wait", args=args,
            when=self.pick(["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"]),
            timeout=None if self.chance(0.55) else self.d()))

    def g_wait_for(self, ctx, key):
        o = self.catch(self.op("wait_for", arg=None, timeout=None))
        o["arg"] = self.arg(ctx)
        o["timeout"] = None if self.chance(0.07) else self.d()
        return o

    def g_timeout(self, ctx, key):
        o = self.catch(self.op("timeout", cm=self.fresh("t"), d=None, body=None))
        o["d"] = None if self.chance(0.06) else self.d()
        self.cm_names.append(o["cm"])
        o["body"] = self.block(ctx.sub(cms=ctx.cms + (o["cm"],)), 1, 3)
        return o

    def g_timeout_at(self, ctx, key):
        o = self.g_timeout(ctx, key)
        o["op"] = "timeout_at"
        o["t"] = None if o.pop("d") is None else self.d() + self.d()
        return o

    def g_reschedule(self, ctx, key):
        c = ctx.cms if ctx.cms and self.chance(0.8) else self.cm_names
        if not c:
            return None
        o = self.op("reschedule", cm=self.pick(c))
        x = self.rng.random()
        if x < 0.7:
            o["d"] = self.d()
        elif x < 0.8:
            o["d"] = None
        else:
            o["t"] = self.d()
        return self.catch(o, 0.85, 0)

    def g_cm_info(self, ctx, key):
        return self.op("cm_info", cm=self.pick(self.cm_names)) if self.cm_names else None

    def g_shield(self, ctx, key):
        o = self.catch(self.op("shield", arg=None))
        o["arg"] = self.arg(ctx)
        return o

    def g_shield_start(self, ctx, key):
        o = self.op("shield_start", **{"as": None}, arg=None)
        o["arg"] = self.arg(ctx)
        o["as"] = self.fresh("s")
        self.rank[o["as"]] = self.arg_rank(ctx, [o["arg"]])
        return o

    def g_as_completed(self, ctx, key):
        o = self.catch(self.op("as_completed", args=None, timeout=None, mode="plain"))
        o["args"] = self._args(ctx, 1, 4)
        o["timeout"] = None if self.chance(0.55) else self.d()
        if self.chance(0.4):
            o["mode"] = "async"
            self.requires = "3.13"
        return o

    def g_taskgroup(self, ctx, key):
        o = self.catch(self.op("taskgroup", tg=self.fresh("tg"), body=None), 0.5, 0.06)
        self.tg_names.append(o["tg"])
        c = ctx.sub(tgs=ctx.tgs + (o["tg"],))
        body = []
        for _ in range(self.rng.randint(1, 3)):
            body.append(self._tg_child(c, o["tg"]))
        if self.chance(0.6):
            body += self.block(c, 1, 2)
        if self.chance(0.15):       # outlive the group's cancellation, then spawn
            body.append(self.op("sleep", d=self.d(), catch="all"))
            body.append(self.catch(self._tg_child(c, o["tg"]), 0.7, 0))
        o["body"] = body
        return o

    def _tg_child(self, ctx, tg):
        o = self.op("tg_spawn", tg=tg, name=self.fresh("G"), body=None)
        self.top_rank += 1
        r = self.top_rank
        o["body"] = self.block(_Ctx(r, ctx.depth + 1, tgs=ctx.tgs), 1, 3)
        if self.chance(0.3):
            o["body"].append(self._exc(self.op("raise")))
        self.tasks.append(o["name"])
        self.rank[o["name"]] = r
        return o

    def g_tg_spawn(self, ctx, key):
        c = ctx.tgs or self.tg_names
        if not c or len(self.tasks) > self.max_tasks + 2:
            return None
        return self.catch(self._tg_child(ctx, self.pick(c)), 0.7, 0)

    # -- objects ---------------------------------------------------------------------

    def declare(self, group):
        r = self.rng
        names = self.by_kind[group] = []

        def add(prefix, kind, **kw):
            name = self.fresh(prefix)
            self.objects.append({"name": name, "kind": kind, **kw})
            self.obj_kind[name] = kind
            names.append(name)
            return name

        if group == "futures":
            for _ in range(r.randint(1, 3)):
                self.rank[add("f", "future")] = math.inf
        elif group == "event":
            for _ in range(r.randint(1, 2)):
                add("e", "event")
        elif group == "lock":
            add("l", "lock")
        elif group == "semaphore":
            add("m", self.pick(["semaphore", "bounded_semaphore"]),
                value=self.pick([0, 1, 1, 1, 2, 2, 3]))
        elif group == "condition":
            if "lock" in self.by_kind and self.chance(0.4):
                add("k", "condition", lock=self.by_kind["lock"][0])
            else:
                add("k", "condition")
        elif group == "barrier":
            add("b", "barrier", parties=self.pick([1, 2, 2, 2, 3, 3]))
        elif group == "queue":
            for _ in range(r.randint(1, 2)):
                add("q", self.pick(["queue", "queue", "lifo_queue", "priority_queue"]),
                    maxsize=self.pick([0, 0, 1, 1, 2]))

    # -- whole program ------------------------------------------------------------------

    def duel(self):
        """Several tasks wait on one object; timers wake and cancel them in
        the same pass, in every order."""
        r = self.rng
        kind = self.pick(["lock", "semaphore", "bounded_semaphore", "condition", "event",
                          "future", "barrier", "getters", "getters", "putters", "putters",
                          "join"])
        names = [self.fresh("T") for _ in range(self.upto(2, 5, MAX_SIZE))]
        self.tasks += names
        for i, n in enumerate(names):
            self.rank[n] = i + 1
        self.top_rank = len(names)
        x = "x1"
        decl = {"name": x, "kind": kind}
        if kind in ("getters", "putters", "join"):
            decl["kind"] = self.pick(["queue", "queue", "lifo_queue", "priority_queue"])
            decl["maxsize"] = self.pick([0, 1, 2]) if kind != "putters" else self.pick([1, 1, 2])
        elif "semaphore" in kind:
            decl["value"] = self.pick([0, 1, 1, 2])
        elif kind == "barrier":
            decl["parties"] = self.pick([2, 3])
        self.objects = [decl]
        self.obj_kind[x] = decl["kind"]

        def wait():
            if kind in ("lock", "semaphore", "bounded_semaphore"):
                if self.chance(0.5):
                    return self.op("with", obj=x, body=[self.op("sleep", d=self.d())])
                return self.op("acquire", obj=x)
            if kind == "condition":
                body = []
                if self.chance(0.3):
                    body.append(self.op("sleep", d=self.d()))
                body.append(self.catch(
                    self.op("cond_wait", obj=x) if self.chance(0.7) else
                    self.op("cond_wait_for", obj=x, var="x", ge=self.rng.randint(1, 2)),
                    0.1, 0.3))
                if self.chance(0.3):
                    body.append(self.op("sleep", d=self.d()))
                return self.op("with", obj=x, body=body)
            if kind == "event":
                return self.op("ev_wait", obj=x)
            if kind == "future":
                return self.op("await", what=x)
            if kind == "barrier":
                return self.op("bar_wait", obj=x)
            if kind == "getters":
                return self.op("get", obj=x)
            if kind == "putters":
                return self.op("put", obj=x, v=self._item(x))
            return self.op("join", obj=x)

        def wake():
            if kind in ("lock", "semaphore", "bounded_semaphore"):
                return self.op("release", obj=x, catch="exc")
            if kind == "condition":
                if self.chance(0.25):
                    return self.op("set_var", var="x", v=self.rng.randint(0, 3))
                if self.chance(0.3):
                    return self.op("notify_all", obj=x, catch="exc")
                return self.op("notify", obj=x, n=self.rng.randint(1, 2), catch="exc")
            if kind == "event":
                return self.op(self.pick(["ev_set", "ev_set", "ev_clear"]), obj=x)
            if kind == "future":
                return (self.op("set_result", what=x, v=self.value(), catch="exc")
                        if self.chance(0.6) else
                        self._exc(self.op("set_exception", what=x, catch="exc")))
            if kind == "barrier":
                return self.op("bar_info", obj=x)
            c = self.rng.random()
            if c < 0.05:
                self.requires = "3.13"
                return self.op("q_shutdown", obj=x, immediate=self.chance(0.4))
            if kind == "join" and c < 0.6:
                return self.op("task_done", obj=x, catch="exc")
            if (kind == "getters" and c < 0.9) or (kind == "putters" and c < 0.2) or \
                    (kind == "join" and c < 0.75):
                return self.op("put_nowait", obj=x, v=self._item(x), catch="exc")
            return self.op("get_nowait", obj=x, catch="exc")

        def cancel():
            o = self.op("cancel", what=self.pick(names))
            if self.chance(0.4):
                o["msg"] = f"m{self.rng.randrange(10)}"
            return o

        if kind == "future":
            self.rank[x] = math.inf
        main = []
        for n in names:
            body = []
            if self.chance(0.5):
                body.append(self.op("sleep", d=self.d()))
            for _ in range(self.upto(1, 3, 12)):
                body.append(self.catch(wait(), 0.1, 0.4))
                if self.chance(0.4):
                    body.append(self.op("sleep", d=self.d()))
                if kind in ("lock", "semaphore", "bounded_semaphore") and self.chance(0.4):
                    body.append(wake())
                if kind == "barrier" and self.chance(0.08):
                    body.append(self.op(self.pick(["bar_reset", "bar_reset", "bar_abort"]), obj=x))
            main.append(self.op("spawn", name=n, body=body))
        if kind in ("putters", "join"):
            for _ in range(max(1, decl["maxsize"])):
                main.append(self.op("put_nowait", obj=x, v=self._item(x), catch="exc"))
        for _ in range(self.upto(2, 6, 40)):
            do = []
            for _ in range(r.randint(1, 4)):
                do.append(wake() if self.chance(0.6) else cancel())
            if kind == "condition" and self.chance(0.7):
                n = self.fresh("S")
                main.append(self.op("spawn", name=n, body=[
                    self.op("sleep", d=self.d()), self.op("with", obj=x, body=do)]))
            else:
                main.append(self.op("call_later", d=self.d() + self.pick([0, 0, 1]),
                                    h=self.fresh("h"), do=do))
        if self.chance(0.2):
            main.append(self.op("ticks", n=r.randint(3, 8)))
        main.append(self.op("sleep", d=self.d() + 4) if self.chance(0.6) else
                    self.op("wait", args=[{"ref": n} for n in names], when="ALL_COMPLETED",
                            timeout=self.pick([None, 4, 6]), catch="exc"))
        return {"dsl": DSL_VERSION, "seed": self.seed, "requires": self.requires,
                "clock_resolution": 1e-9, "objects": self.objects, "main": main}

    def generate(self):
        r = self.rng
        self.grid = DECIMAL if self.chance(0.2) else GRID
        if self.chance(0.2):
            return self.duel()
        chosen = set()
        pairs = list(GROUPS.items())
        for _ in range(self.upto(1, 4, 10)):
            chosen.add(self.weighted(pairs))
        # a fixed order keeps generation independent of hash seeds
        chosen = [g for g in GROUPS if g in chosen]
        for g in chosen:
            self.declare(g)
        self.weights = [(k, w) for k, (g, w) in WEIGHTS.items()
                        if g is None or g in chosen]

        n = r.randint(2, 6) if self.size is None else r.randint(min(2, self.size), self.size)
        names = [self.fresh("T") for _ in range(n)]
        parent = {}
        for i, name in enumerate(names):
            self.tasks.append(name)
            self.rank[name] = i + 1
            parent[name] = "main" if i == 0 or self.chance(0.8) else names[r.randrange(i)]
        self.top_rank = n
        per = max(3, min(12, MAX_OPS // (n + 1))) if self.size is None else OPS_PER_TASK
        bodies = {}
        order = names[:]
        r.shuffle(order)
        for name in order:
            self.allow()
            bodies[name] = self.block(_Ctx(self.rank[name]), 3, per)
        self.in_main = True
        self.allow()
        main = self.block(_Ctx(0), 1, max(2, per - 3))
        self.in_main = False
        for _ in range(1 if self.size is None else self.upto(1, 1, 5)):
            self.help_along(chosen, names, bodies, main)
        for name in reversed(names):
            host = main if parent[name] == "main" else bodies[parent[name]]
            at = 0 if self.chance(0.75) else r.randrange(len(host) + 1)
            host.insert(at, self.op("spawn", name=name, body=bodies[name]))
        main += self.tail(names)
        prog = {"dsl": DSL_VERSION, "seed": self.seed, "requires": self.requires,
                "clock_resolution": 1e-9, "objects": self.objects, "main": main}
        return prog

    def help_along(self, chosen, names, bodies, main):
        """Make it likely that what is waited for happens."""
        r = self.rng

        def inject(o):
            if self.chance(0.5):
                h = self.op("call_later", d=self.d(), h=self.fresh("h"), do=[o])
                self.handles.append(h["h"])
                main.insert(0, h)
            else:
                host = bodies[self.pick(names)]
                host.insert(r.randrange(len(host) + 1), o)

        for f in self.by_kind.get("futures", ()):
            if self.chance(0.92):
                x = self.rng.random()
                if x < 0.6:
                    o = self.op("set_result", what=f, v=self.value(), catch="exc")
                elif x < 0.85:
                    o = self._exc(self.op("set_exception", what=f, catch="exc"))
                else:
                    o = self.op("cancel", what=f)
                inject(o)
        for e in self.by_kind.get("event", ()):
            if self.chance(0.92):
                inject(self.op("ev_set", obj=e))
        for q in self.by_kind.get("queue", ()):
            for _ in range(r.randint(0, 3)):
                inject(self.op("put_nowait", obj=q, v=self._item(q), catch="exc"))
        for m in self.by_kind.get("semaphore", ()):
            if self.chance(0.6):
                inject(self.op("release", obj=m, catch="exc"))
        for b in self.by_kind.get("barrier", ()):
            for name in r.sample(names, min(len(names), 3)):
                host = bodies[name]
                host.insert(r.randrange(len(host) + 1),
                            self.catch(self.op("bar_wait", obj=b), 0.6))
        for k in self.by_kind.get("condition", ()):
            if self.chance(0.8):
                inject_body = [self.op("set_var", var="x", v=3),
                               self.op("notify_all", obj=k)]
                host = bodies[self.pick(names)]
                host.insert(r.randrange(len(host) // 2, len(host) + 1),
                            self.op("with", obj=k, body=inject_body))
        for g, kinds in CONTENTION.items():
            if g in self.by_kind and self.chance(0.75):
                for name in r.sample(names, min(len(names), r.randint(2, 4))):
                    key = self.pick(kinds)
                    o = getattr(self, "g_" + key.partition("@")[0])(
                        _Ctx(self.rank[name], 2), key)
                    if o is not None:
                        host = bodies[name]
                        host.insert(r.randrange(min(len(host), 3) + 1), o)
        if "queue" in chosen:
            q = self.ob("queue")
            if self.chance(0.2):
                self.requires = "3.13"
                for name in r.sample(names, min(len(names), 2)):
                    bodies[name].insert(r.randrange(3), self.g_put(_Ctx(0), "put"))
                h = self.op("call_later", d=self.d(), h=self.fresh("h"), do=[
                    self.op("q_shutdown", obj=q, immediate=self.chance(0.3))])
                main.insert(0, h)
        if "wait" in chosen and len(names) > 2:
            a, b, c = r.sample(names, 3)
            o = self.catch(self.op("wait", args=[{"ref": a}, {"ref": b}, {"ref": c}][:r.randint(2, 3)],
                                   when=self.pick(["FIRST_EXCEPTION", "FIRST_EXCEPTION",
                                                   "FIRST_COMPLETED", "ALL_COMPLETED"]),
                                   timeout=None if self.chance(0.7) else self.d() + 2))
            main.append(o)
            if self.chance(0.5):
                main.insert(0, self.op("call_later", d=self.d(), h=self.fresh("h"),
                                       do=[self.op("cancel", what=a)]))
        for _ in range(r.randint(0, 3)):
            o = self.race(names, bodies)
            if o is not None:
                main.insert(0, o)
        if "cancel" in chosen:
            for _ in range(r.randint(1, 2)):
                inject(self.g_cancel(_Ctx(0), "cancel@cancel")
                       or self.op("ticks", n=2))
        for _ in range(r.randint(0, 1)):
            host = bodies[self.pick(names)]
            o = self.g_cancelling(_Ctx(0), "") if "cancel" in chosen else None
            if o:
                host.append(o)

    def race(self, names, bodies):
        """A timer that wakes a waiter and cancels a task in the same breath."""
        wake = []
        for g in ("futures", "event", "lock", "semaphore", "queue", "queue"):
            if g not in self.by_kind:
                continue
            n = self.ob(g)
            if g == "futures":
                wake.append(("set_result", dict(what=n, v=self.value(), catch="exc")))
            elif g == "event":
                wake.append(("ev_set", dict(obj=n)))
            elif g in ("lock", "semaphore"):
                wake.append(("release", dict(obj=n, catch="exc")))
            elif self.chance(0.6):
                wake.append(("put_nowait", dict(obj=n, v=self._item(n), catch="exc")))
            else:
                wake.append(("get_nowait", dict(obj=n, catch="exc")))
        if not wake:
            return None
        do = []
        for _ in range(self.rng.randint(1, 2)):
            kind, kw = self.pick(wake)
            do.append(self.op(kind, **kw))
        waiters = [n for n in names if any(
            w[1].get("obj") is not None and _uses(bodies[n], w[1]["obj"]) for w in wake)]
        o = self.op("cancel", what=self.pick(waiters or names))
        if self.chance(0.5):
            o["msg"] = f"m{self.rng.randrange(10)}"
        do.insert(self.rng.randrange(len(do) + 1), o)
        if self.chance(0.25):
            do.append(self.op("cancel", what=self.pick(names)))
        h = self.op("call_later", d=self.d(), h=self.fresh("h"), do=do)
        self.handles.append(h["h"])
        return h

    def tail(self, names):
        """What main does last."""
        x = self.rng.random()
        everyone = [{"ref": n} for n in names]
        late = self.d() + self.upto(4, 6, 40) if self.size else self.d() + self.pick([4, 5, 6])
        if x < 0.25:
            g = self.catch(self.op("gather", args=everyone, rexc=self.chance(0.8)))
            cm = self.fresh("t")
            return [self.op("timeout", cm=cm, d=late, body=[g], catch="exc")]
        if x < 0.4:
            return [self.catch(self.op("gather", args=everyone, rexc=self.chance(0.7)))]
        if x < 0.55:
            return [self.catch(self.op("await", what=n), 0.6, 0.35) for n in names]
        if x < 0.75:
            return [self.catch(self.op(
                "wait", args=everyone, when="ALL_COMPLETED",
                timeout=None if self.chance(0.2) else late))]
        if x < 0.95:
            return [self.op("sleep", d=late)]
        return []


def _has(o, kind):
    if isinstance(o, dict):
        return o.get("op") == kind or any(_has(v, kind) for v in o.values())
    if isinstance(o, list):
        return any(_has(v, kind) for v in o)
    return False


def _uses(o, obj):
    if isinstance(o, dict):
        return o.get("obj") == obj or any(_uses(v, obj) for v in o.values())
    if isinstance(o, list):
        return any(_uses(v, obj) for v in o)
    return False


def generate(seed, size=None):
    return Gen(seed, size).generate()


# =============================================================================
# Command line
# =============================================================================


def cmd_gen(a):
    sys.stdout.write(dump_prog(generate(a.seed, a.size)))


def cmd_run(a):
    with open(a.file, encoding="utf-8") as f:
        prog = json.load(f)
    sys.stdout.write(dump_trace(run_program(prog, junk=a.junk, passes=a.passes)))


def cmd_batch(a):
    os.makedirs(a.out, exist_ok=True)
    for seed in range(a.from_, a.to):
        prog = generate(seed, a.size)
        base = os.path.join(a.out, f"{seed:06d}")
        with open(base + ".json", "w", encoding="utf-8") as f:
            f.write(dump_prog(prog))
        # run what was written: the trace belongs to the JSON text
        trace = run_program(json.loads(dump_prog(prog)), passes=a.passes)
        with open(base + ".trace", "w", encoding="utf-8") as f:
            f.write(dump_trace(trace))
        if seed % 50 == 0:
            gc.collect()


def cmd_digest(a):
    for seed in range(a.from_, a.to):
        junk = None if a.junk is None else a.junk * 1000003 + seed
        trace = run_program(generate(seed, a.size), junk=junk)
        print(seed, hashlib.sha256(dump_trace(trace).encode()).hexdigest())
        if seed % 50 == 0:
            gc.collect()


def cmd_stats(a):
    from collections import Counter
    ops = Counter()
    lines, deadlocks, times, tasks = [], 0, [], []
    ends = Counter()
    for seed in range(a.from_, a.to):
        prog = generate(seed, a.size)

        def grab(it):
            ops.update(it.executed)
        tr = run_program(prog, stats=grab)
        lines.append(len(tr))
        times.append(tr[-1][0])
        deadlocks += any(x[2] == "loop:deadlock" for x in tr)
        tasks.append(sum(x[2].startswith("body:") and x[3] == "begin" for x in tr))
        cut = next(x[3] for x in tr if x[2] == "loop:shutdown")
        for x in tr:
            if x[2].startswith("final:") and isinstance(x[3][-1], int) and x[2][6] in "TSG":
                ends["left at shutdown" if x[2][6:] in cut else x[3][0]] += 1
        if seed % 50 == 0:
            gc.collect()
    n = len(lines)
    print(f"{n} programs; trace lines: min {min(lines)} mean {sum(lines)/n:.0f} "
          f"max {max(lines)}; deadlocked {deadlocks} ({100*deadlocks/n:.0f}%); "
          f"virtual time max {max(times)}; bodies run mean {sum(tasks)/n:.1f}")
    print("fate of tasks:", dict(ends))
    kinds = sorted({k for k, _ in ops})
    for k in sorted(SYNC | ASYNC):
        row = {o: c for (kk, o), c in sorted(ops.items()) if kk == k}
        print(f"{k:14} {sum(row.values()):7}  " +
              "  ".join(f"{o}:{c}" for o, c in sorted(row.items(), key=lambda x: -x[1])))
    missing = (SYNC | ASYNC) - set(kinds)
    print("never executed:", sorted(missing) or "none")


def cmd_serve(a):
    """Answer one JSON request a line, for a process that keeps this one running:

    {"from":A,"to":B,"size":K|null}  B - A lines, {"program":TEXT,"trace":TEXT} each
    {"program":PROGRAM}              one line, the same

    A program that runs away, or that is none, gives {"program":TEXT,"error":TEXT}.
    """
    def answer(text):
        out = {"program": text}
        try:
            out["trace"] = dump_trace(run_program(json.loads(text)))
        except Exception as e:
            out["error"] = f"{type(e).__name__}: {e}"
        sys.stdout.write(json.dumps(out, separators=(",", ":")) + "\n")

    served = 0
    for line in sys.stdin:
        request = json.loads(line)
        if "program" in request:
            texts = [dump_prog(request["program"])]
        else:
            texts = (dump_prog(generate(seed, request["size"]))
                     for seed in range(request["from"], request["to"]))
        for text in texts:
            answer(text)
            served += 1
            if served % 50 == 0:
                gc.collect()
        sys.stdout.flush()


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest="cmd", required=True)
    g = sub.add_parser("gen")
    g.add_argument("--seed", type=int, required=True)
    sized = [g]
    g.set_defaults(fn=cmd_gen)
    g = sub.add_parser("run")
    g.add_argument("file")
    g.add_argument("--passes", action="store_true", help="append the loop pass number")
    g.add_argument("--junk", type=int, help="scramble memory addresses with this seed")
    g.set_defaults(fn=cmd_run)
    g = sub.add_parser("batch")
    g.add_argument("--from", dest="from_", type=int, required=True)
    g.add_argument("--to", type=int, required=True, help="exclusive")
    g.add_argument("--out", required=True)
    g.add_argument("--passes", action="store_true")
    g.set_defaults(fn=cmd_batch)
    sized.append(g)
    g = sub.add_parser("stats")
    g.add_argument("--from", dest="from_", type=int, default=0)
    g.add_argument("--to", type=int, default=500)
    g.set_defaults(fn=cmd_stats)
    sized.append(g)
    g = sub.add_parser("digest")
    g.add_argument("--from", dest="from_", type=int, default=0)
    g.add_argument("--to", type=int, default=500)
    g.add_argument("--junk", type=int)
    g.set_defaults(fn=cmd_digest)
    sized.append(g)
    g = sub.add_parser("serve")
    g.set_defaults(fn=cmd_serve)
    for g in sized:
        g.add_argument("--size", type=int, choices=range(1, MAX_SIZE + 1), metavar="K",
                       help="up to K tasks of up to 40 operations each")
    a = p.parse_args()
    quiet()
    a.fn(a)


if __name__ == "__main__":
    main()
