"""Count how many datagrams of a size the receive buffer of a socket of this Linux takes, on the loopback of this machine.

    python3.13 udp_buffer.py > udp_buffer.txt

Each line: the family, the size, the number. Recorded on Linux 6.18 (x86-64, pages of 4 KiB), with the default `net.core.rmem_default` of 212992.
"""

import socket
import time

# The first sizes that need a bigger buffer of the kernel, with the sizes before them.
EDGES = {4: [198, 646, 1670, 3718, 7814], 6: [185, 633, 1657]}
SIZES = [0, 1, 100, 500, 1000, 1400, 8000, 16000, 20000, 40000, 65507]


def count(family, address, size):
    with socket.socket(family, socket.SOCK_DGRAM) as receiver, socket.socket(family, socket.SOCK_DGRAM) as sender:
        receiver.bind((address, 0))
        for _ in range(400):
            sender.sendto(b"x" * size, receiver.getsockname())
        time.sleep(0.05)
        receiver.setblocking(False)
        received = 0
        try:
            while True:
                receiver.recv(70000)
                received += 1
        except BlockingIOError:
            return received


for version, family, address in ((4, socket.AF_INET, "127.0.0.1"), (6, socket.AF_INET6, "::1")):
    for size in sorted([*SIZES, *EDGES[version], *(edge - 1 for edge in EDGES[version])]):
        print(version, size, count(family, address, size))
