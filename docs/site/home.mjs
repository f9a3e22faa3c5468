// The first page: what it is, how to install it, and the README's first program.

const HERO = {
  name: "nearfar",
  text: "Near, aside or far: one word decides",
  tagline:
    "Services defined once, each method called in this process or over HTTP; and any C library, here " +
    "or in a helper process that a crash ends instead of yours.",
  actions: [
    { theme: "brand", text: "Get started", link: "/getting-started" },
    { theme: "alt", text: "Choosing an interface", link: "/choosing" },
    { theme: "alt", text: "API reference", link: "/api/" },
  ],
};

const PARTS = `
- [Any C library](/ffi.md): prototypes as the header has them; every value is checked, nothing truncated.
- [Hashes and signatures](/crypto.md): by the OpenSSL of this process, in place.
- [Services](/services.md): each method resolves, once, to the best path that exists here.
- [Isolation](/isolation.md): the same calls in a helper process, with limits and a sandbox.
- [Measured](/benchmarks.md): beside koffi, \`node:ffi\`, Bun, Deno and HTTP, by commands to repeat.
- No install script. Where no binary loads, [everything but \`nearfar/ffi\` and \`nearfar/isolate\` works](/troubleshooting.md).
`;

/** VitePress's first page; YAML takes JSON as it is. */
export function homePage(readme) {
  return [
    `---\nlayout: home\nhero: ${JSON.stringify(HERO)}\n---\n`,
    firstBlock(readme, "sh", "npm install"),
    "\nNode 20.19 or later; ESM, `require` of it included. MIT.\n",
    "## The same call, both ways\n",
    firstBlock(readme, "js", ""),
    "\n![Latency of the same calls, near and far](/bench-result.svg)\n",
    "## What is in it",
    PARTS,
  ].join("\n");
}

/** The README's first block of code in a language that begins with some text. */
function firstBlock(readme, language, start) {
  const blocks = readme.match(/^```[\s\S]*?^```$/gm) ?? [];
  const block = blocks.find((text) => text.startsWith(`\`\`\`${language}\n${start}`));
  if (block === undefined) throw new Error(`README.md has no ${language} block: ${start}`);
  return block;
}
