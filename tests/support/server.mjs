// The real server, as its own process on a free loopback port, with the sandbox and the mailbox beside it,
// on a database of its own that outlives it, so that `verify()` can judge what is left.
// Never here: anything of a browser.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const START_MS = 30_000;
const STOP_MS = 10_000;

/**
 * Starts `sluice serve --demo` and waits for the line that says where it listens.
 *
 * @param {{ args?: string[], env?: Record<string, string> }} [options] more arguments and variables
 * @returns {Promise<{ url: string, sign_in_url: string, mailbox_url: string, sandbox_url: string,
 *   api_key?: string, agency_id: string, pid: number, log: () => string, stop: () => Promise<void>,
 *   run: (words: string[], options?: { input?: string }) => Promise<{ code: number, out: string, err: string }>,
 *   verify: () => Promise<void>, remove: () => Promise<void> }>} `run` is another `sluice` command on the
 *   same database; `verify` fails with every broken invariant; `remove` takes the database away
 */
export async function startServer({ args = [], env = {} } = {}) {
  const program = process.env.SLUICE_BIN;
  if (!program) throw new Error("SLUICE_BIN is not set: run the journeys by `cargo xtask test`");
  const { url, remove } = await newDatabase();
  const database = ["--database-url", url];
  const words = ["serve", "--demo", "--json", "--listen", "127.0.0.1:0", ...database, ...args];
  const child = spawn(program, words, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const gone = once(child, "exit");
  const lastResort = () => child.kill("SIGKILL");
  process.once("exit", lastResort);

  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await gone;
    clearTimeout(late);
    process.removeListener("exit", lastResort);
  };

  const run = (words, options) => command(program, [...words, ...database], options);
  const verify = async () => {
    const { code, out, err } = await run(["verify", "--json"]);
    const broken = problems(out);
    if (code !== 0 || broken.length > 0) {
      throw new Error(`sluice verify ended with ${code}\n${broken.join("\n")}\n${err}`);
    }
  };

  try {
    const facts = JSON.parse(await firstLine(child, gone));
    for (const key of ["url", "sign_in_url", "mailbox_url", "sandbox_url", "agency_id"]) {
      if (typeof facts[key] !== "string") throw new Error(`the server's line has no ${key}`);
    }
    return { ...facts, pid: child.pid, log: () => log, stop, run, verify, remove };
  } catch (error) {
    await stop();
    await remove();
    throw new Error(`sluice did not start: ${error.message}\n${log}`);
  }
}

/** An empty database: a file, or a database of the PostgreSQL server that xtask has started. */
async function newDatabase() {
  const { SLUICE_JOURNEYS_POSTGRES: server, SLUICE_PSQL: psql } = process.env;
  if (!server) {
    const folder = await mkdtemp(join(tmpdir(), "sluice-journey-"));
    const remove = () => rm(folder, { recursive: true, force: true });
    return { url: `sqlite:${join(folder, "demo.db")}`, remove };
  }
  const name = `journey_${process.pid}_${databases++}`;
  const say = (sql) => promisify(execFile)(psql, ["--no-psqlrc", "--quiet", "--dbname", server, "--command", sql]);
  await say(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => say(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** How many databases this process has made on PostgreSQL. */
let databases = 0;

/** Runs a program to its end, whatever that is. */
function command(program, words, { input = "" } = {}) {
  return new Promise((resolve) => {
    const ended = (error, out, err) => resolve({ code: error?.code ?? 0, out, err });
    const { stdin } = execFile(program, words, ended);
    // A program that reads no input may be gone before it is written.
    stdin.on("error", () => {});
    stdin.end(input);
  });
}

/** What a report of `verify --json` has to complain of. A report that checked nothing is a complaint. */
function problems(report) {
  const { ok, checks } = JSON.parse(report.trim() || '{"ok":false,"checks":[]}');
  const found = checks.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
  if (!checks.some(({ checked }) => checked > 0)) found.push("nothing was checked");
  if (!ok && found.length === 0) found.push("it says that something is wrong, and not what");
  return found;
}

async function firstLine(child, gone) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), START_MS);
  const lines = createInterface({ input: child.stdout });
  try {
    const ended = gone.then(([code, signal]) => {
      throw new Error(`it ended with ${code ?? signal}`);
    });
    const [line] = await Promise.race([once(lines, "line", { signal: late.signal }), ended]);
    return line;
  } catch (error) {
    throw late.signal.aborted ? new Error(`it said nothing for ${START_MS} ms`) : error;
  } finally {
    clearTimeout(timer);
    // What it prints later must not fill the pipe.
    lines.removeAllListeners();
    child.stdout.resume();
  }
}
