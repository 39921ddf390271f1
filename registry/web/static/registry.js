// What script adds to pages that work without it.
import "./pick.js";
import "./dates.js";
import "./grid.js";
import "./keep.js";

const summary = document.getElementById("summary") ?? document.getElementById("meanwhile") ?? document.getElementById("preview");
if (summary && !summary.closest("[data-calm]")) {
  summary.tabIndex = -1;
  summary.focus();
}
