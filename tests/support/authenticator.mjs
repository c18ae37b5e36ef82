// An authenticator app, by Node's own cryptography.

import { createHmac } from "node:crypto";

/** What an authenticator app does with its key: RFC 6238. Each code is asked for once, so that none is shown twice. */
export class App {
  #secret;
  #last = 0;

  constructor(key) {
    const bits = [...key].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
    this.#secret = Buffer.from(bits.join("").match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  }

  /** The present code; the next one, which a server takes from a clock that is ahead, when this one was shown. */
  code() {
    this.#last = Math.max(this.#last + 1, Math.floor(Date.now() / 30_000));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(this.#last));
    const hash = createHmac("sha1", this.#secret).update(step).digest();
    const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
  }
}
