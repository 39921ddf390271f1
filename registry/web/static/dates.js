// Says back at once what is understood of a date.
for (const set of document.querySelectorAll("[data-date]")) {
  const at = set.dataset.date;
  const echo = set.querySelector(".echo");
  const second = set.querySelector(".second-date");
  const when = set.querySelector("select.when");
  let waiting, asked = 0;
  const showSecond = () => { second.hidden = !["between", "lasting"].includes(when.value); };
  showSecond();
  when.addEventListener("change", showSecond);
  const choose = (offer) => {
    const text = document.getElementById(`${at}.text`);
    text.value = offer.words;
    text.focus();
    ask();
  };
  const ask = async () => {
    const said = new URLSearchParams({ at });
    for (const input of set.querySelectorAll("input, select")) {
      if (input.type === "checkbox" || input.type === "radio" ? input.checked : input.value) said.set(input.name, input.value);
    }
    const mine = ++asked;
    if (![...said.keys()].some((name) => /\.(year2?|month2?|day2?|text|pick)$/.test(name))) { echo.textContent = ""; return; }
    const answer = await fetch(`/admin/dates?${said}`, { headers: { Accept: "application/json" } });
    if (mine !== asked || !answer.ok || answer.redirected) return;
    const read = await answer.json();
    echo.classList.toggle("bad", !read.ok);
    echo.textContent = read.words;
    for (const offer of read.offers) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "second";
      button.textContent = offer.words;
      button.addEventListener("click", () => choose(offer));
      echo.append(" ", button);
    }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 200); };
  set.addEventListener("input", soon);
  set.addEventListener("change", soon);
}
