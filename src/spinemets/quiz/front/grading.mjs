// Grading in the browser, by the rules of grading.py; tests/quiz/grading_cases.json holds both to one table.

/**
 * @typedef {{text: string, correct?: boolean, feedback?: string, points?: number, consequence?: string, next?: string}} Option
 * @typedef {{id: string, text: string, question: string, options: Option[]}} Step
 * @typedef {{value: number, tolerance: number, feedback: string}} Hint
 * @typedef {{id: string, hash: string | null, type: string, question: string, options: Option[], answer: number,
 *   tolerance: number, unit: string, hints: Hint[], feedback: {right: string, wrong: string}, explanation: string,
 *   model_answer: string, evidence: string[], sensitive?: boolean, core?: boolean, from?: string | null, hint?: string,
 *   title: string, person: string, steps: Step[], ending: string}} Item
 * @typedef {{answer: any, score: number, at: string}} Attempt
 * @typedef {Record<string, any>} Stored what was answered; see each item type below
 */

export const BEST_POINTS = 2;
const ROUNDING = 1e-9;

/** @param {number} given @param {number} answer @param {number} tolerance */
const within = (given, answer, tolerance) =>
  Number.isFinite(given) && Math.abs(given - answer) <= tolerance + ROUNDING * Math.max(1, Math.abs(answer));

/** The steps that the decisions go through, and the step that they lead to (undefined at the end).
 * @param {Item} item @param {number[]} path @returns {{steps: Step[], next: Step | undefined}} */
export function walk(item, path) {
  const steps = [];
  let next = /** @type {Step | undefined} */ (item.steps[0]);
  for (const pick of path) {
    const option = next?.options[pick];
    if (!next || !option) throw new RangeError(`no decision ${pick} here`);
    steps.push(next);
    next = item.steps.find((step) => step.id === option.next);
  }
  return { steps, next };
}

/** Score from 0 to 1; null for a prediction, which has none.
 * @param {Item} item @param {any} answer an option's position, a list of them, or a number @returns {number | null} */
export function grade(item, answer) {
  if (item.type === "choice") return option(item, answer).correct ? 1 : 0;
  if (item.type === "choices") {
    const picks = [...new Set(/** @type {number[]} */ (answer))].map((pick) => option(item, pick));
    const right = picks.filter((pick) => pick.correct).length;
    return Math.max(0, (right - (picks.length - right)) / item.options.filter((one) => one.correct).length);
  }
  if (item.type === "number") return within(answer, item.answer, item.tolerance) ? 1 : 0;
  if (item.type === "case") {
    const { steps, next } = walk(item, answer);
    if (next) throw new RangeError("the case has not ended");
    return points(steps, answer) / (BEST_POINTS * steps.length);
  }
  return null;
}

/** The first understood slip that leads to a wrong number.
 * @param {Item} item @param {number} given */
export const slip = (item, given) => item.slips.find((known) => within(given, known.value, known.tolerance));

/** @param {Item} item @param {number} pick */
function option(item, pick) {
  const found = item.options[pick];
  if (!found) throw new RangeError(`no option ${pick}`);
  return found;
}

/** @param {Step[]} steps @param {number[]} path */
export const points = (steps, path) => steps.reduce((sum, step, i) => sum + (step.options[path[i]].points ?? 0), 0);

/** Whether a stored record can be shown; an imported one may be anything.
 * @param {Item} item @param {any} record */
export function fits(item, record) {
  try {
    if (item.type === "prediction") return typeof record.at === "string";
    if (item.type === "case" && !record.now) return Boolean(walk(item, record.path));
    return [record.first, record.now].every((attempt) => grade(item, attempt.answer) === attempt.score);
  } catch {
    return false;
  }
}
