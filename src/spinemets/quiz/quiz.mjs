// Front end of quizzes: the same module in JupyterLab (the kernel answers its messages) and on the published page (the page
// does). It grades by the rules of grading.py; tests/quiz/grading_cases.json holds both to one table.

/**
 * @typedef {{text: string, correct?: boolean, feedback?: string, points?: number, consequence?: string, next?: string}} Option
 * @typedef {{id: string, text: string, question: string, options: Option[]}} Step
 * @typedef {{value: number, tolerance: number, feedback: string}} Hint
 * @typedef {{id: string, hash: string | null, type: string, question: string, options: Option[], answer: number,
 *   tolerance: number, unit: string, hints: Hint[], feedback: {right: string, wrong: string}, explanation: string,
 *   model_answer: string, evidence: string[], sensitive?: boolean, core?: boolean, from?: string | null, hint?: string,
 *   title: string, person: string, steps: Step[], ending: string}} Item
 * @typedef {{answer: any, score: number, at: string}} Attempt
 * @typedef {Record<string, any>} Stored what was answered; see each item type below
 */

// --- grading ---------------------------------------------------------------------------------------------------------

const BEST_POINTS = 2;
const ROUNDING = 1e-9;

/** @param {number} given @param {number} answer @param {number} tolerance */
const within = (given, answer, tolerance) =>
  Number.isFinite(given) && Math.abs(given - answer) <= tolerance + ROUNDING * Math.max(1, Math.abs(answer));

/** The steps that the decisions go through, and the step that they lead to (undefined at the end).
 * @param {Item} item @param {number[]} path @returns {{steps: Step[], next: Step | undefined}} */
function walk(item, path) {
  const steps = [];
  let next = /** @type {Step | undefined} */ (item.steps[0]);
  for (const pick of path) {
    const option = next?.options[pick];
    if (!next || !option) throw new RangeError(`no decision ${pick} here`);
    steps.push(next);
    next = item.steps.find((step) => step.id === option.next);
  }
  return { steps, next };
}

/** Score from 0 to 1; null for a prediction, which has none.
 * @param {Item} item @param {any} answer an option's position, a list of them, or a number @returns {number | null} */
export function grade(item, answer) {
  if (item.type === "choice") return option(item, answer).correct ? 1 : 0;
  if (item.type === "choices") {
    const picks = [...new Set(/** @type {number[]} */ (answer))].map((pick) => option(item, pick));
    const right = picks.filter((pick) => pick.correct).length;
    return Math.max(0, (right - (picks.length - right)) / item.options.filter((one) => one.correct).length);
  }
  if (item.type === "number") return within(answer, item.answer, item.tolerance) ? 1 : 0;
  if (item.type === "case") {
    const { steps, next } = walk(item, answer);
    if (next) throw new RangeError("the case has not ended");
    return points(steps, answer) / (BEST_POINTS * steps.length);
  }
  return null;
}

/** The first understood slip that leads to a wrong number.
 * @param {Item} item @param {number} given */
export const slip = (item, given) => item.hints.find((hint) => within(given, hint.value, hint.tolerance));

/** @param {Item} item @param {number} pick */
function option(item, pick) {
  const found = item.options[pick];
  if (!found) throw new RangeError(`no option ${pick}`);
  return found;
}

/** @param {Step[]} steps @param {number[]} path */
const points = (steps, path) => steps.reduce((sum, step, i) => sum + (step.options[path[i]].points ?? 0), 0);

/** Whether a stored record can be shown; an imported one may be anything.
 * @param {Item} item @param {any} record */
function fits(item, record) {
  try {
    if (item.type === "prediction") return typeof record.at === "string";
    if (item.type === "case" && !record.now) return Boolean(walk(item, record.path));
    return [record.first, record.now].every((attempt) => grade(item, attempt.answer) === attempt.score);
  } catch {
    return false;
  }
}

// --- elements --------------------------------------------------------------------------------------------------------

let counter = 0;

