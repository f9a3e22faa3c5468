import { execFile } from "node:child_process";

/** What is in the environment of whoever runs this and would change what a consumer sees. */
const ours = /^(npm_|NEARFAR_|NODE_OPTIONS$|INIT_CWD$)/;

/** Its name until Node 23.5 is the second. */
export const permission = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";

/** The output of a command. Throws, with all that it printed, if it fails. */
export function run(command, args, cwd, env = {}) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ours.test(name)),
  );
  const options = { cwd, encoding: "utf8", env: { ...clean, ...env }, maxBuffer: 2 ** 26 };
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}${error.code}`));
    });
    child.stdin.end();
  });
}
