// What programs for musl are compiled with, in a folder that musl-library.mjs made: Debian's GCC
// for `-mmusl`, a system root, and the C++ library that Debian does not have.
import { join } from "node:path";

/** Debian packages; the folder is made anew for another version of one. */
export const muslPackages = [
  ...["g++-12", "gcc-12-source", "make", "xz-utils"],
  ...["linux-libc-dev", "musl-dev", "patchelf"],
];

export const muslTriple = "x86_64-linux-musl";

/** Where its parts are, and the flags that take them. */
export function muslToolchain(folder) {
  const sysroot = join(folder, "sysroot");
  const libraries = join(sysroot, "usr", "lib");
  const headers = join(folder, "include", "c++");
  return {
    sysroot,
    libraries,
    headers,
    compile: [
      ...["-mmusl", `--sysroot=${sysroot}`, "-nostdinc++"],
      ...["-isystem", headers, "-isystem", join(headers, muslTriple)],
    ],
    link: [`-B${libraries}`, `-L${libraries}`],
  };
}

/** The command that compiles and links C. */
export function muslCompiler(folder) {
  const { sysroot, link } = muslToolchain(folder);
  return ["gcc-12", "-mmusl", `--sysroot=${sysroot}`, ...link];
}
