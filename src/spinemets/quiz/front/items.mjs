// One function for each type of item: asks, grades, explains, and hands on what to store.

import { BEST_POINTS, grade, points, slip, walk } from "./grading.mjs";
import { evidence, h, mark, numberField, percent, picker, prose, unique, verdict } from "./elements.mjs";

/** @typedef {import("./grading.mjs").Option} Option */
/** @typedef {import("./grading.mjs").Step} Step */
/** @typedef {import("./grading.mjs").Item} Item */
/** @typedef {import("./grading.mjs").Attempt} Attempt */
/** @typedef {import("./grading.mjs").Stored} Stored */

/**
 * @typedef {{item: Item, heading: string, record: Stored | undefined, save: (record: Stored) => void}} Shown
 */

/** Choice, choices and number. Record: {type, first: Attempt, now: Attempt, tries, at}.
 * @param {Shown} shown */
function answered({ item, heading, record, save }) {
  const name = unique();
  const result = h("div", { class: "sm-result", "aria-live": "polite" });
  const note = h("div", { class: "sm-note" });
  const changed = () => { result.replaceChildren(); note.replaceChildren(); };
  const now = record?.now?.answer;
  const field = item.type === "number"
    ? numberField(item.unit, name, now, changed)
    : picker({ type: item.type === "choice" ? "radio" : "checkbox", name, options: item.options, picked: [now].flat(), onchange: changed });

  /** @returns {any} */
  const read = () => {
    if ("read" in field) return Number.isNaN(field.read()) ? undefined : field.read();
    return item.type === "choice" ? field.picks()[0] : field.picks().length ? field.picks() : undefined;
  };
  const check = () => {
    const answer = read();
    if (answer === undefined) {
      const what = { choice: "Choose an option first.", choices: "Choose at least one option first.", number: "Enter a number first, such as 12.5." };
      result.replaceChildren(h("p", { text: /** @type {Record<string, string>} */ (what)[item.type] }));
      return;
    }
    const attempt = { answer, score: /** @type {number} */ (grade(item, answer)), at: new Date().toISOString() };
    record = { type: item.type, first: record?.first ?? attempt, now: attempt, tries: (record?.tries ?? 0) + 1, at: attempt.at };
    show();
    save(record);
  };
  const show = () => {
    if (!record) return;
    const { answer, score } = record.now;
    result.replaceChildren(mark(score), ...reasons(item, answer, score));
    note.replaceChildren(...[
      item.type !== "number" && others(item, [answer].flat()),
      record.tries > 1 && h("p", { class: "sm-small", text: `First answer: ${verdict(record.first.score)[2]} Now: ${verdict(score)[2]} Tries: ${record.tries}.` }),
      evidence(item),
    ].filter((part) => part instanceof Node));
  };
  show();
  if ("row" in field) field.row.addEventListener("keydown", (event) => { if (/** @type {KeyboardEvent} */ (event).key === "Enter") check(); });
  return h("div", { class: "sm-item" },
    h("fieldset", {}, legend(heading, item.question),
      item.type === "choices" && h("p", { class: "sm-small", text: "Several options may be right. Score: right picks minus wrong picks, divided by the number of right options, never below 0." }),
      ...("rows" in field ? field.rows : [field.row])),
    h("p", {}, h("button", { type: "button", onclick: check, text: "Check" })),
    item.hint && h("details", { class: "sm-hint" }, h("summary", { text: "Hint" }), prose(item.hint)),
    result, note);
}

/** @param {string} heading @param {string} html */
function legend(heading, html) {
  return h("legend", {}, heading && h("span", { class: "sm-small", text: `${heading} ` }), prose(html));
}

/** @param {Item} item @param {any} answer @param {number} score @returns {Node[]} */
function reasons(item, answer, score) {
  const found = item.type === "number"
    ? [prose(score === 1 ? item.feedback.right : slip(item, answer)?.feedback ?? item.feedback.wrong)]
    : item.type === "choice"
      ? [prose(item.options[answer].feedback ?? "")]
      : [h("ul", {}, ...answer.map((/** @type {number} */ pick) => reason(item.options[pick])))];
  return item.explanation ? [...found, prose(item.explanation)] : found;
}

