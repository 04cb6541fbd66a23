// What to review and what is mastered, by the rules of answered.py, schedule.py and mastery.py; ts-fsrs knows the days.
// tests/browser/test_browser_review.py holds both sides to each other. A day is a number: days since 1970, UTC.

import { fsrs, generatorParameters } from "./fsrs/ts-fsrs.mjs";
import { right, SURE } from "./grading.mjs";

/** @typedef {import("./grading.mjs").Attempt} Attempt */
/**
 * @typedef {{item: string, hash: string, record: any}} Entry one line of an export
 * @typedef {{id: string, chapter: string, objective: number | null, type: string}} Question
 * @typedef {{last: number, due: number, stability: number, difficulty: number}} Memory
 * @typedef {{said: number, right: number}} Tally
 */

export const MASTERY_DAYS = 2;
export const DAYS_AHEAD = 14;
const NEW_A_DAY = 10;
const MOST_HINTS = 3;
const MOMENT = /^((?:19|20)\d\d-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)$/;
const DAY = 864e5;
const SCHEDULER = fsrs(generatorParameters({ enable_fuzz: false, maximum_interval: 365 }));

export const today = () => Math.floor(Date.now() / DAY);

/** @param {number} day @returns {string} such as 2026-11-23 */
export const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);

/** The day of an answer; null if this is no answer that can count.
 * @param {any} attempt @returns {number | null} */
function dayOf(attempt) {
  const { score, at } = attempt ?? {};
  const found = typeof at === "string" && MOMENT.exec(at);
  if (!found || typeof score !== "number" || !(score >= 0 && score <= 1)) return null;
  const day = Date.parse(`${found[1]}T00:00:00Z`) / DAY;
  return Number.isNaN(day) || iso(day) !== found[1] ? null : day; // browsers read 30 February as 2 March
}

/** @param {Attempt} a @param {Attempt} b */
const earlier = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** All answers by item, oldest first; those given before an item was edited belong to it too.
 * @param {Entry[]} entries @returns {Map<string, Attempt[]>} */
export function histories(entries) {
  /** @type {Map<string, Map<string, Attempt>>} */
  const found = new Map();
  for (const { item, record } of entries) {
    for (const attempt of Array.isArray(record?.history) ? record.history : []) {
      if (dayOf(attempt) === null) continue;
      if (!found.has(item)) found.set(item, new Map());
      const moments = /** @type {Map<string, Attempt>} */ (found.get(item));
      if (!moments.has(attempt.at)) moments.set(attempt.at, attempt);
    }
  }
  return new Map([...found].map(([item, moments]) => [item, [...moments.values()].sort(earlier)]));
}

/** The answers of a history that count by a day: the first of each day.
 * @param {Attempt[]} history @param {number} now @returns {[number, Attempt][]} */
export function firstOfDays(history, now) {
  /** @type {Map<number, Attempt>} */
  const first = new Map();
  for (const attempt of history.filter((one) => dayOf(one) !== null).sort(earlier)) {
    const day = /** @type {number} */ (dayOf(attempt));
    if (day <= now && attempt.before !== true && !first.has(day)) first.set(day, attempt);
  }
  return [...first];
}

/** 1 again, 2 hard, 3 good, 4 easy.
 * @param {Attempt} attempt @returns {1 | 2 | 3 | 4} */
export function rating({ score, sure }) {
  if (score < 0.5) return 1;
  if (score < 1 || sure === "guess") return 2;
  return sure === "sure" ? 4 : 3;
}

/** What is left in memory of a question after its history; null if no answer counts.
 * @param {Attempt[]} history @param {number} now @returns {Memory | null} */
export function schedule(history, now) {
  let memory = null;
  let last = 0;
  for (const [day, attempt] of firstOfDays(history, now)) {
    memory = SCHEDULER.next_state(memory, memory ? day - last : 0, rating(attempt));
    last = day;
  }
  return memory && { ...memory, last, due: last + SCHEDULER.next_interval(memory.stability, 0) };
}

