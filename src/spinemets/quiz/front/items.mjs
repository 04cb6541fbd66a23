// Items that are asked, graded and explained at once; BUILD has a function for each type, which hands on what to store.

import { counted, extended, grade, SURE, variant } from "./grading.mjs";
import { evidence, h, mark, outcome, picker, stopwatch, unique } from "./elements.mjs";
import { others, reasons } from "./feedback.mjs";
import { form } from "./fields.mjs";
import { hintSteps } from "./hints.mjs";
import { prediction } from "./prediction.mjs";
import { story } from "./story.mjs";

/** @typedef {import("./grading.mjs").Item} Item */
/** @typedef {import("./grading.mjs").Stored} Stored */
/** @typedef {import("./grading.mjs").Attempt} Attempt */
/**
 * @typedef {{item: Item, heading: string, record: Stored | undefined, save: (record: Stored) => void, fresh?: boolean}} Shown
 *   `fresh`: without the stored answer, so that it is given again
 */

/** Asks, and after Check tells. `now` is the attempt on the screen, undefined as soon as the learner changes the answer.
 * @param {Shown & {again?: () => void}} shown */
function answered({ item, heading, record, save, fresh, again }) {
  const box = h("div", { class: "sm-item" });
  const result = h("div", { class: "sm-result", "aria-live": "polite" });
  const note = h("div", { class: "sm-note" });
  const clock = stopwatch(box);
  let now = fresh ? undefined : counted(record).at(-1);
  const hints = hintSteps(item.hints ?? [], now?.hints ?? 0);
  const sure = picker({ type: "radio", name: unique(), options: SURE.map((text) => ({ text })), picked: [], onchange: () => {} });
  const changed = () => {
    result.replaceChildren();
    note.replaceChildren();
    if (!now) return;
    now = undefined;
    hints.offer(true);
    clock.restart();
    sure.inputs.forEach((input) => { input.checked = false; });
  };
  const { root, read, missing } = form({ item, heading, answer: now?.answer, changed });
  const check = () => {
    const answer = read();
    if (answer === undefined) {
      result.replaceChildren(h("p", { text: missing }));
      return;
    }
    if (!now) {
      record = extended(item, record, answer, { hints: hints.count(), sure: SURE[sure.picks()[0]], seconds: clock.seconds() });
      now = record.history.at(-1);
    }
    show();
    save(/** @type {Stored} */ (record));
  };
  const show = () => {
    const { answer } = /** @type {Attempt} */ (now);
    const score = Number(grade(item, answer));
    hints.offer(score < 1);
    result.replaceChildren(mark(score, said(item, /** @type {Attempt} */ (now))), ...reasons(item, answer, score));
    note.replaceChildren(...[
      others(item, answer, score),
      ...compared(item, /** @type {Stored} */ (record)),
      evidence(item),
      again && h("p", {}, h("button", { type: "button", class: "sm-quiet", onclick: again, text: "New numbers" })),
    ].filter((part) => part instanceof Node));
  };
  if (now) show();
  root.addEventListener("keydown", (event) => {
    if (/** @type {KeyboardEvent} */ (event).key === "Enter" && /** @type {Element} */ (event.target).matches("[type=number], [type=text]")) check();
  });
  box.append(...[
    root,
    item.hints?.length ? hints.root : null,
    item.level && h("fieldset", { class: "sm-confidence" }, h("legend", { text: "How sure are you? (if you like)" }), ...sure.rows),
    h("p", {}, h("button", { type: "button", onclick: check, text: "Check" })),
    result, note,
  ].filter((part) => part instanceof Node));
  return box;
}

/** @param {Item} item @param {Attempt} attempt */
const said = (item, attempt) => outcome(Number(grade(item, attempt.answer)), attempt);

/** The answer beside earlier ones.
 * @param {Item} item @param {Stored} record */
function compared(item, record) {
  const tries = counted(record);
  const now = tries[tries.length - 1];
  const before = record.history.find((/** @type {Attempt} */ attempt) => attempt.before);
  return [
    before && `Before the chapter: ${said(item, before).toLowerCase()} Now: ${said(item, now).toLowerCase()}`,
    tries.length > 1 && `First answer: ${said(item, tries[0])} Now: ${said(item, now)} Tries: ${tries.length}.`,
  ].filter(Boolean).map((text) => h("p", { class: "sm-small", text }));
}

const DRAW = Math.floor(Math.random() * 1000);

/** The variant that a learner gets first: another for another learner, the same until the page is left.
 * @param {Item} item */
const drawnVariant = (item) => [...item.id].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), DRAW) % item.variants.length;

/** A calculated item, one variant at a time.
 * @param {Shown} shown */
function calculated({ item, record, save, fresh, ...shown }) {
  const box = h("div");
  const last = () => counted(record).at(-1)?.answer.variant;
  /** @param {number} i @param {boolean} [empty] */
  const draw = (i, empty) => {
    /** @param {Stored} changed */
    const keep = (changed) => {
      record = changed;
      save(changed);
    };
    const again = () => {
      draw((i + 1) % item.variants.length, true);
      /** @type {HTMLElement | null} */ (box.querySelector("input"))?.focus();
    };
    box.replaceChildren(answered({ ...shown, item: variant(item, i), record, save: keep, fresh: empty, again }));
  };
  const known = last();
  if (known === undefined) draw(drawnVariant(item));
  else if (fresh) draw((known + 1) % item.variants.length, true);
  else draw(known);
  return box;
}

/** Before the chapter: the answer is kept and nothing is told.
 * @param {Shown} shown */
export function askedBefore({ item: whole, heading, record, save }) {
  const kept = record?.history.find((/** @type {Attempt} */ attempt) => attempt.before);
  const item = whole.variants ? variant(whole, kept?.answer.variant ?? drawnVariant(whole)) : whole;
  const box = h("div", { class: "sm-item" });
  const result = h("div", { class: "sm-result", "aria-live": "polite" });
  const clock = stopwatch(box);
  const { root, read, missing } = form({ item, heading, answer: kept?.answer, changed: () => result.replaceChildren() });
  const keep = () => {
    const answer = read();
    if (answer === undefined) {
      result.replaceChildren(h("p", { text: missing }));
      return;
    }
    close();
    result.focus();
    save(extended(item, record, answer, { before: true, seconds: clock.seconds() }));
  };
  const close = () => {
    root.disabled = true;
    button.remove();
    result.replaceChildren(h("p", { text: "Your answer is kept. The question comes again in the quiz at the chapter's end, with its answer." }));
  };
  const button = h("p", {}, h("button", { type: "button", onclick: keep, text: "Keep my answer" }));
  result.tabIndex = -1;
  box.append(root, button, result);
  if (kept) close();
  return box;
}

export const BUILD = /** @type {Record<string, (shown: Shown) => HTMLElement>} */ ({
  choice: answered, choices: answered, number: answered, order: answered, match: answered, hotspot: answered, short: answered,
  calculated, case: story, prediction,
});
