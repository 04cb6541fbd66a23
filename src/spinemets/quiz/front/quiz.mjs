// Front end of quizzes: the same module in JupyterLab (the kernel answers its messages) and on the published page (the
// page does). front/__init__.py joins it with what it imports.

import { fits } from "./grading.mjs";
import { h, prose } from "./elements.mjs";
import { BUILD, recalled } from "./items.mjs";
import { PROGRESS, SENSITIVE, messenger, storage } from "./store.mjs";

/** @typedef {import("./grading.mjs").Item} Item */
/** @typedef {import("./grading.mjs").Stored} Stored */

/** Whether the reader opened figures on death and survival; a browser without storage keeps them closed. */
function open() {
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
    // The choice then holds for this item only, see gate().
  }
  document.dispatchEvent(new CustomEvent(SENSITIVE));
}

/** Cards: the published page shows them itself from templates; elsewhere they open below the link.
 * @param {HTMLElement} root @param {Record<string, string>} cards */
function showCards(root, cards) {
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

/** @param {{model: any, el: HTMLElement}} given */
export function render({ model, el }) {
  const items = /** @type {Item[]} */ (model.get("items"));
  const { mode, title, where, notice, lead } = model.get("options");
  const alert = h("p", { class: "sm-alert", role: "alert" });
  /** @param {string} text */
  const say = (text) => { alert.textContent = text; };
  const line = h("p", { class: "sm-progress" });
  const { ask, stop } = messenger(model, say);

  /** @type {Record<string, Stored>} */
  let records = {};
  /** @param {Record<string, {hash: string, record: Stored}>} progress */
  const take = (progress) => {
    records = {};
    for (const item of items) {
      const entry = progress?.[item.id];
      const same = entry && (item.hash === null || entry.hash === item.hash);
      if (same && fits(item, entry.record)) records[item.id] = entry.record;
    }
  };
  const refresh = async () => {
    const answer = await ask({ kind: "export" });
    /** @type {Record<string, {hash: string, record: Stored}>} */
    const newest = {};
    for (const entry of answer?.data?.records ?? []) {
      const item = items.find((one) => one.id === entry.item && (one.hash === null || one.hash === entry.hash));
      if (item && !(newest[item.id]?.record.at > entry.record?.at)) newest[item.id] = entry;
    }
    if (answer?.data) redraw(newest);
  };

  const places = items.map(() => h(mode === "quiz" || mode === "recall" ? "li" : "div"));
  const count = () => {
    const finished = items.filter((item) => item.type === "prediction" ? records[item.id] : records[item.id]?.now);
    const right = items.filter((item) => records[item.id]?.now?.score === 1).length;
    const first = items.filter((item) => records[item.id]?.first?.score === 1).length;
    line.textContent = `${finished.length} of ${items.length} answered, ${right} right` + (first === right ? "" : ` (${first} at the first answer)`);
  };
  /** @param {Item} item @param {number} i */
  const build = (item, i) => {
    const tags = [item.core && "core", item.from && `repeats chapter ${item.from.slice(0, 2)}`].filter(Boolean).join(", ");
    const heading = mode === "quiz" ? `Question ${i + 1} of ${items.length}${tags ? ` (${tags})` : ""}.` : "";
    /** @param {Stored} record */
    const save = (record) => {
      records[item.id] = record;
      count();
      say("");
      ask({ kind: "save", item: item.id, hash: item.hash, record });
      document.dispatchEvent(new CustomEvent(PROGRESS, { detail: { item: item.id, hash: item.hash, from: el } }));
    };
    const shown = { item, heading, record: records[item.id], save };
    return mode === "recall" ? recalled(shown) : BUILD[item.type](shown);
  };
  /** @param {number} i @param {boolean} [focus] */
  const gate = (i, focus) => {
    const item = items[i];
    if (!item.sensitive) {
      places[i].replaceChildren(build(item, i));
      return;
    }
    const isOpen = open();
    const button = h("button", { type: "button", class: "sm-quiet", "aria-expanded": isOpen, text: isOpen ? "Close questions on survival" : "Open questions on survival",
      onclick: () => { setOpen(!isOpen); /** @type {HTMLElement | null} */ (places[i].querySelector(".sm-gate button"))?.focus(); } });
    const closed = h("p", { text: "This question shows figures on death or survival. They say nothing about one person. It opens only if you wish; the choice is remembered." });
    places[i].replaceChildren(h("div", { class: "sm-gate" }, isOpen ? null : closed, button), ...(isOpen ? [build(item, i)] : []));
  };
  /** @param {Record<string, {hash: string, record: Stored}>} progress */
  const redraw = (progress) => {
    take(progress);
    items.forEach((_, i) => gate(i));
    count();
  };

  const root = h("div", { class: `sm-quiz sm-${mode}` },
    title && h("h3", { text: title }),
    lead && prose(lead, "p"),
    mode === "quiz" && line,
    alert,
    mode === "quiz" || mode === "recall" ? h("ol", {}, ...places) : places[0],
    mode === "quiz" && storage({ where, ask, taken: (answer) => {
      redraw(answer.progress);
      document.dispatchEvent(new CustomEvent(PROGRESS, { detail: { from: el } }));
    } }));
  redraw(model.get("progress"));
  if (notice) say(notice);
  showCards(root, model.get("cards"));
  el.replaceChildren(root);

  const opened = () => items.forEach((item, i) => { if (item.sensitive) gate(i); });
  /** @param {any} event */
  const elsewhere = ({ detail }) => {
    const mine = !detail?.item || items.some((item) => item.id === detail.item);
    if (detail?.from !== el && mine) refresh();
  };
  document.addEventListener(SENSITIVE, opened);
  document.addEventListener(PROGRESS, elsewhere);
  // Predictions are made further up while this is already shown, so it looks again whenever it comes into view.
  const seen = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) refresh(); });
  if (mode === "recall") seen.observe(root);
  // JupyterLab takes arrows, Enter and letters for its own shortcuts, also from a focused input. It asks the focused
  // element first; shortcuts with a modifier, such as saving, stay its own.
  /** @param {KeyboardEvent} event */
  const keepKeys = (event) => {
    const within = event.target instanceof Element && root.contains(event.target);
    if (within) event.target.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey || event.altKey));
  };
  if (!("spinemets" in globalThis)) window.addEventListener("keydown", keepKeys, true);
  return () => {
    window.removeEventListener("keydown", keepKeys, true);
    seen.disconnect();
    stop();
    document.removeEventListener(SENSITIVE, opened);
    document.removeEventListener(PROGRESS, elsewhere);
  };
}

export default { render };
