// The page of an import goes on without loading itself anew.
const progress = document.getElementById("progress");
const told = document.getElementById("progress-told");

const step = async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("progress");
    if (!now) {
      location.reload();
      return;
    }
    progress.replaceChildren(...now.childNodes);
    told.textContent = document.getElementById("bar-words")?.textContent ?? "";
    setTimeout(step, 300);
  } catch {
    setTimeout(step, 3000);
  }
};

if (progress) setTimeout(step, 300);
