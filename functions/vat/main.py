"""A function in Python: the price of something including Norwegian value-added tax.

POST {"net": 100} is answered with {"net": 100.0, "vat": 25.0, "gross": 125.0}. It keeps to the
contract of docs/functions.md: port 8080, GET /_/ready, SIGTERM. The server is waitress because the
gateway sends bodies in chunks, which Python's own http.server does not read.
"""

import json
import signal
import sys
from decimal import ROUND_HALF_UP, Decimal

RATE = Decimal("0.25")
ORE = Decimal("0.01")
MAX_BODY = 1 << 16


def read(body):
    """The JSON value; ValueError if it is none, or cannot be held: again it would be no different."""
    try:
        return json.loads(body, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=once)
    except (ArithmeticError, RecursionError) as error:  # 1e99999999999999999999; [[[[...
        raise ValueError("the body cannot be read: " + type(error).__name__) from error


def once(pairs):
    """An object; of a key that is there twice, others would read the other value."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key is there twice")
    return members


def price(body):
    """The price for the JSON text; ValueError if it is not usable."""
    order = read(body)
    net = order.get("net") if isinstance(order, dict) else None
    if not isinstance(net, Decimal) or not 0 <= net <= 10**9:
        raise ValueError("net has to be a number from 0 to 1000000000")
    vat = (net * RATE).quantize(ORE, ROUND_HALF_UP)
    return {"net": float(net), "vat": float(vat), "gross": float(net + vat)}


def answer(environ):
    """The status and the content of the answer."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if (method, path) == ("GET", "/_/ready"):
        return "200 OK", {"ready": True}
    if method != "POST":
        return "405 Method Not Allowed", {"error": "POST a price without tax"}
    try:
        return "200 OK", price(environ["wsgi.input"].read())
    except ValueError as error:  # of json, too
        return "400 Bad Request", {"error": str(error)}


def application(environ, start_response):
    """The WSGI application; writes a line per call, with its id and nothing of its content."""
    status, content = answer(environ)
    if environ["PATH_INFO"] != "/_/ready":
        call_id = environ.get("HTTP_X_CALL_ID")
        print(json.dumps({"message": "call", "id": call_id, "status": int(status[:3])}), flush=True)
    body = json.dumps(content).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if status.startswith("405"):
        headers.append(("Allow", "POST"))
    start_response(status, headers)
    return [body]


def main():
    """Serves until SIGTERM, and then until the last call is answered."""
    import waitress

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    waitress.serve(application, port=8080, threads=16, max_request_body_size=MAX_BODY, ident=None)


if __name__ == "__main__":
    main()
