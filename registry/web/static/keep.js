// Half-typed forms survive a reload: kept in this tab until they are saved.
const form = document.querySelector("form[data-keep]");
const BEGINS = "typed:";
const here = BEGINS + location.pathname;
const NOT_KEPT = ["csrf_token", "seen", "event_id"];

const fields = () => [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.includes(name) && typeof value === "string");

// Whatever was sent and did not come back to its form is saved.
for (const key of Object.keys(sessionStorage)) {
  if (key.startsWith(BEGINS) && key !== here && sessionStorage.getItem(`sent:${key}`)) {
    sessionStorage.removeItem(key);
    sessionStorage.removeItem(`sent:${key}`);
  }
}

if (form) {
  const sent = `sent:${here}`;
  const fresh = form.dataset.keep === "fresh";
  if (fresh && new URLSearchParams(location.search).has("from") && sessionStorage.getItem(sent)) sessionStorage.removeItem(here);
  sessionStorage.removeItem(sent);
  const kept = fresh ? JSON.parse(sessionStorage.getItem(here) ?? "null") : null;
  if (kept) {
    let put = false;
    for (const [name, value] of kept) {
      let input = form.elements.namedItem(name);
      if (!input) {
        const adds = [...form.querySelectorAll("[data-add]")].find((each) => name.startsWith(`${each.dataset.add}.`));
        (adds ?? (name.startsWith("rows.") ? form.querySelector("[data-add-row]") : null))?.click();
        input = form.elements.namedItem(name);
      }
      if (!input) continue;
      if (input.type === "checkbox") input.checked = true;
      else input.value = value;
      const folded = (input instanceof Element ? input : input[0])?.closest("details");
      const said = value && !/\.when$|^confidence$/.test(name);
      if (folded && said) folded.open = true;
      put = put || Boolean(said);
    }
    if (put) {
      const notice = document.createElement("p");
      notice.className = "notice";
      notice.setAttribute("role", "status");
      const afresh = document.createElement("button");
      afresh.type = "button";
      afresh.className = "plain";
      afresh.textContent = "Start afresh";
      afresh.addEventListener("click", () => { sessionStorage.removeItem(here); location.assign(location.pathname); });
      notice.append("What you had typed here before is back. ", afresh);
      form.before(notice);
      for (const set of form.querySelectorAll("[data-date]")) set.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  let waiting;
  const keep = () => { try { sessionStorage.setItem(here, JSON.stringify(fields())); } catch { /* no room */ } };
  if (!fresh) keep();
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(keep, 250); };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    keep();
    if (["save", "another"].includes(event.submitter?.value)) sessionStorage.setItem(sent, "yes");
  });
}
