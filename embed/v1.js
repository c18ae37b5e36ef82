// <sluice-balance>: an account's balance on your own site. docs/embedding.md says how; v1.d.ts has the types.
//
// The element makes a frame of the server that this file came from, checks that it is really the frame that speaks, and gives it a
// token over a port of its own. The token comes from your backend, lives in memory, and is in no address. Version 1 of the protocol:
// what a later one changes is served under another name.

const VERSION = 1;
const LENGTH_MAX = 8192;
const HEIGHT_MAX = 4000;
/** What each view takes before anything is known: what comes fits into it, so that your page does not jump. */
const RESERVED = { summary: 136, full: 520, banner: 0 };
const STYLES = ["accent", "text", "background", "border", "radius", "font"].map((name) => `--sluice-${name}`);
/** How long before a token dies a fresh one is asked for; of a short-lived one half its life. */
const RENEW_BEFORE_MS = 60_000;
const HELLO_WITHIN_MS = 2_000;
const RETRY_MS = [5_000, 15_000, 60_000];
/** What the frame may have told. */
const EVENTS = ["ready", "balancechange", "lowbalance", "topupstart", "topupsuccess", "topupfail"];

const server = new URL(import.meta.url).origin;

/** Made so, it needs no leave from a page's policy for styles. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  ":host{display:block}iframe{display:block;inline-size:100%;border:0}" +
    "p{margin:0;padding:16px;font:14px/1.4 system-ui,sans-serif}",
);

/** An object with only the fields that the text itself has; null when it is none. */
function read(text) {
  if (typeof text !== "string" || text.length > LENGTH_MAX) return null;
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** A field of a message: what an object inherits is none. */
function field(message, name) {
  return Object.hasOwn(message, name) ? message[name] : undefined;
}

class SluiceBalance extends HTMLElement {
  static observedAttributes = ["account", "view", "theme", "locale", "class", "style"];

  /** Gives tokens in the place of `token-endpoint`: `async ({ account, reason }) => ({ token, expires_at })`. */
  getToken = null;

  #root = this.attachShadow({ mode: "open" });
  #frame = null;
  /** How high the frame says its content is. */
  #px = 0;
  #port = null;
  #timers = new Set();
  #tries = 0;
  #asking = false;
  #hear = (event) => this.#greet(event);

  connectedCallback() {
    window.addEventListener("message", this.#hear);
    this.#start();
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#hear);
    this.#stop();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after || !this.#frame) return;
    if (name === "account") {
      this.#stop();
      this.#start();
    } else {
      if (name === "view") this.#px = 0;
      this.#reserve();
      this.#configure();
    }
  }

  /** Asks your backend for a fresh token now, as after a sign-in. */
  refresh() {
    return this.#token("refresh");
  }

  get #view() {
    const view = this.getAttribute("view") ?? "summary";
    return Object.hasOwn(RESERVED, view) ? view : "summary";
  }

  get #theme() {
    const theme = this.getAttribute("theme");
    return theme === "light" || theme === "dark" ? theme : "auto";
  }

  #start() {
    const account = this.getAttribute("account");
    if (!account) return this.#complain("no_account", "The element needs the attribute account.");
    const frame = document.createElement("iframe");
    frame.title = this.getAttribute("title") ?? "Account balance";
    // The payment page is opened beside your page, and must be as free as any other.
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    // On the server's own pages it is a preview; nobody else may frame that one.
    const page = location.origin === server ? "preview" : "frame";
    frame.src = `${server}/embed/${page}?${new URLSearchParams({ account, view: this.#view })}`;
    frame.addEventListener("load", () => {
      const silent = () => frame === this.#frame && !this.#port && this.#explain();
      this.#after(HELLO_WITHIN_MS, silent);
    });
    this.#frame = frame;
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.replaceChildren(frame);
    this.#reserve();
  }

  #stop() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#port?.close();
    this.#port = null;
    this.#frame = null;
    this.#px = 0;
    this.#root.replaceChildren();
  }

  #after(ms, call) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      call();
    }, ms);
    this.#timers.add(timer);
  }

  /** The height that is kept free whatever comes. */
  #reserve() {
    this.#frame.style.blockSize = `${Math.max(RESERVED[this.#view], this.#px)}px`;
    // As the frame's own, or browsers paint a ground behind it.
    this.#frame.style.colorScheme = this.#theme === "auto" ? "light dark" : this.#theme;
  }

  /** The frame says hello: it gets a port, and nobody else does. */
  #greet(event) {
    const frame = this.#frame?.contentWindow;
    if (!frame || event.source !== frame || event.origin !== server) return;
    const message = read(event.data);
    if (!message || field(message, "sluice") !== VERSION || field(message, "type") !== "hello") return;
    const { port1, port2 } = new MessageChannel();
    this.#port?.close();
    this.#port = port1;
    port1.onmessage = ({ data }) => port1 === this.#port && this.#heed(read(data));
    frame.postMessage(JSON.stringify({ sluice: VERSION, type: "port" }), server, [port2]);
    this.#tries = 0;
    this.#configure();
    this.#token("start");
  }

  #heed(message) {
    const type = message && field(message, "type");
    if (type === "height") {
      const px = field(message, "px");
      if (!Number.isInteger(px) || px < 0) return;
      this.#px = Math.min(px, HEIGHT_MAX);
      this.#reserve();
    } else if (EVENTS.includes(type)) {
      const { type: _, ...detail } = message;
      this.#tell(type, { account: this.getAttribute("account"), ...detail });
    } else if (type === "need_token") {
      const reason = field(message, "reason") === "expired" ? "expired" : "asked";
      if (reason === "expired") this.#tell("sessionexpired", { account: this.getAttribute("account") });
      this.#token(reason);
    } else if (type === "failed") {
      const code = String(field(message, "code")).slice(0, 40);
      this.#complain(code, "The frame can show nothing.");
    }
  }

  #say(message) {
    this.#port?.postMessage(JSON.stringify(message));
  }

  #configure() {
    const computed = getComputedStyle(this);
    const style = {};
    for (const name of STYLES) style[name] = computed.getPropertyValue(name).trim().slice(0, 200);
    const locale = this.getAttribute("locale") ?? document.documentElement.lang;
    this.#say({ type: "config", view: this.#view, theme: this.#theme, locale, style });
  }

  /** Gets a token from the page's own backend and hands it over. */
  async #token(reason) {
    const port = this.#port;
    if (!port || this.#asking) return;
    this.#asking = true;
    try {
      const given = await this.#ask(reason);
      if (port !== this.#port) return;
      const dies = Date.parse(given?.expires_at);
      if (typeof given?.token !== "string" || given.token.length > 200 || Number.isNaN(dies)) {
        throw new Error("the answer is not { token, expires_at }");
      }
      this.#say({ type: "token", token: given.token });
      const life = Math.max(dies - Date.now(), 0);
      this.#after(Math.max(life - RENEW_BEFORE_MS, life / 2, 1_000), () => this.#token("renew"));
    } catch (error) {
      if (port !== this.#port) return;
      this.#complain("token", `There is no token: ${error.message}`);
      this.#say({ type: "no_token" });
      this.#after(RETRY_MS[1], () => this.#token("retry"));
    } finally {
      this.#asking = false;
    }
  }

  async #ask(reason) {
    const account = this.getAttribute("account");
    if (typeof this.getToken === "function") return this.getToken({ account, reason });
    const endpoint = this.getAttribute("token-endpoint");
    if (!endpoint) throw new Error("the element needs the attribute token-endpoint");
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ account });
    const answer = await fetch(endpoint, { method: "POST", credentials: "same-origin", headers, body });
    if (!answer.ok) throw new Error(`${endpoint} answered ${answer.status}`);
    return answer.json();
  }

  /** No hello came: finds out why, says it, and tries again where that may help. */
  async #explain() {
    const account = this.getAttribute("account");
    const frame = this.#frame;
    let code = "unreachable";
    try {
      const url = `${server}/embed/allowed?${new URLSearchParams({ account })}`;
      const answer = await fetch(url, { credentials: "omit" });
      if (answer.ok) code = (await answer.json()).allowed ? "frame" : "origin_not_allowed";
    } catch {
      // It stays unreachable.
    }
    if (frame !== this.#frame || this.#port) return;
    if (code === "origin_not_allowed") {
      const detail = `${location.origin} is not among the allowed origins of the agency of this account.`;
      this.#message(`This balance can't be shown here: the agency has not allowed ${location.origin}.`);
      return this.#complain(code, detail);
    }
    this.#complain(code, "The frame does not start. It is tried again.");
    const pause = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)];
    this.#after(pause, () => {
      if (frame === this.#frame && !this.#port) frame.src = frame.src;
    });
  }

  #message(text) {
    const message = document.createElement("p");
    message.setAttribute("role", "status");
    message.textContent = text;
    message.style.minBlockSize = this.#frame.style.blockSize;
    message.style.boxSizing = "border-box";
    this.#frame.replaceWith(message);
  }

  #complain(code, detail) {
    console.warn(`sluice-balance: ${code}: ${detail}`);
    this.#tell("loaderror", { code, detail });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`sluice:${name}`, { bubbles: true, composed: true, detail }));
  }
}

// Loaded twice, it is still there once.
if (!customElements.get("sluice-balance")) customElements.define("sluice-balance", SluiceBalance);
