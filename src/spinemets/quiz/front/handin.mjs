// Front end of a hand-in: asks a release's items, keeps a draft, makes the file. Nothing is graded or sent. The same module
// runs in JupyterLab (the kernel keeps the draft and writes the file) and on a release's page (the browser does).

import { variant } from "./grading.mjs";
import { h, plural, prose, unique, when } from "./elements.mjs";
import { form } from "./fields.mjs";
import { fileName, hasInvisible, packed, studentId, variantOf } from "./handin-file.mjs";
import { SENSITIVE } from "./store.mjs";
import { ownKeys } from "./surroundings.mjs";
import { fill } from "./survival.mjs";

/** @typedef {import("./grading.mjs").Item} Item one that was asked: without key, feedback or explanation */
/** @typedef {{release: string, course: string, title: string, due: string | null, items: Item[]}} Bank */
/** @typedef {{file: string, checksum: string, at: string, answered: number, stale?: boolean}} Receipt */
/** @typedef {{student: {id: string, name: string}, answers: Record<string, {hash: string, answer: any}>,
 *   seconds: Record<string, number>, clock: boolean, receipt: Receipt | null, from: string}} Draft */

const SILENCE_MS = 5000;
const LONGEST_PAUSE = 300;
const LONGEST_ID = 64;
const LONGEST_NAME = 200;

/** @param {any} pick @param {number} count */
const isPlace = (pick, count) => Number.isInteger(pick) && pick >= 0 && pick < count;

/** Whether an answer of a draft, which may come from an older or damaged one, is one that the item's field can show. */
const FITS = /** @type {Record<string, (item: Item, answer: any) => boolean>} */ ({
  choice: (item, answer) => isPlace(answer, item.options.length),
  hotspot: (item, answer) => isPlace(answer, item.options.length),
  choices: (item, answer) => Array.isArray(answer) && answer.every((pick) => isPlace(pick, item.options.length)),
  number: (_, answer) => Number.isFinite(answer),
  calculated: (item, answer) => isPlace(answer?.variant, item.variants.length) && Number.isFinite(answer.value),
  short: (_, answer) => typeof answer === "string",
  order: (item, answer) => Array.isArray(answer) && answer.length === item.shown.length
    && answer.every((pick) => isPlace(pick, item.shown.length)) && new Set(answer).size === answer.length,
  match: (item, answer) => Array.isArray(answer) && answer.length === item.pairs.length
    && answer.every((pick) => pick === null || isPlace(pick, item.shown.length)),
});

/** @param {Bank} bank @param {any} kept @returns {Draft} what of a kept draft fits these items */
function restored(bank, kept) {
  const text = (/** @type {any} */ value) => (typeof value === "string" ? value : "");
  /** @type {Draft} */
  const draft = {
    student: { id: text(kept?.student?.id), name: text(kept?.student?.name) },
    answers: {}, seconds: {}, clock: kept?.clock === true, receipt: typeof kept?.receipt?.file === "string" ? kept.receipt : null, from: "",
  };
  for (const item of bank.items) {
    const entry = kept?.answers?.[item.id];
    if (entry?.hash === item.hash && FITS[item.type](item, entry.answer)) draft.answers[item.id] = entry;
    if (kept?.seconds?.[item.id] > 0) draft.seconds[item.id] = kept.seconds[item.id];
  }
  return draft;
}

/** Asks the kernel or the page; what cannot be done is answered with an `error`.
 * @param {any} model */
function asking(model) {
  const waiting = /** @type {Map<string, (answer: any) => void>} */ (new Map());
  /** @param {any} answer */
  const listen = (answer) => waiting.get(answer.kind)?.(answer);
  model.on("msg:custom", listen);
  const error = "No answer yet: the kernel is busy or has stopped. If this note stays, run this cell again.";
  return {
    /** @param {{kind: string, [more: string]: any}} message @returns {Promise<any>} */
    ask: (message) => new Promise((resolve) => {
      /** @param {any} answer */
      const done = (answer) => {
        clearTimeout(timer);
        waiting.delete(message.kind);
        resolve(answer);
      };
      const timer = setTimeout(() => done({ error }), SILENCE_MS);
      waiting.set(message.kind, done);
      try {
        model.send(message);
      } catch {
        done({ error });
      }
    }),
    stop: () => model.off("msg:custom", listen),
  };
}

