// Figures on death and survival open only on request; the choice is one for the whole course.

import { h } from "./elements.mjs";
import { SENSITIVE } from "./store.mjs";

/** @typedef {import("./grading.mjs").Item} Item */

/** Whether the reader opened them; a browser without storage keeps them closed. */
export function isOpen() {
  try {
    return localStorage.getItem(SENSITIVE) === "open";
  } catch {
    return false;
  }
}

/** @param {boolean} wanted */
function setOpen(wanted) {
  try {
    if (wanted) localStorage.setItem(SENSITIVE, "open");
    else localStorage.removeItem(SENSITIVE);
  } catch {
    // Nothing can be remembered here, so they stay closed.
  }
  document.dispatchEvent(new CustomEvent(SENSITIVE));
}

/** Fill a place with an item, behind a button if it shows such figures.
 * @param {HTMLElement} place @param {Item} item @param {() => HTMLElement} build */
export function fill(place, item, build) {
  if (!item.sensitive) {
    place.replaceChildren(build());
    return;
  }
  const opened = isOpen();
  const button = h("button", { type: "button", class: "sm-quiet", "aria-expanded": opened, text: opened ? "Close questions on survival" : "Open questions on survival",
    onclick: () => { setOpen(!opened); /** @type {HTMLElement | null} */ (place.querySelector(".sm-gate button"))?.focus(); } });
  const closed = h("p", { text: "This question shows figures on death or survival. They say nothing about one person. It opens only if you wish; the choice is remembered." });
  place.replaceChildren(h("div", { class: "sm-gate" }, opened ? null : closed, button), ...(opened ? [build()] : []));
}
