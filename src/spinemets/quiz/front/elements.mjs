// Small pieces of a page that items are put together from.

/** @typedef {import("./grading.mjs").Item} Item */
/** @typedef {import("./grading.mjs").Attempt} Attempt */

// JupyterLab loads this module once for each widget, so a counter alone would name radio buttons of two widgets alike.
const MINE = Math.random().toString(36).slice(2, 10);
let counter = 0;

/** A name that no other element of the page has. */
export const unique = () => `sm-${MINE}-${(counter += 1)}`;

/** @param {string} tag @param {Record<string, any>} [attributes] `class`, `text`, `on...`, others as they are
 * @param {...(Node | string | null | false | undefined)} children */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A text of the bank: HTML that Python made from Markdown with raw HTML disabled.
 * @param {string} html @param {string} [tag] @param {string} [name] */
export function prose(html, tag = "div", name = "") {
  const element = h(tag, name ? { class: name } : {});
  element.innerHTML = html;
  return element;
}

/** @param {number} score */
export const percent = (score) => `${Math.round(score * 100)} %`;

/** @param {number} count @param {string} thing */
export const plural = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;

/** The title of a chapter up to its first colon or comma, where there is little room.
 * @param {string} title */
export const brief = (title) => title.split(/[:,]/)[0];

/** How an attempt went, in words.
 * @param {number} score hints not counted @param {Attempt} attempt */
export function outcome(score, attempt) {
  const after = attempt.hints > 0 && score > 0 ? `${percent(attempt.score)} after ${plural(attempt.hints, "hint")}` : "";
  if (score === 1) return after ? `Right: ${after}.` : "Right.";
  return score > 0 ? `Partly right: ${[percent(score), after].filter(Boolean).join(", ")}.` : "Not right.";
}

/** A verdict by icon and words; its colour repeats them only.
 * @param {number} score @param {string} words */
export function mark(score, words) {
  const [kind, icon] = score === 1 ? ["right", "✓"] : score > 0 ? ["partly", "◐"] : ["wrong", "✗"];
  return h("p", { class: `sm-verdict sm-${kind}` }, h("span", { "aria-hidden": "true", text: `${icon} ` }), h("strong", { text: words }));
}

/** The question above its fields.
 * @param {string} heading @param {string} html @param {string} [tag] */
export function asked(heading, html, tag = "legend") {
  return h(tag, { class: "sm-asked" }, heading && h("span", { class: "sm-small", text: `${heading} ` }), prose(html));
}

/** Radio buttons or checkboxes.
 * @param {{type: "radio" | "checkbox", name: string, options: {text: string}[], picked: number[], onchange: () => void}} given */
export function picker({ type, name, options, picked, onchange }) {
  const inputs = options.map((_, i) =>
    /** @type {HTMLInputElement} */ (h("input", { type, name, value: i, id: `${name}-${i}`, onchange, checked: picked.includes(i) })));
  const rows = inputs.map((input, i) => h("div", { class: "sm-option" }, input, label(options[i].text, input.id)));
  return { inputs, rows, picks: () => inputs.flatMap((input, i) => (input.checked ? [i] : [])) };
}

/** @param {string} html @param {string} id */
export function label(html, id) {
  const element = prose(html, "label");
  element.setAttribute("for", id);
  return element;
}

/** @param {string} unit @param {string} id @param {number | undefined} value @param {() => void} onchange */
export function numberField(unit, id, value, onchange) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "number", step: "any", id, value, oninput: onchange, autocomplete: "off" }));
  const row = h("p", { class: "sm-number" }, h("label", { for: id, text: "Your number " }), input, h("span", { id: `${id}-unit`, text: unit && ` ${unit}` }));
  if (unit) input.setAttribute("aria-describedby", `${id}-unit`);
  return { row, read: () => (input.value === "" ? NaN : input.valueAsNumber) };
}

/** @param {Item} item */
export const evidence = (item) => item.evidence.length > 0 && prose(`Evidence: ${item.evidence.join(", ")}`, "p", "sm-evidence");

/** @param {string} iso */
export function when(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

const LONGEST = 3600;

/** Seconds since an element was in the middle of the screen or was touched; unknown after an hour, for then the learner was away.
 * @param {HTMLElement} element */
export function stopwatch(element) {
  let start = 0;
  const begin = () => { start ||= performance.now(); };
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    begin();
    seen.disconnect();
  }, { rootMargin: "-25% 0px" });
  seen.observe(element);
  element.addEventListener("focusin", begin);
  return {
    restart: () => { start = performance.now(); },
    seconds() {
      const passed = Math.round((performance.now() - start) / 1000);
      return start && passed <= LONGEST ? passed : undefined;
    },
  };
}
