// Talks to whatever keeps the answers (a kernel or the page), and shows what is kept.

import { h, percent, plural, unique, when } from "./elements.mjs";

export const SENSITIVE = "spinemets:sensitive";
export const PROGRESS = "spinemets:progress";
const SILENCE = 5000;
const LARGEST_FILE = 20e6;
const DEEPEST = 40; // nothing that the course writes comes near

/** Talks to the kernel or to the page.
 * @param {any} model @param {(text: string) => void} say */
export function messenger(model, say) {
  /** @type {Map<string, {resolve: (answer: any) => void, timer: ReturnType<typeof setTimeout>}>} */
  const waiting = new Map();
  /** @param {any} answer */
  const listen = (answer) => {
    const key = answer.item ? `save ${answer.item}` : answer.kind === "imported" ? "import" : answer.kind;
    const keys = waiting.has(key) ? [key] : answer.kind === "error" ? [...waiting.keys()] : [];
    for (const found of keys) {
      const { resolve, timer } = /** @type {any} */ (waiting.get(found));
      clearTimeout(timer);
      waiting.delete(found);
      resolve(answer);
    }
    if (answer.kind === "error") say(`${answer.message} Your answers stay on the screen.`);
    else if (answer.message || answer.kind === "saved") say(answer.message ?? "");
  };
  model.on("msg:custom", listen);
  return {
    /** @param {Record<string, any>} message @returns {Promise<any>} the answer; null if none came */
    ask(message) {
      const key = message.kind === "save" ? `save ${message.item}` : message.kind;
      return new Promise((resolve) => {
        const earlier = waiting.get(key); // the same question, asked a moment ago: one answer serves both
        clearTimeout(earlier?.timer);
        const both = (/** @type {any} */ answer) => { earlier?.resolve(answer); resolve(answer); };
        const silent = () => {
          waiting.delete(key);
          say("No answer yet: what should store this is busy or has stopped. Your answers stay on the screen. If this note stays, run this cell again.");
          both(null);
        };
        waiting.set(key, { resolve: both, timer: setTimeout(silent, SILENCE) });
        try {
          model.send(message);
        } catch {
          clearTimeout(waiting.get(key)?.timer);
          silent();
        }
      });
    },
    stop: () => model.off("msg:custom", listen),
  };
}

/** The panel "What is stored".
 * @param {{where: string, ask: (message: Record<string, any>) => Promise<any>, taken: (answer: any) => void}} given */
