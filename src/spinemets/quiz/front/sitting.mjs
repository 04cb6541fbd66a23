// One sitting of an exam as data: which questions are drawn, how long it may take, and what came of it.

import { grade } from "./grading.mjs";

/** @typedef {import("./grading.mjs").Item & {chapter: string, goal: string}} Asked an item with its chapter and objective */
/**
 * @typedef {{items: string[], variants: Record<string, number>, answers: Record<string, any>, seconds: Record<string, number>,
 *   begun: string, minutes: number | null}} Sitting `minutes` is the time limit, if there is one
 */

/** @template T @param {T[]} all @param {() => number} random from 0 up to 1 @returns {T[]} */
function shuffled(all, random) {
  const left = [...all];
  return all.map(() => left.splice(Math.floor(random() * left.length), 1)[0]);
}

/** Questions by the blueprint: one of each objective, in turns, until there are enough.
 * @param {Asked[]} pool @param {number} count @param {() => number} random @returns {Asked[]} */
export function drawn(pool, count, random) {
  const goals = grouped(pool);
  let turns = shuffled([...goals.values()].map((items) => shuffled(items, random)), random);
  const found = /** @type {Asked[]} */ ([]);
  while (turns.length && found.length < count) {
    for (const items of turns) if (found.length < count) found.push(/** @type {Asked} */ (items.pop()));
    turns = turns.filter((items) => items.length);
  }
  return shuffled(found, random);
}

/** @param {Asked} item */
const goalOf = (item) => `${item.chapter}: ${item.goal}`;

/** @param {Asked[]} pool */
function grouped(pool) {
  const goals = new Map();
  for (const item of pool) goals.set(goalOf(item), [...(goals.get(goalOf(item)) ?? []), item]);
  return goals;
}

/** @param {Asked[]} items @param {number | null} minutes @param {() => number} random @returns {Sitting} */
export function begin(items, minutes, random) {
  const calculated = items.filter((item) => item.type === "calculated");
  const variants = Object.fromEntries(calculated.map((item) => [item.id, Math.floor(random() * item.variants.length)]));
  return { items: items.map(({ id }) => id), variants, answers: {}, seconds: {}, begun: new Date().toISOString(), minutes };
}

/** Seconds that are left; without a limit for ever.
 * @param {Sitting} sitting @param {number} now milliseconds since 1970 */
export const left = ({ begun, minutes }, now) => (minutes === null ? Infinity : Math.ceil((Date.parse(begun) + minutes * 60_000 - now) / 1000));

/** The score of each question, 0 without an answer.
 * @param {Asked[]} items @param {Sitting} sitting */
export const scores = (items, { answers }) => items.map((item) => (item.id in answers ? Number(grade(item, answers[item.id])) : 0));

/** Scores by chapter and objective, in the order of the questions.
 * @param {Asked[]} items @param {number[]} points @returns {{chapter: string, goal: string, score: number, asked: number}[]} */
export function byGoal(items, points) {
  const rows = /** @type {Record<string, {chapter: string, goal: string, score: number, asked: number}>} */ ({});
  items.forEach((item, i) => {
    const row = (rows[goalOf(item)] ??= { chapter: item.chapter, goal: item.goal, score: 0, asked: 0 });
    row.score += points[i];
    row.asked += 1;
  });
  return Object.values(rows).sort((a, b) => (a.chapter + a.goal < b.chapter + b.goal ? -1 : 1));
}

/** Whether a stored sitting can be gone on with; an imported one may be anything, and a question may be gone.
 * @param {Asked[]} pool @param {any} sitting */
export function resumable(pool, sitting) {
  try {
    const items = sitting.items.map((/** @type {string} */ id) => pool.find((item) => item.id === id));
    if (items.length === 0 || items.includes(undefined) || Number.isNaN(Date.parse(sitting.begun))) return false;
    scores(items, sitting);
    const known = items.every((/** @type {Asked} */ item) => item.type !== "calculated" || item.variants[sitting.variants[item.id]]);
    return known && Boolean(sitting.seconds) && (sitting.minutes === null || sitting.minutes > 0);
  } catch {
    return false;
  }
}
