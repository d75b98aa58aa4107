"""Find out which sockets at a port hear what is sent to a multicast group, on the loopback of this machine.

    python3.13 multicast.py > multicast.txt

Each line: the address that the socket is bound to, the group that it joined or `-`, and 1 if it heard.
"""

import socket
import struct
import time

GROUP, OTHER, PORT = "239.0.0.1", "239.0.0.2", 40123


def open_socket(address, group):
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((address, PORT))
    if group is not None:
        member = struct.pack("4s4s", socket.inet_aton(group), socket.inet_aton("127.0.0.1"))
        opened.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    opened.setblocking(False)
    return opened


def run(title, *sockets):
    opened = [open_socket(*each) for each in sockets]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sender.sendto(b"x", (GROUP, PORT))
    time.sleep(0.05)
    print(title)
    for (address, group), each in zip(sockets, opened):
        try:
            each.recv(10)
            heard = 1
        except BlockingIOError:
            heard = 0
        print(address, group or "-", heard)
        each.close()


run(
    "with a member",
    *[(address, group) for address in ("0.0.0.0", "127.0.0.1", GROUP) for group in (GROUP, OTHER, None)],
)
run("without a member", *[(address, group) for address in ("0.0.0.0", GROUP) for group in (OTHER, None)])
