// Talks to whatever keeps the answers (a kernel or the page), and shows what is kept.

import { h, percent, unique, when } from "./elements.mjs";

export const SENSITIVE = "spinemets:sensitive";
export const PROGRESS = "spinemets:progress";
const SILENCE = 5000;

/** Talks to the kernel or to the page.
 * @param {any} model @param {(text: string) => void} say */
export function messenger(model, say) {
  /** @type {Map<string, {resolve: (answer: any) => void, timer: ReturnType<typeof setTimeout>}>} */
  const waiting = new Map();
  /** @param {any} answer */
  const listen = (answer) => {
    const merged = waiting.has("import") ? "import" : "reset"; // the page answers a reset as an import of nothing
    const key = answer.item ? `save ${answer.item}` : answer.kind === "imported" ? merged : answer.kind;
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
        const silent = () => {
          waiting.delete(key);
          say("No answer yet: what should store this is busy or has stopped. Your answers stay on the screen. If this note stays, run this cell again.");
          resolve(null);
        };
        clearTimeout(waiting.get(key)?.timer);
        waiting.set(key, { resolve, timer: setTimeout(silent, SILENCE) });
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
    const records = answer?.data?.records ?? [];
    const rows = records.map((/** @type {any} */ entry) =>
      h("tr", {}, h("th", { scope: "row", text: entry.item }), h("td", { text: summary(entry.record) }), h("td", { text: when(entry.record?.at) })));
    list.replaceChildren(records.length
      ? h("div", { class: "sm-scroll", tabindex: "0", role: "region", "aria-label": "Stored answers" },
        h("table", {}, h("thead", {}, h("tr", {}, ...["Item", "Answer", "When"].map((text) => h("th", { scope: "col", text })))), h("tbody", {}, ...rows)))
      : h("p", { text: "Nothing is stored yet." }));
    return answer;
  };
  const save = async () => {
    const answer = await fill();
    if (!answer?.data) return;
    const url = URL.createObjectURL(new Blob([JSON.stringify(answer.data, null, 1)], { type: "application/json" }));
    h("a", { href: url, download: `${answer.data.course}-progress.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    status.textContent = `${answer.data.records.length} answers were written to a file.`;
  };
  const load = async () => {
    const [chosen] = file.files ?? [];
    file.value = "";
    if (!chosen) return;
    let data;
    try {
      data = JSON.parse(await chosen.text());
    } catch {
      status.textContent = `${chosen.name} is not whole or not an export of this course, so nothing was changed. Choose the .json file that Export wrote.`;
      return;
    }
    const answer = await ask({ kind: "import", data });
    if (answer?.kind === "error") status.textContent = answer.message;
    if (answer?.kind !== "imported") return;
    taken(answer);
    await fill();
    status.textContent = `Imported: ${answer.added} new, ${answer.replaced ?? 0} newer than here, ${answer.kept} kept as they were.`;
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

/** @param {any} record */
function summary(record) {
  const score = record?.now?.score;
  if (typeof score === "number") return score === 1 ? "right" : score > 0 ? `partly right, ${percent(score)}` : "not right";
  return record?.skipped ? "skipped" : record?.type === "case" ? "begun" : "predicted";
}
