// The static host: what JupyterLab's widget manager and the kernel do, done by the page itself.
//
// It mounts the anywidgets whose models the build wrote into the page, answers their messages from the baked frames and
// from the browser's storage, shows evidence cards, and keeps the reader's choice about survival figures. It is a classic
// script, and everything that it loads is one too, since modules and fetch() do not work from file://.

/**
 * @typedef {{esm: string, state: Record<string, any>}} Stored a model as the build wrote it
 * @typedef {{picture: string, summary: string, table: object | null}} Frame
 * @typedef {(content: any) => void} Reply
 */

(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const STATIC = new URL(".", script.src || location.href).href; // without an address the script stands in the page
  const COURSE = script.dataset.course;
  const PREFIX = `spinemets:${COURSE}:`;
  const FORMAT = "spinemets-progress";
  const VERSION = 2;
  const SENSITIVE = "spinemets:sensitive";

  // --- what the classic scripts beside the page hand over ------------------------------------------------------

  /** @type {Map<string, string>} */
  const sources = new Map();
  /** @type {Map<string, string>} */
  const packed = new Map();
  globalThis.spinemets = {
    /** @param {string} hash @param {string} source */
    esm(hash, source) {
      sources.set(hash, source);
    },
    /** @param {string} digest @param {string} text base64 of gzip of JSON */
    frames(digest, text) {
      packed.set(digest, text);
    },
  };

  /** @type {Map<string, Promise<any>>} */
  const modules = new Map();
  /** @param {string} hash */
  function module(hash) {
    if (!modules.has(hash)) {
      const source = sources.get(hash);
      if (source === undefined) throw new Error("a part of this page is missing (its script did not load)");
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      modules.set(hash, import(url).finally(() => URL.revokeObjectURL(url)));
    }
    return /** @type {Promise<any>} */ (modules.get(hash));
  }

  // --- frames --------------------------------------------------------------------------------------------------

  /** @param {string} address */
  function load(address) {
    return new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = address;
      tag.onload = () => resolve(tag.remove());
      tag.onerror = () => reject(tag.remove());
      document.head.append(tag);
    });
  }

  /** @param {string} text */
  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const { order, frames } = await new Response(stream).json();
    return new Map(order.map((/** @type {number} */ flat, /** @type {number} */ i) => [flat, frames[i]]));
  }

  /** @type {Map<string, Promise<Map<number, Frame>>>} */
  const loading = new Map();
  /** @param {string} digest */
  function frames(digest) {
    let wanted = loading.get(digest);
    if (!wanted) {
      wanted = (async () => {
        if (!packed.has(digest)) {
          await load(`${STATIC}frames/${digest}.js`).catch(() => {
            throw new Error("The other pictures of this explorer could not be loaded. The file may be missing, or the " +
              "connection broke. The picture shown stays; move the control again to try once more.");
          });
        }
        try {
          return await unpack(packed.get(digest) ?? "");
        } catch {
          throw new Error("The other pictures of this explorer arrived incomplete. The picture shown stays; reload the " +
            "page, or download the course again if you read it from a folder.");
        } finally {
          packed.delete(digest);
        }
      })();
      loading.set(digest, wanted);
      wanted.catch(() => loading.delete(digest));
    }
    return wanted;
  }

  /** Position of a state in the grid; the last control changes fastest.
   * @param {any} spec @param {Record<string, string>} state */
  function flat(spec, state) {
    return spec.controls.reduce((/** @type {number} */ index, /** @type {any} */ control) => {
      const chosen = control.options.findIndex((/** @type {any} */ option) => option.key === state[control.name]);
      return index * control.options.length + (chosen < 0 ? control.default : chosen);
    }, 0);
  }

  /** @param {Model} model @param {any} message @param {Reply} reply */
  async function draw(model, { seq, state }, reply) {
    try {
      const frame = (await frames(model.get("baked"))).get(flat(model.get("spec"), state));
      if (!frame) throw new Error("There is no picture of this combination.");
      reply({ kind: "frame", seq, state, frame, assets: {} });
    } catch (error) {
      reply({ kind: "error", seq, message: /** @type {Error} */ (error).message });
    }
  }

  // --- progress ------------------------------------------------------------------------------------------------

  // What a record is and how two are merged: the same rules as in records.py, held to it by tests/merge_cases.json.

  /** @typedef {{item: string, hash: string, saved: string, record: any}} Entry one line of an export */

  const ITEM = /^[ -~]{1,200}$/;
  const HASH = /^[!-9;-~]{1,200}$/; // no colon, which parts item and hash in a key
  const MOMENT = /^[12]\d{3}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
  const OLDEST = "1000-01-01T00:00:00.000Z";

  /** @param {RegExp} pattern @param {any} value */
  const fits = (pattern, value) => typeof value === "string" && pattern.test(value);

  /** A moment in UTC with milliseconds, so that moments compare as texts; "" if it is none, such as 30 February.
   * @param {any} value @returns {string} */
  function moment(value) {
    if (!fits(MOMENT, value)) return "";
    const day = value.slice(0, 10);
    return new Date(Date.parse(day) || 0).toISOString().startsWith(day) ? new Date(value).toISOString() : "";
  }

  /** JSON in one form, in which values compare alike here and in Python.
   * @param {any} value @returns {string} */
  const text = (value) =>
    Array.isArray(value) ? `[${value.map(text)}]`
    : value && typeof value === "object" ? `{${Object.keys(value).sort().map((key) => `${text(key)}:${text(value[key])}`)}}`
    : JSON.stringify(value).replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

  /** Whether it is of bounded depth, with numbers that Python knows too.
   * @param {any} value @returns {boolean} */
  const bounded = (value, depth = 20) =>
    value && typeof value === "object" ? depth > 0 && Object.values(value).every((inner) => bounded(inner, depth - 1))
    : typeof value !== "number" || Math.abs(value) <= 1e300;

  /** @param {any} one */
  function attempt(one) {
    const at = moment(one?.at);
    return at && typeof one.score === "number" && one.score >= 0 && one.score <= 1 ? { hints: 0, ...one, at } : null;
  }

  /** Attempts oldest first; of those of one moment, which are one attempt, the last that was given.
   * @param {any[]} attempts */
  const united = (attempts) =>
    [...new Map(attempts.map((one) => [one.at, one])).values()].sort((a, b) => (a.at < b.at ? -1 : 1));

  /** @param {any[]} attempts */
  const ordered = (attempts) => [...attempts].sort((a, b) => (text(a) < text(b) ? -1 : 1));

  /** An entry of the present form, its history in order; null if it does not fit. The first version of records kept only
   * the first and the newest attempt.
   * @param {any} item @param {any} hash @param {any} saved @param {any} given @returns {Entry | null} */
  function entry(item, hash, saved, given) {
    if (!fits(ITEM, item) || !fits(HASH, hash)) return null;
    if (!given || typeof given !== "object" || Array.isArray(given) || !bounded(given)) return null;
    const { now, first = now, tries, ...rest } = given;
    let record = now === undefined || "history" in given ? given : { ...rest, history: [first, now] };
    let at = moment(record.at);
    if ("history" in record) {
      const attempts = Array.isArray(record.history) ? record.history.map(attempt) : [null];
      if (attempts.includes(null)) return null;
      const history = united(ordered(attempts));
      at ||= history.at(-1)?.at ?? "";
      record = { ...record, history, ...(at && { at }) };
    }
    return { item, hash, saved: at || moment(saved) || OLDEST, record };
  }

  /** @param {Entry} kept @param {Entry[]} both @param {(attempts: any[]) => any[]} order */
  function together(kept, both, order) {
    if (!both.some(({ record }) => "history" in record)) return kept;
    const history = united(order(both.flatMap(({ record }) => record.history ?? [])));
    return { ...kept, record: { ...kept.record, history } };
  }

  /** Two entries of one item and hash as one: all attempts of both, and the other fields of the later one.
   * @param {Entry} a @param {Entry} b */
  function merged(a, b) {
    const rank = (/** @type {Entry} */ { saved, record: { history, ...rest } }) => saved + text(rest);
    return together(rank(a) < rank(b) ? b : a, [a, b], ordered);
  }

  // What the browser stores. What cannot be read was written by something else, or is damaged: it is left alone.

  const NO_STORAGE = "This browser does not let the page store anything, so your answers are kept only until you leave the page.";
  const FULL = "The browser's storage for this page is full, so ";

  /** @param {{item: string, hash: string}} entry */
  const keyOf = ({ item, hash }) => `${PREFIX}${item}:${hash}`;

  /** @param {string} key @returns {Entry | null} */
  function read(key) {
    const [item, hash] = key.slice(PREFIX.length).split(/:(?=[^:]*$)/);
    try {
      const { saved, record } = JSON.parse(localStorage.getItem(key) ?? "");
      return entry(item, hash, saved, record);
    } catch {
      return null;
    }
  }

  /** Store all of these entries, or none.
   * @param {Entry[]} entries @returns {boolean} whether there was room */
  function store(entries) {
    const undo = /** @type {[string, string | null][]} */ ([]);
    /** @param {string} key @param {string} value */
    const put = (key, value) => {
      undo.unshift([key, localStorage.getItem(key)]);
      localStorage.setItem(key, value);
    };
    try {
      for (const one of entries) {
        const key = keyOf(one);
        const old = localStorage.getItem(key);
        if (old !== null && !read(key)) put(`unreadable:${now()}:${key}`, old);
        put(key, JSON.stringify({ saved: one.saved, record: one.record }));
      }
      return true;
    } catch {
      for (const [key, old] of undo) old === null ? localStorage.removeItem(key) : localStorage.setItem(key, old);
      return false;
    }
  }

  /** All of this course's records in this browser, by item.
   * @returns {Entry[]} */
  function records() {
    const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? "");
    return /** @type {Entry[]} */ (keys.filter((key) => key.startsWith(PREFIX)).sort().map(read).filter(Boolean));
  }

  /** What this reader has done with the items of a widget; an explorer has one, its prediction.
   * @param {Model} model */
  function progress(model) {
    const predict = model.get("spec")?.predict;
    if (predict) {
      const found = read(`${PREFIX}predict.${model.get("spec").id}:${predict.hash}`);
      return found ? { hash: found.hash, record: found.record } : {};
    }
    const all = records();
    const found = /** @type {Record<string, any>} */ ({});
    for (const { id, hash } of model.get("items") ?? []) {
      const [newest] = all
        .filter((one) => one.item === id && (hash === null || one.hash === hash))
        .sort((a, b) => (a.saved < b.saved ? 1 : -1));
      if (newest) found[id] = { hash: newest.hash, record: newest.record };
    }
    return found;
  }

  const now = () => new Date().toISOString();

  /** Store a record; attempts that another window stored meanwhile stay.
   * @param {any} message */
  function save({ item, hash, record }) {
    const one = entry(item, hash, now(), JSON.parse(JSON.stringify(record ?? null)));
    if (!one) return { kind: "error", item, message: "This answer does not fit and is not stored. Reload the page." };
    const here = read(keyOf(one));
    const room = store([here ? together(one, [here, one], (attempts) => attempts) : one]);
    navigator.storage?.persist?.().catch(() => {});
    const full = `${FULL}this answer is kept only until you leave the page. Export your progress, then free some space.`;
    const problem = !room ? full : /** @type {any} */ (localStorage).blocked ? NO_STORAGE : "";
    return problem ? { kind: "error", item, message: problem } : { kind: "saved", item };
  }

  function reset() {
    for (const one of records()) localStorage.removeItem(keyOf(one));
    return { kind: "reset", progress: {}, message: "Your answers were deleted from this browser." };
  }

  const exported = () => ({ format: FORMAT, version: VERSION, course: COURSE, exported: now(), records: records() });

  /** Merge an export, all of it or nothing.
   * @param {Model} model @param {any} data */
  function merge(model, data) {
    const refused = (/** @type {string} */ why) => ({ kind: "error", message: `${why} Nothing was changed.` });
    const { format = FORMAT, version = 1, course, records: lines } = data ?? {};
    if (format !== FORMAT || course === undefined || !Array.isArray(lines)) {
      return refused("This file is no export of a learner's progress.");
    }
    if (course !== COURSE) return refused("This export is of another course.");
    if (version !== 1 && version !== VERSION) {
      return refused(`This export has another version than 1 to ${VERSION}. If it comes from a newer version of the ` +
        "course, reload this page and import it again.");
    }
    const found = /** @type {Map<string, Entry>} */ (new Map());
    for (const [i, line] of lines.entries()) {
      const one = entry(line?.item, line?.hash, line?.saved, line?.record);
      if (!one) return refused(`Record ${i + 1} of this file does not fit.`);
      const same = found.get(keyOf(one));
      found.set(keyOf(one), same ? merged(same, one) : one);
    }
    const counts = { added: 0, merged: 0, replaced: 0, kept: 0 };
    const news = /** @type {Entry[]} */ ([]);
    for (const [key, one] of found) {
      const here = read(key);
      const next = here ? merged(here, one) : one;
      const changed = "history" in next.record ? "merged" : "replaced";
      const fate = !here ? "added" : text(next) === text(here) ? "kept" : changed;
      counts[fate] += 1;
      if (fate !== "kept") news.push(next);
    }
    if (!store(news)) return refused(`${FULL}this file was not imported. Free some space and import it again.`);
    const message = /** @type {any} */ (localStorage).blocked && NO_STORAGE;
    return { kind: "imported", progress: progress(model), ...counts, ...(message && { message }) };
  }

  // --- models --------------------------------------------------------------------------------------------------

  /** What anywidget's front ends see of a model. */
  class Model {
    /** @type {Map<string, Set<Function>>} */
    #listeners = new Map();
    /** @param {Record<string, any>} traits */
    constructor(traits) {
      this.traits = traits;
      this.widget_manager = { get_model: async (/** @type {string} */ id) => models.get(id.replace("IPY_MODEL_", "")) };
    }
    /** @param {string} name */
    get(name) {
      return this.traits[name];
    }
    /** @param {string | Record<string, any>} name @param {any} [value] */
    set(name, value) {
      const changes = typeof name === "string" ? { [name]: value } : name;
      for (const [key, next] of Object.entries(changes)) {
        if (this.traits[key] === next) continue;
        this.traits[key] = next;
        this.emit(`change:${key}`, this, next);
        this.emit("change", this);
      }
    }
    save_changes() {}
    /** @param {string} events @param {Function} listener */
    on(events, listener) {
      for (const event of events.split(/\s+/)) {
        if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
        this.#listeners.get(event)?.add(listener);
      }
    }
    /** @param {string | null} [events] @param {Function | null} [listener] */
    off(events, listener) {
      for (const event of events?.split(/\s+/) ?? [...this.#listeners.keys()]) {
        if (listener) this.#listeners.get(event)?.delete(listener);
        else this.#listeners.delete(event);
      }
    }
    /** @param {string} event @param {...any} details */
    emit(event, ...details) {
      for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...details);
    }
    /** @param {any} content */
    send(content) {
      answer(this, content, (reply) => this.emit("msg:custom", reply, []));
    }
  }

  /** @param {Model} model @param {any} message @param {Reply} reply */
  function answer(model, message, reply) {
    if (message.kind === "draw") draw(model, message, reply);
    else if (message.kind === "save") reply(save(message));
    else if (message.kind === "reset") reply(reset());
    else if (message.kind === "export") reply({ kind: "export", data: exported() });
    else if (message.kind === "import") reply(merge(model, message.data));
  }

  // --- mounting ------------------------------------------------------------------------------------------------

  /** @type {Map<string, Model>} */
  const models = new Map();

  /** @param {HTMLElement} place @param {Stored} stored */
  async function mount(place, { esm, state }) {
    const fallback = /** @type {HTMLElement} */ (place.querySelector(".sm-fallback"));
    const live = document.createElement("div");
    live.className = "sm-live";
    try {
      const model = /** @type {Model} */ (models.get(/** @type {string} */ (place.dataset.model)));
      const loaded = await module(esm);
      const widget = typeof loaded.default === "function" ? await loaded.default() : loaded.default ?? loaded;
      await widget.initialize?.({ model });
      await widget.render({ model, el: live });
      fallback.replaceWith(live);
      printable(place, fallback);
      if (state.baked) near.observe(place);
    } catch (error) {
      place.classList.add("sm-broken");
      const note = document.createElement("p");
      note.className = "sm-error";
      note.textContent = `This part is not interactive here: ${/** @type {Error} */ (error).message}`;
      place.prepend(note);
    }
  }

  /** On paper a widget is its default picture, with its words and its table.
   * @param {HTMLElement} place @param {HTMLElement} fallback */
  function printable(place, fallback) {
    fallback.querySelectorAll("details.sm-data").forEach((table) => table.setAttribute("open", ""));
    const swap = () => (paper.matches ? place.append(fallback) : fallback.remove());
    paper.addEventListener("change", swap);
    swap();
  }
  const paper = matchMedia("print");

  const near = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        const model = models.get(/** @type {HTMLElement} */ (target).dataset.model ?? "");
        frames(model?.get("baked")).catch(() => {}); // said when the reader moves a control
      }
    },
    { rootMargin: "800px" },
  );

  async function mountAll() {
    const data = document.getElementById("sm-models");
    if (!data) return;
    /** @type {Record<string, Stored>} */
    const all = JSON.parse(data.textContent ?? "{}");
    for (const [id, { state }] of Object.entries(all)) {
      const model = new Model({ ...state, link: location.href.split(/[?#]/)[0], asset_base: `${STATIC}frames/assets/` });
      models.set(id, model);
      if (state.progress) model.traits.progress = progress(model);
    }
    const places = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".sm-widget[data-model]"));
    await Promise.all([...places].map((place) => all[place.dataset.model ?? ""] && mount(place, all[place.dataset.model ?? ""])));
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) target.scrollIntoView(); // the page may have grown above it
  }

  // --- survival figures ----------------------------------------------------------------------------------------

  function sensitive() {
    const button = document.getElementById("sm-sensitive");
    const show = () => {
      const open = localStorage.getItem(SENSITIVE) === "open";
      document.querySelectorAll("details.sm-sensitive").forEach((details) => details.toggleAttribute("open", open));
      if (!button) return;
      button.setAttribute("aria-pressed", String(open));
      button.textContent = `Survival figures: ${open ? "open" : "closed"}`;
    };
    button?.addEventListener("click", () => {
      if (localStorage.getItem(SENSITIVE) === "open") localStorage.removeItem(SENSITIVE);
      else localStorage.setItem(SENSITIVE, "open");
      document.dispatchEvent(new CustomEvent(SENSITIVE));
    });
    document.addEventListener(SENSITIVE, show);
    show();
  }

  // --- evidence cards ------------------------------------------------------------------------------------------

  function cards() {
    const popover = document.createElement("div");
    popover.id = "sm-popover";
    popover.className = "sm-popover";
    popover.setAttribute("role", "group");
    popover.setAttribute("aria-label", "Evidence card");
    if (!popover.showPopover) return; // an old browser follows the link instead
    popover.popover = "manual";
    /** @type {HTMLAnchorElement | null} */
    let open = null;
    let timer = 0;

    const place = () => {
      if (!open) return;
      const link = open.getClientRects()[0] ?? open.getBoundingClientRect();
      const above = link.top - 16;
      const below = innerHeight - link.bottom - 16;
      popover.style.maxHeight = "";
      const under = popover.offsetHeight <= below || below >= above;
      popover.style.maxHeight = `${Math.min(popover.offsetHeight, Math.max(120, under ? below : above))}px`;
      popover.style.top = `${under ? link.bottom + 4 : link.top - popover.offsetHeight - 4}px`;
      const right = document.documentElement.clientWidth - popover.offsetWidth - 8;
      popover.style.left = `${Math.max(8, Math.min(link.left, right))}px`;
    };
    const hide = () => {
      clearTimeout(timer);
      if (!open) return;
      open.setAttribute("aria-expanded", "false");
      popover.hidePopover();
      open = null;
    };
    /** @param {HTMLAnchorElement} link */
    const show = (link) => {
      clearTimeout(timer);
      if (open === link) return;
      hide();
      const card = /** @type {HTMLTemplateElement | null} */ (
        document.querySelector(`template.sm-card-template[data-card="${CSS.escape(link.dataset.card ?? "")}"]`)
      );
      if (!card) return;
      const full = document.createElement("a");
      full.href = link.href;
      full.className = "sm-full-card";
      full.textContent = "Open the full card";
      popover.replaceChildren(card.content.cloneNode(true), full);
      link.after(popover); // so that Tab leads from the link into its card
      popover.showPopover();
      open = link;
      link.setAttribute("aria-expanded", "true");
      place();
    };
    /** @param {() => void} action @param {number} delay */
    const later = (action, delay) => {
      clearTimeout(timer);
      timer = setTimeout(action, delay);
    };
    /** @param {Event} event */
    const linkOf = (event) =>
      /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest?.("a.sm-card"));

    let touched = false;
    let dismissed = false; // by Escape, until the focus moves on
    document.addEventListener("pointerdown", (event) => {
      touched = event.pointerType === "touch";
      if (open && !popover.contains(/** @type {Node} */ (event.target)) && !linkOf(event)) hide();
    });
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType === "touch") return;
      const link = linkOf(event);
      if (link) later(() => show(link), 150);
      else if (popover.contains(/** @type {Node} */ (event.target))) clearTimeout(timer);
      else if (open && document.activeElement !== open && !popover.contains(document.activeElement)) later(hide, 300);
      else if (!open) clearTimeout(timer);
    });
    document.addEventListener("focusin", (event) => {
      const link = linkOf(event);
      if (link && !dismissed && !touched) show(link);
      else if (!popover.contains(/** @type {Node} */ (event.target)) && !link) hide();
      dismissed = false;
    });
    document.addEventListener("keydown", (event) => {
      touched = false;
      if (event.key !== "Escape" || !open) return;
      const link = open;
      const inside = popover.contains(document.activeElement);
      hide();
      if (inside) {
        dismissed = true;
        link.focus();
      }
    });
    document.addEventListener("click", (event) => {
      const link = linkOf(event);
      if (!link || !touched) return;
      event.preventDefault();
      if (open === link) hide();
      else show(link);
    });
    addEventListener("scroll", place, { passive: true, capture: true });
    addEventListener("resize", hide);
    document.querySelectorAll("a.sm-card").forEach((link) => link.setAttribute("aria-expanded", "false"));
  }

  // The search page reads other pages for its excerpts, which a page from file:// may not do.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }
  document.addEventListener("DOMContentLoaded", () => {
    sensitive();
    cards();
    mountAll();
  });
})();
