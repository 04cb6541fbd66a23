// Front end of quizzes: the same module in JupyterLab (the kernel answers its messages) and on the published page (the
// page does). front/__init__.py joins it with what it imports.

import { calibrated } from "./calibration.mjs";
import { counted, fits, right } from "./grading.mjs";
import { h, plural, prose, unique } from "./elements.mjs";
import { askedBefore, BUILD } from "./items.mjs";
import { recalled } from "./prediction.mjs";
import { PROGRESS, SENSITIVE, messenger, storage } from "./store.mjs";
import { fill } from "./survival.mjs";
import { ownKeys, showCards } from "./surroundings.mjs";

/** @typedef {import("./grading.mjs").Item} Item */
/** @typedef {import("./grading.mjs").Stored} Stored */
/** @typedef {Record<string, {hash: string, record: Stored}>} Progress */

const BEFORE = "Answer as well as you can before you read; a guess is welcome, for it makes you notice the answer. Nothing is told now: "
  + "each question comes again in the quiz at the chapter's end.";

const CHOICES = { all: "all questions", core: "the core road", open: "what is not answered yet" };
/** @type {Record<string, (item: Item, record: Stored | undefined) => boolean>} */
const FILTERS = {
  all: () => true,
  core: (item) => Boolean(item.core),
  open: (item, record) => !(item.type === "prediction" ? record : counted(record).length),
};

