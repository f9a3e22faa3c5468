#!/usr/bin/env python3
"""A client of nearfar-helper in Python's standard library: native calls in another process.

    python3 examples/helper-client.py "$(npx nearfar helper --where)"
"""

import itertools
import json
import subprocess
import sys


class HelperError(Exception):
    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code = error["code"]


class Helper:
    """Requests one after the other. Callbacks are Python functions by their cb_id."""

    def __init__(self, path, *options):
        self.process = subprocess.Popen(
            [path, "--server", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.ids = itertools.count(1)
        self.callbacks = {}
        self.request("handshake", version="1.0")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def request(self, cmd, **parameters):
        number = next(self.ids)
        self.send({"cmd": cmd, "id": number, **parameters})
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise ConnectionError(f"the helper has ended: {self.process.wait()}")
            message = json.loads(line)
            if message.get("cmd") == "invoke_callback":
                self.answer(message)
            elif not message["ok"]:
                raise HelperError(message["error"])
            else:
                assert message["id"] == number
                return message

    def answer(self, invocation):
        try:
            result = self.callbacks[invocation["cb"]](*invocation["args"])
            self.send({"ok": True, "result": result, "id": invocation["id"]})
        except Exception as error:
            failure = {"code": "ERR_CALL_FAILED", "message": str(error)}
            self.send({"ok": False, "error": failure, "id": invocation["id"]})

    def callback(self, function, ret_type, arg_types):
        cb_id = self.request("callback", ret_type=ret_type, arg_types=arg_types)["cb_id"]
        self.callbacks[cb_id] = function
        return {"__cb__": cb_id}

    def load(self, path):
        return Library(self, self.request("load", path=path)["handle"])


class Library:
    def __init__(self, helper, handle):
        self.helper = helper
        self.handle = handle

    def function(self, name, ret_type, arg_types, **options):
        sym_id = self.helper.request(
            "sym", handle=self.handle, name=name, ret_type=ret_type, arg_types=arg_types, **options
        )["sym_id"]
        return lambda *args: self.helper.request("call", sym_id=sym_id, args=args)["result"]


def main():
    with Helper(sys.argv[1]) as helper:
        math = helper.load("libm.so.6")
        hypot = math.function("hypot", "double", ["double", "double"])
        print("hypot", hypot(3, 4))

        c = helper.load("libc.so.6")
        strlen = c.function("strlen", "size_t", ["string"])
        print("strlen", strlen("grüße"))
        largest = c.function("llabs", "int64", ["int64"])(-(2**63) + 1)
        print("largest", int(largest))

        numbers = helper.request("alloc", size=12)["mem_id"]
        helper.request("mem_write", mem_id=numbers, offset=0, data="AwAAAAEAAAACAAAA")
        pointers = ["pointer", "pointer"]

        def compare(a, b):
            memcmp = c.function("memcmp", "int", [*pointers, "size_t"])
            at = [{"__mem__": numbers, "offset": address - base} for address in (a, b)]
            return memcmp(*at, 4)

        base = c.function("memmove", "pointer", [*pointers, "size_t"])(
            {"__mem__": numbers}, {"__mem__": numbers}, 0
        )
        order = helper.callback(compare, "int", pointers)
        sort = c.function("qsort", "void", ["pointer", "size_t", "size_t", "function"])
        sort({"__mem__": numbers}, 3, 4, order)
        print("sorted", helper.request("mem_read", mem_id=numbers, offset=0, length=12)["data"])

        try:
            c.function("no_such_function", "int", [])
        except HelperError as error:
            print("refused", error.code)


if __name__ == "__main__":
    main()