/** How likely the answer is still known, from 0 to 1.
 * @param {Memory} memory @param {number} now */
const recall = (memory, now) => SCHEDULER.forgetting_curve(Math.max(0, now - memory.last), memory.stability);

/** What to review on a day; `next` is the first later day with a question that is due (infinite if there is none).
 * @param {Map<string, Attempt[]>} known @param {Question[]} questions @param {number} now */
export function plan(known, questions, now) {
  const asked = questions.filter(({ type }) => type !== "case");
  /** @type {Map<string, Memory>} */
  const memories = new Map();
  let begunToday = 0;
  for (const { id } of asked) {
    const history = known.get(id) ?? [];
    const memory = schedule(history, now);
    if (memory) memories.set(id, memory);
    if (memory && firstOfDays(history, now)[0][0] === now) begunToday += 1;
  }
  const due = [...memories].filter(([, memory]) => memory.due <= now)
    .map(([id, memory]) => /** @type {[string, number]} */ ([id, recall(memory, now)]))
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .map(([id]) => id);
  const begun = new Set(questions.filter(({ id }) => known.get(id)?.length).map(({ chapter }) => chapter));
  const unseen = asked.filter(({ id, chapter }) => !memories.has(id) && begun.has(chapter)).map(({ id }) => id);
  const days = [...memories.values()].map((memory) => memory.due - now);
  return {
    due,
    fresh: unseen.slice(0, Math.max(0, NEW_A_DAY - begunToday)),
    next: Math.min(...days.filter((day) => day > 0)) + now,
    ahead: Array.from({ length: DAYS_AHEAD }, (_, i) => days.filter((day) => day === i + 1).length),
  };
}

/** How far one objective is, from the questions that belong to it.
 * @param {Map<string, Attempt[]>} known @param {Question[]} questions @param {number} now */
export function mastery(known, questions, now) {
  const answers = questions.map(({ id }) => firstOfDays(known.get(id) ?? [], now));
  const held = answers.filter((given) => given.length && holds(given[given.length - 1][1])).length;
  const days = new Set(answers.flatMap((given) => given.map(([day]) => day))).size;
  const answered = answers.filter((given) => given.length).length;
  return { questions: questions.length, answered, held, days, mastered: held === questions.length && days >= MASTERY_DAYS };
}

/** Wholly right (a hint would have cost credit) and not called a guess.
 * @param {Attempt} attempt */
const holds = ({ score, sure }) => score === 1 && sure !== "guess";

/** How often each degree of certainty was said and right, by chapter or by month.
 * @param {Map<string, Attempt[]>} known @param {Question[]} questions @param {number} now
 * @param {(question: Question, day: number) => string} group @returns {Map<string, Record<string, Tally>>} */
export function tallies(known, questions, now, group) {
  const found = new Map();
  for (const question of questions) {
    for (const [day, attempt] of firstOfDays(known.get(question.id) ?? [], now)) {
      if (!attempt.sure || !SURE.includes(attempt.sure)) continue;
      const name = group(question, day);
      if (!found.has(name)) found.set(name, Object.fromEntries(SURE.map((one) => [one, { said: 0, right: 0 }])));
      const tally = found.get(name)[attempt.sure];
      tally.said += 1;
      if (wasRight(attempt)) tally.right += 1;
    }
  }
  return found;
}

/** Whether the answer itself was right, hints or not; an imported one may say anything of its hints.
 * @param {Attempt} attempt */
const wasRight = (attempt) => Number.isInteger(attempt.hints) && attempt.hints >= 0 && attempt.hints <= MOST_HINTS && right(attempt);

/** @param {Question} question */
export const byChapter = ({ chapter }) => chapter;

/** @param {Question} _ @param {number} day */
export const byMonth = (_, day) => iso(day).slice(0, 7);