/** @param {Option} one */
const reason = (one) =>
  h("li", {}, prose(one.text, "span"), h("strong", { text: one.correct ? " – right: " : " – not right: " }), prose(one.feedback ?? "", "span"));

/** @param {Item} item @param {number[]} picked */
function others(item, picked) {
  const rest = item.options.filter((_, i) => !picked.includes(i));
  return rest.length > 0 && h("details", {}, h("summary", { text: "The other options" }), h("ul", {}, ...rest.map(reason)));
}

const CONFIDENCE = ["guess", "fairly sure", "sure"];

/** Prediction. Record: {type, answer (position, number or null), skipped, confidence, why, at}.
 * @param {Shown} shown */
function prediction({ item, heading, record, save }) {
  const name = unique();
  const box = h("div", { class: "sm-item" });
  const result = h("div", { class: "sm-result", "aria-live": "polite" });

  const ask = () => {
    const nothing = () => result.replaceChildren();
    const field = item.options.length
      ? picker({ type: "radio", name, options: item.options, picked: [], onchange: nothing })
      : numberField(item.unit, name, undefined, nothing);
    const sure = picker({ type: "radio", name: `${name}-sure`, options: CONFIDENCE.map((text) => ({ text })), picked: [], onchange: nothing });
    const commit = () => {
      const answer = "read" in field ? field.read() : field.picks()[0] ?? NaN;
      const confidence = CONFIDENCE[sure.picks()[0]];
      if (Number.isNaN(answer) || !confidence) {
        result.replaceChildren(h("p", { text: Number.isNaN(answer) ? "Predict first, or skip." : "Say how sure you are; any answer is fine." }));
        return;
      }
      keep({ answer, skipped: false, confidence, why: "" });
    };
    const skip = () => keep({ answer: null, skipped: true, confidence: "", why: "" });
    box.replaceChildren(
      h("fieldset", {}, legend(heading, item.question), ...("rows" in field ? field.rows : [field.row])),
      h("fieldset", { class: "sm-confidence" }, h("legend", { text: "How sure are you?" }), ...sure.rows),
      h("p", {}, h("button", { type: "button", onclick: commit, text: "Commit" }), " ", h("button", { type: "button", class: "sm-quiet", onclick: skip, text: "Skip" })),
      result);
  };
  /** @param {Stored} parts */
  const keep = (parts) => {
    record = { type: "prediction", ...parts, at: new Date().toISOString() };
    tell();
    save(record);
    /** @type {HTMLElement | null} */ (box.querySelector(".sm-result"))?.focus();
  };
  const tell = () => {
    const kept = /** @type {Stored} */ (record);
    result.tabIndex = -1;
    result.replaceChildren(yours(item, kept), actual(item));
    const model = () => [h("p", { class: "sm-small", text: "A model answer" }), prose(item.model_answer), item.explanation && prose(item.explanation), evidence(item)];
    const after = h("div", { class: "sm-note" });
    const why = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: `${name}-why`, value: kept.why, class: "sm-why" }));
    const done = () => {
      record = { ...kept, why: why.value.trim(), revealed: true, at: new Date().toISOString() };
      after.replaceChildren(...told(record));
      save(record);
      after.tabIndex = -1;
      after.focus();
    };
    /** @param {Stored} entry */
    const told = (entry) => [entry.why && h("p", { text: `Your reason: ${entry.why}` }), ...model()].filter((part) => part instanceof Node);
    if (kept.revealed || kept.skipped) after.append(...told(kept));
    else after.append(h("p", {}, h("label", { for: why.id, text: "Why? One line for yourself: " }), why), h("p", {}, h("button", { type: "button", onclick: done, text: "Show the model answer" })));
    box.replaceChildren(h("div", { class: "sm-asked" }, heading && h("span", { class: "sm-small", text: `${heading} ` }), prose(item.question)), result, after);
  };
  if (record) tell();
  else ask();
  return box;
}

/** @param {Item} item @param {any} answer the position of an option or a number */
function spoken(item, answer) {
  if (item.options.length) return prose(item.options[answer]?.text ?? "", "span");
  return h("span", { text: `${answer} ${item.unit}`.trim() });
}

/** What was predicted; an explorer stores `prediction` (the option's text or a number) in place of `answer`.
 * @param {Item} item @param {Stored} record */