/** @param {{model: any, el: HTMLElement}} given */
export function render({ model, el }) {
  const items = /** @type {Item[]} */ (model.get("items"));
  const { mode, title, where, notice, lead } = model.get("options");
  const many = mode !== "question" && mode !== "exercise";
  const alert = h("p", { class: "sm-alert", role: "alert" });
  /** @param {string} text */
  const say = (text) => { alert.textContent = text; };
  const line = h("p", { class: "sm-progress" });
  const sure = h("div");
  const { ask, stop } = messenger(model, say);

  /** @type {Record<string, Stored>} */
  let records = {};
  /** @param {Progress} progress */
  const known = (progress) => Object.fromEntries(items.flatMap((item) => {
    const entry = progress?.[item.id];
    const same = entry && (item.hash === null || entry.hash === item.hash);
    return same && fits(item, entry.record) ? [[item.id, entry.record]] : [];
  }));
  const refresh = async () => {
    const answer = await ask({ kind: "export" });
    /** @type {Progress} */
    const newest = {};
    for (const entry of answer?.data?.records ?? []) {
      const item = items.find((one) => one.id === entry.item && (one.hash === null || one.hash === entry.hash));
      if (item && !(newest[item.id]?.record.at > entry.record?.at)) newest[item.id] = entry;
    }
    if (answer?.data) redraw(newest);
  };

  const places = items.map(() => h(many ? "li" : "div"));
  /** @param {Item} item */
  const latest = (item) => counted(records[item.id]).at(-1);
  const missed = () => items.filter((item) => { const now = latest(item); return now && !right(now); });
  const count = () => {
    const finished = items.filter((item) => (item.type === "prediction" ? records[item.id] : latest(item))).length;
    const tries = items.map((item) => counted(records[item.id])).filter((all) => all.length);
    const now = tries.filter((all) => right(all[all.length - 1])).length;
    const first = tries.filter(([one]) => right(one)).length;
    line.textContent = `${finished} of ${items.length} answered, ${now} right` + (first === now ? "" : ` (${first} at the first answer)`);
    sure.replaceChildren(calibrated(Object.values(records)) ?? "");
    retry.hidden = missed().length === 0;
  };
  /** @param {Item} item @param {number} i @param {boolean} fresh */
  const build = (item, i, fresh) => {
    const tags = mode === "quiz" && [item.core && "core", item.from && `repeats chapter ${item.from.slice(0, 2)}`].filter(Boolean).join(", ");
    const heading = mode === "quiz" || mode === "before" ? `Question ${i + 1} of ${items.length}${tags ? ` (${tags})` : ""}.` : "";
    /** @param {Stored} record */
    const save = (record) => {
      records[item.id] = record;
      count();
      say("");
      ask({ kind: "save", item: item.id, hash: item.hash, record });
      document.dispatchEvent(new CustomEvent(PROGRESS, { detail: { item: item.id, hash: item.hash, from: el } }));
    };
    const shown = { item, heading, record: records[item.id], save, fresh };
    if (mode === "recall") return recalled(shown);
    return mode === "before" ? askedBefore(shown) : BUILD[item.type](shown);
  };
  /** @param {number} i @param {boolean} [fresh] */
  const draw = (i, fresh = false) => fill(places[i], items[i], () => build(items[i], i, fresh));
  /** Draws again what changed, so that a half-given answer to another question stays.
   * @param {Progress} progress */
  const redraw = (progress) => {
    const old = records;
    records = known(progress);
    items.forEach(({ id }, i) => {
      if (!places[i].hasChildNodes() || JSON.stringify(old[id]) !== JSON.stringify(records[id])) draw(i);
    });
    count();
  };

  const said = h("p", { role: "status" });
  /** Show some questions only.
   * @param {Item[]} some @param {string} words what to say @param {boolean} [fresh] without the stored answers */
  const only = (some, words, fresh) => {
    items.forEach((item, i) => {
      const was = places[i].hidden;
      places[i].hidden = !some.includes(item);
      if (!places[i].hidden && (fresh || was)) draw(i, fresh);
    });
    all.hidden = some.length === items.length;
    said.textContent = words;
  };
  const retry = h("button", { type: "button", class: "sm-quiet", text: "Go through what was not right again", onclick: () => {
    const again = missed();
    only(again, `${plural(again.length, "question")} that ${again.length === 1 ? "was" : "were"} not right, without your answer; the others are hidden.`, true);
    const first = places[items.indexOf(again[0])];
    first.tabIndex = -1;
    first.focus();
  } });
  const all = h("button", { type: "button", class: "sm-quiet", text: "Show all questions", hidden: true, onclick: () => {
    filter.value = "all";
    items.forEach((_, i) => { if (!places[i].hidden) draw(i); });
    only(items, "All questions are shown.");
    line.tabIndex = -1;
    line.focus();
  } });
  const filter = /** @type {HTMLSelectElement} */ (h("select", { id: unique(), onchange: () => {
    const some = items.filter((item) => FILTERS[filter.value](item, records[item.id]));
    only(some, `${plural(some.length, "question")} shown.`);
  } }, ...Object.entries(CHOICES).map(([value, text]) => h("option", { value, text }))));

  const root = h("div", { class: `sm-quiz sm-${mode}` },
    mode === "quiz" && title && h("h3", { text: title }), // elsewhere the chapter's own heading stands above
    lead && prose(lead, "p"),
    mode === "before" && h("p", { text: BEFORE }),
    mode === "quiz" && line, mode === "quiz" && sure,
    mode === "quiz" && h("p", {}, h("label", { for: filter.id, text: "Show " }), filter),
    alert,
    many ? h("ol", {}, ...places) : places[0],
    mode === "quiz" && h("div", { class: "sm-end" }, h("p", { class: "sm-buttons" }, retry, all), said),
    mode === "quiz" && storage({ where, ask, taken: (answer) => {
      redraw(answer.progress);
      document.dispatchEvent(new CustomEvent(PROGRESS, { detail: { from: el } }));
    } }));
  redraw(model.get("progress"));
  if (notice) say(notice);
  showCards(root, model.get("cards"));
  el.replaceChildren(root);

  const opened = () => items.forEach((item, i) => { if (item.sensitive) draw(i); });
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
  const letKeys = ownKeys(root);
  return () => {
    letKeys();
    seen.disconnect();
    stop();
    document.removeEventListener(SENSITIVE, opened);
    document.removeEventListener(PROGRESS, elsewhere);
  };
}

export default { render };
