// A frame's end of the line to the page that holds it, and to the gateway's API.

const HELLO = 'sluice-sandbox:hello';
const INIT = 'sluice-sandbox:init';

/**
 * Says hello and waits for the page's port. `handlers` answer the page's calls by name; `init` gets
 * what the page starts with. Returns how to tell the page something.
 */
export function connect({ init, handlers }) {
  let port = null;
  const tell = (event, detail) => port?.postMessage({ event, detail });
  window.addEventListener('message', (event) => {
    // Any page may frame us, but only the one that does gets to speak, and only once.
    if (event.source !== window.parent || event.data?.type !== INIT || port) return;
    port = event.ports[0];
    port.onmessage = async ({ data }) => {
      const answer = await handlers[data.call]?.(data.detail);
      if (data.id) port.postMessage({ id: data.id, answer: answer ?? {} });
    };
    init(event.data.detail);
  });
  window.parent.postMessage(HELLO, '*');
  return tell;
}

/** Tells the page how tall we are, now and whenever that changes. */
export function reportHeight(node, tell) {
  new ResizeObserver(() => tell('height', Math.ceil(node.getBoundingClientRect().height))).observe(node);
}

const unreachable = {
  type: 'api_connection_error',
  message: 'The payment provider cannot be reached. Check your connection and try again.',
};

/** One request with the publishable key: the object, or `{error}`. */
export async function request(method, path, key, params = {}) {
  const form = new URLSearchParams();
  flatten(form, '', params);
  const get = method === 'GET';
  try {
    const response = await fetch(get ? `${path}?${form}` : path, {
      method,
      headers: { Authorization: `Bearer ${key}` },
      body: get ? undefined : form,
    });
    return await response.json();
  } catch {
    return { error: unreachable };
  }
}

/** Where the PaymentIntent or SetupIntent of a client secret is read. */
export function pathOf(clientSecret) {
  const [id] = clientSecret.split('_secret_');
  const kind = id.startsWith('seti_') ? 'setup_intents' : 'payment_intents';
  return `/v1/${kind}/${encodeURIComponent(id)}`;
}

function flatten(form, name, value) {
  if (value === undefined || value === null) return;
  if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      flatten(form, name ? `${name}[${key}]` : key, inner);
    }
  } else {
    form.append(name, String(value));
  }
}

/** What a page may choose of our looks, by Stripe's names, and what it is called here. */
const VARIABLES = {
  colorPrimary: ['--accent', 'color'],
  colorBackground: ['--surface', 'color'],
  colorText: ['--ink', 'color'],
  colorTextSecondary: ['--ink-2', 'color'],
  colorDanger: ['--bad', 'color'],
  borderRadius: ['--radius', 'border-radius'],
  fontFamily: ['--font', 'font-family'],
};

/** Takes on the page's colours; what is not a sound value is left as it is. */
export function dress(appearance) {
  const root = document.documentElement;
  const dark = appearance?.theme === 'night';
  root.style.setProperty('color-scheme', appearance?.theme ? (dark ? 'dark' : 'light') : 'light dark');
  const chosen = appearance?.variables ?? {};
  for (const [name, [ours, property]] of Object.entries(VARIABLES)) {
    const value = chosen[name];
    if (typeof value === 'string' && CSS.supports(property, value)) root.style.setProperty(ours, value);
    else root.style.removeProperty(ours);
  }
  // Greys are mixed from the page's own ink and ground, or they would not be seen on them.
  root.classList.toggle('tinted', Boolean(chosen.colorText ?? chosen.colorBackground));
}