/** @param {string} tag @param {Record<string, any>} [attributes] `class`, `text`, `on...`, others as they are
 * @param {...(Node | string | null | false | undefined)} children */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A text of the bank: HTML that Python made from Markdown with raw HTML disabled.
 * @param {string} html @param {string} [tag] @param {string} [name] */
function prose(html, tag = "div", name = "") {
  const element = h(tag, name ? { class: name } : {});
  element.innerHTML = html;
  return element;
}

/** @param {number} score */
const verdict = (score) =>
  score === 1 ? ["right", "✓", "Right."] : score > 0 ? ["partly", "◐", `Partly right: ${percent(score)}.`] : ["wrong", "✗", "Not right."];

/** @param {number} score */
const percent = (score) => `${Math.round(score * 100)} %`;

/** A verdict by icon and words; its colour repeats them only.
 * @param {number} score @param {string} [words] */
function mark(score, words) {
  const [kind, icon, said] = verdict(score);
  return h("p", { class: `sm-verdict sm-${kind}` }, h("span", { "aria-hidden": "true", text: `${icon} ` }), h("strong", { text: words ?? said }));
}

/** Radio buttons or checkboxes.
 * @param {{type: "radio" | "checkbox", name: string, options: {text: string}[], picked: number[], onchange: () => void, disabled?: boolean}} given */
function picker({ type, name, options, picked, onchange, disabled }) {
  const inputs = options.map((_, i) =>
    /** @type {HTMLInputElement} */ (h("input", { type, name, value: i, id: `${name}-${i}`, disabled, onchange, checked: picked.includes(i) })));
  const rows = inputs.map((input, i) => h("div", { class: "sm-option" }, input, label(options[i].text, input.id)));
  return { rows, picks: () => inputs.flatMap((input, i) => (input.checked ? [i] : [])) };
}

/** @param {string} html @param {string} id */
function label(html, id) {
  const element = prose(html, "label");
  element.setAttribute("for", id);
  return element;
}

/** @param {string} unit @param {string} id @param {number | undefined} value @param {() => void} onchange */
function numberField(unit, id, value, onchange) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "number", step: "any", id, value, oninput: onchange, autocomplete: "off" }));
  const row = h("p", { class: "sm-number" }, h("label", { for: id, text: "Your number " }), input, h("span", { id: `${id}-unit`, text: unit && ` ${unit}` }));
  if (unit) input.setAttribute("aria-describedby", `${id}-unit`);
  return { row, read: () => (input.value === "" ? NaN : input.valueAsNumber) };
}

/** @param {Item} item */
const evidence = (item) => item.evidence.length > 0 && prose(`Evidence: ${item.evidence.join(", ")}`, "p", "sm-evidence");

