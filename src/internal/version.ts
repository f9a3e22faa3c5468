/** The version of this package: that of package.json, which `npm run release` keeps in step. */
export const packageVersion = "0.1.0";
