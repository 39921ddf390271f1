// Picks from a list while typing: the combobox pattern of WAI-ARIA, over a line of text that works alone.
let number = 0;

export const prepare = (box) => {
  if (box.dataset.ready) return;
  box.dataset.ready = "yes";
  const input = box.querySelector("input");
  const list = document.createElement("ul");
  list.id = `pick-${++number}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  const told = document.createElement("span");
  told.className = "hidden-words";
  told.setAttribute("role", "status");
  box.append(list, told);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  let items = [], at = -1, waiting, asked = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (place) => {
    at = place;
    [...list.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
    if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const take = (place) => {
    input.value = items[place].value;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = (found) => {
    items = found;
    list.replaceChildren(...items.map((item, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(item.words);
      if (item.more) {
        const more = document.createElement("small");
        more.textContent = item.more;
        option.append(more);
      }
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
      return option;
    }));
    list.hidden = !items.length;
    at = -1;
    input.setAttribute("aria-expanded", String(items.length > 0));
    told.textContent = items.length ? `${items.length} suggestions` : "No suggestions";
  };
  const ask = async () => {
    const mine = ++asked;
    const said = new URLSearchParams({ q: input.value });
    const value = (name) => input.form?.elements.namedItem(name)?.value ?? "";
    const year = value("occurred.year") || value("over.year");
    if (/^[0-9]{4}$/.test(year)) said.set("on", year);
    if (box.dataset.pick === "event") {
      for (const name of ["agreement", "party"]) if (value(name)) said.append("near", value(name));
    }
    if (!input.value.trim() && box.dataset.pick !== "event") { close(); return; }
    const answer = await fetch(`/admin/pick/${box.dataset.pick}?${said}`, { headers: { Accept: "application/json" } });
    if (mine !== asked || !answer.ok || answer.redirected || document.activeElement !== input) return;
    show((await answer.json()).items);
  };
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
  input.addEventListener("blur", () => { clearTimeout(waiting); asked++; close(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { ask(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((at + step + items.length + (at < 0 && step < 0 ? 1 : 0)) % items.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (at >= 0) take(at); else close();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
};

for (const box of document.querySelectorAll("[data-pick]")) prepare(box);
