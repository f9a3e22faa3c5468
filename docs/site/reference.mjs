// The API reference: what the sources of the package's subpaths export, by TypeDoc, as Markdown.
import { join } from "node:path";
import { Application } from "typedoc";

/** Writes a page for each module (`{ source }`) to `target`, and one that lists them. */
export async function writeReference(root, modules, target) {
  const application = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: modules.map(({ source }) => join(root, source)),
    out: target,
    name: "nearfar",
    tsconfig: join(root, "tsconfig.build.json"),
    readme: "none",
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    disableGit: true,
    githubPages: false,
    // What is not exported has no page; its shape shows where it is used.
    validation: { notExported: false, invalidLink: true },
    skipErrorChecking: true, // by the package's own compiler, in `npm run check:types`
    outputFileStrategy: "modules",
    entryFileName: "index",
    hideBreadcrumbs: true,
    hidePageHeader: true,
    pageTitleTemplates: {
      index: () => "API reference",
      module: ({ name }) => (name === "nearfar" ? name : `nearfar/${name}`),
    },
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeDeclarationFormat: "table",
    logLevel: "Warn",
  });
  const project = await application.convert();
  if (project === undefined) throw new Error("TypeDoc could not read the sources");
  // Modules are called after their files; the first page of the folder is the list of them.
  const main = project.children?.find(({ name }) => name === "index");
  if (main !== undefined) main.name = project.name;
  application.validate(project);
  await application.generateOutputs(project);
  const { logger } = application;
  if (logger.hasErrors() || logger.hasWarnings()) throw new Error("TypeDoc has something to say");
}
