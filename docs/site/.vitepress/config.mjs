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

/** The only HTML of the pages, in tables of the reference. */
const TABLE_HTML = /^<(?:a id="[^"]*"|\/a|br ?\/?)>$/;

/** Shows as text what else looks like a tag: Vue would take it for a component. */
function escapeHtml(markdown) {
  const { rules } = markdown.renderer;
  const render = (tokens, index) => {
    const { content } = tokens[index];
    return TABLE_HTML.test(content) ? content : markdown.utils.escapeHtml(content);
  };
  rules.html_inline = render;
  rules.html_block = render;
}

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
  // The search index of all pages is one file, loaded when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 4096 } },
  head: [
    ["meta", { "http-equiv": "Content-Security-Policy", content: POLICY }],
    ["link", { rel: "icon", href: "data:," }], // none
  ],
  lastUpdated: false,
  markdown: { linkify: false, anchor: { slugify }, config: escapeHtml },
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
