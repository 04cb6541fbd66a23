// Front end of the review: the same module in JupyterLab and on the published page. Days are computed here in both.

import { certificatePart } from "./certificate.mjs";
import { h, plural } from "./elements.mjs";
import { fits, right } from "./grading.mjs";
import { BUILD } from "./items.mjs";
import { calibrationPart, date, masteryPart, nextDays, titled } from "./overview.mjs";
import { histories, plan, today } from "./schedule.mjs";
import { messenger, PROGRESS, storage } from "./store.mjs";
import { ownKeys, showCards } from "./surroundings.mjs";
import { fill, SENSITIVE } from "./survival.mjs";

/** @typedef {import("./grading.mjs").Item} Item */
/** @typedef {import("./grading.mjs").Stored} Stored */
/** @typedef {import("./overview.mjs").Chapter} Chapter */
/** @typedef {import("./schedule.mjs").Entry} Entry */

/** Questions of one go; more would discourage after a pause. */
const PORTION = 15;

/** @param {{model: any, el: HTMLElement}} given */
export function render({ model, el }) {
  const items = /** @type {(Item & {chapter: string, objective: number})[]} */ (model.get("items"));
  const { where, notice, course_title: course } = model.get("options");
  const chapters = /** @type {Chapter[]} */ (model.get("options").chapters);
  const questions = items.map(({ id, chapter, objective, from, type }) => ({ id, chapter, objective: from ? null : objective, type }));
  const alert = h("p", { class: "sm-alert", role: "alert" });
  /** @param {string} text */
  const say = (text) => { alert.textContent = text; };
  const { ask, stop } = messenger(model, say);

  /** @type {Entry[]} */
  let entries = [];
  const look = () => ({ known: histories(entries), questions, chapters, now: today() });

  const now = h("div");
  const days = h("div");
  const mastery = h("div");
  const sure = h("div");
  /** @type {Set<string>} */
  const open = new Set();
  /** @type {{left: string[], done: number, all: number, scores: boolean[], draw: () => void} | null} */
  let session = null;

  // --- what the answers say ------------------------------------------------------------------------------------------

  const overview = () => {
    const seen = look();
    const begun = questions.some(({ id }) => seen.known.has(id));
    rest.hidden = !begun;
    empty.hidden = begun;
    days.replaceChildren(...nextDays(plan(seen.known, questions, seen.now).ahead, seen.now));
    mastery.replaceChildren(...masteryPart(seen, open));
    sure.replaceChildren(...calibrationPart(seen));
  };

  // --- one question after the other ----------------------------------------------------------------------------------

  /** @param {string} [done] what was just done */
  const offer = (done = "") => {
    session = null;
    const { known, now: day } = look();
    const { due, fresh, next } = plan(known, questions, day);
    const count = due.length + fresh.length;
    const words = count
      ? [due.length ? `${plural(due.length, "question")} ${due.length === 1 ? "is" : "are"} due` : "No question is due", fresh.length ? `${due.length ? "and " : "but "}${fresh.length} new ${fresh.length === 1 ? "one waits" : "ones wait"}` : ""].filter(Boolean).join(", ")
      : `Nothing is due today${next === Infinity ? "" : `; the next question comes on ${date(next)}`}`;
    const line = h("p", { class: "sm-progress", tabindex: "-1", text: `${done ? `${done} ` : ""}${words}.${count > PORTION ? ` They come in portions of ${PORTION}.` : ""}` });
    now.replaceChildren(line, ...(count ? [h("p", {}, h("button", { type: "button", onclick: () => begin([...due, ...fresh].slice(0, PORTION)), text: done ? "Go on" : "Begin" }))] : []));
    return line;
  };

  /** @param {string[]} ids */
  const begin = (ids) => {
    session = { left: ids, done: 0, all: ids.length, scores: [], draw: () => {} };
    step();
  };

  const finish = () => {
    const { scores } = /** @type {NonNullable<typeof session>} */ (session);
    const counted = `${scores.filter(Boolean).length} of ${plural(scores.length, "answer")} right.`;
    offer(scores.length ? `Done for now: ${counted}` : "Stopped.").focus();
  };

  const step = () => {
    const running = /** @type {NonNullable<typeof session>} */ (session);
    const [id] = running.left;
    if (id === undefined) {
      finish();
      return;
    }
    const item = /** @type {typeof items[number]} */ (items.find((one) => one.id === id));
    const chapter = /** @type {Chapter} */ (chapters.find(({ stem }) => stem === item.chapter));
    const stored = entries.find((entry) => entry.item === id && entry.hash === item.hash)?.record;
    const place = h("div");
    let answered = false;
    /** @param {Stored} record */
    const save = (record) => {
      if (!answered) running.scores.push(right(record.history.at(-1)));
      answered = true;
      next.textContent = running.left.length > 1 ? "Next question" : "Finish";
      next.classList.remove("sm-quiet");
      entries = [...entries.filter((entry) => entry.item !== id || entry.hash !== item.hash), { item: id, hash: /** @type {string} */ (item.hash), record }];
      overview();
      say("");
      ask({ kind: "save", item: id, hash: item.hash, record });
      document.dispatchEvent(new CustomEvent(PROGRESS, { detail: { item: id, hash: item.hash, from: el } }));
    };
    const heading = h("p", { class: "sm-progress", tabindex: "-1", text: `Question ${running.done + 1} of ${running.all}` });
    const from = h("p", { class: "sm-small" }, "From: ", titled(chapter));
    const next = h("button", { type: "button", class: "sm-quiet", text: "Leave it for later", onclick: () => {
      running.left = running.left.slice(1);
      running.done += 1;
      step();
    } });
    const end = h("button", { type: "button", class: "sm-quiet", text: "Stop for now", onclick: finish });
    const draw = () => fill(place, item, () => BUILD[item.type]({ item, heading: "", record: fits(item, stored) ? stored : undefined, save, fresh: true }));
    running.draw = item.sensitive ? draw : () => {};
    draw();
    now.replaceChildren(heading, from, place, h("p", { class: "sm-buttons" }, next, end));
    heading.focus();
  };

  // --- the whole -----------------------------------------------------------------------------------------------------

  const refresh = async () => {
    const answer = await ask({ kind: "export" });
    if (!answer?.data) {
      if (!entries.length) waiting.textContent = "Your answers could not be read. Run the cell again, or reload the page.";
      return;
    }
    entries = answer.data.records;
    waiting.remove();
    overview();
    if (!session) offer();
  };

  const empty = h("div", { hidden: true },
    h("p", {}, h("strong", { text: "Nothing is answered yet, so nothing is due." })),
    h("p", { text: "Read a chapter and answer the questions at its end. From the next day on the questions come back here, each when it is about to be "
      + "forgotten, and you see what you have mastered. If you answered on another device, import your progress below." }),
    h("ul", {}, ...chapters.map((chapter) => h("li", {}, titled(chapter)))));
  /** @param {string} title @param {...HTMLElement} parts */
  const section = (title, ...parts) => h("section", {}, h("h3", { text: title }), ...parts);
  const rest = h("div", { hidden: true },
    section("Due today", now),
    section("The next days", days),
    section("What you have mastered", mastery),
    section("How often “sure” was right", sure),
    section("Certificate: a page to print", h("div", {}, ...certificatePart(course, look))));
  const waiting = h("p", { text: "Reading your answers ..." });
  const root = h("div", { class: "sm-quiz sm-review" }, alert, waiting, empty, rest, storage({ where, ask, taken: () => {
    session = null;
    refresh();
    document.dispatchEvent(new CustomEvent(PROGRESS, { detail: { from: el } }));
  } }));
  if (notice) say(notice);
  showCards(root, model.get("cards"));
  el.replaceChildren(root);
  refresh();

  /** @param {any} event */
  const elsewhere = ({ detail }) => { if (detail?.from !== el) refresh(); };
  const opened = () => session?.draw();
  const back = () => { if (!document.hidden) refresh(); }; // a page left open over night has other questions due
  document.addEventListener(SENSITIVE, opened);
  document.addEventListener(PROGRESS, elsewhere);
  document.addEventListener("visibilitychange", back);
  const letKeys = ownKeys(root);
  return () => {
    letKeys();
    stop();
    document.removeEventListener(SENSITIVE, opened);
    document.removeEventListener(PROGRESS, elsewhere);
    document.removeEventListener("visibilitychange", back);
  };
}

export default { render };
