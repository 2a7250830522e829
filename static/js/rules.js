// The rules of a form, worked out as the portal works them out: conditions, formulas, and what a box holds as a value.
// Pure: no page, no network, no eval. The portal decides; what is worked out here only spares a round trip.

// — Numbers: whole numbers with a scale, so that no digit is ever lost (1250 with scale 2 is 12.50).
const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;

const decimal = (written) => {
  const found = PLAIN.exec(typeof written === "string" || Number.isInteger(written) ? String(written) : "");
  if (!found) return null;
  const [, sign, whole, part = ""] = found;
  return { n: BigInt(sign + whole + part), s: part.length };
};
const ten = (power) => 10n ** BigInt(power);
const level = (one, other) => {
  const s = Math.max(one.s, other.s);
  return [one.n * ten(s - one.s), other.n * ten(s - other.s), s];
};
const compared = (one, other) => { const [a, b] = level(one, other); return a < b ? -1 : a > b ? 1 : 0; };
const added = (one, other) => { const [a, b, s] = level(one, other); return { n: a + b, s }; };
const multiplied = (one, other) => ({ n: one.n * other.n, s: one.s + other.s });
const negative = (one) => ({ n: -one.n, s: one.s });

// one ÷ by with so many decimal places, rounded once: up, down or to the nearest (halves up).
const divided = (one, by, places, how) => {
  let [part, whole] = [one.n * ten(by.s + places), by.n * ten(one.s)];
  if (whole < 0n) [part, whole] = [-part, -whole];
  let n = part / whole, rest = part % whole;
  if (rest < 0n) { n -= 1n; rest += whole; }
  if (how === "up" ? rest > 0n : how === "nearest" && rest * 2n >= whole) n += 1n;
  return { n, s: places };
};
const plain = ({ n, s }) => {
  const digits = (n < 0n ? -n : n).toString().padStart(s + 1, "0");
  const part = s ? digits.slice(-s).replace(/0+$/, "") : "";
  return (n < 0n ? "-" : "") + digits.slice(0, digits.length - s) + (part && `.${part}`);
};

// — Conditions.
export const answered = (value) => value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && !value.length);
const plainly = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const house = (value) => plainly(value) ? ["house", "moo", "subdistrict"].map((part) => String(value[part] || "").replace(/\s+/g, "")) : value ?? null;
const alike = (one, other) => {
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object") return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && alike(one[key], other[key]));
};
const ORDER = { at_least: (c) => c >= 0, at_most: (c) => c <= 0, above: (c) => c > 0, below: (c) => c < 0 };

export const holds = (condition, said) => {
  if (!condition) return true;
  if ("all" in condition) return condition.all.every((part) => holds(part, said));
  if ("any" in condition) return condition.any.some((part) => holds(part, said));
  if ("not" in condition) return !holds(condition.not, said);
  const value = said(condition.question);
  if ("same_as" in condition) return answered(value) && alike(house(value), house(said(condition.same_as)));
  if ("answered" in condition) return answered(value) === condition.answered;
  const wanted = "is" in condition ? [condition.is] : condition.in;
  if (wanted) return Array.isArray(value) ? value.some((one) => wanted.includes(one)) : answered(value) && wanted.includes(value);
  const found = decimal(value);
  const order = Object.keys(ORDER).find((name) => name in condition);
  return found !== null && ORDER[order](compared(found, decimal(condition[order])));
};

// — Formulas.
const rows = (group, where, said) => {
  const found = said(group);
  return (Array.isArray(found) ? found : [])
    .filter(plainly)
    .map((row) => (key) => Object.hasOwn(row, key) ? row[key] : said(key))
    .filter((row) => holds(where, row));
};

export const worth = (formula, said) => {
  if (typeof formula === "string") return decimal(/^[a-z]/.test(formula) ? said(formula) : formula);
  if ("sum" in formula) return rows(formula.over, formula.where, said).map((row) => worth(formula.sum, row)).filter(Boolean).reduce(added, { n: 0n, s: 0 });
  if ("count" in formula) return { n: BigInt(rows(formula.count, formula.where, said).length), s: 0 };
  if ("if" in formula) return worth(holds(formula.if, said) ? formula.then : formula.else, said);
  if ("round" in formula) {
    const part = worth(formula.round, said), to = decimal(formula.to);
    return part && multiplied(divided(part, to, 0, formula.how), to);
  }
  const form = ["add", "times", "minus", "least", "most", "divide"].find((name) => name in formula);
  const parts = formula[form].map((part) => worth(part, said));
  if (parts.includes(null)) return null;
  switch (form) {
    case "add": return parts.reduce(added);
    case "times": return parts.reduce(multiplied);
    case "minus": return added(parts[0], negative(parts[1]));
    case "least": return parts.reduce((one, other) => compared(other, one) < 0 ? other : one);
    case "most": return parts.reduce((one, other) => compared(other, one) > 0 ? other : one);
    default: return parts[1].n ? divided(parts[0], parts[1], formula.places, formula.how) : null;
  }
};

const reckoned = (question, said) => {
  const found = worth(question.formula, said);
  if (found === null) return null;
  const written = plain(divided(found, { n: 1n, s: 0 }, question.places, "nearest"));
  return question.places || !Number.isSafeInteger(Number(written)) ? written : Number(written);
};

// — The walk through a form: which questions count, and what they were answered with. Hidden answers play no part.
export const seen = (questions, given, known = {}) => {
  const said = new Map(Object.entries(known)), visible = [];
  const answer = (key) => said.get(key);
  for (const question of questions) {
    if (!holds(question.when, answer)) continue;
    visible.push(question.key);
    const value = question.formula ? reckoned(question, answer) : given(question);
    if (answered(value) && !(plainly(value) && !Object.keys(value).length)) said.set(question.key, value);
  }
  return { visible, said };
};

// — What was typed, as a value: exactly for what is chosen or counted; of other kinds only that something is there.
const NUMBER = /^(?:[+-]?(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{0,15})?|[+-]?\.\d{1,15})$/;

export const typed = (question, texts) => {
  const text = (texts[0] ?? "").replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "").replace(/\s+/g, " ").trim();
  if (question.options) {
    if (question.kind !== "multi_choice") return question.options.includes(text) ? text : null;
    const ticked = new Set(texts), found = question.options.filter((option) => ticked.has(option));
    return found.length === ticked.size && found.length >= question.min && found.length <= (question.max ?? Infinity) ? found : null;
  }
  if (question.kind !== "integer" && question.kind !== "decimal") return texts.find((one) => one.trim()) ?? null;
  let written = text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50)).replaceAll(" ", "").toLowerCase();
  for (const unit of question.units) if (written.endsWith(unit)) written = written.slice(0, written.length - unit.length);
  if (!NUMBER.test(written)) return null;
  const found = decimal(written.replaceAll(",", "").replace(/^\+/, "").replace(/^(-?)\./, "$10.").replace(/\.$/, ""));
  const places = plain(found).split(".")[1]?.length ?? 0;
  if (places > question.places) return null;
  if (question.min !== null && compared(found, decimal(question.min)) < 0) return null;
  if (question.max !== null && compared(found, decimal(question.max)) > 0) return null;
  return question.kind === "integer" ? Number(plain(found)) : plain(found);
};
