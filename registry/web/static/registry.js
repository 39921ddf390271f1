// What script adds to pages that work without it.
const summary = document.getElementById("summary");
if (summary) summary.focus();