/** @param {string} iso */
function when(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

// --- items -----------------------------------------------------------------------------------------------------------

/**
 * @typedef {{item: Item, heading: string, record: Stored | undefined, save: (record: Stored) => void}} Shown
 */

/** Choice, choices and number. Record: {type, first: Attempt, now: Attempt, tries, at}.
 * @param {Shown} shown */
function answered({ item, heading, record, save }) {
  const name = `sm-quiz-${(counter += 1)}`;
  const result = h("div", { class: "sm-result", "aria-live": "polite" });
  const note = h("div", { class: "sm-note" });
  const changed = () => { result.replaceChildren(); note.replaceChildren(); };
  const now = record?.now?.answer;
  const field = item.type === "number"
    ? numberField(item.unit, name, now, changed)
    : picker({ type: item.type === "choice" ? "radio" : "checkbox", name, options: item.options, picked: [now].flat(), onchange: changed });

  /** @returns {any} */
  const read = () => {
    if ("read" in field) return Number.isNaN(field.read()) ? undefined : field.read();
    return item.type === "choice" ? field.picks()[0] : field.picks().length ? field.picks() : undefined;
  };
  const check = () => {
    const answer = read();
    if (answer === undefined) {
      const what = { choice: "Choose an option first.", choices: "Choose at least one option first.", number: "Enter a number first, such as 12.5." };
      result.replaceChildren(h("p", { text: /** @type {Record<string, string>} */ (what)[item.type] }));
      return;
    }
    const attempt = { answer, score: /** @type {number} */ (grade(item, answer)), at: new Date().toISOString() };
    record = { type: item.type, first: record?.first ?? attempt, now: attempt, tries: (record?.tries ?? 0) + 1, at: attempt.at };
    show();
    save(record);
  };
  const show = () => {
    if (!record) return;
    const { answer, score } = record.now;
    result.replaceChildren(mark(score), ...reasons(item, answer, score));
    note.replaceChildren(...[
      item.type !== "number" && others(item, [answer].flat()),
      record.tries > 1 && h("p", { class: "sm-small", text: `First answer: ${verdict(record.first.score)[2]} Now: ${verdict(score)[2]} Tries: ${record.tries}.` }),
      evidence(item),
    ].filter((part) => part instanceof Node));
  };
  show();
  if ("row" in field) field.row.addEventListener("keydown", (event) => { if (/** @type {KeyboardEvent} */ (event).key === "Enter") check(); });
  return h("div", { class: "sm-item" },
    h("fieldset", {}, legend(heading, item.question),
      item.type === "choices" && h("p", { class: "sm-small", text: "Several options may be right. Score: right picks minus wrong picks, divided by the number of right options, never below 0." }),
      ...("rows" in field ? field.rows : [field.row])),
    h("p", {}, h("button", { type: "button", onclick: check, text: "Check" })),
    item.hint && h("details", { class: "sm-hint" }, h("summary", { text: "Hint" }), prose(item.hint)),
    result, note);
}

/** @param {string} heading @param {string} html */
function legend(heading, html) {
  return h("legend", {}, heading && h("span", { class: "sm-small", text: `${heading} ` }), prose(html));
}

/** @param {Item} item @param {any} answer @param {number} score @returns {Node[]} */
function reasons(item, answer, score) {
  const found = item.type === "number"
    ? [prose(score === 1 ? item.feedback.right : slip(item, answer)?.feedback ?? item.feedback.wrong)]
    : item.type === "choice"
      ? [prose(item.options[answer].feedback ?? "")]
      : [h("ul", {}, ...answer.map((/** @type {number} */ pick) => reason(item.options[pick])))];
  return item.explanation ? [...found, prose(item.explanation)] : found;
}

/** @param {Option} one */
const reason = (one) =>
  h("li", {}, prose(one.text, "span"), h("strong", { text: one.correct ? " – right: " : " – not right: " }), prose(one.feedback ?? "", "span"));

/** @param {Item} item @param {number[]} picked */
function others(item, picked) {
  const rest = item.options.filter((_, i) => !picked.includes(i));
  return rest.length > 0 && h("details", {}, h("summary", { text: "The other options" }), h("ul", {}, ...rest.map(reason)));
}

const CONFIDENCE = ["guess", "fairly sure", "sure"];

/** Prediction. Record: {type, answer (position, number or null), skipped, confidence, why, at}.
 * @param {Shown} shown */
function prediction({ item, heading, record, save }) {
  const name = `sm-quiz-${(counter += 1)}`;
  const box = h("div", { class: "sm-item" });
  const result = h("div", { class: "sm-result", "aria-live": "polite" });

  const ask = () => {
    const nothing = () => result.replaceChildren();
    const field = item.options.length
      ? picker({ type: "radio", name, options: item.options, picked: [], onchange: nothing })
      : numberField(item.unit, name, undefined, nothing);
    const sure = picker({ type: "radio", name: `${name}-sure`, options: CONFIDENCE.map((text) => ({ text })), picked: [], onchange: nothing });
    const commit = () => {
      const answer = "read" in field ? field.read() : field.picks()[0] ?? NaN;
      const confidence = CONFIDENCE[sure.picks()[0]];
      if (Number.isNaN(answer) || !confidence) {
        result.replaceChildren(h("p", { text: Number.isNaN(answer) ? "Predict first, or skip." : "Say how sure you are; any answer is fine." }));
        return;
      }
      keep({ answer, skipped: false, confidence, why: "" });
    };
    const skip = () => keep({ answer: null, skipped: true, confidence: "", why: "" });
    box.replaceChildren(
      h("fieldset", {}, legend(heading, item.question), ...("rows" in field ? field.rows : [field.row])),
      h("fieldset", { class: "sm-confidence" }, h("legend", { text: "How sure are you?" }), ...sure.rows),
      h("p", {}, h("button", { type: "button", onclick: commit, text: "Commit" }), " ", h("button", { type: "button", class: "sm-quiet", onclick: skip, text: "Skip" })),
      result);
  };
  /** @param {Stored} parts */
  const keep = (parts) => {
    record = { type: "prediction", ...parts, at: new Date().toISOString() };
    tell();
    save(record);
    /** @type {HTMLElement | null} */ (box.querySelector(".sm-result"))?.focus();
  };
  const tell = () => {
    const kept = /** @type {Stored} */ (record);
    result.tabIndex = -1;
    result.replaceChildren(yours(item, kept), actual(item));
    const model = () => [h("p", { class: "sm-small", text: "A model answer" }), prose(item.model_answer), item.explanation && prose(item.explanation), evidence(item)];
    const after = h("div", { class: "sm-note" });
    const why = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: `${name}-why`, value: kept.why, class: "sm-why" }));
    const done = () => {
      record = { ...kept, why: why.value.trim(), revealed: true, at: new Date().toISOString() };
      after.replaceChildren(...told(record));
      save(record);
      after.tabIndex = -1;
      after.focus();
    };
    /** @param {Stored} entry */
    const told = (entry) => [entry.why && h("p", { text: `Your reason: ${entry.why}` }), ...model()].filter((part) => part instanceof Node);
    if (kept.revealed || kept.skipped) after.append(...told(kept));
    else after.append(h("p", {}, h("label", { for: why.id, text: "Why? One line for yourself: " }), why), h("p", {}, h("button", { type: "button", onclick: done, text: "Show the model answer" })));
    box.replaceChildren(h("div", { class: "sm-asked" }, heading && h("span", { class: "sm-small", text: `${heading} ` }), prose(item.question)), result, after);
  };
  if (record) tell();
  else ask();
  return box;
}

