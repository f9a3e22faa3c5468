import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Where they lie, for programs that want files; until the process ends. */
  readonly certFile: string;
  readonly keyFile: string;
}

const directory = mkdtempSync(join(tmpdir(), "nearfar-certificates-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
}

/** A new authority: what it signs is trusted by nobody else. */
export function makeAuthority(name: string): Certificate {
  const files = filesOf(name);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const out = ["-keyout", files.keyFile, "-out", files.certFile];
  openssl("req", "-x509", ...key, ...out, "-days", "2", "-subj", `/CN=${name}`);
  return load(files);
}

/**
 * A certificate of an authority for some host names and addresses, or for a client of that name.
 */
export function sign(authority: Certificate, name: string, hosts: string, days = 2): Certificate {
  const files = filesOf(name);
  const request = join(directory, `${name}.csr`);
  const extensions = join(directory, `${name}.ext`);
  writeFileSync(extensions, `subjectAltName=${hosts}\n`);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", ...key, "-keyout", files.keyFile, "-out", request, "-subj", `/CN=${name}`);
  const by = ["-CA", authority.certFile, "-CAkey", authority.keyFile, "-CAcreateserial"];
  const how = ["-days", String(days), "-extfile", extensions];
  openssl("x509", "-req", "-in", request, ...by, "-out", files.certFile, ...how);
  return load(files);
}

function filesOf(name: string): { readonly certFile: string; readonly keyFile: string } {
  return { certFile: join(directory, `${name}.pem`), keyFile: join(directory, `${name}.key`) };
}

function load(files: { readonly certFile: string; readonly keyFile: string }): Certificate {
  return {
    ...files,
    cert: readFileSync(files.certFile, "utf8"),
    key: readFileSync(files.keyFile, "utf8"),
  };
}
