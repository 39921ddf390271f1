// A slider over years: the same page's map and table of another year, in place.
(() => {
  const slide = document.querySelector("#m-slide");
  if (!slide) return;
  slide.closest("p").hidden = false;
  const said = document.querySelector("output[for=m-slide]");
  const address = () => slide.dataset.to.replace("YEAR", slide.value.padStart(4, "0"));
  let waiting, asked;
  slide.addEventListener("input", () => {
    said.textContent = slide.value;
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  async function show() {
    asked?.abort();
    asked = new AbortController();
    const to = address();
    try {
      const answer = await fetch(to, { signal: asked.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of ["#map-part", ".time-bar", ".ways-on", ".languages"]) {
        const here = document.querySelector(part), there = page.querySelector(part);
        if (here && there) here.replaceWith(there);
      }
      const note = document.querySelector(".notice.point"), other = page.querySelector(".notice.point");
      if (note && other) note.replaceWith(other);
      else if (other) document.querySelector(".time-bar").after(other);
      document.querySelector("#m-year").value = page.querySelector("#m-year").value;
      history.replaceState(null, "", to);
    } catch (wrong) {
      if (wrong.name !== "AbortError") location.assign(to);
    }
  }
})();

// On the page of a party: its map of the day, above the way to the map's own page.
(async () => {
  const way = document.querySelector(".map-here a");
  if (!way) return;
  const answer = await fetch(way.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const figure = page.querySelector("figure.world");
  if (figure) way.closest("p").before(figure);
})();
