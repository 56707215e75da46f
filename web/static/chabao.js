// What the page can do beyond links and forms: answers while typing, keys, copying, completion.
// Without it, everything is still there. What it says stands in templates/live.html.
"use strict";
(() => {
  const PAUSE = 150; // ms without typing before an answer is asked for
  const SETTLED = 2000; // ms after which a changed query is a state of its own to come back to
  const SHOWN = 5000; // ms for which a message stays

  const box = document.getElementById("q");
  const answer = document.getElementById("answer");
  const status = document.getElementById("status");
  const keys = document.getElementById("keys");
  const list = document.getElementById("choices");

  let shown = 0;

  // To whoever listens; `seen` says that it is on the page already.
  function say(text, seen = false) {
    clearTimeout(shown);
    status.className = seen ? "unseen" : "";
    status.textContent = text;
    shown = setTimeout(() => { status.textContent = ""; }, SHOWN);
  }

  const page = (text) => new DOMParser().parseFromString(text, "text/html");

  // ---- Answers while typing -------------------------------------------------------------------

  let waiting = 0; // the timer of the next question
  let asked = box ? box.value : ""; // the query that was asked last
  let entered = false; // whether that was by Enter or the button
  let noted = 0; // when the address last changed by typing

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(now, PAUSE);
  }

  function now() {
    complete();
    if (answer && box.value !== asked) {
      asked = box.value;
      htmx.trigger(box.form, "typed");
    }
  }

  if (box) {
    // What an input method composes is nobody's question before it is done.
    box.addEventListener("input", (event) => { if (!event.isComposing) later(); });
    box.addEventListener("compositionstart", () => clearTimeout(waiting));
    box.addEventListener("compositionend", later);
    box.form.addEventListener("submit", () => {
      clearTimeout(waiting);
      close();
      asked = box.value;
      entered = true;
      noted = 0;
    });
    addEventListener("popstate", () => {
      clearTimeout(waiting);
      htmx.trigger(box.form, "htmx:abort");
    });
  }

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    // The address is as short as those of the links, and is not said twice in a request.
    for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
    delete detail.headers["HX-Current-URL"];
  });

  document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
    const time = Date.now();
    const here = location.pathname + location.search;
    if (detail.history.path === here || time - noted < SETTLED) detail.history.type = "replace";
    noted = entered ? 0 : time;
    entered = false;
  });

  document.addEventListener("htmx:afterSwap", () => {
    const summary = answer.querySelector(".summary");
    if (summary) say(summary.textContent.trim(), true);
  });
  document.addEventListener("htmx:sendError", () => {
    asked = null;
    say(status.dataset.unanswered);
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    asked = null;
    const told = page(detail.xhr.responseText);
    say((told.querySelector(".notice") || told.body).textContent.trim());
  });

  // ---- Completion: a combobox with a list of choices ------------------------------------------

  let choices = [];
  let chosen = -1;
  let place = null; // where in which line a choice goes
  let pending = null;

  function close() {
    if (pending) pending.abort();
    choices = [];
    choose(-1);
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
  }

  function choose(number) {
    chosen = number;
    [...list.children].forEach((each, at) => each.setAttribute("aria-selected", at === number));
    if (number < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", list.children[number].id);
      list.children[number].scrollIntoView({ block: "nearest" });
    }
  }

  async function complete() {
    if (pending) pending.abort();
    pending = new AbortController();
    const { signal } = pending;
    const line = box.value;
    const at = [...line.slice(0, box.selectionStart)].length;
    const query = new URLSearchParams({ q: line, at });
    try {
      const found = await (await fetch("/complete?" + query, { signal })).json();
      if (document.activeElement === box) offer(line, found);
    } catch {
      // Who gets no choices types on.
    }
  }

  function offer(line, found) {
    close();
    ({ choices } = found);
    place = { line, start: found.start, end: found.end };
    list.replaceChildren(...choices.map(option));
    list.hidden = !choices.length;
    list.style.insetInlineStart = box.offsetLeft + "px";
    list.style.top = box.offsetTop + box.offsetHeight + "px";
    list.style.width = Math.min(box.offsetWidth, 480) + "px";
    box.setAttribute("aria-expanded", String(!list.hidden));
  }

  function option({ name, items }, number) {
    const made = document.createElement("li");
    made.id = "choice-" + number;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.append(name);
    if (items) {
      const count = document.createElement("span");
      count.textContent = " " + items;
      made.append(count);
    }
    return made;
  }

  function accept(number) {
    if (box.value !== place.line) return; // more was typed since, other choices are under way
    const { text } = choices[number];
    const line = [...box.value];
    const before = line.slice(0, place.start).join("") + text;
    const gap = text.endsWith(":") || line[place.end] === " " ? "" : " ";
    box.value = before + gap + line.slice(place.end).join("");
    box.setSelectionRange(before.length + gap.length, before.length + gap.length);
    close();
    later();
  }

  if (box) {
    box.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-controls": list.id,
      "aria-autocomplete": "list",
    })) box.setAttribute(name, value);
    box.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const at = [...list.children].indexOf(event.target.closest("[role=option]"));
      if (at >= 0) accept(at);
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && choices.length) {
        // The last place in the round is the box itself.
        const round = choices.length + 1;
        choose(((chosen + 1 + step + round) % round) - 1);
      } else if (event.key === "Enter" && chosen >= 0) accept(chosen);
      else if (event.key === "Escape") {
        if (choices.length) close();
        else box.blur();
      } else return;
      event.preventDefault();
    });
  }

  // ---- Keys -----------------------------------------------------------------------------------

  const HIT = ".hits > li";
  const current = () => document.activeElement.closest(HIT);

  function move(step) {
    const hits = [...document.querySelectorAll(HIT)];
    if (!hits.length) return;
    const at = hits.indexOf(current());
    const next = hits[Math.max(0, Math.min(hits.length - 1, at + step))];
    (next.querySelector("a.item") || next.querySelector("a")).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  const ACTS = {
    "/": () => { if (box) { box.focus(); box.select(); } },
    j: () => move(1),
    k: () => move(-1),
    c: () => copy(current()),
    "?": () => keys.showModal(),
  };

  function wanted() {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch {
      return true; // a browser that keeps nothing
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const act = wanted() && ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Whose software types keys by itself, as speech input does, can turn them off.
  const toggle = document.getElementById("keys-on");
  toggle.checked = wanted();
  toggle.addEventListener("change", () => {
    localStorage.setItem("keys", toggle.checked ? "on" : "off");
  });
  const opener = document.getElementById("keys-open");
  opener.hidden = false;
  opener.addEventListener("click", () => keys.showModal());

  // ---- Copying --------------------------------------------------------------------------------

  // Where there are hits, one must be current; else the page may have one citation.
  async function copy(from) {
    if (!from && document.querySelector(HIT)) return say(status.dataset.choose);
    const cite = await citation(from || document);
    if (!cite) return say(status.dataset[from ? "unanswered" : "choose"]);
    const text = [...cite.children].map((part) => part.textContent.trim()).join("\n");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!copied(text)) return say(status.dataset.uncopied);
    }
    say(status.dataset.copied);
  }

  // The citation of a hit: of its item's page, where it has none of its own.
  async function citation(hit) {
    const own = hit.querySelector(".cite");
    const link = hit.querySelector("a.item");
    if (own || !link) return own;
    try {
      return page(await (await fetch(link.href)).text()).querySelector(".cite");
    } catch {
      return null;
    }
  }

  // The old way: the clipboard of `navigator` is there only for https and this machine.
  function copied(text) {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    area.readOnly = true;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before.focus({ preventScroll: true });
    return done;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copy(button.closest(HIT));
  });
  document.documentElement.classList.add("live");
})();
