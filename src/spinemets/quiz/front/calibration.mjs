// How often the learner was right when saying "sure".

import { counted, right, SURE } from "./grading.mjs";
import { h, percent } from "./elements.mjs";

/** @typedef {import("./grading.mjs").Stored} Stored */
/** @typedef {import("./grading.mjs").Attempt} Attempt */

/** For each word of certainty the answers and how many were right. Of one item and one day the first answer counts, since
 * the next knows the verdict.
 * @param {Stored[]} records */
export function calibration(records) {
  const attempts = records.flatMap((record) => {
    const days = new Map();
    for (const attempt of counted(record)) if (!days.has(attempt.at.slice(0, 10))) days.set(attempt.at.slice(0, 10), attempt);
    return [.../** @type {Map<string, Attempt>} */ (days).values()];
  });
  return SURE.map((sure) => {
    const said = attempts.filter((attempt) => attempt.sure === sure);
    return { sure, count: said.length, right: said.filter(right).length };
  });
}

const ENOUGH = 4;

/** A sentence, with a table that opens; null while there are fewer than four answers.
 * @param {Stored[]} records */
export function calibrated(records) {
  const rows = calibration(records);
  const sure = rows[rows.length - 1];
  if (rows.reduce((sum, { count }) => sum + count, 0) < ENOUGH) return null;
  const text = sure.count ? `When you said sure, ${sure.right} of ${sure.count} were right` : "How sure you were, and how often right";
  return h("details", { class: "sm-calibration" }, h("summary", { text }),
    h("table", {}, h("thead", {}, h("tr", {}, ...["You said", "Answers", "Right"].map((head) => h("th", { scope: "col", text: head })))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, h("th", { scope: "row", text: row.sure }), h("td", { text: row.count }),
        h("td", { text: row.count ? `${row.right} (${percent(row.right / row.count)})` : "" }))))),
    h("p", { class: "sm-small", text: "The first answer of a day to each question counts." }));
}
