"""Sends packets to the node, each written by hand, and prints which of them its firewall let in.

Standard input has one packet a line: where it comes from, its kind, source, source port, destination,
destination port ("-" where there is none), and whether it comes in. The output is the same, with what
was seen. "vxlan" is such a packet inside one from that node to flannel's port.
"""

import ctypes
import ipaddress
import itertools
import json
import os
import socket
import struct
import subprocess
import sys
import time

NODE_INTERFACES = {
    "outside": "to-outside",
    "peer": "to-peer",
    "pod": "cni0",
    "remote": "flannel-wg",
}
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
SYN, ACK = 2, 16
ports = itertools.count(40000)


def nft(script):
    subprocess.run(["nft", "-f", "-"], input=script.encode(), check=True)


def cables():
    """A raw socket at the other end of each of the node's cables."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    sockets = {}
    for name in NODE_INTERFACES:
        there = os.open("/run/netns/" + name, os.O_RDONLY)
        assert libc.setns(there, 0) == 0
        sockets[name] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        sockets[name].bind(("eth0", 0))
        assert libc.setns(home, 0) == 0
    return sockets



def mac_by_ip(interface):
    """sysfs shows the interfaces of the namespace in which it was mounted."""
    text = subprocess.run(
        ["ip", "-json", "link", "show", interface], capture_output=True, check=True
    )
    return bytes.fromhex(json.loads(text.stdout)[0]["address"].replace(":", ""))


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def is_version6(address):
    return ":" in address


def packed(address):
    return ipaddress.ip_address(address).packed


def with_checksum(protocol, source, target, segment, offset):
    """The segment with its checksum, over the pseudo header, at the offset."""
    pseudo = b""
    if protocol != ICMP:
        pseudo = packed(source) + packed(target)
        if is_version6(source):
            pseudo += struct.pack("!IBBBB", len(segment), 0, 0, 0, protocol)
        else:
            pseudo += struct.pack("!BBH", 0, protocol, len(segment))
    value = checksum(pseudo + segment)
    return segment[:offset] + struct.pack("!H", value) + segment[offset + 2 :]


def ip(protocol, source, target, segment, hops=64):
    if is_version6(source):
        header = struct.pack("!IHBB", 6 << 28, len(segment), protocol, hops)
        return header + packed(source) + packed(target) + segment
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0, hops, protocol, 0)
    header += packed(source) + packed(target)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + segment


def tcp(source, sport, target, dport, flags):
    acknowledged = 1000 if flags & ACK else 0
    segment = struct.pack("!HHIIBBHHH", sport, dport, 1, acknowledged, 5 << 4, flags, 1024, 0, 0)
    return ip(TCP, source, target, with_checksum(TCP, source, target, segment, 16))


def udp(source, sport, target, dport, payload=b"hello"):
    segment = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload
    return ip(UDP, source, target, with_checksum(UDP, source, target, segment, 6))


def icmp(source, target, kind, code, body, hops=64):
    protocol = ICMP6 if is_version6(source) else ICMP
    segment = struct.pack("!BBH", kind, code, 0) + body
    return ip(protocol, source, target, with_checksum(protocol, source, target, segment, 2), hops)


def neighbour(source, target, kind, hops):
    return icmp(source, target, kind, 0, bytes(4) + packed("2001:db8:100::1"), hops)


def packet(kind, source, sport, target, dport):
    six = is_version6(source)
    sport = next(ports) if sport == "-" else int(sport)
    dport = 0 if dport == "-" else int(dport)
    echo = struct.pack("!HH", 7, sport & 0xFFFF)
    # A packet that the target may have sent to the source's port dport, from its own port sport.
    sent = udp(target, sport, source, dport)
    makers = {
        "tcp": lambda: tcp(source, sport, target, dport, SYN),
        "tcp-ack": lambda: tcp(source, sport, target, dport, ACK),
        "tcp-syn-ack": lambda: tcp(source, sport, target, dport, SYN | ACK),
        "udp": lambda: udp(source, sport, target, dport),
        "echo": lambda: icmp(source, target, 128 if six else 8, 0, echo),
        "timestamp": lambda: icmp(source, target, 13, 0, echo + bytes(12)),
        "redirect": lambda: icmp(source, target, 137, 0, bytes(4) + packed(source) + packed(target), 255)
        if six
        else icmp(source, target, 5, 1, packed(source) + sent),
        "unreachable": lambda: icmp(source, target, 1 if six else 3, 4 if six else 3, bytes(4) + sent),
        "router-advertisement": lambda: icmp(source, target, 134, 0, bytes(12), 255),
        "neighbour": lambda: neighbour(source, target, 135, 255),
        "neighbour-from-afar": lambda: neighbour(source, target, 135, 64),
    }
    return makers[kind]()


def frame(target_mac, source, data):
    kind = 0x86DD if is_version6(source) else 0x0800
    return target_mac + bytes.fromhex("020000000001") + struct.pack("!H", kind) + data


def was_seen(source, target):
    family = "ip6" if is_version6(source) else "ip"
    rule = "%s saddr %s %s daddr %s" % (family, source, family, target)
    nft("flush chain inet seen prerouting\nadd rule inet seen prerouting %s counter\n" % rule)


def count():
    time.sleep(0.02)
    text = subprocess.run(
        ["nft", "--json", "list", "chain", "inet", "seen", "prerouting"],
        capture_output=True,
        check=True,
    ).stdout
    for entry in json.loads(text)["nftables"]:
        for part in entry.get("rule", {}).get("expr", []):
            if "counter" in part:
                return part["counter"]["packets"]
    raise AssertionError("there is no counter")


def main():
    cable = cables()
    address = {name: mac_by_ip(interface) for name, interface in NODE_INTERFACES.items()}
    inner_address = mac_by_ip("flannel.1")
    for line in sys.stdin:
        if not line.strip() or line.startswith("#"):
            print(line, end="")
            continue
        fields = line.split()
        outer = None
        if fields[1] == "vxlan":
            outer = fields.pop(2)
            fields.pop(1)
        place, kind, source, sport, target, dport = fields[:6]
        data = frame(
            inner_address if outer else address[place],
            source,
            packet(kind, source, sport, target, dport),
        )
        if outer:
            vxlan = struct.pack("!II", 8 << 24, 1 << 8) + data
            data = frame(address[place], outer, udp(outer, next(ports), "10.20.0.11", 8472, vxlan))
        was_seen(source, target)
        cable[place].send(data)
        result = "open" if count() else "closed"
        print(" ".join(line.split()[:-1]), result)


main()
