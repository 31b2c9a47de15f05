"""Somebody at another computer, as the server sees it: an account that signs in and pushes changes, without a window. And what such a computer makes
up by itself: ids of records, numbers of persons that nobody has."""
import json
import time
import urllib.request
import uuid

AT = "2026-11-22T08:00:00.000Z"  # only for people: the server does not order by it


def uuid7():
    """An id as the program makes them: ordered by time."""
    value = (int(time.time() * 1000) << 80) | (uuid.uuid4().int & ((1 << 80) - 1))
    return str(uuid.UUID(int=value & ~(0xf << 76) & ~(0x3 << 62) | (7 << 76) | (2 << 62)))


def id_number(number):
    """An identity number with a right check digit, a different one for each @number under a thousand."""
    digits = f"4104211950{number // 30 % 12 + 1:02}{number % 28 + 1:02}{number % 1000:03}"
    total = sum(int(digit) * (2 ** (17 - i) % 11) for i, digit in enumerate(digits))
    return digits + "10X98765432"[total % 11]


class Account:
    def __init__(self, url, login):
        self.url, self.device, self.token = url, uuid7(), None
        answer = self.ask("/v1/sessions", {"login": login, "password": login, "device": self.device})
        self.token, self.profile = answer["token"], answer["profile"]

    def ask(self, path, body):
        headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + self.token} if self.token else {})}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, json.dumps(body).encode(), headers), timeout=60) as answer:
            return json.load(answer)

    def push(self, changes):
        """changes: (record, fields), the record with id, kind and version; returns the answers."""
        return self._push([(record.kind, record.id, record.version, fields) for record, fields in changes])

    def change(self, kind, record, base, fields):
        """One change that the server must take over, at once; returns the record's version."""
        answer = self._push([(kind, record, base, fields)])[0]
        assert answer["status"] in ("applied", "merged"), answer
        return answer["version"]

    def _push(self, changes):
        ops = [{"op": uuid7(), "kind": kind, "record": record, "base": base, "at": AT, "set": fields} for kind, record, base, fields in changes]
        return self.ask("/v1/changes", {"device": self.device, "ops": ops})["answers"]
