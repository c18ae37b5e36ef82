// The card frame: three fields that nobody but the gateway reads.

import { brandOf, codeLength, digitsOf, readExpiry, validate, writeExpiry, writeNumber } from './format.js';
import { connect, dress, reportHeight, request } from './wire.js';

const TEST_CARDS = [
  ['4242 4242 4242 4242', 'Succeeds'],
  ['4000 0025 0000 3155', 'Asks for authentication once'],
  ['4000 0027 6000 3184', 'Asks for authentication always'],
  ['4000 0000 0000 0002', 'Declined'],
  ['4000 0000 0000 9995', 'Insufficient funds'],
  ['4000 0000 0000 0341', 'Attaches, then is declined'],
  ['4000 0000 0000 0069', 'Expired card'],
  ['4000 0000 0000 0127', 'Incorrect code'],
  ['4000 0000 0000 5126', 'Refunds fail'],
  ['4000 0000 0000 0259', 'Succeeds, then is disputed'],
  ['5555 5555 5555 4444', 'Mastercard, succeeds'],
  ['3782 822463 10005', 'American Express, succeeds'],
];

const byId = (id) => document.getElementById(id);
const fields = { number: byId('number'), expiry: byId('expiry'), cvc: byId('cvc') };
const brandMark = byId('brand');

const brand = () => brandOf(digitsOf(fields.number.value));

const check = {
  number: () => validate.number(fields.number.value),
  expiry: () => validate.expiry(fields.expiry.value, new Date()),
  cvc: () => validate.cvc(fields.cvc.value, brand()),
};

function show(name, error) {
  const line = byId(`${name}-error`);
  line.textContent = error?.message ?? '';
  line.hidden = !error;
  if (error) fields[name].setAttribute('aria-invalid', 'true');
  else fields[name].removeAttribute('aria-invalid');
}

/** Writes `text` into a field and leaves the caret behind the same digit. */
function rewrite(field, text) {
  if (text === field.value) return;
  const before = digitsOf(field.value.slice(0, field.selectionStart ?? field.value.length)).length;
  const atEnd = field.selectionStart === field.value.length;
  field.value = text;
  if (document.activeElement !== field) return;
  let place = text.length;
  if (!atEnd) {
    place = 0;
    for (let seen = 0; place < text.length && seen < before; place += 1) {
      if (/\d/.test(text[place])) seen += 1;
    }
  }
  field.setSelectionRange(place, place);
}

function showBrand() {
  const { name } = brand();
  brandMark.textContent = name;
  brandMark.hidden = !name;
  const length = codeLength(brand());
  fields.cvc.maxLength = length;
  fields.cvc.placeholder = `${length} digits`;
}

let told = '';
function tellChange() {
  const complete = Object.values(check).every((problem) => !problem());
  const empty = Object.values(fields).every((field) => !field.value);
  const now = `${complete} ${empty} ${brand().name}`;
  if (now === told) return;
  told = now;
  tell('change', { complete, empty });
}

function edited(name, event) {
  const erasing = event?.inputType?.startsWith('delete') ?? false;
  if (name === 'number') rewrite(fields.number, writeNumber(fields.number.value));
  if (name === 'expiry') rewrite(fields.expiry, writeExpiry(fields.expiry.value, erasing));
  if (name === 'cvc') rewrite(fields.cvc, digitsOf(fields.cvc.value));
  if (name === 'number') showBrand();
  // While somebody is typing, a complaint can only go away.
  show(name, null);
  tellChange();
}

for (const [name, field] of Object.entries(fields)) {
  field.addEventListener('input', (event) => edited(name, event));
  field.addEventListener('blur', () => show(name, field.value ? check[name]() : null));
}
document.addEventListener('focusin', () => tell('focus'));
document.addEventListener('focusout', (event) => event.relatedTarget ?? tell('blur'));
document.addEventListener('keydown', (event) => event.key === 'Escape' && tell('escape'));
document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());

function clear() {
  for (const [name, field] of Object.entries(fields)) {
    field.value = '';
    edited(name);
  }
}

/** Says beside each field what is wrong with it, and goes to the first. */
function submit() {
  const wrong = Object.keys(fields)
    .map((name) => [name, check[name]()])
    .filter(([, error]) => error);
  for (const name of Object.keys(fields)) show(name, null);
  for (const [name, error] of wrong) show(name, error);
  if (!wrong.length) return {};
  fields[wrong[0][0]].focus();
  return { error: wrong[0][1] };
}

/** Which field the gateway's complaint is about. */
const FIELD_OF = { number: 'number', exp_month: 'expiry', exp_year: 'expiry', cvc: 'cvc' };

async function tokenise({ key, params, settings }) {
  const { month, year } = readExpiry(fields.expiry.value) ?? {};
  const answer = await request('POST', '/v1/confirmation_tokens', key, {
    payment_method_data: {
      type: 'card',
      card: { number: digitsOf(fields.number.value), exp_month: month, exp_year: year, cvc: fields.cvc.value },
      billing_details: params.payment_method_data?.billing_details,
    },
    return_url: params.return_url,
    setup_future_usage: settings.setupFutureUsage,
    client_context: { mode: settings.mode, currency: settings.currency },
  });
  if (!answer.error) return { confirmationToken: answer };
  const name = FIELD_OF[answer.error.param] ?? (answer.error.type === 'card_error' ? 'number' : null);
  if (name) {
    show(name, answer.error);
    fields[name].focus();
  }
  return { error: answer.error };
}

for (const [number, outcome] of TEST_CARDS) {
  const button = document.createElement('button');
  button.type = 'button';
  const shown = document.createElement('b');
  shown.textContent = number;
  button.append(shown, ` ${outcome}`);
  button.addEventListener('click', () => {
    fields.number.value = number;
    fields.expiry.value = '12 / 34';
    edited('number');
    fields.cvc.value = '1234'.slice(0, codeLength(brand()));
    edited('expiry');
    edited('cvc');
    fields.number.focus();
  });
  const item = document.createElement('li');
  item.append(button);
  byId('cards').append(item);
}

const tell = connect({
  init(settings) {
    dress(settings.appearance);
    reportHeight(document.querySelector('main'), tell);
    tell('ready');
    showBrand();
    tellChange();
  },
  handlers: {
    submit,
    tokenise,
    clear,
    update: (settings) => dress(settings.appearance),
    focus: () => fields.number.focus(),
    blur: () => document.activeElement?.blur(),
  },
});