export function storage({ where, ask, taken }) {
  const list = h("div");
  const status = h("p", { role: "status" });
  const place = where ? `on this computer, in ${where}` : "in this browser, on this device only";
  const file = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: ".json,application/json", id: unique() }));
  const fill = async () => {
    const answer = await ask({ kind: "export" });
    if (answer?.data) list.replaceChildren(...listed(answer.data));
    else list.replaceChildren(h("p", { text: "What is stored could not be read." }));
    return answer;
  };
  const save = async () => {
    const answer = await fill();
    if (!answer?.data) return;
    const url = URL.createObjectURL(new Blob([JSON.stringify(answer.data, null, 1)], { type: "application/json" }));
    h("a", { href: url, download: `${answer.data.course}-progress.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    status.textContent = `Written to a file: ${extent(answer.data)}. Import takes it back, here, on another device or in JupyterLab.`;
  };
  const load = async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    const data = await content(chosen);
    file.value = ""; // so that the same file can be chosen again
    if (data === undefined) {
      status.textContent = chosen.size > LARGEST_FILE
        ? `${chosen.name} is larger than 20 MB, which no export of this course is, so nothing was changed.`
        : `${chosen.name} is not whole or not an export of this course, so nothing was changed. Choose the .json file that Export wrote.`;
      return;
    }
    const answer = await ask({ kind: "import", data });
    if (answer?.kind === "error") status.textContent = `${answer.message} The file itself stays as it is.`;
    if (answer?.kind !== "imported") return;
    taken(answer);
    await fill();
    status.textContent = imported(answer);
  };
  const reset = h("button", { type: "button", class: "sm-quiet", text: "Reset" });
  const calm = () => { reset.textContent = "Reset"; delete reset.dataset.armed; };
  reset.addEventListener("blur", calm);
  reset.addEventListener("keydown", (event) => { if (/** @type {KeyboardEvent} */ (event).key === "Escape") calm(); });
  reset.addEventListener("click", async () => {
    if (!reset.dataset.armed) {
      reset.dataset.armed = "yes";
      reset.textContent = "Press again to delete all answers of the course";
      status.textContent = "This deletes all answers of the course, not only this quiz. Export first to keep them.";
      return;
    }
    calm();
    const answer = await ask({ kind: "reset" });
    if (!answer?.progress) return;
    taken(answer);
    await fill();
    status.textContent = `Deleted. ${answer.message ?? ""}`;
  });
  const panel = h("details", { class: "sm-store" }, h("summary", { text: "What is stored" }),
    h("p", { text: `Your answers are kept ${place}. They are sent nowhere.` }), list,
    h("p", { class: "sm-buttons" }, reset, h("button", { type: "button", class: "sm-quiet", onclick: save, text: "Export" })),
    h("p", {}, h("label", { for: file.id, text: "Import from a file: " }), file), status);
  file.addEventListener("change", load);
  panel.addEventListener("toggle", () => { if (/** @type {HTMLDetailsElement} */ (panel).open) fill(); });
  return panel;
}

/** The JSON in a file; undefined if there is none, or so much or so deep that a kernel would choke on it.
 * @param {File} file @returns {Promise<any>} */
async function content(file) {
  /** @param {any} value @param {number} depth @returns {boolean} */
  const within = (value, depth) => Object(value) !== value || (depth > 0 && Object.values(value).every((inner) => within(inner, depth - 1)));
  try {
    const data = file.size <= LARGEST_FILE ? JSON.parse(await file.text()) : undefined;
    return within(data, DEEPEST) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** What an import did, in words.
 * @param {{added: number, merged?: number, replaced?: number, kept: number}} counts by item */
function imported({ added, merged = 0, replaced = 0, kept }) {
  const parts = [[added, "new"], [merged, "merged"], [replaced, "replaced by a later one"], [kept, "as they were"]];
  return `Imported: ${parts.filter(([count]) => count).map((part) => part.join(" ")).join(", ") || "no answers were in the file"}.`;
}

/** How much an export holds.
 * @param {any} data */
function extent(data) {
  const answers = data.records.reduce((/** @type {number} */ sum, /** @type {any} */ { record }) => sum + (record.history?.length ?? 1), 0);
  const bytes = new Blob([JSON.stringify(data.records)]).size;
  return `${plural(answers, "answer")} to ${plural(data.records.length, "item")}, ${bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`}`;
}

/** @param {any} data an export */
function listed(data) {
  if (!data.records.length) return [h("p", { text: "Nothing is stored yet." })];
  const rows = data.records.map((/** @type {any} */ { item, record }) =>
    h("tr", {}, h("th", { scope: "row", text: item }), ...summary(record).map((text) => h("td", { text }))));
  const heads = ["Item", "Answers", "First score", "Last score", "When last"].map((text) => h("th", { scope: "col", text }));
  return [
    h("p", { text: `${extent(data)}. Scores are after the cost of hints.` }),
    h("div", { class: "sm-scroll", tabindex: "0", role: "region", "aria-label": "Stored answers" },
      h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows))),
  ];
}

/** How many answers, the first, the last, when.
 * @param {any} record @returns {string[]} */
function summary(record) {
  const history = record.history ?? [];
  // What was asked before the chapter is not told, so its score is not shown here either.
  const told = (/** @type {any} */ attempt) => (attempt.before ? "before the chapter" : percent(attempt.score));
  if (history.length) return [`${history.length}`, told(history[0]), told(history.at(-1)), when(history.at(-1).at)];
  const state = record.skipped ? "skipped" : record.history || record.type === "case" ? "begun" : record.at ? "prediction" : "taken back";
  return [state, "", "", when(record.at)];
}
