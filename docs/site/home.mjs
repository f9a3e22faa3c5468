// The first page: what it is, how to install it, and the README's first program.

const HERO = {
  name: "nearfar",
  text: "Near, aside or far: one word decides",
  tagline:
    "Call C libraries from Node in nanoseconds, in a helper process that a crash ends instead of " +
    "yours, or over HTTP. One definition, the same calls.",
  actions: [
    { theme: "brand", text: "Get started", link: "/getting-started" },
    { theme: "alt", text: "Choosing an interface", link: "/choosing" },
    { theme: "alt", text: "API reference", link: "/api/" },
  ],
};

const FEATURES = [
  {
    title: "Any C library",
    details: "Prototypes as the header has them. Every value is checked, nothing is truncated.",
    link: "/ffi",
  },
  {
    title: "Hashes and signatures",
    details: "The OpenSSL of this process, in place; node:crypto where there is no binary.",
    link: "/crypto",
  },
  {
    title: "Services",
    details: "Defined once; each method resolves, once, to the best path that exists here.",
    link: "/services",
  },
  {
    title: "Isolation",
    details: "The same calls in a helper process, with limits and a sandbox.",
    link: "/isolation",
  },
  {
    title: "Measured",
    details: "Beside koffi, node:ffi, Bun, Deno and HTTP, by commands that you can repeat.",
    link: "/benchmarks",
  },
  {
    title: "Never breaks an install",
    details: "No install script; where no binary loads, everything but nearfar/ffi still works.",
    link: "/troubleshooting",
  },
];

/** Vitepress's first page; YAML takes JSON as it is. */
export function homePage(readme) {
  const frontmatter = { layout: "home", hero: HERO, features: FEATURES };
  return [
    "---",
    ...Object.entries(frontmatter).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    "---",
    "",
    "## Install",
    "",
    firstBlock(readme, "sh", "npm install"),
    "",
    "Node 20.19 or later; ESM, `require` of it included. MIT.",
    "",
    "## The same call, both ways",
    "",
    firstBlock(readme, "js", ""),
    "",
    "![Latency of the same calls, near and far](/bench-result.svg)",
    "",
  ].join("\n");
}

/** The README's first block of code in a language that begins with some text. */
function firstBlock(readme, language, start) {
  const blocks = readme.match(/^```[\s\S]*?^```$/gm) ?? [];
  const block = blocks.find((text) => text.startsWith(`\`\`\`${language}\n${start}`));
  if (block === undefined) throw new Error(`README.md has no ${language} block: ${start}`);
  return block;
}
