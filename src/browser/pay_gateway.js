// The gateway's script and card fields. Card numbers are typed in its own frame and never come here; the wasm hears the name
// of a confirmation token, or a sentence for the customer. (What it does is said in pay_gateway.rs: every page downloads this.)

const SCRIPT_TIMEOUT_MS = 20_000;

let stripe = null;
let elements = null;
let fields = null;

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

// An amount of 0 is for a card that is only saved.
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

// An empty complaint: the fields say it themselves.
async function tokenise() {
  if (!elements) throw "The card fields have not loaded yet. Wait until they are there, then enter your card.";
  const { error: incomplete } = await elements.submit();
  if (incomplete) throw incomplete.type === "validation_error" ? "" : incomplete.message;
  const { error, confirmationToken } = await stripe.createConfirmationToken({ elements });
  if (error) throw error.message;
  return confirmationToken.id;
}

async function authenticate(clientSecret) {
  const { error } = await stripe.handleNextAction({ clientSecret });
  if (error) throw error.message;
}

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
