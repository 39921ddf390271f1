// Adds rows to lists and grids in place, and narrows the kinds of event while typing.
import { prepare } from "./pick.js";

const renumbered = (row, begins, from, to) => {
  const old = `${begins}.${from}`, made = `${begins}.${to}`;
  for (const each of [row, ...row.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for", "aria-describedby", "data-date", "aria-label", "data-row"]) {
      const value = each.getAttribute(name);
      if (value === null) continue;
      if (name === "data-row") each.setAttribute(name, String(to));
      else each.setAttribute(name, value.split(" ").map((word) => word === old || word.startsWith(`${old}.`) || word.startsWith(`${old}-`) ? made + word.slice(old.length) : word).join(" "));
    }
    if (/^(LABEL|LEGEND|SUMMARY)$/.test(each.tagName)) {
      const text = each.firstChild;
      if (text?.nodeType === Node.TEXT_NODE) text.data = text.data.replace(` ${from + 1}`, ` ${to + 1}`);
    }
    if (each.matches("input[type=checkbox], input[type=radio]")) each.checked = false;
    else if (each.matches("input, textarea")) each.value = "";
    else if (each.matches("details")) each.open = false;
    if (each.matches(".pick")) {
      delete each.dataset.ready;
      each.querySelectorAll("ul, span").forEach((one) => one.remove());
    }
    if (each.matches(".error, .offers")) each.remove();
  }
};

for (const button of document.querySelectorAll("[data-add]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const begins = button.dataset.add;
    const rows = button.closest("[data-rows]").querySelectorAll(":scope > .one-row");
    const last = rows[rows.length - 1];
    const found = [...last.querySelectorAll("[name]")].map((each) => each.name.slice(begins.length + 1).match(/^[0-9]+/)).find(Boolean);
    if (!found) return;
    const from = Number(found[0]), row = last.cloneNode(true);
    renumbered(row, begins, from, from + 1);
    last.after(row);
    row.querySelectorAll(".pick").forEach(prepare);
    row.querySelector("input, select, textarea")?.focus();
  });
}

for (const button of document.querySelectorAll("[data-add-row]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const body = button.closest("fieldset").querySelector("tbody");
    const last = body.lastElementChild, from = Number(last.dataset.row), row = last.cloneNode(true);
    renumbered(row, "rows", from, from + 1);
    const head = row.querySelector("th");
    head.textContent = String(from + 2);
    head.id = `row-${from + 1}`;
    for (const input of row.querySelectorAll("input")) input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/^Row [0-9]+/, `Row ${from + 2}`));
    body.append(row);
    row.querySelectorAll(".pick").forEach(prepare);
    row.querySelector("input").focus();
  });
}

for (const button of document.querySelectorAll("[data-goes-on]")) {
  document.getElementById(button.dataset.goesOn)?.addEventListener("change", () => button.click());
}

const search = document.querySelector("[data-filter]");
if (search) {
  const all = document.getElementById(search.dataset.filter);
  const found = document.getElementById("found");
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const section of all.querySelectorAll("[data-family]")) {
      let some = false;
      for (const card of section.querySelectorAll("[data-words]")) {
        card.hidden = !words.every((word) => card.dataset.words.includes(word));
        if (!card.hidden) { some = true; count++; }
      }
      section.hidden = !some;
    }
    found.textContent = words.length ? `${count} ${count === 1 ? "kind" : "kinds"} of event` : "";
  });
}
