// Grading in the browser, by the rules of grading.py; tests/quiz/grading_cases.json holds both to one table.

/**
 * @typedef {{text: string, correct?: boolean, feedback?: string, place?: string, points?: number, consequence?: string,
 *   next?: string}} Option
 * @typedef {{id: string, text: string, question: string, options: Option[]}} Step
 * @typedef {{value: number, tolerance: number, texts: string[], feedback: string}} Slip
 * @typedef {{id: string, hash: string | null, type: string, question: string, options: Option[], answer: number,
 *   tolerance: number, unit: string, slips: Slip[], feedback: {right: string, wrong: string}, explanation: string,
 *   model_answer: string, evidence: string[], hints?: string[], rule: string, level?: string, sensitive?: boolean,
 *   core?: boolean, from?: string | null, title: string, person: string, steps: Step[], ending: string, shown: string[],
 *   key: number[], pairs: {text: string, match: string, feedback: string}[], picture: string, label: string,
 *   accepted: string[], said: string, variants: Partial<Item>[], variant?: number}} Item payload of render.py
 * @typedef {{answer: any, score: number, hints: number, at: string, sure?: string, seconds?: number, before?: boolean}} Attempt
 * @typedef {Record<string, any>} Stored what is kept of an item: {type, history: Attempt[], at}; a case has its path besides
 */

export const BEST_POINTS = 2;
export const HINT_COST = 0.25;
export const SURE = ["guess", "fairly sure", "sure"];
export const LONGEST_TEXT = 200;
const ROUNDING = 1e-9;

/** The score that is left after some hints were opened.
 * @param {number} score @param {number} hints */
export const credit = (score, hints) => Math.max(0, score * (1 - HINT_COST * hints));

/** A text as it is compared: small letters and digits, one space between words.
 * @param {string} text */
export const words = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** A calculated item with the numbers of one variant in place.
 * @param {Item} item @param {number} i @returns {Item} */
export const variant = (item, i) => ({ ...item, ...item.variants[place(i, item.variants.length)], variant: i });

/** @param {number} given @param {number} answer @param {number} tolerance */
const within = (given, answer, tolerance) =>
  Number.isFinite(given) && Math.abs(given - answer) <= tolerance + ROUNDING * Math.max(1, Math.abs(answer));

/** @param {any} pick @param {number} count @returns {number} */
function place(pick, count) {
  if (!Number.isInteger(pick) || pick < 0 || pick >= count) throw new RangeError(`no option ${pick}`);
  return pick;
}

/** @param {any} given @param {string} type */
function typed(given, type) {
  if (typeof given !== type) throw new TypeError(`expected a ${type}`);
  return given;
}

/** @param {any} given @returns {any[]} */
function array(given) {
  if (!Array.isArray(given)) throw new TypeError("expected a list");
  return given;
}

/** The steps that the decisions go through, and the step that they lead to (undefined at the end).
 * @param {Item} item @param {number[]} path @returns {{steps: Step[], next: Step | undefined}} */
export function walk(item, path) {
  const steps = [];
  let next = /** @type {Step | undefined} */ (item.steps[0]);
  for (const pick of array(path)) {
    if (!next) throw new RangeError("decisions after the end");
    const option = next.options[place(pick, next.options.length)];
    steps.push(next);
    next = item.steps.find((step) => step.id === option.next);
  }
  return { steps, next };
}

/** @param {Step[]} steps @param {number[]} path */
export const points = (steps, path) => steps.reduce((sum, step, i) => sum + (step.options[path[i]].points ?? 0), 0);

/** Pairs of steps in the right order, and all pairs.
 * @param {Item} item @param {number[]} answer */
export function pairsInOrder(item, answer) {
  const ranks = answer.map((shown) => item.key.indexOf(shown));
  const right = ranks.flatMap((rank, i) => ranks.slice(i + 1).filter((later) => later > rank)).length;
  return { right, all: (ranks.length * (ranks.length - 1)) / 2 };
}

