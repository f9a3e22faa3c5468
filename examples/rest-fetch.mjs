// The REST interface with nothing of nearfar on the caller's side.
//   nearfar serve --port 3000 &   then   node examples/rest-fetch.mjs http://127.0.0.1:3000
const [baseUrl = "http://127.0.0.1:3000"] = process.argv.slice(2);

async function call(method, args) {
  const response = await fetch(`${baseUrl}/api/CryptoService/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(args),
  });
  const value = await response.json();
  if (!response.ok) throw new Error(`${value.code}: ${value.detail}`);
  return value;
}

// An array is positional, an object goes by parameter name.
console.log(await call("hash_data", ["Hello, World!", "SHA256"]));
console.log(await call("hash_data", { data: "Hello, World!", algorithm: "SHA256" }));
try {
  await call("hash_data", ["Hello, World!", "SHA257"]);
} catch (error) {
  console.log(error.message.split(":")[0]);
}
