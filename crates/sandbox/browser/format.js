// What is typed into the card fields: how it is written, and what is wrong with it. No document here.

const BRANDS = [
  { name: 'Visa', starts: /^4/, groups: [4, 4, 4, 4], lengths: [16] },
  { name: 'Mastercard', starts: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, groups: [4, 4, 4, 4], lengths: [16] },
  { name: 'American Express', starts: /^3[47]/, groups: [4, 6, 5], lengths: [15], code: 4 },
  { name: 'Discover', starts: /^(6011|65|64[4-9])/, groups: [4, 4, 4, 4], lengths: [16] },
  { name: 'Diners Club', starts: /^(36|38|30[0-5])/, groups: [4, 4, 4, 4], lengths: [14, 16] },
  { name: 'JCB', starts: /^35/, groups: [4, 4, 4, 4], lengths: [16] },
];
const UNKNOWN = { name: '', groups: [4, 4, 4, 4], lengths: [16] };

export const digitsOf = (text) => text.replace(/[^0-9]/g, '');

export const brandOf = (digits) => BRANDS.find((brand) => brand.starts.test(digits)) ?? UNKNOWN;

export const codeLength = (brand) => brand.code ?? 3;

/** Digits in the groups that are printed on the card. */
export function writeNumber(text) {
  const digits = digitsOf(text);
  const brand = brandOf(digits);
  let rest = digits.slice(0, Math.max(...brand.lengths));
  const groups = [];
  for (const size of brand.groups) {
    if (rest) groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return groups.join(' ');
}

/** `MM / YY`; a month that can only have one digit gets its zero. Also takes `MM/YYYY`, as browsers fill in. */
export function writeExpiry(text, erasing) {
  const filled = /^\s*(\d{1,2})\s*[/-]\s*(?:20)(\d\d)\s*$/.exec(text);
  let digits = filled ? filled[1].padStart(2, '0') + filled[2] : digitsOf(text);
  if (!erasing && (/^[2-9]/.test(digits) || /^\s*1\s*\/\s*$/.test(text))) digits = `0${digits}`;
  digits = digits.slice(0, 4);
  if (digits.length < 2 || (digits.length === 2 && erasing)) return digits;
  return `${digits.slice(0, 2)} / ${digits.slice(2)}`;
}

/** Month and full year of a complete expiry. */
export function readExpiry(text) {
  const digits = digitsOf(text);
  return digits.length === 4 ? { month: Number(digits.slice(0, 2)), year: 2000 + Number(digits.slice(2)) } : null;
}

function checks(digits) {
  let sum = 0;
  [...digits].reverse().forEach((digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

const problem = (code, message) => ({ type: 'validation_error', code, message });

/** What is wrong with each field, or null. `today` is a Date. */
export const validate = {
  number(text) {
    const digits = digitsOf(text);
    if (!brandOf(digits).lengths.includes(digits.length)) {
      return problem('incomplete_number', 'Your card number is incomplete.');
    }
    return checks(digits) ? null : problem('invalid_number', 'Your card number is invalid.');
  },
  expiry(text, today) {
    const expiry = readExpiry(text);
    if (!expiry) return problem('incomplete_expiry', "Your card's expiry date is incomplete.");
    const { month, year } = expiry;
    if (month < 1 || month > 12) return problem('invalid_expiry_month', "Your card's expiry month is invalid.");
    const age = (today.getFullYear() - year) * 12 + today.getMonth() + 1 - month;
    if (age > 0 && today.getFullYear() > year) {
      return problem('invalid_expiry_year_past', "Your card's expiry year is in the past.");
    }
    if (age > 0) return problem('invalid_expiry_month_past', "Your card's expiry date is in the past.");
    const far = year > today.getFullYear() + 50;
    return far ? problem('invalid_expiry_year', "Your card's expiry year is invalid.") : null;
  },
  cvc(text, brand) {
    return digitsOf(text).length === codeLength(brand)
      ? null
      : problem('incomplete_cvc', "Your card's security code is incomplete.");
  },
};
