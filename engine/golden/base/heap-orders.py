"""What CPython's heapq makes of random programs of pushes, pops and heapifies, with many equal keys.

    python3.13 engine/golden/base/heap-orders.py > engine/golden/base/heap-orders.jsonl

A program is a list of operations: [key] pushes an item with that key, "pop" takes the smallest, "heapify" puts the items into
the order of their arrival and makes a heap of them. An item is its number in order of pushing; only keys are compared.
"""

import heapq
import json
import random


class Entry:
    def __init__(self, key, item):
        self.key = key
        self.item = item

    def __lt__(self, other):
        return self.key < other.key


def run(operations):
    heap, popped, count = [], [], 0
    for operation in operations:
        if operation == "pop":
            popped.append(heapq.heappop(heap).item)
        elif operation == "heapify":
            heap.sort(key=lambda entry: entry.item)
            heapq.heapify(heap)
        else:
            heapq.heappush(heap, Entry(operation, count))
            count += 1
    return {"operations": operations, "popped": popped, "left": [entry.item for entry in heap]}


def program(draw, length, keys):
    operations, size = [], 0
    for _ in range(length):
        choice = draw.random()
        if size and choice < 0.4:
            operations.append("pop")
            size -= 1
        elif choice > 0.97:
            operations.append("heapify")
        else:
            operations.append(draw.randrange(keys))
            size += 1
    return operations


draw = random.Random(1)
equal = [[0] * n + ["pop"] * n for n in range(1, 17)]
mixed = [program(draw, length, keys) for length in (10, 40, 150) for keys in (1, 2, 3, 10, 1000) for _ in range(6)]
for operations in equal + mixed:
    print(json.dumps(run(operations), separators=(",", ":")))
