// The gateway's script and its card fields, for the wasm of pages that take cards: `sluiceGateway` is all there is.
//
// Card numbers are typed in a frame of the gateway's origin and never come here; what leaves this file
// is the name of a confirmation token, or a sentence for the customer.

const SCRIPT_TIMEOUT_MS = 20_000;

let stripe = null;
let elements = null;
let fields = null;

/** Brings the gateway's script into the page. It can be tried again after a failure. */
async function load(url, key) {
  if (!window.Stripe) await script(url);
  stripe ??= window.Stripe(key);
}

function script(url) {
  const node = document.createElement("script");
  return new Promise((resolve, reject) => {
    setTimeout(reject, SCRIPT_TIMEOUT_MS, "");
    node.onload = resolve;
    node.onerror = () => reject("");
    node.src = url;
    node.async = true;
    document.head.append(node);
  }).catch((reason) => {
    node.remove();
    throw reason;
  });
}

/**
 * Puts the card fields into the node with this id. `tell` hears `ready`, `change` (something was typed) and
 * `loaderror`. The amount counts the smallest coin of the currency; 0 is for a card that is only saved.
 */
function mount(node, amount, currency, tell) {
  destroy();
  elements = stripe.elements({
    ...(amount ? { mode: "payment", amount } : { mode: "setup" }),
    currency,
    setupFutureUsage: "off_session",
    allowedPaymentMethodTypes: ["card"],
    appearance: appearance(),
  });
  // A new card is what is asked for: it pays for later usage too, which a wallet would not.
  const wallets = { applePay: "never", googlePay: "never", link: "never" };
  fields = elements.create("payment", { wallets });
  for (const event of ["ready", "change", "loaderror"]) fields.on(event, () => tell(event));
  fields.mount(document.getElementById(node));
}

function update(amount) {
  elements?.update({ amount });
}

function destroy() {
  fields?.destroy();
  elements = null;
  fields = null;
}

/** The name of a confirmation token, or a complaint; an empty one when the fields say it themselves. */
async function tokenise() {
  if (!elements) throw "The card fields have not loaded yet. Wait until they are there, then enter your card.";
  const { error: incomplete } = await elements.submit();
  if (incomplete) throw incomplete.type === "validation_error" ? "" : incomplete.message;
  const { error, confirmationToken } = await stripe.createConfirmationToken({ elements });
  if (error) throw error.message;
  return confirmationToken.id;
}

/** Lets the customer's bank ask what it wants to ask. */
async function authenticate(clientSecret) {
  const { error } = await stripe.handleNextAction({ clientSecret });
  if (error) throw error.message;
}

/** The page's own colours and type, from its tokens as they are at the moment. */
function appearance() {
  const probe = document.createElement("i");
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  document.body.append(probe);
  // The gateway takes plain RGB only, and what a colour comes to is known once it is painted.
  const colour = (token) => {
    probe.style.color = `var(${token})`;
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  };
  const variables = {
    colorPrimary: colour("--accent"),
    colorBackground: colour("--surface"),
    colorText: colour("--ink"),
    colorTextSecondary: colour("--ink-2"),
    colorDanger: colour("--bad"),
    borderRadius: "8px",
    fontFamily: getComputedStyle(document.body).fontFamily,
    fontSizeBase: "16px",
  };
  probe.remove();
  return { theme: dark.matches ? "night" : "stripe", variables };
}

const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => elements?.update({ appearance: appearance() }));

window.sluiceGateway = { load, mount, update, destroy, tokenise, authenticate };
