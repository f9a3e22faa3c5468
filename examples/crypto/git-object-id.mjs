// The id that git gives a file's content, without git: the hash of a header and the content.
//   node examples/crypto/git-object-id.mjs FILE...
import { stat } from "node:fs/promises";
import { createHasher } from "nearfar/crypto";

/** `algorithm` is "sha1", or "sha256" in repositories of that object format. */
async function gitBlobId(path, algorithm = "sha1") {
  const { size } = await stat(path);
  const hasher = createHasher(algorithm).update(`blob ${size}\0`);
  await hasher.updateFromFile(path);
  return hasher.digest();
}

for (const path of process.argv.slice(2)) {
  console.log(await gitBlobId(path), await gitBlobId(path, "sha256"), path);
}
