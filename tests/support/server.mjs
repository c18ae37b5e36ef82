// The real server, as its own process on a free loopback port, with the sandbox and the mailbox beside it.
// Never here: anything of a browser.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const START_MS = 30_000;
const STOP_MS = 10_000;

/**
 * Starts `sluice serve --demo` and waits for the line that says where it listens.
 *
 * @param {{ args?: string[], env?: Record<string, string> }} [options] more arguments and variables
 * @returns {Promise<{ url: string, sign_in_url: string, mailbox_url: string, sandbox_url: string,
 *   api_key?: string, agency_id: string, pid: number, log: () => string, stop: () => Promise<void> }>}
 */
export async function startServer({ args = [], env = {} } = {}) {
  const program = process.env.SLUICE_BIN;
  if (!program) throw new Error("SLUICE_BIN is not set: run the journeys by `cargo xtask test`");
  const words = ["serve", "--demo", "--json", "--listen", "127.0.0.1:0", ...args];
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

  try {
    const facts = JSON.parse(await firstLine(child, gone));
    for (const key of ["url", "sign_in_url", "mailbox_url", "sandbox_url", "agency_id"]) {
      if (typeof facts[key] !== "string") throw new Error(`the server's line has no ${key}`);
    }
    return { ...facts, pid: child.pid, log: () => log, stop };
  } catch (error) {
    await stop();
    throw new Error(`sluice did not start: ${error.message}\n${log}`);
  }
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