/** @type {Record<string, (item: Item, answer: any) => number>} */
const GRADERS = {
  choice: (item, answer) => (item.options[place(answer, item.options.length)].correct ? 1 : 0),
  choices: (item, answer) => {
    const picks = [...new Set(array(answer))].map((pick) => item.options[place(pick, item.options.length)]);
    const right = picks.filter((pick) => pick.correct).length;
    return Math.max(0, (right - (picks.length - right)) / item.options.filter((one) => one.correct).length);
  },
  number: (item, answer) => (within(typed(answer, "number"), item.answer, item.tolerance) ? 1 : 0),
  order: (item, answer) => {
    if ([...array(answer)].sort((a, b) => a - b).some((pick, i) => pick !== i) || answer.length !== item.key.length) throw new RangeError("not every step once");
    const { right, all } = pairsInOrder(item, answer);
    return Math.max(0, (right - (all - right)) / all);
  },
  match: (item, answer) => {
    if (array(answer).length !== item.key.length) throw new RangeError("not one match for each text");
    const picks = /** @type {any[]} */ (answer).map((pick) => pick === null ? null : place(pick, item.shown.length));
    return picks.filter((pick, i) => pick === item.key[i]).length / item.key.length;
  },
  short: (item, answer) => {
    if ([...typed(answer, "string")].length > LONGEST_TEXT) throw new RangeError("no short answer");
    return item.accepted.includes(words(answer)) ? 1 : 0;
  },
  calculated: (item, answer) => GRADERS.number(variant(item, answer.variant), answer.value),
  case: (item, answer) => {
    const { steps, next } = walk(item, answer);
    if (next) throw new RangeError("the case has not ended");
    return points(steps, answer) / (BEST_POINTS * steps.length);
  },
};
GRADERS.hotspot = GRADERS.choice;

/** Score from 0 to 1, hints not counted; null for a prediction, which has none.
 * @param {Item} item @param {any} answer of the form that grading.py describes @returns {number | null} */
export const grade = (item, answer) => GRADERS[item.type]?.(item, answer) ?? null;

/** The understood slip that leads to a wrong answer, if any.
 * @param {Item} item a calculated one with its variant in place @param {any} answer */
export function slip(item, answer) {
  if (item.type === "short") return item.slips.find((known) => known.texts.includes(words(answer)));
  const given = item.type === "calculated" ? answer.value : answer;
  return item.slips.find((known) => within(given, known.value, known.tolerance));
}

/** Whether the answer itself was right, whatever the hints cost.
 * @param {Attempt} attempt */
export const right = ({ score, hints }) => score === credit(1, hints);

/** The attempts that count, oldest first: those before the chapter do not.
 * @param {Stored | undefined} record @returns {Attempt[]} */
export const counted = (record) => (record?.history ?? []).filter((/** @type {Attempt} */ attempt) => !attempt.before);

/** The record with one more attempt.
 * @param {Item} item @param {Stored | undefined} record @param {any} answer @param {Partial<Attempt>} [more] @returns {Stored} */
export function extended(item, record, answer, more = {}) {
  const hints = more.hints ?? 0;
  const at = new Date().toISOString();
  const score = credit(/** @type {number} */ (grade(item, answer)), hints);
  return { ...record, type: item.type, history: [...(record?.history ?? []), { answer, score, hints, at, ...more }], at };
}

/** Whether a stored record can be shown; an imported one may be anything.
 * @param {Item} item @param {any} record */
export function fits(item, record) {
  try {
    if (!moment(record.at)) return false;
    if (item.type === "prediction") return predicted(item, record);
    const begun = item.type === "case" && Boolean(walk(item, record.path ?? []));
    const history = array(begun ? record.history ?? [] : record.history);
    return (begun || history.length > 0) && history.every((attempt) => sound(item, attempt));
  } catch {
    return false;
  }
}

/** @param {any} at */
const moment = (at) => typeof at === "string" && !Number.isNaN(Date.parse(at));

/** @param {Item} item @param {any} attempt */
function sound(item, { answer, score, hints, at, sure, seconds, before }) {
  return moment(at) && Number.isInteger(hints) && hints >= 0 && hints <= (item.hints ?? []).length
    && score === credit(/** @type {number} */ (grade(item, answer)), hints)
    && (sure === undefined || SURE.includes(sure)) && (seconds === undefined || seconds >= 0) && (before === undefined || before === true);
}

/** @param {Item} item @param {any} record that of an explorer has its `prediction` in words or as a number */
function predicted(item, { answer, prediction, skipped, confidence = "", why = "" }) {
  const known = skipped === true || ["string", "number"].includes(typeof prediction)
    || (item.options.length ? place(answer, item.options.length) >= 0 : Number.isFinite(answer));
  return known && typeof confidence === "string" && typeof why === "string";
}