/** Seconds that each item had: from the last touch of anything to the touch of the item, pauses cut.
 * @param {Record<string, number>} seconds */
function timing(seconds) {
  let last = performance.now();
  const passed = () => Math.min((performance.now() - last) / 1000, LONGEST_PAUSE);
  const pause = () => { last = performance.now(); };
  document.addEventListener("visibilitychange", pause);
  return {
    pause,
    /** @param {string} id */
    touch(id) {
      seconds[id] = (seconds[id] ?? 0) + passed();
      pause();
    },
    total: () => Object.values(seconds).reduce((sum, one) => sum + one, 0) + passed(),
    stop: () => document.removeEventListener("visibilitychange", pause),
  };
}

/** @param {{model: any, el: HTMLElement}} given */
export function render({ model, el }) {
  const bank = /** @type {Bank} */ (model.get("bank"));
  const { where, notice } = model.get("options");
  const me = String(Math.random());
  const { ask, stop } = asking(model);
  let draft = restored(bank, model.get("draft"));
  let clock = timing(draft.seconds);

  const alert = h("p", { class: "sm-alert", role: "alert", text: notice });
  const count = h("p", { class: "sm-progress", role: "status" });
  const missing = h("p", { class: "sm-missing" });
  const time = h("span", { class: "sm-small" });
  const receipt = h("div", { class: "sm-receipt", role: "status", tabindex: "-1" });
  const problem = h("p", { class: "sm-alert", role: "alert" });
  const places = bank.items.map(() => h("li"));

  // --- the draft ---

  let storing = false;
  let newer = false;
  const store = async () => {
    newer = storing;
    if (storing) return;
    storing = true;
    draft.from = me;
    const { error } = await ask({ kind: "draft", draft });
    storing = false;
    alert.textContent = error ? `Your answers are not stored. ${error} They stay on the screen; hand in before you close it.` : "";
    if (newer) store();
  };
  const changed = () => {
    if (draft.receipt) draft.receipt.stale = true;
    disarm();
    show();
    store();
  };

  // --- what is answered ---

  /** @param {Item} item */
  const drawn = (item) => (studentId(draft.student.id) ? variantOf(draft.student.id, item.id, item.variants.length) : -1);
  /** The answer to an item; one to the numbers of another student waits until that number is typed again.
   * @param {Item} item */
  const given = (item) => {
    const entry = draft.answers[item.id];
    return entry && item.variants && entry.answer.variant !== drawn(item) ? undefined : entry;
  };
  const open = () => bank.items.flatMap((item, i) => (given(item) ? [] : [i]));
  /** @param {number} i */
  const go = (i) => {
    places[i].scrollIntoView({ block: "start" });
    const field = places[i].querySelector("input, select, button");
    /** @type {HTMLElement} */ (field ?? id).focus({ preventScroll: Boolean(field) });
  };
  const show = () => {
    const left = open();
    const done = `${bank.items.length - left.length} of ${bank.items.length} answered.`;
    if (count.textContent !== done) count.textContent = done;
    missing.replaceChildren(...(left.length ? ["Still open: ", ...left.flatMap((i) =>
      [h("button", { type: "button", class: "sm-quiet", "aria-label": `Go to question ${i + 1}`, onclick: () => go(i), text: String(i + 1) }), " "])] : []));
    showReceipt();
    showTime();
  };
  const showTime = () => {
    time.textContent = draft.clock ? `Time so far: ${plural(Math.round(clock.total() / 60), "minute")}` : "";
  };
  const showReceipt = () => {
    const kept = draft.receipt;
    receipt.replaceChildren(...(kept ? [
      h("p", {}, h("strong", { text: kept.stale ? "You changed something after this file was made. Hand in again." : "Your file is made." })),
      h("dl", {}, ...[["File", kept.file], ["Made", when(kept.at)], ["Answered", `${kept.answered} of ${bank.items.length}`], ["Checksum", kept.checksum]]
        .flatMap(([name, value]) => [h("dt", { text: name }), h("dd", { text: value })])),
      h("p", { text: `${model.get("options").after} Give it to your instructor. You may change answers and hand in again; then give in the new file.` }),
    ] : []));
  };

  // --- the items ---

  /** @param {number} i */
  const build = (i) => {
    const item = bank.items[i];
    const heading = `Question ${i + 1} of ${bank.items.length}.`;
    if (item.variants && drawn(item) < 0) {
      places[i].replaceChildren(h("p", {}, h("span", { class: "sm-small", text: `${heading} ` }),
        "This question has numbers of your own. Type your student number above, and it appears."));
      return;
    }
    fill(places[i], item, () => {
      const { root, read } = form({
        item: item.variants ? variant(item, drawn(item)) : item, heading, answer: given(item)?.answer,
        changed: () => {
          const answer = read();
          if (answer === undefined) delete draft.answers[item.id];
          else draft.answers[item.id] = { hash: /** @type {string} */ (item.hash), answer };
          changed();
        },
      });
      return root;
    });
  };
  bank.items.forEach((item, i) => {
    for (const kind of ["focusin", "click", "input"]) places[i].addEventListener(kind, () => clock.touch(item.id));
  });
  // --- who, and handing in ---

  const who = unique();
  const id = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: `${who}-id`, maxlength: LONGEST_ID, autocomplete: "off", autocapitalize: "off", spellcheck: "false", required: true }));
  const name = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: `${who}-name`, maxlength: LONGEST_NAME, autocomplete: "off", required: true }));
  const typed = () => {
    clock.pause();
    const before = bank.items.map((item) => item.variants && drawn(item));
    draft.student = { id: id.value, name: name.value };
    changed();
    const other = bank.items.flatMap((item, i) => (item.variants && drawn(item) !== before[i] ? [i] : []));
    other.forEach(build);
    const lost = other.filter((i) => draft.answers[bank.items[i].id] && !given(bank.items[i]));
    if (lost.length) problem.textContent = `Your student number changed, and with it the numbers of question ${lost.map((i) => i + 1).join(", ")}.`;
  };
  for (const field of [id, name]) field.addEventListener("input", typed);
  const timed = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: `${who}-time`, onchange: () => { draft.clock = timed.checked; showTime(); store(); } }));

  const button = h("button", { type: "button", text: "Hand in", onclick: () => handIn() });
  let armed = false;
  const disarm = () => {
    armed = false;
    button.textContent = "Hand in";
    problem.textContent = "";
  };
  /** @param {HTMLInputElement} field @param {string} text */
  const wanting = (field, text) => {
    problem.textContent = text;
    field.focus();
  };
  const handIn = async () => {
    if (!studentId(id.value)) return wanting(id, "Type your student number first; it stands at the top.");
    if (hasInvisible(id.value)) return wanting(id, "Your student number holds a letter that cannot be seen, as copied text may. Clear the field and type the number.");
    if (!name.value.trim()) return wanting(name, "Type your name first; it stands at the top.");
    const left = open();
    if (left.length && !armed) {
      armed = true;
      button.textContent = "Hand in without them";
      problem.textContent = `${plural(left.length, "question")} not answered yet; the numbers stand above. Answer, or press again to hand in without.`;
      return;
    }
    disarm();
    const finished = new Date().toISOString();
    const answers = bank.items.filter(given).map((item) => ({
      item: item.id, ...given(item), ...(draft.seconds[item.id] >= 1 ? { seconds: Math.round(draft.seconds[item.id]) } : {}),
    }));
    const student = { id: studentId(id.value), name: name.value.trim() };
    const { error, file, checksum } = await ask({ kind: "hand in", content: { release: bank.release, course: bank.course, student, finished, answers } });
    if (error) {
      problem.textContent = `No file was made. ${error}`;
      return;
    }
    draft.receipt = { file, checksum, at: finished, answered: answers.length };
    show();
    receipt.focus();
    store();
  };

  const clear = h("button", { type: "button", class: "sm-quiet", text: "Clear all answers" });
  const calm = () => { clear.textContent = "Clear all answers"; };
  clear.addEventListener("blur", calm);
  clear.addEventListener("click", () => {
    if (clear.textContent === "Clear all answers") clear.textContent = "Press again to clear all";
    else {
      calm();
      all({});
      store();
    }
  });

  /** @param {any} kept */
  const all = (kept) => {
    draft = restored(bank, kept);
    clock.stop();
    clock = timing(draft.seconds);
    id.value = draft.student.id;
    name.value = draft.student.name;
    timed.checked = draft.clock;
    bank.items.forEach((_, i) => build(i));
    show();
  };

  /** @param {string} text */
  const heading = (text) => h("h2", { text });
  const due = bank.due ? ` Hand in before ${when(bank.due)} (your local time).` : "";
  const root = h("div", { class: "sm-quiz sm-hand-in" },
    h("section", {}, heading("Who you are"),
      h("p", { text: `${plural(bank.items.length, "question")}.${due} Your answers are kept ${where}. Nothing is graded here, and nothing is sent.` }),
      alert,
      h("div", { class: "sm-who" }, h("label", { for: id.id, text: "Student number" }), id, h("label", { for: name.id, text: "Name" }), name)),
    h("section", {}, heading("Questions"),
      h("div", { class: "sm-option" }, timed, h("label", { for: timed.id, text: "Show the time" }), time),
      h("ol", {}, ...places)),
    h("section", {}, heading("Hand in"), count, missing, problem, h("p", { class: "sm-buttons" }, button, clear), receipt));
  all(model.get("draft"));
  el.replaceChildren(root);

  // Another view of the same release, here or in another tab, has stored something.
  const elsewhere = () => {
    const kept = model.get("draft");
    if (kept?.from !== me) all(kept);
  };
  model.on("change:draft", elsewhere);
  const ticking = setInterval(showTime, 15000);
  const opened = () => bank.items.forEach((item, i) => { if (item.sensitive) build(i); });
  document.addEventListener(SENSITIVE, opened);
  const release = ownKeys(root);
  return () => {
    release();
    document.removeEventListener(SENSITIVE, opened);
    clearInterval(ticking);
    clock.stop();
    model.off("change:draft", elsewhere);
    stop();
  };
}

