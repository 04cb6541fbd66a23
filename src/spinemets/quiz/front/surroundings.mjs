// What a front end needs of the page around it: evidence cards, and keys that JupyterLab leaves alone.

import { h, prose } from "./elements.mjs";

/** Cards: the published page shows them itself from templates; elsewhere they open below the link.
 * @param {HTMLElement} root @param {Record<string, string>} cards */
export function showCards(root, cards) {
  if ("spinemets" in globalThis) {
    for (const [id, html] of Object.entries(cards)) {
      const template = h("template", { class: "sm-card-template", "data-card": id });
      template.innerHTML = html;
      root.append(template);
    }
    return;
  }
  root.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("a.sm-card"));
    const html = link && cards[link.dataset.card ?? ""];
    if (!link || !html) return;
    event.preventDefault();
    const block = /** @type {HTMLElement} */ (link.closest("p, li, legend, label, div"));
    const below = block.matches("legend, label") ? /** @type {HTMLElement} */ (block.parentElement) : block;
    const shown = /** @type {HTMLElement | null} */ (root.querySelector(`.sm-inline-card[data-card="${link.dataset.card}"]`));
    shown?.remove();
    link.setAttribute("aria-expanded", String(!shown));
    if (shown) return;
    const card = prose(html, "div", "sm-inline-card");
    card.dataset.card = link.dataset.card;
    below.append(card);
  });
}

/** JupyterLab takes arrows, Enter and letters for its own shortcuts, also from a focused input. It asks the focused
 * element first; shortcuts with a modifier, such as saving, stay its own.
 * @param {HTMLElement} root @returns {() => void} ends it */
export function ownKeys(root) {
  /** @param {KeyboardEvent} event */
  const keep = (event) => {
    const within = event.target instanceof Element && root.contains(event.target);
    if (within) event.target.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey || event.altKey));
  };
  if (!("spinemets" in globalThis)) window.addEventListener("keydown", keep, true);
  return () => window.removeEventListener("keydown", keep, true);
}
