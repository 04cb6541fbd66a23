// Why an answer is right or not: what is said at once, and what opens only if the learner wishes.

import { pairsInOrder, slip } from "./grading.mjs";
import { h, plural, prose } from "./elements.mjs";

/** @typedef {import("./grading.mjs").Item} Item */
/** @typedef {import("./grading.mjs").Option} Option */

/** @type {Record<string, (item: Item, answer: any, score: number) => Node[]>} */
const REASONS = {
  choice: (item, answer) => [prose(item.options[answer].feedback ?? "")],
  choices: (item, answer) => [h("ul", {}, ...answer.map((/** @type {number} */ pick) => reason(item.options[pick])))],
  number: (item, answer, score) => [prose(score === 1 ? item.feedback.right : slip(item, answer)?.feedback ?? item.feedback.wrong)],
  order: (item, answer, score) => {
    const { right, all } = pairsInOrder(item, answer);
    const count = h("p", { text: `${right} of ${plural(all, "pair")} of steps are in order.` });
    return score === 1 ? [prose(item.feedback.right)] : [count, prose(item.feedback.wrong)];
  },
  match: (item, answer) => [h("ul", {}, ...item.pairs.map((pair, i) => matched(item, i, answer[i])))],
};
REASONS.hotspot = REASONS.choice;
REASONS.short = REASONS.calculated = REASONS.number;

/** What is said to an answer.
 * @param {Item} item @param {any} answer @param {number} score hints not counted @returns {Node[]} */
export function reasons(item, answer, score) {
  const found = REASONS[item.type](item, answer, score);
  return item.explanation ? [...found, prose(item.explanation)] : found;
}

/** What was not answered: the other options, or the right answer.
 * @param {Item} item @param {any} answer undefined if none was given @param {number} score */
export function others(item, answer, score) {
  if (item.options) {
    const picked = [answer].flat();
    const rest = item.options.filter((_, i) => !picked.includes(i));
    const named = item.type === "hotspot" ? "places" : "options";
    return rest.length > 0 && folded(`The ${answer === undefined ? "" : "other "}${named}`, h("ul", {}, ...rest.map(reason)));
  }
  if (score === 1) return null;
  if (item.type === "order") return folded("The right order", h("ol", { class: "sm-numbered" }, ...item.key.map((step) => prose(item.shown[step], "li"))));
  if (item.type === "short") return folded("A right answer", h("p", { text: item.said }));
  if (item.type !== "match") return folded("The right number", h("p", { text: `${Number(item.answer.toPrecision(6))} ${item.unit}`.trim() }));
  const wrong = item.pairs.filter((_, i) => answer?.[i] !== item.key[i]);
  return folded("The right matches", h("ul", {}, ...wrong.map((pair) =>
    h("li", {}, prose(pair.text, "span"), h("br"), prose(pair.match, "strong"), " – ", prose(pair.feedback, "span")))));
}

/** @param {string} summary @param {Node} content */
const folded = (summary, content) => h("details", {}, h("summary", { text: summary }), content);

/** @param {Option} one */
const reason = (one) =>
  h("li", {}, prose(one.text, "span"), h("strong", { text: one.correct ? " – right: " : " – not right: " }), prose(one.feedback ?? "", "span"));

/** @param {Item} item @param {number} i @param {number | null} pick */
function matched(item, i, pick) {
  const right = pick === item.key[i];
  const given = pick === null ? h("span", { text: "no match chosen" }) : prose(item.shown[pick], "span");
  return h("li", {}, prose(item.pairs[i].text, "span"), h("br"), given, h("strong", { text: right ? " – right: " : " – not right" }),
    right && prose(item.pairs[i].feedback, "span"));
}