/** @param {Item} item @param {any} answer the position of an option or a number */
function spoken(item, answer) {
  if (item.options.length) return prose(item.options[answer]?.text ?? "", "span");
  return h("span", { text: `${answer} ${item.unit}`.trim() });
}

/** What was predicted; an explorer stores `prediction` (the option's text or a number) in place of `answer`.
 * @param {Item} item @param {Stored} record */
function yours(item, record) {
  if (record.skipped) return h("p", { text: "You skipped the prediction." });
  const said = record.prediction === undefined ? spoken(item, record.answer) : h("span", { text: `${record.prediction} ${item.unit}`.trim() });
  return h("p", {}, "You predicted: ", h("strong", {}, said), record.confidence ? ` (${record.confidence})` : "");
}

/** @param {Item} item */
const actual = (item) => h("p", {}, "The answer: ", h("strong", {}, spoken(item, item.answer)));

/** Case. Record: {type, path, first?: Attempt, now?: Attempt, tries, at}; `path` holds the decisions of the present walk.
 * @param {Shown} shown */
function story({ item, heading, record, save }) {
  const box = h("div", { class: "sm-item sm-case" });
  /** @param {boolean} [moved] whether to move the focus to what came last */
  const draw = (moved) => {
    const path = record?.path ?? [];
    const { steps, next } = walk(item, path);
    const done = steps.map((step, i) => told(step, i, path[i]));
    box.replaceChildren(
      h("p", { class: "sm-case-title", tabindex: "-1" }, heading && h("span", { class: "sm-small", text: `${heading} ` }), h("strong", { text: item.title })),
      prose(item.person), ...done, next ? open(next, path) : end(steps, path));
    if (moved) /** @type {HTMLElement} */ ([...box.querySelectorAll(".sm-consequence, .sm-case-title")].pop()).focus();
  };
  /** @param {Step} step @param {number} i @param {number} pick */
  const told = (step, i, pick) =>
    h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: `Step ${i + 1}` }), prose(step.text),
      h("div", { class: "sm-asked" }, prose(step.question)),
      h("p", {}, "You decided: ", prose(step.options[pick].text, "strong")),
      h("div", { class: "sm-consequence", tabindex: "-1" }, prose(step.options[pick].consequence ?? ""),
        h("p", { class: "sm-small", text: `${step.options[pick].points} of ${BEST_POINTS} points` })));
  /** @param {Step} step @param {number[]} path */
  const open = (step, path) => {
    const name = `sm-quiz-${(counter += 1)}`;
    const result = h("div", { class: "sm-result", "aria-live": "polite" });
    const field = picker({ type: "radio", name, options: step.options, picked: [], onchange: () => result.replaceChildren() });
    const decide = () => {
      const [pick] = field.picks();
      if (pick === undefined) result.replaceChildren(h("p", { text: "Choose what to do first." }));
      else go([...path, pick]);
    };
    return h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: `Step ${path.length + 1}` }), prose(step.text),
      h("fieldset", {}, legend("", step.question), ...field.rows),
      h("p", {}, h("button", { type: "button", onclick: decide, text: "Decide" })), result);
  };
  /** @param {Step[]} steps @param {number[]} path */
  const end = (steps, path) => {
    const tries = record?.tries ?? 1;
    return h("div", { class: "sm-step" }, h("p", { class: "sm-small", text: "The end" }), prose(item.ending),
      h("p", {}, h("strong", { text: `${points(steps, path)} of ${BEST_POINTS * steps.length} points.` }),
        tries > 1 ? ` First time: ${percent(record?.first.score)}; now: ${percent(record?.now.score)}.` : ""),
      item.explanation && prose(item.explanation), evidence(item),
      h("p", {}, h("button", { type: "button", onclick: () => go([]), text: "Back to the start" })));
  };
  /** @param {number[]} path */
  const go = (path) => {
    const at = new Date().toISOString();
    record = { ...record, type: "case", path, at };
    if (!walk(item, path).next) {
      const now = { answer: path, score: grade(item, path), at };
      record = { ...record, first: record.first ?? now, now, tries: (record.tries ?? 0) + 1 };
    }
    draw(true);
    save(record);
  };
  draw();
  return box;
}

