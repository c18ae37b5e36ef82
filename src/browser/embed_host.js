// The frame's side of the talk with the site around it, for the frame's wasm: `sluiceHost` is all there is. The other side is the
// loader, embed/v1.js; docs/embedding.md has the protocol.
//
// Both sides speak in JSON texts of bounded length, never in objects: a text cannot be slow to look at, and what is not asked for
// by its name is not there. A token passes through here and is not kept.

const VERSION = 1;
const LENGTH_MAX = 8192;
const PREVIEW_SITE = "self";
const VIEWS = ["summary", "full", "banner"];
/** What a site may set, the token of ours that it becomes, and what it has to be. */
const STYLES = [
  ["--sluice-accent", "--accent", "color"],
  ["--sluice-text", "--ink", "color"],
  ["--sluice-background", "--surface", "color"],
  ["--sluice-border", "--line", "color"],
  ["--sluice-radius", "--radius-card", "border-top-left-radius"],
  ["--sluice-font", "--font", "font-family"],
];

const root = document.documentElement;
let port = null;
let hear = () => {};
let locale;
let last = null;
let sentHeight = -1;
let warned = "";
/** The page on which the balance is topped up, until it knows where it leads. */
let payPage = null;
/** When the balance was topped up before that page was opened; undefined while none was opened from here. */
let toppedUp;

