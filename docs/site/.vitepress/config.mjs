// VitePress over the pages that ../main.mjs has made. Nothing on the site is loaded from elsewhere,
// which the content security policy holds a browser to.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { GROUPS, modulesOf, slugify } from "../pages.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const packageFile = JSON.parse(readFileSync(path("../../../package.json"), "utf8"));

const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'", // the theme's own first lines: dark or light
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
].join("; ");

const guides = Object.entries(GROUPS).map(([text, pages]) => ({
  text,
  items: Object.entries(pages).map(([page, name]) => ({ text: name, link: `/${page}` })),
}));
guides.at(-1).items.push({ text: "nearfar.h", link: "/nearfar.h" });
const reference = {
  text: "API reference",
  items: modulesOf(packageFile).map(({ name, page }) => ({ text: name, link: `/api/${page}` })),
};
const project = {
  text: "Project",
  items: [
    { text: "Examples", link: "/examples/" },
    { text: "Changelog", link: "/changelog" },
    { text: "Contributing", link: "/contributing" },
  ],
};

export default defineConfig({
  title: "nearfar",
  description: packageFile.description,
  lang: "en",
  base: process.env.NEARFAR_SITE_BASE ?? "/",
  srcDir: path("../out/pages"),
  outDir: path("../../../out/site"),
  cacheDir: path("../out/cache"),
  head: [["meta", { "http-equiv": "Content-Security-Policy", content: POLICY }]],
  lastUpdated: false,
  // The pages are ours and have no HTML in them: what looks like a tag is text.
  markdown: { html: false, linkify: false, anchor: { slugify } },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: [...guides, reference, project],
    nav: [
      { text: "Guide", link: "/getting-started" },
      { text: "API", link: "/api/" },
      { text: "Examples", link: "/examples/" },
      { text: packageFile.version, link: "/changelog" },
    ],
  },
});
