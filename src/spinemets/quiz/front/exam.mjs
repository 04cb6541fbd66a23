// Front end of a mixed exam: draws questions, takes answers without telling, and tells all at the end.

import { counted, extended, grade, variant } from "./grading.mjs";
import { brief, evidence, h, mark, outcome, percent, plural, prose, unique, when } from "./elements.mjs";
import { others, reasons } from "./feedback.mjs";
import { form } from "./fields.mjs";
import { begin, byGoal, drawn, left, resumable, scores } from "./sitting.mjs";
import { messenger, PROGRESS, storage } from "./store.mjs";
import { isOpen } from "./survival.mjs";
import { ownKeys, showCards } from "./surroundings.mjs";

/** @typedef {import("./sitting.mjs").Asked} Asked */
/** @typedef {import("./sitting.mjs").Sitting} Sitting */
/** @typedef {import("./grading.mjs").Stored} Stored */

const WARNINGS = [300, 60];

/** @param {number} seconds */
const clock = (seconds) => (seconds >= 120 ? `${Math.ceil(seconds / 60)} minutes left` : `${Math.max(0, seconds)} seconds left`);

/** @param {{model: any, el: HTMLElement}} given */
export function render({ model, el }) {
  const pool = /** @type {Asked[]} */ (model.get("items"));
  const { title, where, notice, exam, hash, questions, minutes } = model.get("options");
  const alert = h("p", { class: "sm-alert", role: "alert" });
  const status = h("p", { class: "sm-small", role: "status" });
  const stage = h("div", { tabindex: "-1" });
  /** @param {string} text */
  const say = (text) => { alert.textContent = text; };
  const { ask, stop } = messenger(model, say);

  /** Records of the questions, and of the exam itself: {type, history, running, at}.
   * @type {Record<string, Stored>} */
  let records = {};
  /** @type {Stored} */
  let own = { type: "exam", history: [], running: null, at: "" };
  /** @type {Sitting | null} */
  let sitting = null;
  let timer = 0;

  /** @param {string} item @param {string} itemHash @param {Stored} record */
  const save = (item, itemHash, record) => {
    ask({ kind: "save", item, hash: itemHash, record });
    document.dispatchEvent(new CustomEvent(PROGRESS, { detail: { item, hash: itemHash, from: el } }));
  };
  /** @param {Stored} changes */
  const keep = (changes) => {
    own = { ...own, ...changes, at: new Date().toISOString() };
    save(exam, hash, own);
  };
  /** @param {Sitting} one @returns {Asked[]} the questions, calculated ones with their numbers */
  const asked = (one) => one.items.map((id) => {
    const item = /** @type {Asked} */ (pool.find((other) => other.id === id));
    return item.type === "calculated" ? /** @type {Asked} */ (variant(item, one.variants[id])) : item;
  });
  /** @param {...(Node | string)} parts */
  const show = (...parts) => {
    clearInterval(timer);
    stage.className = "";
    stage.replaceChildren(...parts);
    stage.focus({ preventScroll: true });
    stage.scrollIntoView({ block: "nearest" });
  };

  // --- before ----------------------------------------------------------------------------------------------------------

  function start() {
    const able = isOpen() ? pool : pool.filter((item) => !item.sensitive);
    const count = Math.min(questions, able.length);
    const limit = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: unique() }));
    const go = () => {
      status.textContent = "";
      sitting = begin(drawn(able, count, Math.random), limit.checked ? minutes : null, Math.random);
      keep({ running: sitting });
      sit(0);
    };
    show(
      h("p", { text: `${count} questions are drawn from ${able.length}, over all objectives; each sitting draws anew. Nothing is told before you hand in; then every question is explained. Your answers count for your review, too.` }),
      h("p", { class: "sm-option" }, limit, h("label", { for: limit.id, text: `Stop after ${minutes} minutes` })),
      h("p", {}, h("button", { type: "button", onclick: go, text: "Begin" })),
      ...earlier());
  }

  /** @returns {Node[]} */
  function earlier() {
    if (!own.history.length) return [];
    const rows = own.history.map((/** @type {any} */ one) => h("tr", {}, h("th", { scope: "row", text: when(one.at) }), h("td", { text: percent(one.score) })));
    return [h("table", {}, h("caption", { text: "Earlier sittings" }), h("thead", {}, h("tr", {}, h("th", { scope: "col", text: "When" }), h("th", { scope: "col", text: "Score" }))), h("tbody", {}, ...rows))];
  }

  /** @param {Sitting} old */
  function goOn(old) {
    const giveUp = h("button", { type: "button", class: "sm-quiet", text: "Give it up", onclick: () => {
      if (giveUp.dataset.armed) {
        keep({ running: null });
        start();
        return;
      }
      giveUp.dataset.armed = "yes";
      giveUp.textContent = "Press again: its answers are deleted";
    } });
    show(
      h("p", { text: `You began this exam on ${when(old.begun)} and answered ${Object.keys(old.answers).length} of ${old.items.length} questions.${old.minutes === null ? "" : ` Its time went on meanwhile: ${clock(left(old, Date.now()))}.`}` }),
      h("p", { class: "sm-buttons" },
        h("button", { type: "button", text: "Go on", onclick: () => { sitting = old; sit(0); } }),
        giveUp));
  }

  // --- during ----------------------------------------------------------------------------------------------------------

  /** @param {number} i the question to show */
  function sit(i) {
    const one = /** @type {Sitting} */ (sitting);
    const items = asked(one);
    const item = items[i];
    let since = performance.now();
    const spend = () => {
      one.seconds[item.id] = Math.round((one.seconds[item.id] ?? 0) + (performance.now() - since) / 1000);
      since = performance.now();
    };
    const take = () => {
      const answer = field.read();
      if (answer === undefined) delete one.answers[item.id];
      else one.answers[item.id] = answer;
      spend();
      keep({ running: one });
      tell();
    };
    const field = form({ item, heading: `Question ${i + 1} of ${items.length}.`, answer: one.answers[item.id], changed: take });
    const time = h("span", { role: "timer" });
    const count = h("span");
    const buttons = items.map((other, j) => h("button", { type: "button", class: "sm-quiet", "aria-current": j === i && "step", onclick: () => move(j) }));
    const tell = () => {
      const done = items.filter(({ id }) => id in one.answers).length;
      count.textContent = `${done} of ${items.length} answered. `;
      buttons.forEach((button, j) => {
        const given = items[j].id in one.answers;
        button.textContent = `${j + 1}${given ? " ✓" : ""}`;
        button.setAttribute("aria-label", `Question ${j + 1}, ${given ? "answered" : "not answered"}`);
      });
    };
    /** @param {number} j */
    const move = (j) => {
      spend();
      status.textContent = "";
      sit(j);
    };
    const last = i === items.length - 1;
    const warning = h("p", { class: "sm-small", role: "status" });
    let armed = false;
    const hand = h("button", { type: "button", class: !last && "sm-quiet", text: "Hand in", onclick: () => {
      const open = items.flatMap(({ id }, j) => (id in one.answers ? [] : [j + 1]));
      if (open.length && !armed) {
        armed = true;
        hand.textContent = "Hand in without them";
        warning.textContent = `${plural(open.length, "question")} without an answer: ${open.join(", ")}. Press once more to hand in all the same.`;
        return;
      }
      spend();
      finish();
    } });
    tell();
    show(
      h("p", { class: "sm-progress" }, count, time),
      h("div", { class: "sm-item" }, field.root),
      h("p", { class: "sm-buttons" },
        i > 0 && h("button", { type: "button", class: "sm-quiet", text: "Back", onclick: () => move(i - 1) }),
        last ? hand : h("button", { type: "button", text: "Next", onclick: () => move(i + 1) })),
      last ? warning : "",
      h("nav", { class: "sm-buttons sm-jump", "aria-label": "Questions of this exam" }, ...buttons),
      ...(last ? [] : [h("p", {}, hand), warning]));
    if (one.minutes === null) return;
    let before = left(one, Date.now());
    const tick = () => {
      const seconds = left(one, Date.now());
      time.textContent = clock(seconds);
      const passed = WARNINGS.some((at) => seconds <= at && at < before); // a page in the background skips seconds
      before = seconds;
      if (passed) status.textContent = `${clock(seconds)}.`;
      if (seconds > 0) return;
      spend();
      finish("The time is over; what you had answered was handed in.");
    };
    timer = setInterval(tick, 1000);
    tick();
  }

  // --- after -----------------------------------------------------------------------------------------------------------

  /** @param {string} [words] */
  function finish(words = "Handed in.") {
    const one = /** @type {Sitting} */ (sitting);
    const items = asked(one);
    const points = scores(items, one);
    for (const item of items.filter(({ id }) => id in one.answers)) {
      const old = records[item.id];
      const record = extended(item, old, one.answers[item.id], { seconds: one.seconds[item.id] });
      records[item.id] = record;
      save(item.id, /** @type {string} */ (item.hash), record);
    }
    const score = points.reduce((sum, point) => sum + point, 0) / items.length;
    const at = new Date().toISOString();
    keep({ running: null, history: [...own.history, { at, score, hints: 0, answer: one }] });
    sitting = null;
    status.textContent = `${words} Your score is ${percent(score)}.`;
    told(items, one, points, score);
    root.scrollIntoView({ block: "start" }); // the score stands at the top, far above the button on a phone
  }

  /** @param {Asked[]} items @param {Sitting} one @param {number[]} points @param {number} score */
  function told(items, one, points, score) {
    const rows = byGoal(items, points).map((row) => h("tr", {}, h("th", { scope: "row" }, `${brief(row.chapter)}: `, prose(row.goal, "span")), h("td", { text: `${Math.round(row.score * 100) / 100} of ${row.asked}` })));
    show(
      h("p", { class: "sm-progress", text: `Score: ${percent(score)}. ${points.filter((point) => point === 1).length} of ${items.length} right.` }),
      h("div", { class: "sm-scroll", tabindex: "0", role: "region", "aria-label": "Score by objective" },
        h("table", {}, h("caption", { text: "Score by objective" }),
          h("thead", {}, h("tr", {}, h("th", { scope: "col", text: "Objective" }), h("th", { scope: "col", text: "Score" }))), h("tbody", {}, ...rows))),
      h("h4", { text: "Question by question" }),
      h("ol", {}, ...items.map((item, i) => explained(item, one.answers[item.id], i, points[i], items.length))),
      h("p", {}, h("button", { type: "button", text: "Another sitting", onclick: start })));
    stage.className = "sm-told";
  }

  /** @param {Asked} item @param {any} answer @param {number} i @param {number} point @param {number} count */
  function explained(item, answer, i, point, count) {
    const { root } = form({ item, heading: `Question ${i + 1} of ${count}.`, answer, changed: () => {} });
    root.setAttribute("disabled", "");
    const given = answer !== undefined;
    return h("li", {}, root, ...[
      mark(point, given ? outcome(point, { answer, score: point, hints: 0, at: "" }) : "No answer."),
      ...(given ? reasons(item, answer, point) : [prose(item.explanation)]),
      others(item, answer, point),
      evidence(item),
    ].filter((part) => part instanceof Node));
  }

  /** @param {any[]} entries */
  function know(entries) {
    for (const { item, hash: itemHash, record } of entries) {
      if (pool.some((one) => one.id === item && one.hash === itemHash) && Array.isArray(record?.history)) records[item] = record;
      if (item === exam && itemHash === hash && Array.isArray(record?.history)) own = record;
    }
  }

  async function open() {
    records = {};
    own = { type: "exam", history: [], running: null, at: "" };
    const answer = await ask({ kind: "export" });
    know(answer?.data?.records ?? []);
    own.history = own.history.filter((/** @type {any} */ one) => typeof one?.score === "number");
    if (resumable(pool, own.running)) goOn(own.running);
    else start();
  }

  const root = h("div", { class: "sm-quiz sm-exam" }, h("h3", { text: title }), alert, status, stage,
    storage({ where, ask, taken: open }));
  if (notice) say(notice);
  showCards(root, model.get("cards"));
  el.replaceChildren(root);
  const letKeys = ownKeys(root);
  open();
  return () => {
    clearInterval(timer);
    letKeys();
    stop();
  };
}

export default { render };
