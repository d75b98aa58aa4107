"""Runs programs of properties/simpy/resource-program.ts, a line of JSON each on standard input, on SimPy, and prints each one's log as a line of JSON.

It works with SimPy 3.0.11 (Debian's python3-simpy3) and 4.
"""

import heapq
import json
import sys

import simpy
from simpy.resources.base import Get
from simpy.resources.resource import Preempted


def create(env, spec):
    kind, capacity = spec["kind"], spec["capacity"]
    if kind == "container":
        return simpy.Container(env, capacity, spec["init"])
    return {
        "resource": simpy.Resource,
        "priority": simpy.PriorityResource,
        "preemptive": simpy.PreemptiveResource,
        "store": simpy.Store,
        "filter": simpy.FilterStore,
        "prioritystore": simpy.PriorityStore,
    }[kind](env, capacity)


class Interpreter:
    def __init__(self, spec):
        self.env = simpy.Environment()
        self.spec = spec
        self.log = []
        self.items = 0
        self.stations = [create(self.env, station) for station in spec["stations"]]
        self.processes = []

    def run(self):
        for i, ops in enumerate(self.spec["processes"]):
            self.processes.append(self.env.process(self.process("p%d" % i, ops)))
        self.env.run(until=self.spec["until"])
        return self.log

    def say(self, who, text):
        self.log.append("%.6f %s %s" % (self.env.now, who, text))

    def process(self, who, ops):
        for i, op in enumerate(ops):
            try:
                yield from self.do("%s.%d" % (who, i), op)
                self.say(who, "%d %s done" % (i, op["op"]))
            except simpy.Interrupt as error:
                cause = error.cause
                text = "preempted %.6f" % cause.usage_since if isinstance(cause, Preempted) else "interrupted %s" % cause
                self.say(who, "%d %s %s" % (i, op["op"], text))

    def do(self, who, op):
        yield from getattr(self, "do_" + op["op"])(who, op)

    def do_sleep(self, who, op):
        yield self.env.timeout(op["delay"])

    def request(self, station, priority, preempt=True):
        resource = self.stations[station]
        if isinstance(resource, simpy.PriorityResource):
            return resource.request(priority=priority, preempt=preempt)
        return resource.request()

    def do_use(self, who, op):
        with self.request(op["station"], op["priority"], op["preempt"]) as request:
            yield request
            self.say(who, "has it")
            for i, inner in enumerate(op["body"]):
                yield from self.do("%s.%d" % (who, i), inner)

    def do_tryuse(self, who, op):
        with self.request(op["station"], op["priority"]) as request:
            over = self.env.timeout(op["patience"])
            won = yield request | over
            names = {request: "request", over: "over"}
            self.say(who, "+".join(names[event] for event in [request, over] if event in won))
            if request in won:
                yield self.env.timeout(op["delay"])

    def do_both(self, who, op):
        with self.request(op["first"], 0) as first:
            with self.request(op["second"], 0) as second:
                yield first & second
                self.say(who, "has both")
                yield self.env.timeout(op["delay"])

    def do_put(self, who, op):
        station = self.stations[op["station"]]
        if isinstance(station, simpy.Container):
            event = station.put(op["amount"])
        else:
            event = station.put(op["amount"] * 1000 + self.items)
            self.items += 1
        yield from self.wait(event)

    def get(self, op):
        station = self.stations[op["station"]]
        if isinstance(station, simpy.Container):
            return station.get(op["amount"])
        if isinstance(station, simpy.FilterStore):
            return station.get(lambda item: item // 1000 == op["amount"])
        return station.get()

    def result(self, event):
        return event.amount if isinstance(event.resource, simpy.Container) else event.value

    def do_get(self, who, op):
        event = self.get(op)
        yield from self.wait(event)
        self.say(who, "got %d" % self.result(event))

    def do_tryget(self, who, op):
        event = self.get(op)
        over = self.env.timeout(op["patience"])
        try:
            won = yield event | over
        except simpy.Interrupt:
            self.withdraw(event)
            raise
        if event in won:
            self.say(who, "got %d" % self.result(event))
        else:
            self.say(who, "gave up")
            self.withdraw(event)

    def wait(self, event):
        try:
            yield event
        except simpy.Interrupt:
            self.withdraw(event)
            raise

    def withdraw(self, event):
        """What a model has to do by hand: withdraw, and let those behind move up; what a get took in this instant goes back."""
        resource = event.resource
        if not event.triggered:
            event.cancel()
            resource._trigger_put(None)
            resource._trigger_get(None)
        elif event.callbacks is not None and isinstance(event, Get):
            event.callbacks.clear()
            if isinstance(resource, simpy.Container):
                resource._level += event.amount
            elif isinstance(resource, simpy.PriorityStore):
                heapq.heappush(resource.items, event.value)
            else:
                resource.items.insert(0, event.value)
            resource._trigger_get(None)

    def do_spawn(self, who, op):
        child = self.env.process(self.process(who + "c", op["body"]))
        if op["wait"]:
            yield child

    def do_interrupt(self, who, op):
        process = self.processes[op["process"]]
        if process.is_alive and process is not self.env.active_process:
            process.interrupt(who)
        return
        yield


for line in sys.stdin:
    interpreter = Interpreter(json.loads(line))
    try:
        log = interpreter.run()
    except RuntimeError as error:
        log = interpreter.log + ["failed: %s" % ("self" if "interrupt itself" in str(error) else error)]
    print(json.dumps(log), flush=True)
