// Hints in steps: each tells more than the one before, and what it costs is said before it opens.

import { HINT_COST } from "./grading.mjs";
import { h, percent, prose } from "./elements.mjs";

/** @param {string[]} hints @param {number} opened how many are open already */
export function hintSteps(hints, opened) {
  const list = h("ol", { class: "sm-hints", "aria-live": "polite" });
  const button = h("button", { type: "button", class: "sm-quiet", onclick: () => open() });
  const name = () => {
    const next = list.children.length + 1;
    const left = next <= hints.length;
    button.textContent = left ? `Hint ${next} of ${hints.length} (costs ${percent(HINT_COST)} of this answer's score)` : "All hints are open";
    button.setAttribute("aria-disabled", String(!left));
  };
  const open = () => {
    const i = list.children.length;
    if (i >= hints.length) return;
    list.append(h("li", {}, h("strong", { text: `Hint ${i + 1}: ` }), prose(hints[i], "span")));
    name();
  };
  while (list.children.length < opened) open();
  name();
  /** @param {boolean} wanted whether a hint can still help */
  const offer = (wanted) => { button.hidden = !wanted; };
  return { root: h("div", {}, h("p", {}, button), list), count: () => list.children.length, offer };
}
