// The peers that signatures are measured beside, with the same keys. One that is not installed, or
// does not load here, is left out, and said to be.
const [sodium, ed25519, nist, secp256k1] = await Promise.all([
  load("sodium-native"),
  load("@noble/curves/ed25519.js"),
  load("@noble/curves/nist.js"),
  load("@noble/curves/secp256k1.js"),
]);

async function load(name) {
  try {
    const module = await import(name);
    return module.default ?? module;
  } catch (error) {
    console.error(`${name} is left out: ${error.message.split("\n")[0]}`);
    return undefined;
  }
}

/** What @noble/curves calls a curve. */
function nobleCurve(algorithm) {
  switch (algorithm) {
    case "ed25519":
      return ed25519?.ed25519;
    case "p256":
    case "p384":
    case "p521":
      return nist?.[algorithm];
    case "secp256k1":
      return secp256k1?.secp256k1;
    default:
      return undefined;
  }
}

/** Who else signs and verifies with such keys. */
export function signaturePeers(algorithm, privateKey, publicKey, message) {
  const peers = [];
  const curve = nobleCurve(algorithm);
  if (curve !== undefined) {
    const [secret, point] = [privateKey, publicKey].map((key) => key.export({ format: "raw" }));
    const options = { lowS: false };
    const signature = curve.sign(message, secret, options);
    peers.push({
      name: "@noble/curves",
      sign: () => curve.sign(message, secret, options).length,
      verify: () => Number(curve.verify(signature, message, point, options)),
    });
  }
  if (algorithm === "ed25519" && sodium !== undefined) {
    const point = publicKey.export({ format: "raw" });
    const secret = Buffer.concat([privateKey.export({ format: "raw" }), point]);
    const signature = Buffer.alloc(64);
    sodium.crypto_sign_detached(signature, message, secret);
    const out = Buffer.alloc(64);
    peers.push({
      name: "sodium-native",
      sign: () => {
        sodium.crypto_sign_detached(out, message, secret);
        return out.length;
      },
      verify: () => Number(sodium.crypto_sign_verify_detached(signature, message, point)),
    });
  }
  return peers;
}
