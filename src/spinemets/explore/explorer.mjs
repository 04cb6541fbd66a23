// The front end of an explorer, the same in JupyterLab and on a page without a kernel: it asks for a state with a
// `draw` message and shows the frame that comes back. docs/architecture.md describes the traits and messages.
// @ts-check

/**
 * @typedef {{key: string, label: string, sensitive: boolean}} Option
 * @typedef {{name: string, kind: "slider" | "choice" | "toggle", label: string, help: string, play: boolean,
 *   default: number, options: Option[]}} Control
 * @typedef {{question: string, options: string[], answer: string | number, unit: string, model_answer: string,
 *   hash: string}} Predict
 * @typedef {{id: string, title: string, controls: Control[], predict: Predict | null, sensitive: string,
 *   impossible: Record<string, string>}} Spec
 * @typedef {{columns: string[], rows: (string | number | boolean | null)[][], caption: string}} Table
 * @typedef {{picture: string, summary: string, table: Table | null}} Frame
 * @typedef {Record<string, string>} State
 * @typedef {{prediction?: string | number, confidence?: string, skipped?: boolean, why?: string, at: string}} Record_
 */

const ANSWER_WITHIN = 12000; // ms
const STEP = 1000; // ms between the steps of "Play"; never faster, for readers who asked for less motion
const FEW = 5; // options that show as radio buttons
const SHORT = 28; // characters of such an option
const CONFIDENCE = ["guess", "fairly sure", "sure"];
const NO_KERNEL =
  "No kernel answers. Run this cell again to make it live; if the notebook is still running, wait. " +
  "The last picture stays.";

let instances = 0;

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] attributes; a key `on...` is a listener, `text` the text content
 * @param {...(Node | string | null)} children
 * @returns {any}
 */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null && value !== "") node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

// --- the reader's choice about figures on death and survival ------------------------------------------------------

const PREFERENCE = "spinemets:sensitive";
let opened = stored();

function stored() {
  try {
    return localStorage.getItem(PREFERENCE) === "open";
  } catch {
    return false;
  }
}

/** @param {boolean} open */
function setOpened(open) {
  opened = open;
  try {
    if (open) localStorage.setItem(PREFERENCE, "open");
    else localStorage.removeItem(PREFERENCE);
  } catch {
    // Storage may be forbidden; the choice then holds until the page is left.
  }
  document.dispatchEvent(new CustomEvent(PREFERENCE, { detail: { open } }));
}

// --- frames -------------------------------------------------------------------------------------------------------

const FOREIGN = new Set(["script", "style", "foreignobject", "iframe", "object", "embed", "link", "meta", "base", "form"]);
const REFERENCES = ["href", "xlink:href", "for", "aria-labelledby", "aria-describedby"];

/**
 * A frame's markup as nodes: without scripts, its ids made unique on the page, its rasters found.
 * @param {string} markup
 * @param {string} prefix
 * @param {(name: string) => string} address of a raster
 * @param {boolean} onPage
 */