/** The page of a release: the browser keeps the draft and makes the file.
 * @param {Bank} bank @param {HTMLElement} el */
export function page(bank, el) {
  const key = `spinemets:hand-in:${bank.release}`;
  const listeners = /** @type {Record<string, ((given?: any) => void)[]>} */ ({});
  /** @param {string} event @param {any} [given] */
  const emit = (event, given) => (listeners[event] ?? []).forEach((listener) => listener(given));
  const { draft, notice } = browserDraft(key);
  const traits = /** @type {Record<string, any>} */ ({
    bank, draft, options: { where: "in this browser, on this device only", after: "It is among your browser's downloads.", notice },
  });
  const answers = /** @type {Record<string, (message: any) => any>} */ ({
    draft: (message) => {
      try {
        localStorage.setItem(key, JSON.stringify(message.draft));
        return {};
      } catch {
        return { error: "This browser's storage is full or closed." };
      }
    },
    "hand in": ({ content }) => {
      const text = packed(content);
      const file = fileName(content.student.id);
      const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      h("a", { href: url, download: file }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
      return { file, checksum: JSON.parse(text).checksum };
    },
  });
  const model = {
    get: (/** @type {string} */ trait) => traits[trait],
    on: (/** @type {string} */ event, /** @type {(given?: any) => void} */ listener) => { (listeners[event] ??= []).push(listener); },
    off: () => {},
    send: (/** @type {any} */ message) => emit("msg:custom", { kind: message.kind, ...answers[message.kind](message) }),
  };
  window.addEventListener("storage", (event) => {
    if (event.key !== key || !event.newValue) return;
    traits.draft = browserDraft(key).draft;
    emit("change:draft");
  });
  render({ model, el });
}

/** The draft in the browser's storage; a damaged one is put aside, not thrown away.
 * @param {string} key */
function browserDraft(key) {
  let kept = null;
  try {
    kept = localStorage.getItem(key);
    return { draft: JSON.parse(kept ?? "{}"), notice: "" };
  } catch {
    if (kept === null) return { draft: {}, notice: "This browser's storage is closed, so a reload loses your answers. Hand in before you close the page." };
    localStorage.setItem(`${key}:damaged`, kept);
    return { draft: {}, notice: "The kept draft of your answers was damaged. It was put aside; please answer again." };
  }
}

export default { render };
