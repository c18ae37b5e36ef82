// The test gateway's stand-in for Stripe.js: the part of its API that a card payment needs.
//
// It runs on the page that takes the payment, under that page's own policy: so no inline style, no
// handler attribute and no request of its own. Card fields, requests and the 3-D Secure challenge
// live in frames of the gateway's origin. A card number never comes here.
(() => {
  'use strict';

  const ORIGIN = new URL(document.currentScript.src).origin;
  const HELLO = 'sluice-sandbox:hello';
  const INIT = 'sluice-sandbox:init';
  /** What the card frame needs before anything is typed: it is there from the start, so nothing jumps. */
  const CARD_HEIGHT = 156;
  const CHALLENGE_HEIGHT = 336;
  const LOAD_TIMEOUT = 15_000;

  class IntegrationError extends Error {
    name = 'IntegrationError';
  }

  const unreachable = () => ({
    type: 'api_connection_error',
    message: 'The payment provider cannot be reached. Check your connection and try again.',
  });

  const style = (node, properties) => {
    for (const [name, value] of Object.entries(properties)) node.style.setProperty(name, value);
  };

  /** Which colours a frame is asked to use: a page's choice, or the reader's. */
  const scheme = (appearance) => {
    if (!appearance?.theme) return 'light dark';
    return appearance.theme === 'night' ? 'dark' : 'light';
  };

  /** A frame of the gateway's origin, and the private line to it. */
  class Frame {
    #port = null;
    #calls = new Map();
    #count = 0;
    #open;
    #listen;
    #timer;

    constructor(path, title, { init, events, failed }) {
      const frame = document.createElement('iframe');
      frame.src = ORIGIN + path;
      frame.title = title;
      frame.referrerPolicy = 'no-referrer';
      this.element = frame;
      this.opened = new Promise((resolve) => {
        this.#open = resolve;
      });
      this.#timer = setTimeout(() => failed?.(unreachable()), LOAD_TIMEOUT);
      this.#listen = (event) => {
        const ours = event.source === frame.contentWindow && event.origin === ORIGIN;
        if (!ours || !frame.contentWindow || event.data !== HELLO) return;
        clearTimeout(this.#timer);
        this.#abandon();
        const line = new MessageChannel();
        this.#port = line.port1;
        this.#port.onmessage = ({ data }) => {
          if (data.answer !== undefined) {
            this.#calls.get(data.id)?.(data.answer);
            this.#calls.delete(data.id);
          } else {
            events[data.event]?.(data.detail);
          }
        };
        frame.contentWindow.postMessage({ type: INIT, detail: init() }, ORIGIN, [line.port2]);
        this.#open();
      };
      window.addEventListener('message', this.#listen);
    }

    /** Asks the frame for something; the answer always comes, if need be as an error. */
    async call(name, detail) {
      await this.opened;
      if (!this.#port) return { error: unreachable() };
      this.#count += 1;
      const id = this.#count;
      return new Promise((resolve) => {
        this.#calls.set(id, resolve);
        this.#port.postMessage({ id, call: name, detail });
      });
    }

    /** Tells the frame something, if it is there yet; what it starts with comes from `init`. */
    tell(name, detail) {
      this.#port?.postMessage({ call: name, detail });
    }

    #abandon() {
      for (const answer of this.#calls.values()) answer({ error: unreachable() });
      this.#calls.clear();
      this.#port?.close();
      this.#port = null;
    }

    close() {
      clearTimeout(this.#timer);
      window.removeEventListener('message', this.#listen);
      this.#abandon();
      this.#open();
      this.element.remove();
    }
  }

  /** The card fields on the page. */
  class PaymentElement {
    #elements;
    #frame = null;
    #handlers = new Map();
    #destroyed = false;

    constructor(elements) {
      this.#elements = elements;
    }

    get frame() {
      return this.#frame;
    }

    mount(target) {
      const node = typeof target === 'string' ? document.querySelector(target) : target;
      if (this.#destroyed) throw new IntegrationError('This Element has already been destroyed.');
      if (!(node instanceof Element)) {
        throw new IntegrationError('The selector or node you gave to mount() is not on the page.');
      }
      this.unmount();
      const frame = new Frame('/elements/card', 'Secure card payment input frame', {
        init: () => this.#elements.settings(),
        failed: (error) => this.emit('loaderror', { elementType: 'payment', error }),
        events: {
          ready: () => this.emit('ready', { elementType: 'payment' }),
          height: (pixels) => style(frame.element, { height: `${pixels}px` }),
          focus: () => this.emit('focus', { elementType: 'payment' }),
          blur: () => this.emit('blur', { elementType: 'payment' }),
          escape: () => this.emit('escape', { elementType: 'payment' }),
          change: ({ complete, empty }) => {
            const value = { type: 'card' };
            this.emit('change', { elementType: 'payment', collapsed: false, complete, empty, value });
          },
        },
      });
      style(frame.element, {
        display: 'block',
        width: '100%',
        'min-width': '0',
        height: `${CARD_HEIGHT}px`,
        border: '0',
        margin: '0',
        background: 'transparent',
      });
      this.#frame = frame;
      this.recolour();
      node.append(frame.element);
      this.emit('loaderstart', { elementType: 'payment' });
    }

    unmount() {
      this.#frame?.close();
      this.#frame = null;
    }

    destroy() {
      this.unmount();
      this.#destroyed = true;
      this.#handlers.clear();
      this.#elements.forget(this);
    }

    on(event, handler) {
      if (!this.#handlers.has(event)) this.#handlers.set(event, new Set());
      this.#handlers.get(event).add(handler);
      return this;
    }

    once(event, handler) {
      const first = (detail) => {
        this.off(event, first);
        handler(detail);
      };
      return this.on(event, first);
    }

    off(event, handler) {
      if (handler) this.#handlers.get(event)?.delete(handler);
      else this.#handlers.delete(event);
      return this;
    }

    emit(event, detail) {
      for (const handler of [...(this.#handlers.get(event) ?? [])]) handler(detail);
    }

    focus() {
      this.#frame?.element.focus();
      this.#frame?.tell('focus');
    }

    blur() {
      this.#frame?.tell('blur');
    }

    clear() {
      this.#frame?.tell('clear');
    }

    /** Wallets, layout and the like: there is only a card here. */
    update() {}

    /** A frame of another colour scheme than its page would get an opaque ground. */
    recolour() {
      if (!this.#frame) return;
      style(this.#frame.element, { 'color-scheme': scheme(this.#elements.settings().appearance) });
      this.#frame.tell('update', this.#elements.settings());
    }
  }

  /** What is being paid, or that a card is to be kept, and the fields for it. */
  class Elements {
    #options;
    #element = null;
    #submitted = false;

    constructor(options) {
      this.#options = {};
      this.#take({ mode: 'payment', ...options });
    }

    #take(options) {
      const next = { ...this.#options, ...options };
      if (next.mode !== 'payment' && next.mode !== 'setup') {
        throw new IntegrationError("This gateway knows stripe.elements({mode: 'payment'}) and mode: 'setup' only.");
      }
      const pays = next.mode === 'payment';
      if (pays && (!Number.isInteger(next.amount) || next.amount <= 0)) {
        throw new IntegrationError('Invalid value for elements(): amount should be a positive integer.');
      }
      if (!pays && next.amount !== undefined) {
        throw new IntegrationError("Invalid value for elements(): amount cannot be used with mode: 'setup'.");
      }
      // Where nothing is paid a currency may be left out.
      const sound = typeof next.currency === 'string' && /^[a-z]{3}$/.test(next.currency);
      if (!sound && (pays || next.currency !== undefined)) {
        throw new IntegrationError('Invalid value for elements(): currency should be three lower-case letters.');
      }
      this.#options = next;
    }

    settings() {
      const { mode, amount, currency, appearance, locale } = this.#options;
      const setupFutureUsage = this.#options.setupFutureUsage ?? (mode === 'setup' ? 'off_session' : undefined);
      return { mode, amount, currency, setupFutureUsage, appearance, locale };
    }

    create(type) {
      if (type !== 'payment') throw new IntegrationError("This gateway knows create('payment') only.");
      if (this.#element) {
        throw new IntegrationError('Can only create one Element of type payment through one elements().');
      }
      this.#element = new PaymentElement(this);
      return this.#element;
    }

    getElement(type) {
      return type === 'payment' ? this.#element : null;
    }

    forget(element) {
      if (this.#element === element) this.#element = null;
    }

    update(options) {
      this.#take(options);
      this.#element?.recolour();
    }

    async fetchUpdates() {
      return {};
    }

    /** Checks the fields; what is wrong is said beside them too. */
    async submit() {
      const frame = this.#element?.frame;
      if (!frame) throw new IntegrationError('elements.submit() needs a mounted Payment Element.');
      const answer = await frame.call('submit');
      this.#submitted = !answer.error;
      return answer.error ? { error: answer.error } : { selectedPaymentMethod: 'card' };
    }

    async tokenise(key, params) {
      if (!this.#submitted) {
        throw new IntegrationError('elements.submit() must be called before stripe.createConfirmationToken().');
      }
      this.#submitted = false;
      const frame = this.#element?.frame;
      if (!frame) throw new IntegrationError('The Payment Element is no longer mounted.');
      return frame.call('tokenise', { key, params, settings: this.settings() });
    }
  }

  /**
   * The 3-D Secure challenge, over everything else on the page. A bank has colours of its own: they follow
   * the reader's choice of light or dark, not the page's.
   */
  const challenge = (key, clientSecret) =>
    new Promise((resolve) => {
      const before = document.activeElement;
      const hidden = [...document.body.children].filter((node) => !node.inert);
      const overlay = document.createElement('div');
      const panel = document.createElement('div');
      panel.setAttribute('role', 'dialog');
      panel.setAttribute('aria-modal', 'true');
      const about = clientSecret.startsWith('seti_') ? 'card' : 'payment';
      panel.setAttribute('aria-label', `Confirm this ${about} with your bank`);
      const finish = (outcome) => {
        frame.close();
        overlay.remove();
        for (const node of hidden) node.inert = false;
        document.documentElement.style.removeProperty('overflow');
        if (before instanceof HTMLElement && before.isConnected) before.focus();
        resolve(outcome);
      };
      const frame = new Frame('/elements/challenge', 'Bank authentication frame', {
        init: () => ({ key, clientSecret }),
        failed: (error) => finish({ error }),
        events: {
          height: (pixels) => style(frame.element, { height: `${pixels}px` }),
          done: () => finish({}),
        },
      });
      style(overlay, {
        position: 'fixed',
        inset: '0',
        'z-index': '2147483647',
        display: 'grid',
        'place-items': 'center',
        padding: '16px',
        'overflow-y': 'auto',
        background: 'rgb(8 16 24 / .56)',
      });
      style(panel, { width: 'min(420px, 100%)', 'min-width': '0' });
      style(frame.element, {
        display: 'block',
        width: '100%',
        height: `${CHALLENGE_HEIGHT}px`,
        border: '0',
        background: 'transparent',
        'border-radius': '14px',
        'box-shadow': '0 1px 2px rgb(0 20 40 / .1), 0 24px 64px -16px rgb(0 20 40 / .5)',
        'color-scheme': 'light dark',
      });
      panel.append(frame.element);
      overlay.append(panel);
      for (const node of hidden) node.inert = true;
      style(document.documentElement, { overflow: 'hidden' });
      document.body.append(overlay);
      frame.element.focus();
    });

  class StripeObject {
    #key;
    #controller = null;

    constructor(key) {
      this.#key = key;
    }

    /** The frame without a face that makes the requests. */
    #request(name, detail) {
      if (!this.#controller) {
        const frame = new Frame('/elements/controller', 'Payment provider connection', {
          init: () => ({}),
          events: {},
          failed: () => {
            frame.close();
            this.#controller = null;
          },
        });
        frame.element.hidden = true;
        frame.element.tabIndex = -1;
        frame.element.setAttribute('aria-hidden', 'true');
        style(frame.element, { display: 'none' });
        document.body.append(frame.element);
        this.#controller = frame;
      }
      return this.#controller.call(name, { key: this.#key, ...detail });
    }

    elements(options) {
      return new Elements(options);
    }

    async createConfirmationToken({ elements, params } = {}) {
      if (!(elements instanceof Elements)) {
        throw new IntegrationError('createConfirmationToken() needs the elements instance.');
      }
      return elements.tokenise(this.#key, params ?? {});
    }

    async retrievePaymentIntent(clientSecret) {
      return this.#request('retrieve', { clientSecret });
    }

    async retrieveSetupIntent(clientSecret) {
      return this.#request('retrieve', { clientSecret });
    }

    async handleNextAction({ clientSecret } = {}) {
      if (typeof clientSecret !== 'string' || !clientSecret.includes('_secret_')) {
        throw new IntegrationError('handleNextAction() needs the clientSecret of a PaymentIntent or SetupIntent.');
      }
      const isSetup = clientSecret.startsWith('seti_');
      const look = () => this.#request('retrieve', { clientSecret });
      const intentOf = ({ paymentIntent, setupIntent }) => (isSetup ? setupIntent : paymentIntent);
      const before = await look();
      if (before.error || intentOf(before).status !== 'requires_action') return before;
      const outcome = await challenge(this.#key, clientSecret);
      if (outcome.error) return outcome;
      const after = await look();
      const intent = intentOf(after);
      const failure = isSetup ? intent?.last_setup_error : intent?.last_payment_error;
      if (failure && intent.status === 'requires_payment_method') {
        return { error: { ...failure, [isSetup ? 'setup_intent' : 'payment_intent']: intent } };
      }
      return after;
    }
  }

  const Stripe = (key) => {
    if (typeof key !== 'string' || !key.startsWith('pk_')) {
      throw new IntegrationError('Please call Stripe() with your publishable key, which starts with pk_.');
    }
    return new StripeObject(key);
  };
  Stripe.version = 'endive';
  window.Stripe = Stripe;
})();
