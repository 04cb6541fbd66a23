// Predictions: a guess to commit to before reading on, without a score; and the same beside its answer at the chapter's end.

import { SURE } from "./grading.mjs";
import { asked, evidence, h, numberField, picker, prose, unique } from "./elements.mjs";

/** @typedef {import("./grading.mjs").Item} Item */
/** @typedef {import("./grading.mjs").Stored} Stored */
/** @typedef {import("./items.mjs").Shown} Shown */

/** Prediction. Record: {type, answer (position, number or null), skipped, confidence, why, at}.
 * @param {Shown} shown */
export function prediction({ item, heading, record, save }) {
  const name = unique();
  const box = h("div", { class: "sm-item" });
  const result = h("div", { class: "sm-result", "aria-live": "polite" });

  const ask = () => {
    const nothing = () => result.replaceChildren();
    const field = item.options.length
      ? picker({ type: "radio", name, options: item.options, picked: [], onchange: nothing })
      : numberField(item.unit, name, undefined, nothing);
    const sure = picker({ type: "radio", name: `${name}-sure`, options: SURE.map((text) => ({ text })), picked: [], onchange: nothing });
    const commit = () => {
      const answer = "read" in field ? field.read() : field.picks()[0] ?? NaN;
      const confidence = SURE[sure.picks()[0]];
      if (Number.isNaN(answer) || !confidence) {
        result.replaceChildren(h("p", { text: Number.isNaN(answer) ? "Predict first, or skip." : "Say how sure you are; any answer is fine." }));
        return;
      }
      keep({ answer, skipped: false, confidence, why: "" });
    };
    const skip = () => keep({ answer: null, skipped: true, confidence: "", why: "" });
    box.replaceChildren(
      h("fieldset", {}, asked(heading, item.question), ...("rows" in field ? field.rows : [field.row])),
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
    box.replaceChildren(asked(heading, item.question, "div"), result, after);
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

/** A prediction at the chapter's end, beside its answer.
 * @param {Shown} shown */
export function recalled({ item, heading, record }) {
  return h("div", { class: "sm-item" }, asked(heading, item.question, "div"),
    record ? yours(item, record) : h("p", { text: "You made no prediction here." }),
    actual(item), record?.why && h("p", { text: `Your reason: ${record.why}` }), prose(item.model_answer), evidence(item));
}
