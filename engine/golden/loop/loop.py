"""What CPython's event loop does on a virtual clock, as logs that the tests of this directory compare with, by the test's title.

    python3.13 engine/golden/loop/loop.py > engine/golden/loop/loop.jsonl
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from record import program, write_logs  # noqa: E402


@program("EventLoop: a pass runs what is ready at its start; what that schedules waits for the next pass")
def nested_calls(w):
    def first():
        w.say("first")
        w.loop.call_soon(third)

    def second():
        w.say("second")
        w.loop.call_soon(w.later("fourth"))

    def third():
        w.say("third")
        w.loop.call_soon(w.later("fifth"))

    w.loop.call_soon(first)
    w.loop.call_soon(second)
    w.run_forever()


@program("EventLoop: timers that are due run behind everything that is ready already")
def due_behind_ready(w):
    def start():
        w.say("start")
        w.loop.call_later(-1, w.later("timer, a second late"))
        w.loop.call_later(0, w.later("timer"))
        w.loop.call_soon(w.later("soon"))

    w.loop.call_soon(start)
    w.run_forever()


@program("EventLoop: timers less than a nanosecond apart fire in one pass, at the earlier time")
def nanosecond(w):
    for when in (0.1 + 0.2, 0.3, 1, 1 + 0.9e-9, 2, 2 + 1.1e-9):
        w.loop.call_at(when, lambda when=when: (w.say(f"due at {when!r}"), w.loop.call_soon(w.later("next pass"))))
    w.run_forever()


@program("EventLoop: at huge times a timer still fires, and the unit in the last place takes the nanosecond's part")
def huge(w):
    for base in (2.0**23, 2.0**24, 2.0**40, 2.0**53):
        unit = 2.0 ** -52 * base
        for units in (2, 1, 0):
            when = base + units * unit
            w.loop.call_at(when, lambda units=units: (w.say(f"{units} units"), w.loop.call_soon(w.later("next pass"))))
    w.run_forever()


@program("EventLoop: a handle cancelled in its own pass does not run")
def cancel_in_pass(w):
    handles = []

    def cancel():
        w.say("cancel")
        handles[0].cancel()
        handles[1].cancel()

    w.loop.call_soon(cancel)
    handles.append(w.loop.call_soon(w.later("withdrawn")))
    handles.append(w.loop.call_later(0, w.later("withdrawn timer")))
    w.loop.call_soon(w.later("kept"))
    w.run_forever()


@program("EventLoop: a cancelled timer holds nothing up, not even the clock")
def cancelled_timer(w):
    w.loop.call_later(5, w.later("withdrawn")).cancel()
    w.loop.call_later(7, w.later("kept"))
    late = w.loop.call_later(9, w.later("withdrawn late"))
    w.loop.call_later(8, late.cancel)
    w.run_forever()
    w.say("end")


@program("EventLoop: an exception in a callback goes to the handler, and the pass goes on")
def exception(w):
    def fail():
        w.say("fail")
        raise ValueError("no")

    w.loop.set_exception_handler(lambda loop, context: w.say(f"handler: {context['exception']}"))
    w.loop.call_soon(fail)
    w.loop.call_soon(w.later("next"))
    w.run_forever()


@program("EventLoop: stop ends the run after the present pass; what is left runs in the next run")
def stop(w):
    def stopper():
        w.say("stop")
        w.loop.stop()
        w.loop.call_soon(w.later("next pass"))

    w.loop.call_soon(stopper)
    w.loop.call_soon(w.later("same pass"))
    w.loop.call_later(0, w.later("timer"))
    w.run_forever()
    w.say("between")
    w.run_forever()


@program("EventLoop: stop before a run lets it make one pass")
def stop_before(w):
    w.loop.call_soon(lambda: (w.say("first"), w.loop.call_soon(w.later("second"))))
    w.loop.call_later(1, w.later("timer"))
    w.loop.stop()
    w.run_forever()
    w.say("stopped")
    w.loop.stop()
    w.run_forever()
    w.say("stopped")
    w.run_forever()


@program("EventLoop: the clock stands still while anything is ready")
def busy(w):
    def spin(turns):
        w.say(f"{turns} turns to go")
        if turns:
            w.loop.call_soon(spin, turns - 1)

    w.loop.call_later(0.001, w.later("timer"))
    spin(3)
    w.run_forever()


write_logs()
