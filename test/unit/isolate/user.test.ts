import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dlopen, Isolate } from "../../../src/isolate/index.js";
import { repositoryRoot } from "../../support/compile.js";
import { HelperProcess, helperPath } from "../helper/helper-client.js";

const NOBODY = 65534;
const SECRET = "/etc/shadow";
const isRoot = process.geteuid?.() === 0;

/** Where everybody may execute it, which the package's own folder need not allow. */
const directory = mkdtempSync(join(tmpdir(), "nearfar-user-"));
const helperForAll = join(directory, "nearfar-helper");
chmodSync(directory, 0o755);
copyFileSync(helperPath(), helperForAll);
afterAll(() => rmSync(directory, { recursive: true }));

/** What is printed by a program that has given up the rights of root, if it had them. */
function withoutRights(script: string): string {
  const give = `if (process.geteuid() === 0) { process.setgid(${NOBODY}); process.setuid(${NOBODY}); }`;
  const source = `
    import { Isolate } from ${JSON.stringify(join(repositoryRoot, "dist", "isolate", "index.js"))};
    new Isolate().close(); // Loads what only root may be able to read.
    ${give}
    ${script}`;
  const args = ["--input-type=module", "--eval", source];
  const env = { ...process.env, NEARFAR_HELPER: helperForAll };
  return spawnSync(process.execPath, args, { encoding: "utf8", env }).stdout;
}

describe.runIf(isRoot)("as root, another user", () => {
  const declarations = {
    getuid: "unsigned getuid(void)",
    geteuid: "unsigned geteuid(void)",
    getgid: "unsigned getgid(void)",
    getgroups: "int getgroups(int size, void *list)",
    setuid: "int setuid(unsigned user)",
    open: "int open(const char *path, int flags)",
    strlen: "size_t strlen(const char *text)",
    raise: "int raise(int signal)",
  };

  it("has the helper's ids, and no other group", async () => {
    using isolate = new Isolate({ sandbox: { user: { uid: NOBODY, gid: NOBODY - 1 } } });
    const { functions } = dlopen(null, declarations, { isolate });
    expect(await functions.getuid()).toBe(NOBODY);
    expect(await functions.geteuid()).toBe(NOBODY);
    expect(await functions.getgid()).toBe(NOBODY - 1);
    expect(await functions.getgroups(0, null)).toBe(0);
    expect(await functions.setuid(0)).toBe(-1);
  });

  it("cannot read what only root can, and calls go on as ever", async () => {
    using isolate = new Isolate({ sandbox: { user: { uid: NOBODY, gid: NOBODY } } });
    const { functions } = dlopen(null, declarations, { isolate });
    expect(await functions.open(SECRET, 0)).toBe(-1);
    expect(functions.strlen.sync("twelve")).toBe(6);
    await expect(functions.raise(9)).rejects.toMatchObject({ signal: "SIGKILL" });
    expect(await functions.getuid()).toBe(NOBODY);
    using own = new Isolate();
    const unlimited = dlopen(null, declarations, { isolate: own });
    expect(await unlimited.functions.open(SECRET, 0)).toBeGreaterThan(0);
  });

  it("goes together with a profile", async () => {
    const sandbox = { profile: "compute", user: { uid: NOBODY, gid: NOBODY } } as const;
    using isolate = new Isolate({ sandbox });
    const { functions } = dlopen(null, declarations, { isolate });
    expect(functions.getuid.sync()).toBe(NOBODY);
  });
});

it("says which right is missing where users cannot be switched", () => {
  const user = `{ uid: ${NOBODY}, gid: ${NOBODY} }`;
  const printed = withoutRights(`
    try { new Isolate({ sandbox: { user: ${user} } }); } catch ({ code, message }) {
      console.log(code, message);
    }
    new Isolate({ sandbox: { profile: "compute" } }).close();
    console.log("others are made");`);
  expect(printed).toMatch(
    /^ERR_ISOLATE_UNAVAILABLE options\.sandbox\.user \(65534:65534\) needs the right to switch users/,
  );
  expect(printed).toContain("others are made");
});

describe("the helper's --user", () => {
  it.each(["1000", "1000:", ":1000", "-1:0", "4294967295:0", "0:4294967295", "nobody:nogroup"])(
    "refuses %j",
    async (value) => {
      const helper = new HelperProcess(["--server", "--user", value]);
      expect(await helper.close()).toBe(2);
      expect(helper.stderr).toContain("--user must be the numbers of a user and a group");
    },
  );

  it("is for one client", async () => {
    const helper = new HelperProcess(["--socket", "/nowhere/socket", "--user", "0:0"]);
    expect(await helper.ended()).toBe(2);
    expect(helper.stderr).toContain("--user needs --server");
  });

  it.runIf(isRoot)("says which right is missing to who has given up root", () => {
    const options = { uid: NOBODY, gid: NOBODY, input: "" };
    const { status, stderr } = spawnSync(helperForAll, ["--server", "--user", "0:0"], options);
    expect(status).toBe(1);
    expect(String(stderr)).toContain("--user needs the right to switch users: root, or CAP_SETUID");
  });

  it("starts, or says which right is missing", async () => {
    const support = spawnSync(helperPath(), ["--sandbox-support"], { encoding: "utf8" });
    const { otherUser } = JSON.parse(support.stdout) as { readonly otherUser: boolean };
    expect(otherUser).toBe(isRoot);
    const helper = new HelperProcess(["--server", "--user", `${NOBODY}:${NOBODY}`]);
    expect(await helper.close()).toBe(otherUser ? 0 : 1);
    expect(helper.stderr).toContain(otherUser ? "" : "CAP_SETUID and CAP_SETGID");
  });
});
