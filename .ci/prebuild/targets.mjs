// The targets that one Debian 12 machine builds, and with what. `folder` is that of prebuilds/;
// `floor` is what a binary may need at most of the system it is for: gates.mjs holds it. `toolchain`
// is given the folders that debian-root.mjs and musl-library.mjs make.
import { join } from "node:path";
import { muslPackages, muslToolchain } from "./musl-toolchain.mjs";

/** What Node 20's own binaries need: glibc 2.28 and the libstdc++ of GCC 8. */
const floor = { GLIBC: "2.28", GLIBCXX: "3.4.25", CXXABI: "1.3.11" };

export const TARGETS = {
  "linux-x64": {
    folder: "linux-x64",
    libc: "glibc",
    floor,
    cpu: "x86-64",
    packages: ["g++-12", "cmake", "debootstrap"],
    toolchain: linuxX64,
  },
  "linux-x64-musl": {
    folder: "linux-x64",
    libc: "musl",
    floor: {},
    cpu: "x86-64",
    packages: ["cmake", "musl", ...muslPackages],
    toolchain: linuxX64Musl,
  },
  "linux-arm64": {
    folder: "linux-arm64",
    libc: "glibc",
    floor,
    cpu: "armv8-a",
    packages: ["g++-12-aarch64-linux-gnu", "cmake", "debootstrap", "qemu-user"],
    toolchain: linuxArm64,
  },
  "win32-x64": {
    folder: "win32-x64",
    libc: undefined,
    floor: {},
    cpu: "x86-64",
    packages: ["g++-mingw-w64-x86-64-posix", "cmake", "wine", "wine64"],
    toolchain: () => ({
      compiler: "x86_64-w64-mingw32-g++-posix",
      binutils: "x86_64-w64-mingw32-",
      compile: [],
      link: [],
      system: "Windows",
      processor: "AMD64",
    }),
  },
};

/**
 * GCC 12 with the C library (2.31) and the static libstdc++ of Debian 11 in `root`: linked with the
 * host's, a binary would ask for the newest version of each function. The C++ headers are GCC 12's
 * own, which `--sysroot` hides from it.
 */
function linuxX64({ debianRoot: root }) {
  const libraries = "usr/lib/x86_64-linux-gnu";
  return {
    compiler: "g++-12",
    binutils: "",
    compile: [
      `--sysroot=${root}`,
      "-nostdinc++",
      ...["-isystem", "/usr/include/c++/12"],
      ...["-isystem", "/usr/include/x86_64-linux-gnu/c++/12"],
    ],
    link: [
      `-B${join(root, libraries)}`,
      `-L${join(root, libraries)}`,
      `-L${join(root, "lib/x86_64-linux-gnu")}`,
      `-L${join(root, "usr/lib/gcc/x86_64-linux-gnu/10")}`,
    ],
    libstdcxx: "/usr/lib/gcc/x86_64-linux-gnu/12/libstdc++.a",
    system: "Linux",
    processor: "x86_64",
  };
}

/** Everything of the C++ library that is needed is linked in: Alpine has it only as a package. */
function linuxX64Musl({ muslRoot }) {
  const { compile, link } = muslToolchain(muslRoot);
  return {
    compiler: "g++-12",
    binutils: "",
    compile,
    link: [...link, "-static-libstdc++", "-static-libgcc"],
    system: "Linux",
    processor: "x86_64",
  };
}

function linuxArm64({ debianRoot: root }) {
  const own = "/usr/aarch64-linux-gnu/include/c++/12";
  const system = join(root, "usr/aarch64-linux-gnu");
  return {
    compiler: "aarch64-linux-gnu-g++-12",
    binutils: "aarch64-linux-gnu-",
    compile: [
      `--sysroot=${root}`,
      // A cross compiler looks for the host's glibc headers whatever the system root is.
      "-nostdinc",
      ...["-isystem", own],
      ...["-isystem", join(own, "aarch64-linux-gnu")],
      ...["-isystem", "/usr/lib/gcc-cross/aarch64-linux-gnu/12/include"],
      ...["-isystem", join(system, "include")],
    ],
    link: [
      `-B${join(system, "lib")}`,
      `-L${join(system, "lib")}`,
      `-L${join(root, "usr/lib/gcc-cross/aarch64-linux-gnu/10")}`,
    ],
    libstdcxx: "/usr/lib/gcc-cross/aarch64-linux-gnu/12/libstdc++.a",
    system: "Linux",
    processor: "aarch64",
  };
}
