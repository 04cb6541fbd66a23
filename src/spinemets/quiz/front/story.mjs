// Cases: decided step by step, each decision with what follows from it.

import { BEST_POINTS, counted, extended, points, walk } from "./grading.mjs";
import { asked, evidence, h, percent, picker, plural, prose, stopwatch, unique } from "./elements.mjs";
import { hintSteps } from "./hints.mjs";

/** @typedef {import("./grading.mjs").Step} Step */
/** @typedef {import("./grading.mjs").Stored} Stored */
/** @typedef {import("./items.mjs").Shown} Shown */

/** Case. Its record has a `path` besides: the decisions of the present walk.
 * @param {Shown} shown */
export function story({ item, heading, record, save, fresh }) {
  const box = h("div", { class: "sm-item sm-case" });
  const clock = stopwatch(box);
  let path = fresh ? [] : record?.path ?? counted(record).at(-1)?.answer ?? [];
  let hints = hintSteps(item.hints ?? [], 0);
  /** @param {boolean} [moved] whether to move the focus to what came last */
  const draw = (moved) => {
    const { steps, next } = walk(item, path);
    const done = steps.map((step, i) => told(step, i, path[i]));
    box.replaceChildren(
      h("p", { class: "sm-case-title", tabindex: "-1" }, heading && h("span", { class: "sm-small", text: `${heading} ` }), h("strong", { text: item.title })),
      prose(item.person), h("p", { class: "sm-small", text: item.rule }), ...done, next ? open(next) : end(steps));
    if (moved) /** @type {HTMLElement} */ ([...box.querySelectorAll(".sm-consequence, .sm-case-title")].pop()).focus();
  };
  /** @param {Step} step @param {number} i @param {number} pick */
  const told = (step, i, pick) =>
    h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: `Step ${i + 1}` }), prose(step.text),
      asked("", step.question, "div"),
      h("p", {}, "You decided: ", prose(step.options[pick].text, "strong")),
      h("div", { class: "sm-consequence", tabindex: "-1" }, prose(step.options[pick].consequence ?? ""),
        h("p", { class: "sm-small", text: `${step.options[pick].points} of ${BEST_POINTS} points` })));
  /** @param {Step} step */
  const open = (step) => {
    const result = h("div", { class: "sm-result", "aria-live": "polite" });
    const field = picker({ type: "radio", name: unique(), options: step.options, picked: [], onchange: () => result.replaceChildren() });
    const decide = () => {
      const [pick] = field.picks();
      if (pick === undefined) result.replaceChildren(h("p", { text: "Choose what to do first." }));
      else go([...path, pick]);
    };
    return h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: `Step ${path.length + 1}` }), prose(step.text),
      h("fieldset", {}, asked("", step.question), ...field.rows), Boolean(item.hints?.length) && hints.root,
      h("p", {}, h("button", { type: "button", onclick: decide, text: "Decide" })), result);
  };
  /** @param {Step[]} steps */
  const end = (steps) => {
    const tries = counted(record);
    const now = tries[tries.length - 1];
    return h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: "The end" }), prose(item.ending),
      h("p", {}, h("strong", { text: `${points(steps, path)} of ${BEST_POINTS * steps.length} points.` }),
        now.hints > 0 && ` Score after ${plural(now.hints, "hint")}: ${percent(now.score)}.`,
        tries.length > 1 && ` First time: ${percent(tries[0].score)}; now: ${percent(now.score)}.`),
      item.explanation && prose(item.explanation), evidence(item),
      h("p", {}, h("button", { type: "button", onclick: () => go([]), text: "Back to the start" })));
  };
  /** @param {number[]} decisions */
  const go = (decisions) => {
    path = decisions;
    if (path.length === 0) {
      hints = hintSteps(item.hints ?? [], 0);
      clock.restart();
    }
    record = walk(item, path).next
      ? { history: [], ...record, type: item.type, path, at: new Date().toISOString() }
      : extended(item, { ...record, path }, path, { hints: hints.count(), seconds: clock.seconds() });
    draw(true);
    save(record);
  };
  draw();
  return box;
}
