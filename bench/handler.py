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
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Call(asyncio.Protocol):
    """A connection: one call after the other."""

    def __init__(self, calls):
        self.calls, self.read, self.awaited, self.transport = calls, b"", None, None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        now = time.time_ns()
        self.read += data
        while True:
            if self.awaited is None:
                head, end, rest = self.read.partition(b"\r\n\r\n")
                if not end:
                    return
                self.calls.append((number(PUBLISHED, head + b"\r\n"), now))
                self.awaited, self.read = number(LENGTH, head + b"\r\n"), rest
            if len(self.read) < self.awaited:
                return
            self.read, self.awaited = self.read[self.awaited:], None
            self.transport.write(ANSWER)


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
