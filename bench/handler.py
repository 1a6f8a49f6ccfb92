"""A function for bench/dispatch: answers each call at once, and notes when it began.

Listens on port 8080 until its standard input ends; then it prints a line for each call: what its header
X-Published said, and when the head of the request had been read, both in nanoseconds since 1970.
"""

import asyncio
import re
import sys
import time

PUBLISHED = re.compile(rb"\r\nx-published: *(\d+)\r\n", re.IGNORECASE)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)
LAST_CHUNK = b"\r\n0\r\n\r\n"  # the body is none in which this occurs
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Call(asyncio.Protocol):
    """A connection: one call after the other."""

    def __init__(self, calls):
        self.calls, self.read, self.head, self.transport = calls, b"", None, None

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
                self.calls.append((number(PUBLISHED, self.head), now))
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
    length = number(LENGTH, head)
    return length if len(read) >= length else None


def number(pattern, head):
    found = pattern.search(head)
    return int(found.group(1)) if found else 0


async def serve(calls):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Call(calls), "0.0.0.0", 8080)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    noted = []
    asyncio.run(serve(noted))
    print("\n".join(f"{published} {began}" for published, began in noted))
