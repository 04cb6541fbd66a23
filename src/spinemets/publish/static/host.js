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

  // The rules of records.py; tests/merge_cases.json holds both to them.

  /** @typedef {{item: string, hash: string, saved: string, record: any}} Entry */

  const NAME = /^[!-9;-~]{1,200}$/; // no colon, which parts item and hash in a key

  /** @param {Function} of @returns {(a: any, b: any) => number} */
  const by = (of) => (a, b) => (of(a) < of(b) ? -1 : 1);

  /** A moment in the form that compares as text, else "". @param {any} value @returns {string} */
  const moment = (value) => (typeof value === "string" && value.length === 24 && new Date(Date.parse(value) || 0).toISOString() === value ? value : "");

  /** JSON in one form, to compare. @param {any} value */
  const text = (value) => JSON.stringify(value, (_, inner) =>
    bounded(inner, 0) || Array.isArray(inner) ? inner : Object.fromEntries(Object.entries(inner).sort(by(([key]) => key))));

  /** Not too deep for Python. @param {any} value @returns {boolean} */
  const bounded = (value, depth = 20) =>
    Object(value) !== value || (depth > 0 && Object.values(value).every((inner) => bounded(inner, depth - 1)));

  /** Oldest first; the last of one moment stays. @param {any[]} attempts */
  const united = (attempts) => [...new Map(attempts.map((one) => [one.at, one])).values()].sort(by((one) => one.at));

  /** An entry in today's form (once it kept two attempts), null if it does not fit. @param {any} given @returns {Entry | null} */
  function entry({ item, hash, saved, record: old }) {
    const named = [item, hash].every((name) => typeof name === "string" && NAME.test(name));
    if (!named || old?.constructor !== Object || !bounded(old)) return null;
    const { now, first = now, tries, ...rest } = old;
    const record = now != null && old.history == null ? { ...rest, history: [first, now] } : { ...old };
    if ("history" in record) {
      if (!Array.isArray(record.history)) return null;
      const all = record.history.map((one) => ({ hints: 0, ...one }));
      if (!all.every(({ at, score }) => moment(at) && typeof score === "number" && score >= 0 && score <= 1)) return null;
      record.history = united(all.sort(by(text)));
    }
    return { item, hash, saved: moment(record.at) || moment(saved), record };
  }

  /** @param {Entry[]} entries @returns {any[]} */
  const attempts = (...entries) => entries.flatMap(({ record }) => record.history ?? []);

  /** @param {Entry} one @param {any[]} all */
  const withAttempts = (one, all) => (all.length ? { ...one, record: { ...one.record, history: united(all) } } : one);

  /** All attempts of both, and the other fields of the later one. @param {Entry} a @param {Entry} b */
  function merged(a, b) {
    const rank = (/** @type {Entry} */ { saved, record }) => `${saved} ${text({ ...record, history: undefined })}`;
    const later = rank(a) < rank(b) ? b : a;
    if (![a, b].some(({ record }) => "history" in record)) return later;
    return { ...later, record: { ...later.record, history: united(attempts(a, b).sort(by(text))) } };
  }

  const NO_STORAGE = "This browser does not let the page store anything, so your answers are kept only until you leave the page.";
  const FULL = "The browser's storage for this page is full, so ";
  const blocked = () => /** @type {any} */ (localStorage).blocked ? NO_STORAGE : "";

  /** @param {any} one */
  const keyOf = ({ item, hash }) => `${PREFIX}${item}:${hash}`;

  /** @param {string} key */
  function read(key) {
    const [item, hash] = key.slice(PREFIX.length).split(/:(?=[^:]*$)/);
    try {
      return entry({ ...JSON.parse(localStorage.getItem(key) ?? ""), item, hash });
    } catch {
      return null;
    }
  }

  /** All or none, if there is no room. @param {Entry[]} entries */
  function store(entries) {
    const undo = /** @type {Function[]} */ ([]);
    /** @param {string} key @param {string} value */
    const put = (key, value) => {
      const old = localStorage.getItem(key);
      undo.unshift(() => (old === null ? localStorage.removeItem(key) : localStorage.setItem(key, old)));
      localStorage.setItem(key, value);
    };
    try {
      for (const one of entries) {
        const key = keyOf(one);
        const old = localStorage.getItem(key);
        if (old && !read(key)) put(`unreadable:${now()}:${key}`, old); // not ours, or damaged
        put(key, JSON.stringify(one));
      }
      return true;
    } catch {
      for (const back of undo) back();
      return false;
    }
  }

  /** All of this course's records in this browser, oldest first. */
  function records() {
    const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? "");
    return keys.filter((key) => key.startsWith(PREFIX)).sort().flatMap((key) => read(key) ?? []).sort(by((/** @type {Entry} */ one) => one.saved));
  }

  /** What this reader has done with the items of a widget; an explorer has one, its prediction.
   * @param {Model} model */
  function progress(model) {
    const predict = model.get("spec")?.predict;
    if (predict) return read(keyOf({ item: `predict.${model.get("spec").id}`, hash: predict.hash })) ?? {};
    const all = records();
    const found = /** @type {Record<string, any>} */ ({});
    for (const { id, hash } of model.get("items") ?? []) {
      const newest = all.findLast((one) => one.item === id && (hash === null || one.hash === hash));
      if (newest) found[id] = { hash: newest.hash, record: newest.record };
    }
    return found;
  }

  const now = () => new Date().toISOString();

  /** What another window stored meanwhile stays. @param {any} message */
  function save({ item, hash, record }) {
    const one = entry({ item, hash, saved: now(), record });
    const here = one && read(keyOf(one));
    const room = one && store([withAttempts(one, attempts(here ?? one, one))]);
    navigator.storage?.persist?.().catch(() => {});
    const message = room ? blocked() : one ? `${FULL}this answer is kept only until you leave the page. Export your progress, then free some space.`
      : "This answer does not fit and is not stored.";
    return message ? { kind: "error", item, message } : { kind: "saved", item };
  }

  function reset() {
    for (const one of records()) localStorage.removeItem(keyOf(one));
    return { kind: "reset", progress: {}, message: "Your answers were deleted from this browser." };
  }

  const exported = () => ({ format: FORMAT, version: 2, course: COURSE, exported: now(), records: records() });

  /** @param {Model} model @param {any} data */
  function merge(model, data) {
    const refused = (/** @type {string} */ why) => ({ kind: "error", message: `${why} Nothing was changed.` });
    const { format = FORMAT, version = 1, course, records: lines } = data ?? {};
    if (format !== FORMAT || course !== COURSE || !Array.isArray(lines)) {
      return refused("This file is no export of a learner's progress in this course.");
    }
    if (version !== 1 && version !== 2) return refused("This export is of a newer version of the course. Reload this page.");
    const counts = { added: 0, merged: 0, replaced: 0, kept: 0 };
    const news = /** @type {Map<string, Entry>} */ (new Map());
    for (const [i, line] of lines.entries()) {
      const one = entry(line ?? {});
      if (!one) return refused(`Record ${i + 1} of this file does not fit.`);
      const key = keyOf(one);
      const here = news.get(key) ?? read(key);
      const next = here ? merged(here, one) : one;
      const fate = !here ? "added" : text(next) === text(here) ? "kept" : next.record.history ? "merged" : "replaced";
      counts[fate] += 1;
      if (fate !== "kept") news.set(key, next);
    }
    if (!store([...news.values()])) return refused(`${FULL}this file was not imported. Free some space.`);
    return { kind: "imported", progress: progress(model), ...counts, message: blocked() };
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