function yours(item, record) {
  if (record.skipped) return h("p", { text: "You skipped the prediction." });
  const said = record.prediction === undefined ? spoken(item, record.answer) : h("span", { text: `${record.prediction} ${item.unit}`.trim() });
  return h("p", {}, "You predicted: ", h("strong", {}, said), record.confidence ? ` (${record.confidence})` : "");
}

/** @param {Item} item */
const actual = (item) => h("p", {}, "The answer: ", h("strong", {}, spoken(item, item.answer)));

/** Case. Record: {type, path, first?: Attempt, now?: Attempt, tries, at}; `path` holds the decisions of the present walk.
 * @param {Shown} shown */
function story({ item, heading, record, save }) {
  const box = h("div", { class: "sm-item sm-case" });
  /** @param {boolean} [moved] whether to move the focus to what came last */
  const draw = (moved) => {
    const path = record?.path ?? [];
    const { steps, next } = walk(item, path);
    const done = steps.map((step, i) => told(step, i, path[i]));
    box.replaceChildren(
      h("p", { class: "sm-case-title", tabindex: "-1" }, heading && h("span", { class: "sm-small", text: `${heading} ` }), h("strong", { text: item.title })),
      prose(item.person), ...done, next ? open(next, path) : end(steps, path));
    if (moved) /** @type {HTMLElement} */ ([...box.querySelectorAll(".sm-consequence, .sm-case-title")].pop()).focus();
  };
  /** @param {Step} step @param {number} i @param {number} pick */
  const told = (step, i, pick) =>
    h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: `Step ${i + 1}` }), prose(step.text),
      h("div", { class: "sm-asked" }, prose(step.question)),
      h("p", {}, "You decided: ", prose(step.options[pick].text, "strong")),
      h("div", { class: "sm-consequence", tabindex: "-1" }, prose(step.options[pick].consequence ?? ""),
        h("p", { class: "sm-small", text: `${step.options[pick].points} of ${BEST_POINTS} points` })));
  /** @param {Step} step @param {number[]} path */
  const open = (step, path) => {
    const name = unique();
    const result = h("div", { class: "sm-result", "aria-live": "polite" });
    const field = picker({ type: "radio", name, options: step.options, picked: [], onchange: () => result.replaceChildren() });
    const decide = () => {
      const [pick] = field.picks();
      if (pick === undefined) result.replaceChildren(h("p", { text: "Choose what to do first." }));
      else go([...path, pick]);
    };
    return h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: `Step ${path.length + 1}` }), prose(step.text),
      h("fieldset", {}, legend("", step.question), ...field.rows),
      h("p", {}, h("button", { type: "button", onclick: decide, text: "Decide" })), result);
  };
  /** @param {Step[]} steps @param {number[]} path */
  const end = (steps, path) => {
    const tries = record?.tries ?? 1;
    return h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: "The end" }), prose(item.ending),
      h("p", {}, h("strong", { text: `${points(steps, path)} of ${BEST_POINTS * steps.length} points.` }),
        tries > 1 ? ` First time: ${percent(record?.first.score)}; now: ${percent(record?.now.score)}.` : ""),
      item.explanation && prose(item.explanation), evidence(item),
      h("p", {}, h("button", { type: "button", onclick: () => go([]), text: "Back to the start" })));
  };
  /** @param {number[]} path */
  const go = (path) => {
    const at = new Date().toISOString();
    record = { ...record, type: "case", path, at };
    if (!walk(item, path).next) {
      const now = { answer: path, score: grade(item, path), at };
      record = { ...record, first: record.first ?? now, now, tries: (record.tries ?? 0) + 1 };
    }
    draw(true);
    save(record);
  };
  draw();
  return box;
}

/** A prediction at the chapter's end, beside its answer.
 * @param {Shown} shown */
export function recalled({ item, heading, record }) {
  return h("div", { class: "sm-item" }, h("div", { class: "sm-asked" }, heading && h("span", { class: "sm-small", text: `${heading} ` }), prose(item.question)),
    record ? yours(item, record) : h("p", { text: "You made no prediction here." }),
    actual(item), record?.why && h("p", { text: `Your reason: ${record.why}` }), prose(item.model_answer), evidence(item));
}

export const BUILD = /** @type {Record<string, (shown: Shown) => HTMLElement>} */ ({ choice: answered, choices: answered, number: answered, prediction, case: story });
