// Small pictures of counts. Each stands beside its numbers in words or in a table, so that nobody needs the picture.

import { h } from "./elements.mjs";

/** Horizontal bars of shares, the counts in words beside them.
 * @param {{name: string, part: number, whole: number}[]} rows */
export const shares = (rows) =>
  h("ul", { class: "sm-bars" }, ...rows.map(({ name, part, whole }) => h("li", {},
    h("span", { text: name }),
    h("span", { class: "sm-bar", "aria-hidden": "true" }, h("span", { style: `inline-size: ${whole ? (100 * part) / whole : 0}%` })),
    h("span", { text: whole ? `${part} of ${whole} right` : "not said" }))));

/** Columns of counts; `label` says in words what they show.
 * @param {string} label @param {{count: number, text: string}[]} columns */
export function columns(label, columns) {
  const most = Math.max(1, ...columns.map(({ count }) => count));
  return h("div", { class: "sm-columns", role: "img", "aria-label": label }, ...columns.map(({ count, text }) =>
    h("div", {}, h("span", { text: count || "" }), h("span", { class: "sm-column", style: `block-size: ${(4 * count) / most}rem` }), h("span", { text }))));
}

/** @param {string} caption @param {string[]} heads @param {(string | number)[][]} rows the first cell of each is its head */
export const table = (caption, heads, rows) =>
  h("div", { class: "sm-scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", {}, h("caption", { text: caption }),
      h("thead", {}, h("tr", {}, ...heads.map((text) => h("th", { scope: "col", text })))),
      h("tbody", {}, ...rows.map(([head, ...cells]) => h("tr", {}, h("th", { scope: "row", text: head }), ...cells.map((text) => h("td", { text })))))));
