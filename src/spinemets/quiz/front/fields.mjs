// One field for each type of item: what the learner answers with, and how the answer is read from it.

import { LONGEST_TEXT, words } from "./grading.mjs";
import { asked, h, label, numberField, picker, prose, unique } from "./elements.mjs";

/** @typedef {import("./grading.mjs").Item} Item */
/**
 * @typedef {{item: Item, name: string, answer: any, changed: () => void}} Asked a calculated item with its variant in place
 * @typedef {{rows: Node[], read: () => any}} Field `read` gives an answer as grading.py describes it, undefined if there is none
 */

/** @param {Asked} asked @returns {Field} */
function choosing({ item, name, answer, changed }) {
  const one = item.type === "choice";
  const field = picker({ type: one ? "radio" : "checkbox", name, options: item.options, picked: [answer].flat(), onchange: changed });
  return { rows: field.rows, read: () => (one || field.picks().length === 0 ? field.picks()[0] : field.picks()) };
}

/** @param {Asked} asked @returns {Field} */
function counting({ item, name, answer, changed }) {
  const given = item.type === "calculated" ? answer?.value : answer;
  const { row, read } = numberField(item.unit, name, given, changed);
  return {
    rows: [row],
    read: () => (Number.isNaN(read()) ? undefined : item.type === "calculated" ? { variant: item.variant, value: read() } : read()),
  };
}

/** @param {Asked} asked @returns {Field} */
function writing({ name, answer, changed }) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: name, value: answer, maxlength: LONGEST_TEXT, oninput: changed, autocomplete: "off", autocapitalize: "off" }));
  const row = h("p", { class: "sm-number" }, h("label", { for: name, text: "Your answer " }), input);
  return { rows: [row], read: () => (words(input.value) ? input.value.trim() : undefined) };
}

/** A picture whose places are chosen by radio buttons, in the picture's order; a press on a place chooses it, too.
 * @param {Asked} asked @returns {Field} */
function pointing({ item, name, answer, changed }) {
  const picture = prose(item.picture, "div", "sm-picture");
  const places = item.options.map((option) => picture.querySelector(`[data-place="${CSS.escape(option.place ?? "")}"]`));
  const outline = () => places.forEach((place, i) => place?.classList.toggle("sm-chosen", field.inputs[i].checked));
  const field = picker({ type: "radio", name, options: item.options, picked: [answer], onchange: () => { outline(); changed(); } });
  places.forEach((place, i) => {
    place?.classList.add("sm-place");
    place?.addEventListener("click", () => field.inputs[i].click());
  });
  outline();
  const drawn = [...picture.querySelectorAll("[data-place]")];
  const at = (/** @type {number} */ i) => drawn.indexOf(/** @type {Element} */ (places[i]));
  const rows = field.rows.map((row, i) => ({ row, i })).sort((a, b) => at(a.i) - at(b.i)).map(({ row }) => row);
  return { rows: [h("div", { class: "sm-hotspot" }, picture, h("div", {}, ...rows))], read: () => field.picks()[0] };
}

/** Steps that move up and down by buttons. The neighbour is moved, so that the button pressed keeps the focus.
 * @param {Asked} asked @returns {Field} */
function ordering({ item, answer, changed }) {
  let moved = Boolean(answer);
  const said = h("p", { class: "sm-small", role: "status" });
  const order = /** @type {number[]} */ (answer ?? item.shown.map((_, i) => i));
  const names = item.shown.map((html) => prose(html).textContent ?? "");
  /** @type {(step: number, text: string, arrow: string, up: boolean) => HTMLElement} */
  const button = (step, text, arrow, up) =>
    h("button", { type: "button", class: "sm-quiet", title: text, "aria-label": `${text}: ${names[step]}`, text: arrow, onclick: () => move(step, up) });
  const rows = item.shown.map((html, step) => h("li", {}, prose(html), button(step, "Move up", "↑", true), button(step, "Move down", "↓", false)));
  const list = h("ol", { class: "sm-order" }, ...order.map((step) => rows[step]));
  const steps = () => [...list.children].map((row) => rows.indexOf(/** @type {HTMLElement} */ (row)));
  const ends = () => [...list.children].forEach((row, i, all) => {
    const [up, down] = row.querySelectorAll("button");
    up.setAttribute("aria-disabled", String(i === 0));
    down.setAttribute("aria-disabled", String(i === all.length - 1));
  });
  /** @param {number} step @param {boolean} up */
  const move = (step, up) => {
    const row = rows[step];
    const neighbour = up ? row.previousElementSibling : row.nextElementSibling;
    if (neighbour) {
      if (up) row.after(neighbour);
      else row.before(neighbour);
      moved = true;
      ends();
      changed();
    }
    said.textContent = `“${names[step]}” is ${neighbour ? "now" : "already"} step ${steps().indexOf(step) + 1} of ${rows.length}.`;
  };
  ends();
  return { rows: [list, said], read: () => (moved ? steps() : undefined) };
}

const ROOM = 24;

/** A list cuts off what it has no room for, so on a narrow screen a long choice stands whole below it, too.
 * @param {Asked} asked @returns {Field} */
function matching({ item, name, answer, changed }) {
  const texts = item.shown.map((html) => prose(html).textContent ?? "");
  const whole = item.pairs.map(() => h("span", { class: "sm-whole sm-small", "aria-hidden": "true" }));
  const spell = () => selects.forEach(({ value }, i) => {
    const text = texts[Number(value || NaN)] ?? "";
    whole[i].textContent = text.length > ROOM ? text : "";
  });
  const chosen = () => { spell(); changed(); };
  const selects = item.pairs.map((_, i) => /** @type {HTMLSelectElement} */ (h("select", { id: `${name}-${i}`, onchange: chosen },
    h("option", { value: "", text: "choose ..." }), ...texts.map((text, j) => h("option", { value: j, text, selected: answer?.[i] === j })))));
  const rows = item.pairs.map((pair, i) => h("div", { class: "sm-pair" }, label(pair.text, selects[i].id), selects[i], whole[i]));
  spell();
  const read = () => {
    const picks = selects.map(({ value }) => (value === "" ? null : Number(value)));
    return picks.some((pick) => pick !== null) ? picks : undefined;
  };
  return { rows, read };
}

/** @type {Record<string, {field: (asked: Asked) => Field, missing: string, how?: string}>} for each type its field, what to say
 * while it is empty, and how to answer if the field does not tell */
export const FIELDS = {
  choice: { field: choosing, missing: "Choose an option first." },
  choices: { field: choosing, missing: "Choose at least one option first.", how: "Several options may be right." },
  number: { field: counting, missing: "Enter a number first, such as 12.5." },
  calculated: { field: counting, missing: "Enter a number first, such as 12.5." },
  short: { field: writing, missing: "Write an answer first." },
  hotspot: { field: pointing, missing: "Choose a place first." },
  order: { field: ordering, missing: "Move a step first.", how: "Put the steps in order with the arrows." },
  match: { field: matching, missing: "Choose at least one match first." },
};

/** The question with its field, and what answers it.
 * @param {{item: Item, heading: string, answer: any, changed: () => void}} given */
export function form({ item, heading, answer, changed }) {
  const { field, missing, how } = FIELDS[item.type];
  const { rows, read } = field({ item, name: unique(), answer, changed });
  const rule = [how, item.rule].filter(Boolean).join(" ");
  const root = /** @type {HTMLFieldSetElement} */ (h("fieldset", {}, asked(heading, item.question), rule && h("p", { class: "sm-small", text: rule }), ...rows));
  return { root, read, missing };
}
