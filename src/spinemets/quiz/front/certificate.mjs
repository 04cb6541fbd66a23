// A page to print: which topics the answers on this device say are mastered, and what that does not mean.

import { h, plural, unique } from "./elements.mjs";
import { firstOfDays } from "./schedule.mjs";
import { complete, date, mastered, MASTERY_RULE } from "./overview.mjs";

/** @typedef {import("./overview.mjs").Seen} Seen */

const STYLE = `
:root { color-scheme: light; }
body { font: 11pt/1.45 Georgia, serif; color: #1b2027; background: #fff; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7em; text-align: center; margin: 1em 0 .2em; }
h2 { font-size: 1.1em; margin: 1.2em 0 .3em; break-after: avoid; }
.name { font-size: 1.4em; text-align: center; border-bottom: 1px solid #56606b; padding-bottom: .2em; }
ul { margin: .3em 0; padding-left: 1.3em; } li { break-inside: avoid; }
.not { border: 2px solid #1b2027; padding: .2em 1em .6em; break-inside: avoid; }
button { font: inherit; padding: .3em 1em; }
@media print { button { display: none; } body { margin: 0 auto; } }
@page { margin: 18mm; }`;

const NOT = [
  "It is no proof of identity. Whoever used this browser or computer gave the answers and typed the name; nobody watched.",
  "It is no qualification, carries no credits, and no school, hospital or authority stands behind it.",
  "It gives no permission to examine, advise or treat anyone.",
  "It is no medical advice and says nothing about the health or the future of any person.",
];

/** The page as a document of its own.
 * @param {string} name @param {string} course @param {Seen} seen */
export function certificate(name, course, seen) {
  const parts = mastered(seen).map(({ chapter, objectives }) =>
    ({ chapter, whole: complete({ objectives }), done: objectives.filter((objective) => objective.mastered), all: objectives }));
  const whole = parts.every((part) => part.whole);
  const title = whole ? "Certificate of completion" : "Statement of progress";
  const answers = seen.questions.map(({ id }) => firstOfDays(seen.known.get(id) ?? [], seen.now)).filter((given) => given.length);
  const days = answers.flat().map(([day]) => day);
  const page = document.implementation.createHTMLDocument(`${title}: ${course}`);
  page.documentElement.lang = "en";
  page.head.append(h("meta", { charset: "utf-8" }), h("meta", { name: "viewport", content: "width=device-width" }), h("style", { text: STYLE }));
  const print = h("button", { type: "button", text: "Print" });
  print.setAttribute("onclick", "print()"); // the page is handed on as text, which keeps attributes only
  page.body.append(h("main", {},
    h("h1", { text: title }),
    h("p", { class: "name", text: name || "(no name given)" }),
    h("p", {}, "has mastered ", h("strong", { text: whole ? "all chapters" : `${parts.filter((part) => part.whole).length} of ${plural(parts.length, "chapter")}` }),
      " of the open course ", h("em", { text: course }), ` by ${date(seen.now)}: ${plural(answers.length, "question")} answered on ${plural(new Set(days).size, "day")}`
      + `${days.length ? `, from ${date(Math.min(...days))} to ${date(Math.max(...days))}` : ""}.`),
    h("h2", { text: "Topics mastered" }),
    ...parts.filter((part) => part.done.length).flatMap(({ chapter, whole: complete, done, all }) => [
      h("p", {}, h("strong", { text: chapter.title }), complete ? ": complete" : `: ${done.length} of ${plural(all.length, "objective")}`),
      h("ul", {}, ...done.map(({ text }) => h("li", { text })))]),
    h("p", { text: MASTERY_RULE.replace(/\byour\b/g, "the").replace(/\byou answered its questions\b/, "its questions were answered") }),
    h("div", { class: "not" }, h("h2", { text: "What this page is not" }), h("ul", {}, ...NOT.map((text) => h("li", { text })))),
    h("p", {}, print)));
  return page;
}

/** The form that opens the page; the name goes nowhere else.
 * @param {string} course @param {() => Seen} look */
export function certificatePart(course, look) {
  const name = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: unique(), autocomplete: "off", maxlength: "120" }));
  const status = h("p", { role: "status" });
  const open = () => {
    const seen = look();
    if (!mastered(seen).some(({ objectives }) => objectives.some((objective) => objective.mastered))) {
      status.textContent = "No objective is mastered yet, so the page would be empty. It fills as you review.";
      return;
    }
    const text = `<!doctype html>${certificate(name.value.trim(), course, seen).documentElement.outerHTML}`;
    const url = URL.createObjectURL(new Blob([text], { type: "text/html" }));
    const opened = window.open(url, "_blank");
    status.textContent = opened ? "The page is open in a new tab; print it from there." : "The browser blocked the new tab. Allow it for this page and press again.";
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  };
  return [
    h("p", { text: "A page to print, with the topics mastered. When every chapter is complete it is a certificate of completion, until then a statement of progress. "
      + "It is no proof of identity, no qualification, no permission to treat anyone and no medical advice; the page says so." }),
    h("p", {}, h("label", { for: name.id, text: "Name on the page (not stored, not sent) " }), name),
    h("p", {}, h("button", { type: "button", class: "sm-quiet", onclick: open, text: "Open the page to print" })), status,
  ];
}