function nodesOf(markup, prefix, address, onPage) {
  const body = new DOMParser().parseFromString(markup, "text/html").body;
  const own = new Set([...body.querySelectorAll("[id]")].map((node) => node.id));
  for (const node of [...body.querySelectorAll("*")]) {
    if (FOREIGN.has(node.localName.toLowerCase())) {
      node.remove();
      continue;
    }
    for (const { name, value } of [...node.attributes]) {
      if (/^on/i.test(name) || /^\s*javascript:/i.test(value)) node.removeAttribute(name);
      else if (name === "id") node.setAttribute(name, prefix + value);
      else if (value.includes("url(#"))
        node.setAttribute(name, value.replace(/url\(#([^)]+)\)/g, (all, id) => (own.has(id) ? `url(#${prefix}${id})` : all)));
      else if (REFERENCES.includes(name)) node.setAttribute(name, reference(value, own, prefix, address, onPage));
      else if (name === "src" && value.startsWith("asset:")) node.setAttribute(name, address(value.slice(6)));
    }
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...body.childNodes);
  return fragment;
}

/**
 * @param {string} value
 * @param {Set<string>} own
 * @param {string} prefix
 * @param {(name: string) => string} address
 * @param {boolean} onPage
 */
function reference(value, own, prefix, address, onPage) {
  if (value.startsWith("asset:")) return address(value.slice(6));
  const id = value.replace(/^#/, "");
  if (own.has(id)) return value.replace(id, prefix + id);
  // Links are written as in the notebooks, to Markdown files; the page has HTML.
  return onPage ? value.replace(/^((?!https?:)[^?#]*)\.(?:md|ipynb)(?=$|[?#])/, "$1.html") : value;
}

/** @param {Table} table */
function tableOf(table) {
  const numeric = table.columns.map((_, i) => table.rows.every((row) => row[i] === null || typeof row[i] === "number"));
  const cell = (/** @type {any} */ value) => (value === null ? "\u2013" : value === true ? "yes" : value === false ? "no" : String(value));
  return h(
    "table",
    {},
    table.caption ? h("caption", { text: table.caption }) : null,
    h("thead", {}, h("tr", {}, ...table.columns.map((name, i) => h("th", { scope: "col", class: numeric[i] ? "sm-number" : "", text: name })))),
    h(
      "tbody",
      {},
      ...table.rows.map((row) =>
        h("tr", {}, ...row.map((value, i) => h(i ? "td" : "th", { scope: i ? "" : "row", class: numeric[i] ? "sm-number" : "", text: cell(value) }))),
      ),
    ),
  );
}

// --- controls -----------------------------------------------------------------------------------------------------

/**
 * One control. `update` shows which option is chosen and which are not possible.
 * @param {Control} control
 * @param {string} prefix for ids
 * @param {(index: number) => void} choose
 * @returns {{root: HTMLElement, update: (index: number, reasons: (string | null)[]) => void, stop: () => void}}
 */
function controlOf(control, prefix, choose) {
  const id = `${prefix}${control.name}`;
  const note = h("p", { id: `${id}-note`, class: "sm-why-not" });
  const help = control.help ? h("p", { id: `${id}-help`, class: "sm-help", text: control.help }) : null;
  const described = [help ? `${id}-help` : "", `${id}-note`].join(" ").trim();
  const player = control.play ? playerOf(control, choose) : null;
  const { root, update } = builders[shape(control)](control, id, described, choose, player?.button ?? null);
  if (help) root.append(help);
  root.append(note);
  return {
    root,
    stop: () => player?.stop(),
    update(index, reasons) {
      update(index, reasons);
      player?.update(index, reasons);
      const said = explain(control, index, reasons);
      if (note.textContent !== said) note.textContent = said;
    },
  };
}

/** @param {Control} control */
function shape(control) {
  if (control.kind !== "choice") return control.kind;
  return control.options.length <= FEW && control.options.every((option) => option.label.length <= SHORT) ? "radios" : "select";
}

/**
 * In words, which options are closed and why.
 * @param {Control} control
 * @param {number} index
 * @param {(string | null)[]} reasons
 */
function explain(control, index, reasons) {
  if (control.kind === "slider") return reasons[index] ? `Not possible: ${reasons[index]}.`.replace("..", ".") : "";
  const closed = new Map();
  reasons.forEach((reason, i) => {
    if (reason) closed.set(reason, [...(closed.get(reason) ?? []), control.options[i].label]);
  });
  return [...closed].map(([reason, labels]) => `Not available now: ${labels.join(", ")} (${reason}).`).join(" ");
}

/** @type {Record<string, (control: Control, id: string, described: string, choose: (index: number) => void, play: HTMLElement | null) =>
 *   {root: HTMLElement, update: (index: number, reasons: (string | null)[]) => void}>} */
const builders = {
  slider(control, id, described, choose, play) {
    const output = h("output", { for: id });
    const input = h("input", {
      id, type: "range", min: 0, max: control.options.length - 1, step: 1, "aria-describedby": described,
      oninput: () => choose(Number(input.value)),
    });
    return {
      root: h("div", { class: "sm-control sm-slider" }, h("label", { for: id, text: control.label }), output, input, play),
      update(index) {
        const label = control.options[index].label;
        if (Number(input.value) !== index) input.value = String(index);
        output.textContent = label;
        input.setAttribute("aria-valuetext", label);
      },
    };
  },

  radios(control, id, described, choose, play) {
    const inputs = control.options.map((option, i) =>
      h("input", { type: "radio", name: id, value: option.key, onchange: () => choose(i) }),
    );
    const labels = control.options.map((option, i) => h("label", {}, inputs[i], h("span", { text: option.label })));
    return {
      root: h(
        "fieldset",
        { class: "sm-control sm-radios", "aria-describedby": described },
        h("legend", { text: control.label }),
        h("div", { class: "sm-options" }, ...labels, play),
      ),
      update(index, reasons) {
        inputs.forEach((/** @type {HTMLInputElement} */ input, /** @type {number} */ i) => {
          input.checked = i === index;
          input.disabled = Boolean(reasons[i]) && i !== index;
        });
      },
    };
  },

  select(control, id, described, choose, play) {
    const options = control.options.map((option, i) => h("option", { value: i, text: option.label }));
    const input = h("select", { id, "aria-describedby": described, onchange: () => choose(Number(input.value)) }, ...options);
    return {
      root: h("div", { class: "sm-control sm-select" }, h("label", { for: id, text: control.label }), input, play),
      update(index, reasons) {
        input.value = String(index);
        options.forEach((/** @type {HTMLOptionElement} */ option, /** @type {number} */ i) => {
          option.disabled = Boolean(reasons[i]) && i !== index;
        });
      },
    };
  },

  toggle(control, id, described, choose) {
    const input = h("input", { id, type: "checkbox", "aria-describedby": described, onchange: () => choose(Number(input.checked)) });
    return {
      root: h("div", { class: "sm-control sm-toggle" }, h("label", {}, input, h("span", { text: control.label }))),
      update(index, reasons) {
        input.checked = index === 1;
        input.disabled = Boolean(reasons[1 - index]);
      },
    };
  },
};

/**
 * A button that steps through the options that are possible, and stops at the last.
 * @param {Control} control
 * @param {(index: number) => void} choose
 */
function playerOf(control, choose) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let now = 0;
  /** @type {(string | null)[]} */
  let closed = [];
  const button = h("button", {
    type: "button", class: "sm-button sm-play", "aria-pressed": "false", text: "Play",
    "aria-label": `Play ${control.label}`, title: "Steps once a second; press again to stop", onclick: toggle,
  });
  function next() {
    for (let i = now + 1; i < control.options.length; i++) if (!closed[i]) return i;
    return -1;
  }
  function step() {
    const index = next();
    if (index < 0) return stop();
    choose(index);
    if (next() < 0) stop();
  }
  function stop() {
    clearInterval(timer);
    timer = undefined;
    button.setAttribute("aria-pressed", "false");
  }
  function toggle() {
    if (timer !== undefined) return stop();
    button.setAttribute("aria-pressed", "true");
    timer = setInterval(step, STEP);
    const first = closed.findIndex((reason) => !reason);
    if (next() < 0 && first >= 0) choose(first);
    else step();
  }
  return {
    button,
    stop,
    update(/** @type {number} */ index, /** @type {(string | null)[]} */ reasons) {
      now = index;
      closed = reasons;
    },
  };
}

// --- predict first ------------------------------------------------------------------------------------------------

/**
 * The question before the first frame. `record` is what the learner stored, or null.
 * @param {Spec & {predict: Predict}} spec
 * @param {string} prefix
 * @param {Record_ | null} record
 * @param {(record: Record_ | null) => void} changed called with the record to keep; null asks again
 */
function predictionOf(spec, prefix, record, changed) {
  const { predict } = spec;
  const status = h("p", { class: "sm-note", role: "status" });
  const root = h("div", { class: "sm-predict" });
  const unit = (/** @type {string | number} */ value) => `${value}${predict.unit ? ` ${predict.unit}` : ""}`;

  const radios = (/** @type {string} */ name, /** @type {string[]} */ values) =>
    values.map((value) => h("label", {}, h("input", { type: "radio", name: prefix + name, value }), h("span", { text: value })));
  const chosen = (/** @type {HTMLElement} */ form, /** @type {string} */ name) => {
    const input = /** @type {HTMLInputElement | null} */ (form.querySelector(`input[name="${prefix}${name}"]:checked`));
    return input?.value;
  };
  const now = () => new Date().toISOString();

  function ask() {
    const number = h("input", { id: `${prefix}number`, type: "number", step: "any", inputmode: "decimal" });
    const answer = predict.options.length
      ? h("fieldset", {}, h("legend", { text: predict.question }), h("div", { class: "sm-options" }, ...radios("predict", predict.options)))
      : h("p", { class: "sm-number-answer" }, h("label", { for: `${prefix}number`, text: predict.question }), number, predict.unit ? ` ${predict.unit}` : "");
    const form = h(
      "form",
      {
        novalidate: true,
        onsubmit(/** @type {Event} */ event) {
          event.preventDefault();
          const value = predict.options.length ? chosen(form, "predict") : number.value === "" ? undefined : Number(number.value);
          const confidence = chosen(form, "confidence");
          if (value === undefined || Number.isNaN(value)) status.textContent = "Choose or type an answer first, or skip.";
          else if (!confidence) status.textContent = "Say how sure you are first.";
          else keep({ prediction: value, confidence, at: now() }, true);
        },
      },
      h("p", { class: "sm-title", text: spec.title }),
      h("p", { class: "sm-kicker", text: "Predict first. The picture opens after your answer." }),
      answer,
      h("fieldset", {}, h("legend", { text: "How sure are you?" }), h("div", { class: "sm-options" }, ...radios("confidence", CONFIDENCE))),
      h(
        "p",
        { class: "sm-actions" },
        h("button", { type: "submit", class: "sm-button sm-main", text: "Commit" }),
        h("button", { type: "button", class: "sm-button", text: "Skip", onclick: () => keep({ skipped: true, at: now() }, true) }),
      ),
    );
    root.replaceChildren(form, status);
  }

  /** @param {Record_} kept @param {boolean} focus */
  function reveal(kept, focus) {
    const right = `Answer: ${unit(predict.answer)}.`;
    const words = kept.skipped ? `You skipped the prediction. ${right}` : `Your prediction: ${unit(kept.prediction ?? "")} (${kept.confidence}). ${right}`;
    const line = h("p", { class: "sm-verdict", tabindex: -1, text: words });
    const model = h("div", { class: "sm-model", hidden: !kept.why }, h("p", { class: "sm-kicker", text: "A model answer" }), h("p", { text: predict.model_answer }));
    const why = h("textarea", { id: `${prefix}why`, rows: 2, maxlength: 600 });
    why.value = kept.why ?? "";
    const form = h(
      "form",
      {
        class: "sm-why",
        onsubmit(/** @type {Event} */ event) {
          event.preventDefault();
          const said = why.value.trim();
          if (!said) {
            status.textContent = "Write a few words first; then a model answer opens beside yours.";
            return;
          }
          status.textContent = "";
          model.hidden = false;
          kept = { ...kept, why: said, at: now() };
          changed(kept);
        },
      },
      h("label", { for: `${prefix}why`, text: "Why?" }),
      why,
      h("button", { type: "submit", class: "sm-button", text: "Keep and compare" }),
    );
    const again = h("button", { type: "button", class: "sm-link", text: "Ask me again", onclick: restart });
    root.replaceChildren(line, form, model, h("p", { class: "sm-actions" }, again), status);
    if (focus) line.focus({ preventScroll: true });
  }

  function restart() {
    changed(null);
    status.textContent = "";
    ask();
    root.querySelector("input")?.focus({ preventScroll: true });
  }

  /** @param {Record_} kept @param {boolean} focus */
  function keep(kept, focus) {
    status.textContent = "";
    changed(kept);
    reveal(kept, focus);
  }

  if (record) reveal(record, false);
  else ask();
  return { root, say: (/** @type {string} */ text) => (status.textContent = text) };
}

// --- the explorer -------------------------------------------------------------------------------------------------

/**
 * @param {{model: any, el: HTMLElement}} context
 * @returns {() => void}
 */
function render({ model, el }) {
  /** @type {Spec} */
  const spec = model.get("spec");
  const prefix = `sm${++instances}-`;
  const link = model.get("link") || "";
  const onPage = Boolean(link);
  const { controls } = spec;
  const own = new AbortController();

  // States are arrays of positions here, and {control: key} in messages.
  /** @param {State} state @returns {number[] | null} */
  const positions = (state) => {
    const indices = controls.map((control) => control.options.findIndex((option) => option.key === state[control.name]));
    return indices.includes(-1) ? null : indices;
  };
  /** @param {number[]} indices @returns {State} */
  const keys = (indices) => Object.fromEntries(controls.map((control, i) => [control.name, control.options[indices[i]].key]));
  /** @param {number[]} indices */
  const flat = (indices) => indices.reduce((sum, index, i) => sum * controls[i].options.length + index, 0);
  /** @param {number[]} indices @returns {string | null} */
  const reason = (indices) => {
    const closed = !opened && controls.some((control, i) => control.options[indices[i]].sensitive);
    return closed ? "it shows figures on survival, which are closed" : (spec.impossible[flat(indices)] ?? null);
  };
  const defaults = controls.map((control) => control.default);

  let chosen = positions(model.get("state")) ?? defaults;
  let shown = chosen;
  let predicted = !spec.predict;
  let keeping = false;
  let seq = 0;
  /** @type {{seq: number, timer: ReturnType<typeof setTimeout> | undefined} | null} */
  let inFlight = null;
  /** @type {number[] | null} */
  let wanted = null;

  // --- elements ---
  const parts = controls.map((control, i) => controlOf(control, `${prefix}c-`, (index) => choose(i, index)));
  const note = h("p", { class: "sm-note", role: "status" });
  const copied = h("p", { class: "sm-note", role: "status" });
  const panel = h("fieldset", { class: "sm-controls" }, h("legend", { class: "sm-title", text: spec.title }), ...parts.map((part) => part.root));
  const figure = h("div", { class: "sm-figure" });
  const summary = h("p", { class: "sm-summary", "aria-live": "polite" });
  const sheet = h("div", { class: "sm-scroll", tabindex: 0, role: "region", "aria-label": `Data: ${spec.title}` });
  const details = h("details", { class: "sm-table" }, h("summary", { text: "Data as a table" }), sheet);
  const copy = h("button", { type: "button", class: "sm-button", text: "Copy link", hidden: !onPage, onclick: copyLink });
  const openness = h("p", { class: "sm-actions" });
  const body = h("div", { class: "sm-body" }, panel, note, figure, summary, details, h("p", { class: "sm-actions" }, copy), copied);
  const gate = h("div", { class: "sm-gate" });
  const root = h("section", { class: "sm-explorer", "aria-label": spec.title, "data-explorer": spec.id }, gate, openness, body);
  if (onPage && !document.getElementById(spec.id)) root.id = spec.id;

  // --- predict first ---
  const item = `predict.${spec.id}`;
  let prediction = null;
  if (spec.predict) {
    const stored = model.get("progress") ?? {};
    const hash = spec.predict.hash;
    const record = stored.hash === hash && stored.record && (stored.record.skipped || stored.record.confidence) ? stored.record : null;
    predicted = Boolean(record);
    prediction = predictionOf(/** @type {any} */ (spec), `${prefix}p-`, record, (kept) => {
      predicted = Boolean(kept);
      send({ kind: "save", item, hash, record: kept ?? {} });
      open();
    });
  }

  // --- what is open ---
  const asksFirst = Boolean(spec.sensitive) || controls.some((control) => control.options.some((option) => option.sensitive));

  function open() {
    const closed = Boolean(spec.sensitive) && !opened;
    if (asksFirst) {
      const why = spec.sensitive || "Some options show figures on survival.";
      openness.replaceChildren(
        ...(opened
          ? [h("button", { type: "button", class: "sm-button", text: "Close figures on survival", onclick: () => setOpened(false) })]
          : [
              closed ? h("strong", { class: "sm-title", text: spec.title }) : "",
              h("span", { text: why }),
              h("button", { type: "button", class: "sm-button", text: "Show figures on survival", onclick: () => setOpened(true) }),
            ]),
      );
    }
    openness.hidden = !asksFirst || (!predicted && !closed);
    gate.replaceChildren(...(prediction && !closed ? [prediction.root] : []));
    body.hidden = closed || !predicted;
  }

  /** @param {Event} event */
  function onSensitive(event) {
    // Another front end may have changed the choice: it says so, or has stored it.
    opened = /** @type {CustomEvent} */ (event).detail?.open ?? stored();
    const within = root.contains(document.activeElement);
    const closes = controls.some((control, i) => control.options[chosen[i]].sensitive) && !opened;
    if (closes) request(chosen.map((index, i) => (controls[i].options[index].sensitive ? defaults[i] : index)));
    open();
    update();
    if (within && !openness.hidden) openness.querySelector("button")?.focus({ preventScroll: true });
  }

  // --- showing ---
  /** @param {string} name */
  const address = (name) => model.get("assets")?.[name] ?? `${model.get("asset_base") || "_static/frames/assets/"}${name}`;

  /**
   * Neither picture nor words shrink under the reader's eyes while the width stays. Their heights are read before
   * anything is written, or the browser would lay out the page once more.
   */
  function hold() {
    const heights = [figure, summary].map((part) => part.getBoundingClientRect().height);
    [figure, summary].forEach((part, i) => {
      if (heights[i]) part.style.minHeight = `${heights[i]}px`;
    });
  }

  /** @param {Frame} frame */
  function show(frame) {
    figure.replaceChildren(nodesOf(frame.picture, prefix, address, onPage));
    summary.textContent = frame.summary;
    summary.hidden = !frame.summary;
    details.hidden = !frame.table;
    sheet.replaceChildren(...(frame.table ? [tableOf(frame.table)] : []));
  }

  function update() {
    parts.forEach((part, i) => {
      const reasons = controls[i].options.map((_, index) => reason(chosen.map((old, j) => (j === i ? index : old))));
      part.update(chosen[i], reasons);
    });
  }

  /** @param {number} i @param {number} index */
  function choose(i, index) {
    request(chosen.map((old, j) => (j === i ? index : old)));
  }

  // --- asking ---
  /** @param {number[]} indices */
  function request(indices) {
    hold();
    chosen = indices;
    update();
    if (reason(indices) !== null) return;
    wanted = indices;
    if (!inFlight) ask();
  }

  function ask() {
    const state = wanted ? keys(wanted) : {}; // {}: whatever state Python is in
    wanted = null;
    inFlight = { seq: ++seq, timer: onPage ? undefined : setTimeout(unanswered, ANSWER_WITHIN) };
    send({ kind: "draw", seq, state });
  }

  function unanswered() {
    inFlight = null;
    note.textContent = NO_KERNEL;
  }

  /** @param {any} message */
  function send(message) {
    try {
      model.send(message);
    } catch {
      unanswered(); // the connection to the kernel is closed
    }
  }

  /** @param {any} message */
  function receive(message) {
    if (message.item === item) {
      if (message.kind === "error") prediction?.say(`This could not be kept: ${message.message}`);
      return;
    }
    if (!inFlight || message.seq !== inFlight.seq) return;
    clearTimeout(inFlight.timer);
    inFlight = null;
    if (message.kind === "frame") {
      note.textContent = "";
      shown = positions(message.state) ?? shown;
      if (!onPage) keep(message);
      show(message.frame);
      if (!wanted && flat(shown) !== flat(chosen)) {
        chosen = shown;
        update();
      }
    } else {
      note.textContent = `This state could not be drawn. ${message.message}. The last picture stays.`;
    }
    if (wanted) ask();
  }

  /** Keeps a frame in the model, so that a stored notebook opens with the last picture. @param {any} message */
  function keep(message) {
    keeping = true;
    model.set("assets", message.assets ?? {});
    model.set("frame", message.frame);
    model.set("state", message.state);
    keeping = false;
  }

  /** Python, or another view of this widget, set the state; its frame came just before. */
  function onState() {
    const indices = positions(model.get("state"));
    if (keeping || !indices) return;
    clearTimeout(inFlight?.timer);
    inFlight = wanted = null;
    hold();
    chosen = shown = indices;
    note.textContent = "";
    show(model.get("frame"));
    update();
  }

  // --- links ---
  async function copyLink() {
    const url = new URL(link, location.href);
    url.search = "";
    for (const [name, key] of Object.entries(keys(chosen))) url.searchParams.set(`${spec.id}.${name}`, key);
    url.hash = spec.id;
    try {
      await navigator.clipboard.writeText(url.href);
      copied.textContent = "Link copied: it opens this state.";
    } catch {
      const field = h("input", { type: "text", readonly: true, "aria-label": "Link to this state" });
      field.value = url.href;
      copied.replaceChildren("Copy this link: ", field);
      field.select();
    }
  }

  /** The state that the page's address asks for, or null. */
  function linked() {
    if (!onPage) return null;
    const asked = new URLSearchParams(location.search);
    const named = controls.some((control) => asked.has(`${spec.id}.${control.name}`));
    if (!named) return null;
    const indices = controls.map((control) => {
      const key = asked.get(`${spec.id}.${control.name}`);
      const index = control.options.findIndex((option) => option.key === key);
      return index < 0 ? control.default : index;
    });
    return reason(indices) === null ? indices : null;
  }

  // --- start ---
  show(model.get("frame"));
  update();
  open();
  el.replaceChildren(root);
  model.on("msg:custom", receive);
  model.on("change:state", onState);
  document.addEventListener(PREFERENCE, onSensitive, { signal: own.signal });
  let width = 0;
  const resized = new ResizeObserver(([entry]) => {
    if (entry.contentRect.width !== width) figure.style.minHeight = summary.style.minHeight = "";
    width = entry.contentRect.width;
  });
  resized.observe(root);
  for (const [event, value] of /** @type {[string, boolean][]} */ ([["beforeprint", true], ["afterprint", false]]))
    window.addEventListener(event, () => (details.open = value), { signal: own.signal });

  // JupyterLab takes arrows, Enter and letters for its own shortcuts, also from a focused slider. It asks the focused
  // element first; shortcuts with a modifier, such as saving, stay its own.
  /** @param {KeyboardEvent} event */
  const keepKeys = (event) => {
    const within = event.target instanceof Element && root.contains(event.target);
    if (within) event.target.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey || event.altKey));
  };
  if (!onPage) window.addEventListener("keydown", keepKeys, { capture: true, signal: own.signal });

  const target = linked();
  if (target) request(target);
  else if (!onPage) ask(); // tells a live kernel from a stored picture

  return () => {
    own.abort();
    resized.disconnect();
    parts.forEach((part) => part.stop());
    clearTimeout(inFlight?.timer);
    model.off("msg:custom", receive);
    model.off("change:state", onState);
  };
}

export default { render };
