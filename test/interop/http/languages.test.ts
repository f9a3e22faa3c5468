import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMissing, run, type Servers, startServers } from "./peers.js";

/** By their standard libraries: http, https with the authority, an error, a stream. */
const PYTHON = `
import http.client, json, ssl, sys, urllib.error, urllib.request
plain, secure, authority = sys.argv[1:]

def call(base, method, arguments, context=None):
    request = urllib.request.Request(
        base + "/api/Greeter/" + method,
        json.dumps(arguments).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, context=context) as response:
        return json.load(response)

print(call(plain, "greet", ["Python"]))
print(call(secure, "greet", {"name": "TLS"}, ssl.create_default_context(cafile=authority)))
try:
    call(plain, "refuse", [])
except urllib.error.HTTPError as error:
    print(error.code, json.load(error)["code"], error.headers["content-type"])

connection = http.client.HTTPConnection(plain.split("//")[1])
for name in ["kept", "alive"]:
    connection.request("POST", "/api/Greeter/greet", json.dumps([name]), {"content-type": "application/json"})
    print(json.loads(connection.getresponse().read()))
`;

const GO = `package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func call(client *http.Client, url string, body string) (int, string, any) {
	response, err := client.Post(url, "application/json", bytes.NewBufferString(body))
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	var value any
	if err := json.NewDecoder(response.Body).Decode(&value); err != nil {
		panic(err)
	}
	return response.StatusCode, response.Proto, value
}

func main() {
	plain, secure := os.Args[1]+"/api/Greeter/", os.Args[2]+"/api/Greeter/"
	pem, err := os.ReadFile(os.Args[3])
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	fmt.Println(call(http.DefaultClient, plain+"greet", "[\\"Go\\"]"))
	fmt.Println(call(&http.Client{Transport: transport}, secure+"greet", "{\\"name\\": \\"TLS\\"}"))
	status, _, problem := call(http.DefaultClient, plain+"refuse", "[]")
	fmt.Println(status, problem.(map[string]any)["code"])
}
`;

describe("standard HTTP clients of other languages", () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await startServers("languages");
  });
  afterAll(() => servers.close());

  const args = (): string[] => [servers.plain, servers.secure, servers.authority.certFile];

  it.skipIf(isMissing("python3"))("Python's urllib and http.client", async () => {
    expect((await run("python3", ["-c", PYTHON, ...args()])).split("\n")).toEqual([
      "Hello, Python",
      "Hello, TLS",
      "400 FAILED_PRECONDITION application/problem+json",
      "Hello, kept",
      "Hello, alive",
      "",
    ]);
  });

  it.skipIf(isMissing("go", ["version"]))("Go's net/http, by HTTP/1.1 and HTTP/2", async () => {
    const source = join(dirname(servers.socketPath), "main.go");
    writeFileSync(source, GO);
    expect((await run("go", ["run", source, ...args()])).split("\n")).toEqual([
      "200 HTTP/1.1 Hello, Go",
      "200 HTTP/2.0 Hello, TLS",
      "400 FAILED_PRECONDITION",
      "",
    ]);
  });
});
