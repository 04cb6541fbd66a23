// What the answers say: what comes in the next days, what is mastered, and how often "sure" was right.

import { columns, shares, table } from "./charts.mjs";
import { brief, h, percent, plural, prose } from "./elements.mjs";
import { SURE } from "./grading.mjs";
import { byChapter, byMonth, DAYS_AHEAD, mastery, MASTERY_DAYS, tallies } from "./schedule.mjs";

/** @typedef {import("./grading.mjs").Attempt} Attempt */
/** @typedef {import("./schedule.mjs").Question} Question */
/** @typedef {import("./schedule.mjs").Tally} Tally */
/**
 * @typedef {{stem: string, title: string, link: string, objectives: string[]}} Chapter `link` leads to it on the page
 * @typedef {ReturnType<typeof mastery> & {text: string}} Objective how far it is, and what it says
 * @typedef {{known: Map<string, Attempt[]>, questions: Question[], chapters: Chapter[], now: number}} Seen
 */

export const MASTERY_RULE = `An objective is mastered when your newest answer to each of its questions is wholly right, without a hint and not ` +
  `called a guess, and when you answered its questions on at least ${MASTERY_DAYS} days. Of each question the first answer of a day counts.`;
const FEW = 5;

/** @param {number} day */
export const date = (day) => new Date(day * 864e5).toLocaleDateString(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** The title of a chapter: on the page it leads there; JupyterLab would look for the link in the wrong place.
 * @param {Chapter} chapter */
export const titled = (chapter) => ("spinemets" in globalThis ? prose(chapter.link, "span") : h("span", { text: chapter.title }));

/** How many questions come back on each of the next days.
 * @param {number[]} ahead @param {number} now */
export function nextDays(ahead, now) {
  const all = ahead.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...ahead);
  const words = all
    ? `In the next ${DAYS_AHEAD} days ${plural(all, "question")} ${all === 1 ? "comes" : "come"} back: ${ahead[0] || "none"} tomorrow`
      + `${ahead[0] === most ? "." : `, the most (${most}) on ${date(now + ahead.indexOf(most) + 1)}.`}`
    : `In the next ${DAYS_AHEAD} days no question comes back.`;
  const days = ahead.map((count, i) => ({ count, text: String(new Date((now + i + 1) * 864e5).getUTCDate()) }));
  return [h("p", { text: words }), ...(all ? [columns(words, days), h("details", {}, h("summary", { text: "The days as a table" }),
    table("Questions that come back", ["Day", "Questions"], ahead.map((count, i) => [date(now + i + 1), count])))] : [])];
}

/** For each chapter its objectives that have questions, and how far they are.
 * @param {Seen} seen @returns {{chapter: Chapter, objectives: Objective[]}[]} */
export function mastered({ known, questions, chapters, now }) {
  return chapters.map((chapter) => ({
    chapter,
    objectives: chapter.objectives.flatMap((text, i) => {
      const own = questions.filter((one) => one.chapter === chapter.stem && one.objective === i + 1);
      return own.length ? [{ ...mastery(known, own, now), text }] : [];
    }),
  }));
}

/** @param {{objectives: Objective[]}} one */
export const complete = ({ objectives }) => objectives.length > 0 && objectives.every((objective) => objective.mastered);

/** @param {Seen} seen @param {Set<string>} open the stems of chapters whose lists are open, kept up to date */
export function masteryPart(seen, open) {
  const parts = mastered(seen).map(({ chapter, objectives }) => {
    const done = objectives.filter((objective) => objective.mastered).length;
    const words = `${done} of ${plural(objectives.length, "objective")} mastered`;
    const details = /** @type {HTMLDetailsElement} */ (h("details", { open: open.has(chapter.stem) },
      h("summary", {}, h("strong", { text: chapter.title }), h("span", { class: "sm-small", text: ` ${words} ` }),
        h("meter", { min: 0, max: objectives.length, value: done, "aria-label": words })),
      h("ul", { class: "sm-objectives" }, ...objectives.map(objectiveRow)),
      "spinemets" in globalThis && h("p", { class: "sm-small" }, "To the chapter: ", titled(chapter))));
    details.addEventListener("toggle", () => (details.open ? open.add(chapter.stem) : open.delete(chapter.stem)));
    return details;
  });
  return [h("p", { class: "sm-small", text: MASTERY_RULE }), ...parts];
}

/** @param {Objective} one */
function objectiveRow({ text, mastered, answered, questions, held, days }) {
  const [icon, word] = mastered ? ["✓", "Mastered"] : answered ? ["◐", "Begun"] : ["○", "Not begun"];
  const more = answered && !mastered ? `: ${held} of ${plural(questions, "question")} right without a hint or a guess, answered on ${plural(days, "day")}` : "";
  return h("li", {}, h("span", { "aria-hidden": "true", text: `${icon} ` }), h("strong", { text: word }), `${more}. You can ${text}.`);
}

/** @param {Tally} tally */
const share = ({ said, right }) => (said ? `${right}\u00a0of\u00a0${said} (${percent(right / said).replace(" ", "\u00a0")})` : "–");

/** How often each degree of certainty was right: in all, by chapter, by month.
 * @param {Seen} seen */
export function calibrationPart({ known, questions, chapters, now }) {
  const byStem = tallies(known, questions, now, byChapter);
  if (byStem.size === 0) {
    return [h("p", { text: "When you answer, say how sure you are. Here you then see how often “sure” was right, and how often a guess was." })];
  }
  const all = SURE.map((sure) => ({
    sure, said: sum([...byStem.values()].map((row) => row[sure].said)), right: sum([...byStem.values()].map((row) => row[sure].right)),
  }));
  const sure = all[SURE.length - 1];
  const months = [...tallies(known, questions, now, byMonth)].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    h("p", { text: sure.said
      ? `You were right in ${sure.right} of the ${plural(sure.said, "answer")} that you called sure.${sure.said < FEW ? " That is too few to tell." : ""}`
      : "You have not called an answer sure yet." }),
    shares(all.map(({ sure: name, right: part, said: whole }) => ({ name: `Said “${name}”`, part, whole }))),
    table("How often right, by chapter", ["Chapter", ...SURE], chapters.filter(({ stem }) => byStem.has(stem))
      .map(({ stem, title }) => [brief(title), ...SURE.map((name) => share(/** @type {any} */ (byStem.get(stem))[name]))])),
    h("p", { text: "Over time, when you said “sure”:" }),
    shares(months.map(([month, row]) => ({ name: monthName(month), part: row.sure.right, whole: row.sure.said }))),
    table("How often right, by month", ["Month", ...SURE], months.map(([month, row]) => [monthName(month), ...SURE.map((name) => share(row[name]))])),
    h("p", { class: "sm-small", text: "Right means that the answer was wholly right, with or without hints. Of each question the first answer of a day counts." }),
  ];
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** @param {string} month such as 2026-11 */
const monthName = (month) =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString(undefined, { month: "long", year: "numeric", timeZone: "UTC" });
