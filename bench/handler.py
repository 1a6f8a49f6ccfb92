"""A function that answers each call at once, and notes when it began: handler.py HEADER

Listens on port 8080 until its standard input ends; then it prints a line for each call: what that header said
(0: there was none), and when the head of the request had been read, in nanoseconds since 1970. For each line that it
reads before, it prints how many different values of the header there have been.
"""

import asyncio
import re
import sys
import time

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)
LAST_CHUNK = b"\r\n0\r\n\r\n"  # the body is none in which this occurs
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Call(asyncio.Protocol):
    """A connection: one call after the other."""

    def __init__(self, noted, calls):
        """`noted`: the header, as a pattern."""
        self.noted, self.calls, self.read, self.head, self.transport = noted, calls, b"", None, None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        now = time.time_ns()
        self.read += data
        while True:
            if self.head is None:
                head, end, self.read = self.read.partition(b"\r\n\r\n")
                if not end:
                    self.read = head
                    return
                self.head = head + b"\r\n"
                found = self.noted.search(self.head)
                self.calls.append((found.group(1).decode() if found else "0", now))
            length = end_of_body(self.head, self.read)
            if length is None:
                return
            self.read, self.head = self.read[length:], None
            if not self.transport.is_closing():
                self.transport.write(ANSWER)


def end_of_body(head, read):
    """How much of what was read belongs to the body; None: not all of it is there."""
    if CHUNKED.search(head):
        # The line break before the last chunk may be that of the head, if there is no other.
        end = (b"\r\n" + read).find(LAST_CHUNK)
        return None if end < 0 else end + len(LAST_CHUNK) - 2
    found = LENGTH.search(head)
    length = int(found.group(1)) if found else 0
    return length if len(read) >= length else None


def header(name):
    """A pattern for its value, which has no spaces."""
    return re.compile(rb"\r\n" + re.escape(name.encode()) + rb": *([^\s]+)\r\n", re.IGNORECASE)


async def serve(noted, calls):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Call(noted, calls), "0.0.0.0", 8080)
    print("ready", flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(len({value for value, _ in calls}), flush=True)
    server.close()


if __name__ == "__main__":
    every = []
    asyncio.run(serve(header(sys.argv[1]), every))
    print("\n".join(f"{value} {began}" for value, began in every))
