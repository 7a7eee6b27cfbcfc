// The pages' own script: search as one types, progress of a file, copy and print. Pages work without it.

const live = document.querySelector("form[data-live]");
if (live) {
  const answer = document.getElementById("answer");
  const start = document.getElementById("start");
  let waiting = 0;
  let asked = new AbortController();

  const ask = async () => {
    const fields = new URLSearchParams(new FormData(live));
    const name = (fields.get("name") || "").trim();
    asked.abort();
    asked = new AbortController();
    if (start) start.hidden = name !== "";
    if (name.length < 2) {
      answer.replaceChildren();
      return;
    }
    answer.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(`${live.dataset.live}?${fields}`, { signal: asked.signal });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      answer.replaceChildren(...(page.querySelector("main") || page.body).childNodes);
      history.replaceState(null, "", `/?${fields}`);
      answer.setAttribute("aria-busy", "false");
    } catch (error) {
      if (error.name !== "AbortError") live.submit();
    }
  };

  live.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 180);
  });
  live.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    ask();
  });
}

// A form whose answer comes into the page it stands on; without this it leads to the page of the act.
const form = document.querySelector("form[data-part]");
if (form) {
  const into = document.getElementById(form.dataset.into);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    into.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(form.dataset.part, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      into.replaceChildren(...(page.querySelector("main") || page.body).childNodes);
      into.setAttribute("aria-busy", "false");
      into.scrollIntoView({ block: "nearest" });
    } catch {
      form.submit();
    }
  });
}

const progress = document.querySelector("[data-events]");
if (progress) {
  const events = new EventSource(progress.dataset.events);
  events.onmessage = (event) => {
    const job = JSON.parse(event.data);
    for (const place of progress.querySelectorAll("[data-count]")) {
      place.textContent = Number(job[place.dataset.count]).toLocaleString("en-US");
    }
    if (job.state === "done" || job.state === "failed") {
      events.close();
      location.reload();
    }
  };
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1500);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