/** A prediction at the chapter's end, beside its answer.
 * @param {Shown} shown */
function recalled({ item, heading, record }) {
  return h("div", { class: "sm-item" }, h("div", { class: "sm-asked" }, heading && h("span", { class: "sm-small", text: `${heading} ` }), prose(item.question)),
    record ? yours(item, record) : h("p", { text: "You made no prediction here." }),
    actual(item), record?.why && h("p", { text: `Your reason: ${record.why}` }), prose(item.model_answer), evidence(item));
}

const BUILD = /** @type {Record<string, (shown: Shown) => HTMLElement>} */ ({ choice: answered, choices: answered, number: answered, prediction, case: story });

// --- what was stored -------------------------------------------------------------------------------------------------

const SENSITIVE = "spinemets:sensitive";
const PROGRESS = "spinemets:progress";
const SILENCE = 5000;

/** Talks to the kernel or to the page.
 * @param {any} model @param {(text: string) => void} say */
function messenger(model, say) {
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
function storage({ where, ask, taken }) {
  const list = h("div");
  const status = h("p", { role: "status" });
  const place = where ? `on this computer, in ${where}` : "in this browser, on this device only";
  const file = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: ".json,application/json", id: `sm-quiz-${(counter += 1)}` }));
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

// --- the widget ------------------------------------------------------------------------------------------------------

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
