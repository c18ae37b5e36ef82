// What the card frame makes of what is typed: tables, without a browser. Run by tests/gateway.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('../browser/format.js', import.meta.url));
const format = await import(`data:text/javascript;base64,${source.toString('base64')}`);

for (const [typed, written] of [
  ['', ''],
  ['4', '4'],
  ['42424', '4242 4'],
  ['4242424242424242', '4242 4242 4242 4242'],
  ['4242-4242 4242x4242 99', '4242 4242 4242 4242'],
  ['378282246310005', '3782 822463 10005'],
  ['3782822463100059', '3782 822463 10005'],
]) {
  assert.equal(format.writeNumber(typed), written, typed);
}

for (const [typed, erasing, written] of [
  ['1', false, '1'],
  ['8', false, '08 / '],
  ['12', false, '12 / '],
  ['1/', false, '01 / '],
  ['12 / 3', false, '12 / 3'],
  ['12345', false, '12 / 34'],
  ['12/2034', false, '12 / 34'],
  ['3-2031', false, '03 / 31'],
  ['12 /', true, '12'],
  ['12 / ', true, '12'],
  ['8', true, '8'],
]) {
  assert.equal(format.writeExpiry(typed, erasing), written, `${typed} ${erasing}`);
}

for (const [digits, brand] of [
  ['', ''],
  ['4', 'Visa'],
  ['51', 'Mastercard'],
  ['2221', 'Mastercard'],
  ['2720', 'Mastercard'],
  ['2721', ''],
  ['2220', ''],
  ['34', 'American Express'],
  ['6011', 'Discover'],
  ['36', 'Diners Club'],
  ['35', 'JCB'],
  ['9', ''],
]) {
  assert.equal(format.brandOf(digits).name, brand, digits);
}

const code = (problem) => problem?.code ?? null;
for (const [number, expected] of [
  ['4242 4242 4242 4242', null],
  ['4242 4242 4242 424', 'incomplete_number'],
  ['4242 4242 4242 4241', 'invalid_number'],
  ['3782 822463 10005', null],
  ['3056 9300 0902 0004', null],
]) {
  assert.equal(code(format.validate.number(number)), expected, number);
}

const today = new Date(2026, 10, 22);
for (const [expiry, expected] of [
  ['11 / 26', null],
  ['10 / 26', 'invalid_expiry_month_past'],
  ['12 / 25', 'invalid_expiry_year_past'],
  ['13 / 30', 'invalid_expiry_month'],
  ['00 / 30', 'invalid_expiry_month'],
  ['12 / 9', 'incomplete_expiry'],
  ['12 / 76', null],
  ['12 / 99', 'invalid_expiry_year'],
]) {
  assert.equal(code(format.validate.expiry(expiry, today)), expected, expiry);
}

const [visa, amex] = [format.brandOf('4'), format.brandOf('34')];
assert.equal(code(format.validate.cvc('123', visa)), null);
assert.equal(code(format.validate.cvc('12', visa)), 'incomplete_cvc');
assert.equal(code(format.validate.cvc('123', amex)), 'incomplete_cvc');
assert.equal(code(format.validate.cvc('1234', amex)), null);
