"""The REST interface with Python's standard library: python3 examples/rest_python.py [base url]"""

import json
import sys
import urllib.request

base_url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:3000"


def call(method, arguments):
    request = urllib.request.Request(
        f"{base_url}/api/CryptoService/{method}",
        data=json.dumps(arguments).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


print(call("hash_data", ["Hello, World!", "SHA256"]))