/** An object with only the fields that the text itself has; null when it is none of ours. */
function read(text) {
  if (typeof text !== "string" || text.length > LENGTH_MAX) return null;
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** A field that holds a text, else nothing: what an object inherits is no field. */
function field(message, name) {
  const value = Object.hasOwn(message, name) ? message[name] : undefined;
  return typeof value === "string" ? value : "";
}

function send(type, more) {
  port?.postMessage(JSON.stringify({ type, ...more }));
}

function setView(view) {
  root.dataset.view = VIEWS.includes(view) ? view : "summary";
}

/** Says hello until somebody hands over a port. Only the window around this one can, and only once. */
function listen(tell) {
  hear = tell;
  if (window.parent === window) return hear("nobody", "");
  window.addEventListener("message", greet);
  // Before anybody has answered there is nothing that the wrong one could learn.
  window.parent.postMessage(JSON.stringify({ sluice: VERSION, type: "hello" }), "*");
}

function greet(event) {
  if (event.source !== window.parent || !/^https?:\/\//.test(event.origin)) return;
  const message = read(event.data);
  const [given] = event.ports;
  if (!message || !given || message.sluice !== VERSION || field(message, "type") !== "port") return;
  window.removeEventListener("message", greet);
  port = given;
  port.onmessage = ({ data }) => heed(read(data));
  // On a page of our own server it is a preview, with a token of its own kind.
  hear("site", event.origin === location.origin ? PREVIEW_SITE : event.origin);
  new ResizeObserver(measure).observe(document.getElementById("embed"));
}

function heed(message) {
  if (!message) return;
  const type = field(message, "type");
  if (type === "config") {
    setView(field(message, "view"));
    setLocale(field(message, "locale"));
    setTheme(field(message, "theme"), message.style);
    hear("view", root.dataset.view);
    // Whoever is told how to show it is told how high that is.
    sentHeight = -1;
    requestAnimationFrame(measure);
  }
  const token = field(message, "token");
  if (type === "token" && token) hear("token", token);
  if (type === "no_token") hear("no_token", "");
}

function setLocale(tag) {
  try {
    [locale] = Intl.getCanonicalLocales(tag || navigator.language);
  } catch {
    console.warn(`sluice-balance: ${JSON.stringify(tag)} is no locale`);
    locale = undefined;
  }
}

/** Puts the site's colours in the place of ours, each only if it is one. */
function setTheme(theme, style) {
  root.style.colorScheme = theme === "light" || theme === "dark" ? theme : "";
  const given = style !== null && typeof style === "object" ? style : {};
  for (const [name, ours, property] of STYLES) {
    const value = field(given, name).trim();
    const fits = value.length < 200 && !/[;{}\\]|url\(|var\(/i.test(value) && CSS.supports(property, value);
    if (value && fits) root.style.setProperty(ours, value);
    else root.style.removeProperty(ours);
    if (value && !fits) warn(`${name}: ${JSON.stringify(value.slice(0, 60))} is not a ${property}`);
  }
  // Words of less weight follow the words.
  const own = root.style.getPropertyValue("--ink");
  if (own) root.style.setProperty("--ink-2", "color-mix(in oklab, var(--ink) 82%, var(--surface))");
  else root.style.removeProperty("--ink-2");
  checkContrast();
}

function checkContrast() {
  for (const [name, token, least] of [
    ["text", "--ink", 4.5],
    ["quiet text", "--ink-2", 4.5],
    ["accent", "--accent", 3],
  ]) {
    const ratio = contrast(painted(token), painted("--surface"));
    if (ratio < least) {
      warn(`the contrast of ${name} on the background is ${ratio.toFixed(1)}: at least ${least} is needed to be read`);
    }
  }
}

function warn(text) {
  if (warned.includes(text)) return;
  warned += text;
  console.warn(`sluice-balance: ${text}`);
}

/** What a colour comes to is known once it is painted. */
function painted(token) {
  const probe = document.createElement("i");
  document.body.append(probe);
  probe.style.color = `var(${token})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  canvas.fillStyle = "#fff";
  canvas.fillRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one, other) {
  const light = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(one), light(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** How high the content is; the card around it is as high as the frame. */
function measure() {
  const content = document.getElementById("embed");
  const card = getComputedStyle(content.parentElement);
  const around = ["paddingTop", "paddingBottom", "borderTopWidth", "borderBottomWidth"]
    .map((side) => parseFloat(card[side]))
    .reduce((sum, side) => sum + side);
  const px = content.offsetHeight === 0 ? 0 : Math.ceil(content.offsetHeight + around);
  if (px !== sentHeight && port) send("height", { px: (sentHeight = px) });
}

/** Tells the site what the server has said, once for each change. */
function told(text) {
  const { balance, low_below, payer, standing, runway_days, last_top_up } = JSON.parse(text);
  const detail = { balance, payer, standing, runway_days };
  const before = last;
  last = { text: JSON.stringify(detail), standing, toppedUp: last_top_up?.at };
  if (!before) send("ready", detail);
  else if (before.text !== last.text) send("balancechange", detail);
  const fell = standing !== "active" && (!before || before.standing === "active" || standing === "paused");
  if (fell && before?.standing !== standing) send("lowbalance", { ...detail, low_below });
  if (toppedUp !== undefined && last_top_up && last_top_up.at !== toppedUp) {
    toppedUp = undefined;
    send("topupsuccess", { ...detail, amount: last_top_up.amount });
  }
}

function needToken(reason) {
  send("need_token", { reason });
}

function failed(code) {
  send("failed", { code });
}

// An own page, for no card is entered in a frame. It is opened while the button is pressed: later a browser would not have it.
function openPage() {
  payPage = window.open("about:blank", "_blank");
  return payPage !== null;
}

function leadPage(url) {
  if (url) {
    payPage?.location.replace(url);
    toppedUp = last?.toppedUp ?? null;
    send("topupstart");
  } else {
    payPage?.close();
    send("topupfail");
  }
  payPage = null;
}

function money(amount, currency) {
  const text = new Intl.NumberFormat(locale, { style: "currency", currency }).format(amount);
  // A true minus is as wide as a digit.
  return text.replace("-", "\u2212");
}

function day(at) {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(at));
}

// The size of what comes is known before it comes.
setView(new URLSearchParams(location.search).get("view"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => port && checkContrast());
window.sluiceHost = { listen, told, needToken, failed, openPage, leadPage, money, day };
