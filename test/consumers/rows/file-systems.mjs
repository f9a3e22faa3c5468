// Where the package lies: places that cannot be written, and those of another machine. A mount of
// one's own needs Linux and root.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { esm, expectNative } from "../support/programs.mjs";
import { run } from "../support/run.mjs";

const node = process.execPath;
/** As Debian's openssh-sftp-server has it. */
const sftpServer = "/usr/lib/openssh/sftp-server";

const mayMount = () => process.getuid?.() === 0 && process.platform === "linux";

export const rows = [
  {
    name: "read-only file system",
    quick: true,
    skip: () => (mayMount() ? "" : "needs root"),
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm });
      const script = `mount --bind . . && mount -o remount,ro,bind . && cd "$PWD" &&
        ! touch file 2>/dev/null && "${node}" main.mjs`;
      expectNative(await run("unshare", ["--mount", "sh", "-c", script], project));
    },
  },
  {
    name: "network file system",
    skip: () => {
      if (!mayMount()) return "needs root";
      const needed = ["/usr/bin/sshfs", sftpServer, "/dev/fuse"];
      const missing = needed.find((path) => !existsSync(path));
      return missing === undefined ? "" : `there is no ${missing}`;
    },
    run: async ({ create }) => {
      const project = create({ "main.mjs": esm });
      const server = await serveFiles();
      const { port } = server.address();
      const mount = mkdtempSync(`${project}-mount-`);
      const script = `sshfs -o directport=${port} 127.0.0.1:${project} ${mount} || exit
        cd ${mount} && [ "$(stat -f -c %T .)" = fuseblk ] && "${node}" main.mjs
        status=$?; cd / && umount ${mount}; exit $status`;
      try {
        expectNative(await run("unshare", ["--mount", "sh", "-c", script], project));
      } finally {
        server.close();
      }
    },
  },
];

/** SSH's files without SSH: a server of its own for each connection. */
async function serveFiles() {
  const server = createServer((socket) => {
    const { stdin, stdout } = spawn(sftpServer, { stdio: ["pipe", "pipe", "inherit"] });
    socket.pipe(stdin);
    stdout.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
