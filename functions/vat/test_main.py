import io
import unittest
from contextlib import redirect_stdout

import main


class PriceTest(unittest.TestCase):
    def test_adds_a_quarter(self):
        self.assertEqual(main.price('{"net": 100}'), {"net": 100, "vat": 25, "gross": 125})

    def test_rounds_half_an_ore_up(self):
        self.assertEqual(main.price('{"net": 0.1}')["vat"], 0.03)

    def test_refuses_what_is_no_price(self):
        for body in ["", "{", "[]", "{}", '{"net": "1"}', '{"net": -1}', '{"net": NaN}', '{"net": true}']:
            with self.subTest(body), self.assertRaises(ValueError):
                main.price(body)

    def test_refuses_what_cannot_be_read(self):
        for body, reason in [
            ('{"net": 1e99999999999999999999}', "the body cannot be read: InvalidOperation"),
            ('{"net": 1e-99999999999999999999}', "the body cannot be read: InvalidOperation"),
            ("[" * 60000, "the body cannot be read: RecursionError"),
            ('{"net": 1, "net": 2}', "a key is there twice"),
        ]:
            with self.subTest(body[:40]), self.assertRaises(ValueError) as caught:
                main.price(body)
            self.assertEqual(str(caught.exception), reason)


class ApplicationTest(unittest.TestCase):
    caller = {}

    def call(self, method, path, body=b""):
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "HTTP_X_CALL_ID": "A-1",
            "wsgi.input": io.BytesIO(body),
            **self.caller,
        }
        statuses = []
        self.headers = []
        self.log = io.StringIO()
        with redirect_stdout(self.log):
            chunks = main.application(environ, lambda status, headers: (statuses.append(status), self.headers.extend(headers)))
        return statuses[0], b"".join(chunks)

    def test_is_ready_without_a_word(self):
        self.assertEqual(self.call("GET", "/_/ready"), ("200 OK", b'{"ready": true}'))
        self.assertEqual(self.log.getvalue(), "")

    def test_answers_a_price(self):
        self.assertEqual(
            self.call("POST", "/", b'{"net": 100}'),
            ("200 OK", b'{"net": 100.0, "vat": 25.0, "gross": 125.0}'),
        )
        self.assertEqual(self.log.getvalue(), '{"message": "call", "id": "A-1", "status": 200}\n')

    def test_logs_nothing_of_who_is_calling(self):
        self.caller = {"HTTP_NORDFAAS_CALLER_ISSUER": "api-key", "HTTP_NORDFAAS_CALLER_SUBJECT": "kari"}
        for body in [b'{"net": 100}', b"{}"]:
            with self.subTest(body):
                self.call("POST", "/", body)
                self.assertRegex(self.log.getvalue(), r'^{"message": "call", "id": "A-1", "status": \d+}\n$')

    def test_says_what_is_wrong(self):
        for body in [b"{}", b"\xff", b"[" * 60000, b'{"net": 1e99999999999999999999}']:
            with self.subTest(body[:40]):
                self.assertEqual(self.call("POST", "/", body)[0], "400 Bad Request")

    def test_refuses_other_methods(self):
        self.assertEqual(self.call("GET", "/")[0], "405 Method Not Allowed")
        self.assertIn(("Allow", "POST"), self.headers)


if __name__ == "__main__":
    unittest.main()
