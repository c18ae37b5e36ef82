// The bank's question, with the two answers a test needs.

import { connect, pathOf, reportHeight, request } from './wire.js';

const buttons = [...document.querySelectorAll('button')];
const problem = document.querySelector('.problem');
let session = null;
let busy = false;

/** An integer of the smallest unit, as a person writes it; never through a float. */
function money(amount, currency) {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  const places = format.resolvedOptions().maximumFractionDigits;
  const digits = String(amount).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return format.format(places ? `${whole}.${digits.slice(-places)}` : whole);
}

async function start({ key, clientSecret }) {
  reportHeight(document.querySelector('main'), tell);
  session = { key, clientSecret };
  document.getElementById('question').focus();
  const intent = await request('GET', pathOf(clientSecret), key, { client_secret: clientSecret });
  if (intent.error) return;
  if (intent.object === 'setup_intent') {
    document.title = 'Confirm this card with your bank';
    document.getElementById('question').textContent = 'Is it you who keeps this card for later payments?';
    document.getElementById('why').textContent =
      "Your bank asks before it lets the card be kept. With a real card you would get a code, or confirm in the bank's app.";
  } else {
    document.getElementById('amount').textContent = money(intent.amount, intent.currency);
  }
}

async function decide(success) {
  if (busy || !session) return;
  busy = true;
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  problem.hidden = true;
  try {
    const response = await fetch('/elements/authenticate', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ client_secret: session.clientSecret, success }),
    });
    // Somebody else may have answered: the page then finds the outcome by itself.
    if (response.status < 500) {
      tell('done');
      return;
    }
  } catch {
    // Said below.
  }
  busy = false;
  for (const button of buttons) button.removeAttribute('aria-disabled');
  problem.textContent = 'Your bank cannot be reached. Try again.';
  problem.hidden = false;
}

for (const button of buttons) {
  button.addEventListener('click', () => decide(button.dataset.success === 'true'));
}

const tell = connect({ init: start, handlers: {} });
